import { FP, IGNORED, TP } from '../data/analysis.js'
import type { Study } from './finding-study.js'
import { outcomesOn } from './pr-curves.js'
import { Random } from './random.js'

/** Parts of the images: a threshold that is judged on one part is chosen on the others. */
export const FOLDS = 5

/** The part of each evaluated image, by its position, drawn so that all are equally large. */
export function drawFolds(imageCount: number, seed = 1): Uint8Array {
  const random = new Random(seed)
  const folds = new Uint8Array(imageCount).map((_, i) => i % FOLDS)
  for (let i = imageCount - 1; i > 0; i--) {
    const j = random.next() % (i + 1)
    const fold = folds[i]
    folds[i] = folds[j]
    folds[j] = fold
  }
  return folds
}

/** Ground truths that count, by fold, of every class together or of one. */
export function truthsByFold(
  study: Study,
  folds: Uint8Array,
): { all: Float64Array; byClass: Float64Array[] } {
  const { scene, matches, positions } = study
  const all = new Float64Array(FOLDS)
  const byClass = Array.from({ length: scene.categories.count }, () => new Float64Array(FOLDS))
  for (let g = 0; g < scene.gt.count; g++) {
    if (matches.gtOutcomes[g] === IGNORED) continue
    const fold = folds[positions[scene.gt.images[g]]]
    all[fold]++
    byClass[scene.gt.categories[g]][fold]++
  }
  return { all, byClass }
}

/** Score thresholds of one group of detections. */
export interface Cuts {
  /** The best for F1 on the images outside each fold, [fold]; Infinity where no detection is right. */
  outside: Float64Array
  /** The best on all images, and its F1 there. */
  all: number
  f1: number
}

/** Detections between two looks at whether the best have been found. */
const BLOCK = 512

/**
 * The score thresholds with the best F1 over all detections, or over those of one class (row in Categories), whose
 * ground truths are `truths` by fold; of equally good ones the highest.
 */
export function bestCuts(
  { scene, index, matches, positions }: Study,
  folds: Uint8Array,
  category: number | null,
  truths: Float64Array,
): Cuts {
  const { images } = scene.dt
  const { rows, scores, outcomes, find } = outcomesOn(scene, index, matches, { range: null, category })
  const search = new CutSearch(truths)
  for (let from = 0; from < rows.length && !search.isFinal; from += BLOCK) {
    const end = Math.min(rows.length, from + BLOCK)
    find(end)
    for (let i = from; i < end; i++) {
      const outcome = outcomes[i]
      if (outcome === TP || outcome === FP) search.add(outcome, folds[positions[images[rows[i]]]], scores[i])
    }
  }
  return search.cuts
}

/** Counts detections by descending score and keeps the cuts with the best F1. */
class CutSearch {
  /** Ground truths by fold, and of all. */
  readonly #truths: Float64Array
  readonly #gtCount: number
  readonly #tps = new Float64Array(FOLDS)
  readonly #fps = new Float64Array(FOLDS)
  #tpCount = 0
  #fpCount = 0
  /** F1 and score of the best cut without each fold, then without none, [FOLDS + 1]. */
  readonly #best = new Float64Array(FOLDS + 1)
  readonly #cuts = new Float64Array(FOLDS + 1).fill(Number.POSITIVE_INFINITY)
  /** The score of true positives that are not weighed yet, NaN for none. */
  #pending = Number.NaN

  constructor(truths: Float64Array) {
    this.#truths = truths
    this.#gtCount = truths.reduce((sum, value) => sum + value, 0)
  }

  add(outcome: number, fold: number, score: number): void {
    // Equal scores are kept together, and false positives alone make no threshold better.
    if (this.#pending > score) this.#weigh()
    if (outcome === TP) {
      this.#pending = score
      this.#tpCount++
      this.#tps[fold]++
    } else {
      this.#fpCount++
      this.#fps[fold]++
    }
  }

  #weigh(): void {
    const [tps, fps, truths, best] = [this.#tps, this.#fps, this.#truths, this.#best]
    const all = this.#tpCount + this.#fpCount + this.#gtCount // detections and ground truths
    for (let fold = 0; fold <= FOLDS; fold++) {
      const isAll = fold === FOLDS
      const tp = isAll ? this.#tpCount : this.#tpCount - tps[fold]
      const f1 = (2 * tp) / (isAll ? all : all - tps[fold] - fps[fold] - truths[fold])
      if (!(f1 > best[fold])) continue
      best[fold] = f1
      this.#cuts[fold] = this.#pending
    }
    this.#pending = Number.NaN
  }

  /** Whether every ground truth found by the next detections could make none of the cuts better. */
  get isFinal(): boolean {
    const fps = this.#fpCount
    for (let fold = 0; fold <= FOLDS; fold++) {
      const gts = 2 * (this.#gtCount - (fold < FOLDS ? this.#truths[fold] : 0))
      if (gts / (gts + fps - (fold < FOLDS ? this.#fps[fold] : 0)) > this.#best[fold]) return false
    }
    return true
  }

  /** Of all detections that have come. */
  get cuts(): Cuts {
    if (!Number.isNaN(this.#pending)) this.#weigh()
    return { outside: this.#cuts.subarray(0, FOLDS), all: this.#cuts[FOLDS], f1: this.#best[FOLDS] }
  }
}
