import { FP, IGNORED, TP } from '../data/analysis.js'
import type { Study } from './finding-study.js'
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

/**
 * What each detection is and where: its fold for a true positive, FOLDS more for a false one, NEITHER for others.
 * [detection]
 */
export function placesOf({ scene, matches, positions }: Study, folds: Uint8Array): Uint8Array {
  const { images } = scene.dt
  const { dtOutcomes } = matches
  const places = new Uint8Array(images.length).fill(NEITHER)
  for (let d = 0; d < places.length; d++) {
    const fold = folds[positions[images[d]]]
    if (dtOutcomes[d] === TP) places[d] = fold
    else if (dtOutcomes[d] === FP) places[d] = FOLDS + fold
  }
  return places
}

export const NEITHER = 2 * FOLDS

/** Score thresholds of one group of detections. */
export interface Cuts {
  /** The best for F1 on the images outside each fold, [fold]; Infinity where no detection is right. */
  outside: Float64Array
  /** The best on all images, and its F1 there. */
  all: number
  f1: number
}

/**
 * The score thresholds with the best F1 over `rows`, detections by descending score, whose ground truths are `truths`
 * by fold; of equally good ones the highest. `places` as by `placesOf`.
 */
export function bestCuts(
  places: Uint8Array,
  { rows, scores }: { rows: Int32Array; scores: Float64Array },
  truths: Float64Array,
): Cuts {
  const counts = new Float64Array(NEITHER + 1) // by place
  const gtCount = truths.reduce((sum, value) => sum + value, 0)
  const best = new Float64Array(FOLDS + 1)
  const cuts = new Float64Array(FOLDS + 1).fill(Number.POSITIVE_INFINITY)
  let hasTp = false
  for (let i = 0; i < rows.length; i++) {
    const place = places[rows[i]]
    counts[place]++
    if (place < FOLDS) hasTp = true
    if (!hasTp) continue // false positives alone make no threshold better
    if (i + 1 < rows.length && scores[i + 1] === scores[i]) continue
    hasTp = false
    let [tps, dts] = [0, 0]
    for (let fold = 0; fold < FOLDS; fold++) {
      tps += counts[fold]
      dts += counts[fold] + counts[FOLDS + fold]
    }
    for (let fold = 0; fold <= FOLDS; fold++) {
      const left = fold < FOLDS // the fold is left out
      const tp = left ? tps - counts[fold] : tps
      const own = left ? counts[fold] + counts[FOLDS + fold] : 0
      const all = dts - own + gtCount - (left ? truths[fold] : 0)
      if ((2 * tp) / all > best[fold]) {
        best[fold] = (2 * tp) / all
        cuts[fold] = scores[i]
      }
    }
  }
  return { outside: cuts.subarray(0, FOLDS), all: cuts[FOLDS], f1: best[FOLDS] }
}
