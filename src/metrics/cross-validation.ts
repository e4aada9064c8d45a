import { FP, IGNORED, TP } from '../data/analysis.js'
import type { Study } from './finding-study.js'
import { Random } from './random.js'

/** Parts of the images: a threshold that is judged on one part is chosen on the others. */
const FOLDS = 5

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

/**
 * The score thresholds with the best F1 over `rows` (detections by descending score), whose ground truths are
 * `truths` by fold; of equally good ones the highest.
 */
export function bestCuts(study: Study, folds: Uint8Array, rows: Int32Array, truths: Float64Array): Cuts {
  const { scene, matches, positions } = study
  const tps = new Float64Array(FOLDS + 1) // by fold; the last is the sum
  const dts = new Float64Array(FOLDS + 1)
  const gtCount = truths.reduce((sum, value) => sum + value, 0)
  const best = new Float64Array(FOLDS + 1)
  const cuts = new Float64Array(FOLDS + 1).fill(Number.POSITIVE_INFINITY)
  let hasTp = false
  for (let i = 0; i < rows.length; i++) {
    const d = rows[i]
    const outcome = matches.dtOutcomes[d]
    if (outcome === TP || outcome === FP) {
      const fold = folds[positions[scene.dt.images[d]]]
      dts[fold]++
      dts[FOLDS]++
      if (outcome === TP) {
        tps[fold]++
        tps[FOLDS]++
      }
    }
    if (outcome === TP) hasTp = true
    const score = scene.dt.scores[d]
    if (i + 1 < rows.length && scene.dt.scores[rows[i + 1]] === score) continue
    if (!hasTp) continue // false positives alone make no threshold better
    hasTp = false
    for (let fold = 0; fold <= FOLDS; fold++) {
      const left = fold < FOLDS ? 1 : 0 // the fold is left out
      const tp = tps[FOLDS] - left * tps[fold]
      const all = dts[FOLDS] - left * dts[fold] + gtCount - (left ? truths[fold] : 0)
      if ((2 * tp) / all > best[fold]) {
        best[fold] = (2 * tp) / all
        cuts[fold] = score
      }
    }
  }
  return { outside: cuts.subarray(0, FOLDS), all: cuts[FOLDS], f1: best[FOLDS] }
}
