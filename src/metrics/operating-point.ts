import {
  FP,
  type Objective,
  type OperatingPoint,
  type Protocol,
  type SceneMatches,
  TP,
  type View,
} from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import { finish, type Steps } from '../data/steps.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { ScoreCuts } from './cross-validation.js'
import { countRegular, matchesIn } from './outcomes.js'
import { type CurveOptions, type CurvePoints, outcomesOn } from './pr-curves.js'

export const BEST_F1: Objective = { kind: 'f-beta', beta: 1 }

const isF1 = (objective: Objective): boolean => objective.kind === 'f-beta' && objective.beta === 1

/** How good a point is, the higher the better, NaN where it is out of the question; and what decides between equals. */
interface Merit {
  value: (tp: number, fp: number, fn: number) => number
  tie: (tp: number, fp: number) => number
  /** The greatest value that a point with so many false positives or more can have; NaN for none. */
  limit: (groundTruths: number, fp: number) => number
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
        limit: (gts, fp) => ((1 + square) * gts) / ((1 + square) * gts + fp),
      }
    }
    case 'min-precision':
      return {
        value: (tp, fp) => (tp / (tp + fp) >= objective.precision ? tp : Number.NaN),
        tie: (_, fp) => -fp,
        limit: (gts, fp) => (gts / (gts + fp) >= objective.precision ? gts : Number.NaN),
      }
    case 'min-recall':
      return {
        value: (tp, fp, fn) => (tp / (tp + fn) >= objective.recall ? tp / (tp + fp) : Number.NaN),
        tie: tp => tp,
        limit: (gts, fp) => gts / (gts + fp),
      }
    case 'cost':
      return {
        value: (_, fp, fn) => -(objective.falsePositive * fp + objective.falseNegative * fn),
        tie: NO_TIE,
        limit: (_, fp) => (isFair(objective) ? -objective.falsePositive * fp : Number.POSITIVE_INFINITY),
      }
  }
}

/** Whether neither error is worth more than none. */
const isFair = (costs: { falsePositive: number; falseNegative: number }): boolean =>
  costs.falsePositive >= 0 && costs.falseNegative >= 0

/**
 * The point of a curve that serves an objective best, of equals the one of highest score: the greatest F-beta (above
 * 0); the greatest recall at a precision of at least the given; the greatest precision at a recall of at least the
 * given, of equals that of most recall; the least cost. Null where no point does, as without ground truths. A detection is kept at `score` and above.
 */
export function bestThreshold(curve: CurvePoints, objective: Objective): OperatingPoint | null {
  if (curve.groundTruths === 0) return null
  const best = new BestPoint(curve.groundTruths, objective)
  const { scores, tps, fps } = curve
  for (let i = 0; i < scores.length; i++) best.consider(scores[i], tps[i], fps[i])
  return best.point
}

/** Takes the points of a curve one after another, by descending score, and keeps the best. */
class BestPoint {
  readonly #groundTruths: number
  readonly #merit: Merit
  #value = Number.NaN
  #score = 0
  #tp = 0
  #fp = 0

  constructor(groundTruths: number, objective: Objective) {
    this.#groundTruths = groundTruths
    this.#merit = meritOf(objective)
  }

  consider(score: number, tp: number, fp: number): void {
    const { value, tie } = this.#merit
    const here = value(tp, fp, this.#groundTruths - tp)
    if (Number.isNaN(here) || here < this.#value) return
    if (here === this.#value && !(tie(tp, fp) > tie(this.#tp, this.#fp))) return
    this.#value = here
    this.#score = score
    this.#tp = tp
    this.#fp = fp
  }

  /** Whether no point with so many false positives or more can be better, whatever rounding does. */
  isFinal(fp: number): boolean {
    const limit = this.#merit.limit(this.#groundTruths, fp)
    return Number.isNaN(limit) || limit < this.#value - 1e-9 * Math.abs(this.#value)
  }

  get point(): OperatingPoint | null {
    if (Number.isNaN(this.#value)) return null
    return pointAt(this.#score, this.#tp, this.#fp, this.#groundTruths)
  }
}

function pointAt(score: number, tp: number, fp: number, groundTruths: number): OperatingPoint {
  const fn = groundTruths - tp
  return {
    score,
    precision: tp / (tp + fp),
    recall: tp / groundTruths,
    f1: (2 * tp) / (2 * tp + fp + fn),
    tp,
    fp,
    fn,
  }
}

/** Detections between two looks at whether the best has been found. */
const BLOCK = 4096

/**
 * `bestThreshold` of a curve of which nothing else is asked: its points are not kept, and those that bring nothing but
 * false positives are not considered, as none serves an objective better than the point before it.
 */
export function bestPoint(
  scene: Scene,
  index: SceneIndex,
  matches: SceneMatches,
  { range, category }: CurveOptions,
  objective: Objective,
): OperatingPoint | null {
  const groundTruths = countRegular(index, matches, range, category)
  if (groundTruths === 0) return null
  if (isF1(objective) && range === null && (category === null || !index.classAgnostic)) {
    const cuts = ScoreCuts.of(scene, index, matches)
    const { all: score, tp, fp } = category === null ? cuts.pooled : cuts.byClass[category]
    return tp > 0 ? pointAt(score, tp, fp, groundTruths) : null
  }
  const best = new BestPoint(groundTruths, objective)
  const isGain = objective.kind === 'cost' && !isFair(objective) // a false positive may be
  const points = outcomesOn(scene, index, matches, { range, category })
  let tp = 0
  let fp = 0
  let isWorth = false
  let last = Number.NaN
  for (let from = 0; from < points.scores.length; from += BLOCK) {
    if (best.isFinal(fp)) break
    const { scores, outcomes } = points
    const end = Math.min(scores.length, from + BLOCK)
    points.find(end)
    for (let i = from; i < end; i++) {
      const outcome = outcomes[i]
      if (outcome !== TP && outcome !== FP) continue
      const score = scores[i]
      if (score !== last) {
        if (isWorth) best.consider(last, tp, fp)
        isWorth = isGain || tp + fp === 0 // the first point
        last = score
      }
      if (outcome === FP) fp++
      else {
        tp++
        isWorth = true
      }
    }
  }
  if (isWorth) best.consider(last, tp, fp)
  return best.point
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
  return bestPoint(scene, index, matches, { range, category: null }, BEST_F1)?.score ?? null
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
    const point = bestPoint(scene, index, matches, { range, category }, objective)
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
