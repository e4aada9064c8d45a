import type { Objective, OperatingPoint, Protocol, View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import { finish, type Steps } from '../data/steps.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { matchesIn } from './outcomes.js'
import { type CurvePoints, curvePoints } from './pr-curves.js'

export const BEST_F1: Objective = { kind: 'f-beta', beta: 1 }

/** How good a point is, the higher the better, NaN where it is out of the question; and what decides between equals. */
interface Merit {
  value: (tp: number, fp: number, fn: number) => number
  tie: (tp: number, fp: number) => number
}

const NO_TIE = (): number => 0

function meritOf(objective: Objective): Merit {
  switch (objective.kind) {
    case 'f-beta': {
      const square = objective.beta ** 2
      return {
        value: (tp, fp, fn) =>
          tp > 0 ? ((1 + square) * tp) / ((1 + square) * tp + square * fn + fp) : Number.NaN,
        tie: NO_TIE,
      }
    }
    case 'min-precision':
      return {
        value: (tp, fp) => (tp / (tp + fp) >= objective.precision ? tp : Number.NaN),
        tie: (_, fp) => -fp,
      }
    case 'min-recall':
      return {
        value: (tp, fp, fn) => (tp / (tp + fn) >= objective.recall ? tp / (tp + fp) : Number.NaN),
        tie: tp => tp,
      }
    case 'cost':
      return {
        value: (_, fp, fn) => -(objective.falsePositive * fp + objective.falseNegative * fn),
        tie: NO_TIE,
      }
  }
}

/**
 * The point of a curve that serves an objective best, of equals the one of highest score: the greatest F-beta (above
 * 0); the greatest recall at a precision of at least the given; the greatest precision at a recall of at least the
 * given, of equals that of most recall; the least cost. Null where no point does, as without ground truths. A detection is kept at `score` and above.
 */
export function bestThreshold(curve: CurvePoints, objective: Objective): OperatingPoint | null {
  if (curve.groundTruths === 0) return null
  const { value, tie } = meritOf(objective)
  const { groundTruths, scores, tps, fps } = curve
  let best = -1
  let most = 0
  for (let i = 0; i < scores.length; i++) {
    const here = value(tps[i], fps[i], groundTruths - tps[i])
    if (Number.isNaN(here) || (best >= 0 && here < most)) continue
    if (best >= 0 && here === most && !(tie(tps[i], fps[i]) > tie(tps[best], fps[best]))) continue
    best = i
    most = here
  }
  return best < 0 ? null : pointAt(curve, best)
}

function pointAt(curve: CurvePoints, i: number): OperatingPoint {
  const tp = curve.tps[i]
  const fp = curve.fps[i]
  const fn = curve.groundTruths - tp
  return {
    score: curve.scores[i],
    precision: tp / (tp + fp),
    recall: tp / curve.groundTruths,
    f1: (2 * tp) / (2 * tp + fp + fn),
    tp,
    fp,
    fn,
  }
}

/** The score threshold that a report takes when none is given: the pooled F1-optimal one at IoU .50 over all sizes. */
export const defaultScore = (scene: Scene, index: SceneIndex, view: Pick<View, 'sizes'>): number | null =>
  finish(defaultScoreSteps(scene, index, view))

/** `defaultScore` in steps. */
export function* defaultScoreSteps(
  scene: Scene,
  index: SceneIndex,
  { sizes }: Pick<View, 'sizes'>,
): Steps<number | null> {
  const { matches, range } = matchesIn(scene, index, { sizes, iou: 0.5 }, 0)
  yield
  return bestThreshold(curvePoints(scene, index, matches, { range, category: null }), BEST_F1)?.score ?? null
}

/** One line of `thresholds.json`; null where no threshold serves the objective. */
export interface ThresholdRow {
  score: number | null
  precision: number | null
  recall: number | null
  f1: number | null
}

/** What `thresholds.json` holds: detections are to be kept at `score` and above. */
export interface Thresholds {
  protocol: Protocol
  classAgnostic: boolean
  iou: number
  objective: Objective
  overall: ThresholdRow
  /** Evaluated classes by id; empty when class-agnostic. */
  classes: ({ id: number; name: string } & ThresholdRow)[]
}

/** The best score thresholds by an objective at the view's IoU over all sizes: of all classes pooled, and of each. */
export function thresholdsJson(
  scene: Scene,
  index: SceneIndex,
  view: View,
  objective: Objective = BEST_F1,
): Thresholds {
  const { categories } = scene
  const { matches, range } = matchesIn(scene, index, view, 0)
  const row = (category: number | null): ThresholdRow => {
    const point = bestThreshold(curvePoints(scene, index, matches, { range, category }), objective)
    const { score = null, precision = null, recall = null, f1 = null } = point ?? {}
    return { score, precision, recall, f1 }
  }
  const classes = index.classAgnostic ? [] : Array.from(scene.evaluatedCategories)
  return {
    protocol: index.protocol,
    classAgnostic: index.classAgnostic,
    iou: view.iou,
    objective,
    overall: row(null),
    classes: classes.map(k => ({ id: categories.ids[k], name: categories.names[k], ...row(k) })),
  }
}
