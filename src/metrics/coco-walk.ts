import { CUT, FP, type SceneMatches, TP } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import { rankedOf, type SceneIndex } from '../matching/scene-index.js'
import { countRegular } from './outcomes.js'

/** One class (or all, class-agnostic) as the reference accumulates it. */
export interface CocoCurve {
  /** The envelope at each recall threshold, 0 beyond the last recall. */
  precisions: Float64Array
  /** Score at which each recall threshold is reached, 0 where it is not. */
  scores: Float64Array
  /** Last recall, 0 without detections. */
  recall: number
}

/**
 * Detections one by one in the reference's order (score, image, position), so that equal scores are points of their
 * own; the envelope; its samples at ascending recall thresholds (`COCOeval.accumulate`). Null without a regular ground
 * truth. Needs matches of protocol `coco`.
 */
export function cocoCurveOf(
  scene: Scene,
  index: SceneIndex,
  matches: SceneMatches,
  category: number | null,
  recallThresholds: number[],
): CocoCurve | null {
  const regular = countRegular(index, matches, null, category)
  if (regular === 0) return null
  const ranked = rankedOf(index, category)
  const { rows, recalls, precisions } = walk(matches, ranked.rows, regular)
  for (let i = rows.length - 1; i > 0; i--) {
    if (precisions[i] > precisions[i - 1]) precisions[i - 1] = precisions[i]
  }
  const curve: CocoCurve = {
    precisions: new Float64Array(recallThresholds.length),
    scores: new Float64Array(recallThresholds.length),
    recall: rows.length > 0 ? recalls[rows.length - 1] : 0,
  }
  let next = 0
  for (let r = 0; r < recallThresholds.length; r++) {
    while (next < rows.length && recalls[next] < recallThresholds[r]) next++
    if (next === rows.length) break
    curve.precisions[r] = precisions[next]
    curve.scores[r] = scene.dt.scores[rows[next]]
  }
  return curve
}

/** Recall and precision after each detection within the cap. */
function walk(
  { dtOutcomes }: SceneMatches,
  ranked: Int32Array,
  regular: number,
): { rows: Int32Array; recalls: Float64Array; precisions: Float64Array } {
  const rows = ranked.filter(d => dtOutcomes[d] !== CUT)
  const recalls = new Float64Array(rows.length)
  const precisions = new Float64Array(rows.length)
  let tp = 0
  let fp = 0
  rows.forEach((d, i) => {
    if (dtOutcomes[d] === TP) tp++
    else if (dtOutcomes[d] === FP) fp++
    recalls[i] = tp / regular
    precisions[i] = tp / (fp + tp + Number.EPSILON)
  })
  return { rows, recalls, precisions }
}
