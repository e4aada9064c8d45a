/** Curves as the page draws them: exact ones, thinned to what a chart can show. */

import type { Curve, OperatingPoint } from '../data/analysis.js'
import { BEST_F1, bestThreshold } from '../metrics/operating-point.js'
import { matchesIn } from '../metrics/outcomes.js'
import { curveOf, precisionsAt, RECALL_GRID } from '../metrics/pr-curves.js'
import type { Report } from './report.js'
import type { State } from './state/state.js'

/** What curves depend on: neither score nor IoU threshold of the moment. */
export type CurveState = Pick<
  State,
  'protocol' | 'classAgnostic' | 'crowds' | 'maxDet' | 'sizes' | 'areas' | 'category'
>

export interface GridCurve {
  size: string
  /** Of the size among those of the set. */
  order: number
  iou: number
  /** At the recall grid; empty without ground truths. */
  precisions: number[]
  auc: number | null
  linear: number | null
  step: number | null
  maxRecall: number | null
  best: OperatingPoint | null
}

/** The curves of each size at each IoU threshold of the run. */
export function* gridCurves(report: Report, state: State): Generator<void, GridCurve[]> {
  const found: GridCurve[] = []
  for (const [size, { name }] of report.sizesOf(state).entries()) {
    for (const iou of report.scene.config.iouThresholds) {
      yield
      const curve = yield* exactCurve(report, state, size, iou)
      yield
      found.push({
        size: name,
        order: size,
        iou,
        precisions: curve.groundTruths > 0 ? precisionsAt(curve, RECALL_GRID) : [],
        auc: curve.auc,
        linear: curve.ap101,
        step: curve.apStep,
        maxRecall: curve.maxRecall,
        best: bestThreshold(curve, BEST_F1),
      })
    }
  }
  return found
}

export function* exactCurve(report: Report, state: State, size: number, iou: number): Generator<void, Curve> {
  const scene = report.sceneOf(state)
  const index = report.indexOf(state)
  const { matches, range } = matchesIn(scene, index, report.viewOf(state), size, iou)
  yield
  return curveOf(scene, index, matches, { range, category: state.category < 0 ? null : state.category })
}

/** Places in a curve that a reader can tell apart: one for each step of recall, and both ends. */
export function markedPoints({ recalls }: Curve, step: number): number[] {
  const places: number[] = []
  let next = 0
  for (let i = 0; i < recalls.length; i++) {
    if (recalls[i] < next && i < recalls.length - 1) continue
    places.push(i)
    next = recalls[i] + step
  }
  return places
}

/**
 * Places in a curve that draw the same line as all of them: in each of so many columns of recall the first, the last,
 * the highest and the lowest.
 */
export function visiblePoints({ recalls, precisions }: Curve, columns: number): number[] {
  const places: number[] = []
  for (let from = 0; from < recalls.length; ) {
    const end = (Math.floor(recalls[from] * columns) + 1) / columns
    let [low, high, last] = [from, from, from]
    for (let i = from; i < recalls.length && (recalls[i] < end || i === from); i++) {
      if (precisions[i] < precisions[low]) low = i
      if (precisions[i] > precisions[high]) high = i
      last = i
    }
    places.push(...new Set([from, Math.min(low, high), Math.max(low, high), last]))
    from = last + 1
  }
  return places
}

/** A curve by score: what keeping scores of at least `score` gives. */
export interface ScorePoint {
  score: number
  precision: number
  recall: number
  f1: number
  tp: number
  fp: number
}

/** Points at about `count` scores, evenly spaced. */
export function byScore(curve: Curve, [least, most]: [number, number], count: number): ScorePoint[] {
  const points: ScorePoint[] = []
  let last = -1
  let i = 0
  for (let step = 0; step <= count; step++) {
    const score = most - ((most - least) * step) / count
    while (i < curve.scores.length && curve.scores[i] >= score) i++
    if (i - 1 === last || i === 0) continue
    last = i - 1
    points.push(pointAt(curve, last))
  }
  if (i < curve.scores.length) points.push(pointAt(curve, curve.scores.length - 1))
  return points
}

export function pointAt(
  { scores, precisions, recalls, tps, fps, groundTruths }: Curve,
  i: number,
): ScorePoint {
  return {
    score: scores[i],
    precision: precisions[i],
    recall: recalls[i] ?? 0,
    f1: (2 * tps[i]) / (tps[i] + fps[i] + groundTruths),
    tp: tps[i],
    fp: fps[i],
  }
}
