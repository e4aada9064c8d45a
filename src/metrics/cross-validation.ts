import { FP, IGNORED, type SceneMatches, TP } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import { rankedOf, type SceneIndex } from '../matching/scene-index.js'
import { CutKernel } from './cut-kernel.js'
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

/** Score thresholds of one group of detections. */
export interface Cuts {
  /** The best for F1 on the images outside each fold, [fold]; Infinity where no detection is right. */
  outside: Float64Array
  /** The best on all images; F1, true and false positives there. */
  all: number
  f1: number
  tp: number
  fp: number
}

/** Detections of a scene whose thresholds are sought. */
export interface CutInput {
  /** [detection] */
  outcomes: Uint8Array
  images: Int32Array
  /** [row of Images] */
  folds: Uint8Array
}

/** Some of them by descending score, and the ground truths to be found, [fold]. */
export interface CutGroup {
  rows: Int32Array
  scores: Float64Array
  truths: Float64Array
}

const cutsOfMatches = new WeakMap<SceneMatches, ScoreCuts>()

/**
 * The score thresholds with the best F1 over all detections, and over those of each class, at the IoU threshold of some
 * matches and over all sizes; of equally good ones the highest. Each is found once.
 */
export class ScoreCuts {
  /** The part of each evaluated image, [row of Images]. */
  readonly folds: Uint8Array
  readonly #scene: Scene
  readonly #index: SceneIndex
  readonly #matches: SceneMatches
  #pooled: Cuts | null = null
  #byClass: Cuts[] | null = null

  static of(scene: Scene, index: SceneIndex, matches: SceneMatches): ScoreCuts {
    const known = cutsOfMatches.get(matches) ?? new ScoreCuts(scene, index, matches)
    cutsOfMatches.set(matches, known)
    return known
  }

  private constructor(scene: Scene, index: SceneIndex, matches: SceneMatches) {
    this.#scene = scene
    this.#index = index
    this.#matches = matches
    this.folds = new Uint8Array(scene.images.count)
    const drawn = drawFolds(scene.evaluatedImages.length)
    for (let i = 0; i < drawn.length; i++) this.folds[scene.evaluatedImages[i]] = drawn[i]
  }

  /** Of all detections. */
  get pooled(): Cuts {
    if (this.#pooled) return this.#pooled
    const truths = new Float64Array(FOLDS)
    for (const own of this.#truthsByClass())
      for (let fold = 0; fold < FOLDS; fold++) truths[fold] += own[fold]
    const [pooled] = this.#find([{ ...rankedOf(this.#index, null), truths }])
    this.#pooled = pooled
    return pooled
  }

  /** Of each class, whose detections have its ground truths alone, [row of Categories]. */
  get byClass(): Cuts[] {
    this.#byClass ??= this.#find(
      this.#truthsByClass().map((truths, category) => ({ ...rankedOf(this.#index, category), truths })),
    )
    return this.#byClass
  }

  #find(groups: CutGroup[]): Cuts[] {
    const { images } = this.#scene.dt
    return findCuts({ outcomes: this.#matches.dtOutcomes, images, folds: this.folds }, groups)
  }

  /** Ground truths that count, [row of Categories][fold]. */
  #truthsByClass(): Float64Array[] {
    const { gt, categories } = this.#scene
    const { gtOutcomes } = this.#matches
    const truths = Array.from({ length: categories.count }, () => new Float64Array(FOLDS))
    for (let g = 0; g < gt.count; g++)
      if (gtOutcomes[g] !== IGNORED) truths[gt.categories[g]][this.folds[gt.images[g]]]++
    return truths
  }
}

/** Thresholds of each group. Kernel null leaves all to the twin. */
export function findCuts(
  input: CutInput,
  groups: CutGroup[],
  kernel: CutKernel | null = CutKernel.create(),
): Cuts[] {
  const own = kernel?.open(input) ? kernel : null
  const found = groups.map(group => (own ? own.find(group) : findPlainly(input, group)))
  own?.close()
  return found
}

/** Detections between two looks at whether the best have been found. */
const BLOCK = 512

function findPlainly({ outcomes, images, folds }: CutInput, { rows, scores, truths }: CutGroup): Cuts {
  const search = new CutSearch(truths)
  for (let from = 0; from < rows.length && !search.isFinal; from += BLOCK) {
    const end = Math.min(rows.length, from + BLOCK)
    for (let i = from; i < end; i++) {
      const outcome = outcomes[rows[i]]
      if (outcome === TP || outcome === FP) search.add(outcome, folds[images[rows[i]]], scores[i])
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
  /** True and false positives of the best without none. */
  #tp = 0
  #fp = 0
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
      if (!isAll) continue
      this.#tp = this.#tpCount
      this.#fp = this.#fpCount
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
    const [cuts, best] = [this.#cuts, this.#best]
    return {
      outside: cuts.subarray(0, FOLDS),
      all: cuts[FOLDS],
      f1: best[FOLDS],
      tp: this.#tp,
      fp: this.#fp,
    }
  }
}
