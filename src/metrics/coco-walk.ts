import { FP, type SceneMatches, TP } from '../data/analysis.js'
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
  index: SceneIndex,
  matches: SceneMatches,
  category: number | null,
  recallThresholds: number[],
): CocoCurve | null {
  const regular = countRegular(index, matches, null, category)
  if (regular === 0) return null
  const { rows, scores } = rankedOf(index, category)
  const { recalls, precisions } = walk(matches, rows, regular)
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
    curve.scores[r] = scores[next]
  }
  return curve
}

/** Recall and precision after each detection; those that are ignored or cut change neither. */
function walk(
  { dtOutcomes }: SceneMatches,
  rows: Int32Array,
  regular: number,
): { recalls: Float64Array; precisions: Float64Array } {
  const recalls = new Float64Array(rows.length)
  const precisions = new Float64Array(rows.length)
  let tp = 0
  let fp = 0
  for (let i = 0; i < rows.length; i++) {
    const outcome = dtOutcomes[rows[i]]
    if (outcome === TP) tp++
    else if (outcome === FP) fp++
    recalls[i] = tp / regular
    precisions[i] = tp / (fp + tp + Number.EPSILON)
  }
  return { recalls, precisions }
}
