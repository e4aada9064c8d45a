import { type Curve, FP, type SceneMatches, TP } from '../data/analysis.js'
import type { AreaRange } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import { rankedOf, type SceneIndex } from '../matching/scene-index.js'
import { categoryOf, countRegular, NOWHERE, outcomeIn, outcomesByRank } from './outcomes.js'

/** i / 100, each the float64 nearest to it: recall TP / P equals one of them just where the fractions do. */
export const RECALL_GRID: number[] = Array.from({ length: 101 }, (_, i) => i / 100)

export interface CurveOptions {
  /** Protocol `corrected`: the size range, null for the whole. `coco`: null, its matches are those of a range. */
  range: AreaRange | null
  /** Row in Categories; null for all classes pooled. */
  category: number | null
}

/**
 * The exact precision-recall curve of one class or of all: a point after each distinct score that some true or false
 * positive has. Detections of equal score enter together, so the curve does not depend on their order.
 */
export function curveOf(
  scene: Scene,
  index: SceneIndex,
  matches: SceneMatches,
  { range, category }: CurveOptions,
): Curve {
  const points = curvePoints(scene, index, matches, { range, category })
  const { groundTruths, tps, fps } = points
  const recalls = new Float64Array(groundTruths > 0 ? tps.length : 0)
  const precisions = new Float64Array(tps.length)
  for (let i = 0; i < tps.length; i++) {
    precisions[i] = tps[i] / (tps[i] + fps[i])
    if (groundTruths > 0) recalls[i] = tps[i] / groundTruths
  }
  return { ...points, recalls, precisions, ...averages(groundTruths, recalls, precisions) }
}

/** The counts of a curve, of which all else is computed. */
export type CurvePoints = Pick<Curve, 'groundTruths' | 'scores' | 'tps' | 'fps'>

/** `curveOf` without what follows from its counts. */
export function curvePoints(
  scene: Scene,
  index: SceneIndex,
  matches: SceneMatches,
  { range, category }: CurveOptions,
): CurvePoints {
  const ranked = outcomesOn(scene, index, matches, { range, category })
  ranked.find(ranked.outcomes.length)
  const { scores, tps, fps } = bufferOf(index, ranked.outcomes.length)
  let count = 0
  let tp = 0
  let fp = 0
  let last = Number.NaN
  for (let i = 0; i < ranked.outcomes.length; i++) {
    const outcome = ranked.outcomes[i]
    if (outcome !== TP && outcome !== FP) continue
    if (outcome === TP) tp++
    else fp++
    const score = ranked.scores[i]
    if (score !== last) scores[count++] = last = score
    tps[count - 1] = tp
    fps[count - 1] = fp
  }
  return {
    groundTruths: countRegular(index, matches, range, category),
    scores: scores.slice(0, count),
    tps: tps.slice(0, count),
    fps: fps.slice(0, count),
  }
}

/** The detections that a curve may count, by descending score. */
interface CurveOutcomes {
  rows: Int32Array
  scores: Float64Array
  /** Known as far as `find` was asked for; what is neither TP nor FP is not counted. */
  outcomes: Uint8Array
  find: (end: number) => void
}

export function outcomesOn(
  scene: Scene,
  index: SceneIndex,
  matches: SceneMatches,
  { range, category }: CurveOptions,
): CurveOutcomes {
  const isPooled = category === null || index.classAgnostic
  const { rows, scores } = rankedOf(index, isPooled ? null : category)
  if (category === null) {
    const outcomes = outcomesByRank(index, matches, range, 0)
    return { rows, scores, outcomes, find: end => void outcomesByRank(index, matches, range, end) }
  }
  const outcomes = new Uint8Array(rows.length)
  let found = 0
  const find = (end: number): void => {
    const known = isPooled ? outcomesByRank(index, matches, range, end) : null
    for (; found < end; found++) {
      const outcome = known ? known[found] : outcomeIn(index, matches, range, rows[found])
      // Class-agnostic, a detection may count for another class than its own.
      const isOther =
        known !== null &&
        (outcome === TP || outcome === FP) &&
        categoryOf(scene, matches, rows[found]) !== category
      outcomes[found] = outcome < 0 || isOther ? NOWHERE : outcome
    }
  }
  return { rows, scores, outcomes, find }
}

interface PointsBuffer {
  scores: Float64Array
  tps: Uint32Array
  fps: Uint32Array
}

/** Room for the points of a curve, which the next curve of the index writes over: how many there are shows at the end. */
const buffers = new WeakMap<SceneIndex, PointsBuffer>()

function bufferOf(index: SceneIndex, length: number): PointsBuffer {
  const known = buffers.get(index)
  if (known && known.scores.length >= length) return known
  const buffer = {
    scores: new Float64Array(length),
    tps: new Uint32Array(length),
    fps: new Uint32Array(length),
  }
  buffers.set(index, buffer)
  return buffer
}

type Averages = Pick<Curve, 'auc' | 'apStep' | 'ap101' | 'maxRecall'>

/** Null without ground truths, 0 with ground truths but without detections. */
function averages(groundTruths: number, recalls: Float64Array, precisions: Float64Array): Averages {
  if (groundTruths === 0) return { auc: null, apStep: null, ap101: null, maxRecall: null }
  let auc = 0
  let apStep = 0
  let lastRecall = 0
  let lastPrecision = precisions.length > 0 ? precisions[0] : 0
  for (let i = 0; i < recalls.length; i++) {
    const step = recalls[i] - lastRecall
    auc += (step * (lastPrecision + precisions[i])) / 2
    apStep += step * precisions[i]
    lastRecall = recalls[i]
    lastPrecision = precisions[i]
  }
  const sum = precisionsAt({ recalls, precisions }, RECALL_GRID).reduce((total, value) => total + value, 0)
  return { auc, apStep, ap101: sum / RECALL_GRID.length, maxRecall: lastRecall }
}

/**
 * The linearly interpolated curve at ascending `recalls`. Points of equal recall form a vertical stretch: there the
 * curve has the precision of the first; from its last a straight line leads to the first of the next recall. Left of
 * the first point it is constant, beyond the last recall 0.
 */
export function precisionsAt(
  { recalls, precisions }: Pick<Curve, 'recalls' | 'precisions'>,
  recallThresholds: number[],
): number[] {
  let next = 0
  return recallThresholds.map(recall => {
    while (next < recalls.length && recalls[next] < recall) next++
    if (next === recalls.length) return 0
    if (next === 0 || recalls[next] === recall) return precisions[next]
    const share = (recall - recalls[next - 1]) / (recalls[next] - recalls[next - 1])
    return precisions[next - 1] + share * (precisions[next] - precisions[next - 1])
  })
}

/** The score at which each of ascending `recallThresholds` is reached; null where it is not. */
export function scoresAt(
  { recalls, scores }: Pick<Curve, 'recalls' | 'scores'>,
  recallThresholds: number[],
): (number | null)[] {
  let next = 0
  return recallThresholds.map(recall => {
    while (next < recalls.length && recalls[next] < recall) next++
    return next < recalls.length ? scores[next] : null
  })
}

/** F1 at each point; 0 without true positives. */
export const f1sOf = ({ groundTruths, tps, fps }: Curve): Float64Array =>
  Float64Array.from(tps, (tp, i) => (2 * tp) / (tp + fps[i] + groundTruths))
