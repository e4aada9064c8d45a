import { FP, TP } from '../data/analysis.js'
import type { Steps } from '../data/steps.js'
import { gtsOf, rankedOf } from '../matching/scene-index.js'
import { decimalThresholds } from './corrected.js'
import type { ModelView } from './models.js'
import { isRegularIn, matchesIn } from './outcomes.js'
import { Random } from './random.js'

/** Average precision and recall, over the IoU thresholds and at two of them. */
export const AVERAGES = ['AP', 'AP50', 'AP75', 'AR'] as const
export type AverageName = (typeof AVERAGES)[number]

/**
 * Averages of one model on resampled images, NaN where no ground truth decides them. The protocol's own: `coco` the
 * envelope at the recall thresholds, `corrected` the area under the exact curve. [draw]
 */
export type ResampledAverages = Record<AverageName, Float64Array>

export interface ModelAverages {
  overall: ResampledAverages
  /** As the evaluated categories; empty when class-agnostic. */
  classes: ResampledAverages[]
}

/** Images by how often each draw takes them. */
export interface Draws {
  count: number
  imageCount: number
  /** [draw, image] */
  weights: Uint8Array
}

const MOST_DRAWS = 1000
const LEAST_DRAWS = 200
/** Detections looked at: more draws than fit are not made. About two seconds. */
const MOST_STEPS = 4e8

/** How many draws two models of this size get. */
export function drawCount(...models: ModelView[]): number {
  const steps = models.reduce((sum, { scene }) => sum + scene.dt.count * scene.config.iouThresholds.length, 0)
  return Math.max(LEAST_DRAWS, Math.min(MOST_DRAWS, Math.floor(MOST_STEPS / Math.max(1, steps))))
}

/** The first draw takes every image once; the others are those of `resample` with the same seed. */
export function drawImages(imageCount: number, draws: number, seed = 1): Draws {
  const weights = new Uint8Array((draws + 1) * imageCount).fill(1, 0, imageCount)
  const random = new Random(seed)
  const counts = new Uint32Array(imageCount)
  for (let draw = 1; draw <= draws; draw++) {
    counts.fill(0)
    random.drawInto(counts, imageCount)
    weights.set(counts, draw * imageCount)
  }
  return { count: draws + 1, imageCount, weights }
}

/** In short steps. The metrics are those of the whole, down to the lowest score. */
export function* resampleAverages({ scene, index, view }: ModelView, draws: Draws): Steps<ModelAverages> {
  const { config, evaluatedCategories } = scene
  const decimals = decimalThresholds(config.iouThresholds)
  const thresholds = index.protocol === 'corrected' ? decimals : config.iouThresholds
  const matches = thresholds.map(iou => matchesIn(scene, index, view, 0, iou).matches)
  yield
  const walk = index.protocol === 'coco' ? envelopeWalk(config.recallThresholds) : areaWalk()
  const positions = new Int32Array(scene.images.count)
  scene.evaluatedImages.forEach((image, position) => {
    positions[image] = position
  })
  const classes: ResampledAverages[] = []
  for (const category of index.classAgnostic ? [null] : evaluatedCategories) {
    const regular = Array.from(gtsOf(index, category)).filter(g => isRegularIn(index, matches[0], null, g))
    const truths = countTruths(
      Int32Array.from(regular, g => positions[scene.gt.images[g]]),
      draws,
    )
    const averages = emptyAverages(draws.count)
    for (const [t, { dtOutcomes }] of matches.entries()) {
      const ranked = countedOf(rankedOf(index, category), dtOutcomes, scene.dt.images, positions)
      const share = {
        AP: 1 / decimals.length,
        AP50: Number(decimals[t] === 0.5),
        AP75: Number(decimals[t] === 0.75),
      }
      addCurves(averages, share, ranked, truths, draws, walk)
      yield
    }
    classes.push(withDefined(averages, truths, decimals))
  }
  return { overall: meansOf(classes, draws.count), classes: index.classAgnostic ? [] : classes }
}

/** Detections that count at one threshold, by descending score. */
interface Ranked {
  /** Position of the image among the evaluated ones. */
  images: Int32Array
  scores: Float64Array
  /** 1 for a true positive, 0 for a false one. */
  hits: Uint8Array
}

/** Without those after the last true positive, which no average asks for. */
function countedOf(
  { rows, scores }: { rows: Int32Array; scores: Float64Array },
  outcomes: Uint8Array,
  images: Int32Array,
  positions: Int32Array,
): Ranked {
  const ranked: Ranked = {
    images: new Int32Array(rows.length),
    scores: new Float64Array(rows.length),
    hits: new Uint8Array(rows.length),
  }
  let count = 0
  let end = 0
  for (let rank = 0; rank < rows.length; rank++) {
    const outcome = outcomes[rows[rank]]
    if (outcome !== TP && outcome !== FP) continue
    ranked.images[count] = positions[images[rows[rank]]]
    ranked.scores[count] = scores[rank]
    ranked.hits[count++] = outcome === TP ? 1 : 0
    // False positives of the same score belong to the last point.
    if (outcome === TP || (end > 0 && ranked.scores[end - 1] === scores[rank])) end = count
  }
  return {
    images: ranked.images.subarray(0, end),
    scores: ranked.scores.subarray(0, end),
    hits: ranked.hits.subarray(0, end),
  }
}

/** Average precision where image i counts `weights[i]` times; `truths` is above 0. */
interface Walk {
  (ranked: Ranked, weights: Uint8Array, truths: number): number
  /** True positives of the last walk. */
  tps: () => number
}

/** The greatest precision from each recall on, in the reference's arithmetic; copies of a detection end in one point. */
function envelopeWalk(recalls: number[]): Walk {
  let tpOfPoint = new Float64Array(0)
  let precisions = new Float64Array(0)
  let tp = 0
  const walk = ({ images, hits }: Ranked, weights: Uint8Array, truths: number): number => {
    if (tpOfPoint.length < images.length) {
      tpOfPoint = new Float64Array(images.length)
      precisions = new Float64Array(images.length)
    }
    let fp = 0
    let points = 0
    tp = 0
    for (let i = 0; i < images.length; i++) {
      const weight = weights[images[i]]
      if (weight === 0) continue
      if (hits[i] === 0) fp += weight
      else {
        tp += weight
        tpOfPoint[points] = tp
        precisions[points++] = tp / (fp + tp + Number.EPSILON)
      }
    }
    let sum = 0
    let envelope = 0
    let r = recalls.length - 1
    while (r >= 0 && recalls[r] > tp / truths) r--
    for (let point = points - 1; point >= 0; point--) {
      if (precisions[point] > envelope) envelope = precisions[point]
      const before = point > 0 ? tpOfPoint[point - 1] / truths : Number.NEGATIVE_INFINITY
      for (; r >= 0 && recalls[r] > before; r--) sum += envelope
    }
    return sum / recalls.length
  }
  return Object.assign(walk, { tps: () => tp })
}

/** The area under the straight lines between the points of the exact curve, equal scores together. */
function areaWalk(): Walk {
  let tp = 0
  const walk = ({ images, scores, hits }: Ranked, weights: Uint8Array, truths: number): number => {
    let fp = 0
    let area = 0
    tp = 0
    for (let i = 0; i < images.length; ) {
      const score = scores[i]
      const tpBefore = tp
      const fpBefore = fp
      for (; i < images.length && scores[i] === score; i++) {
        const weight = weights[images[i]]
        if (hits[i] === 1) tp += weight
        else fp += weight
      }
      if (tp === tpBefore) continue
      const precision = tp / (tp + fp)
      const last = tpBefore + fpBefore > 0 ? tpBefore / (tpBefore + fpBefore) : precision
      area += (((tp - tpBefore) / truths) * (last + precision)) / 2
    }
    return area
  }
  return Object.assign(walk, { tps: () => tp })
}

/** Ground truths of each draw; `images` has the position of the image of each. */
function countTruths(images: Int32Array, { count, imageCount, weights }: Draws): Uint32Array {
  const truths = new Uint32Array(count)
  for (let draw = 0; draw < count; draw++) {
    for (let i = 0; i < images.length; i++) truths[draw] += weights[draw * imageCount + images[i]]
  }
  return truths
}

const emptyAverages = (draws: number): ResampledAverages => ({
  AP: new Float64Array(draws),
  AP50: new Float64Array(draws),
  AP75: new Float64Array(draws),
  AR: new Float64Array(draws),
})

/** Adds the curve of one threshold to each draw that has ground truths; recall has the share of AP. */
function addCurves(
  averages: ResampledAverages,
  share: Record<'AP' | 'AP50' | 'AP75', number>,
  ranked: Ranked,
  truths: Uint32Array,
  { count, imageCount, weights }: Draws,
  walk: Walk,
): void {
  for (let draw = 0; draw < count; draw++) {
    if (truths[draw] === 0) continue
    const own = weights.subarray(draw * imageCount, (draw + 1) * imageCount)
    const ap = walk(ranked, own, truths[draw])
    averages.AP[draw] += share.AP * ap
    averages.AP50[draw] += share.AP50 * ap
    averages.AP75[draw] += share.AP75 * ap
    averages.AR[draw] += (share.AP * walk.tps()) / truths[draw]
  }
}

/** NaN where a draw has no ground truth, and where the thresholds lack .50 or .75. */
function withDefined(
  averages: ResampledAverages,
  truths: Uint32Array,
  thresholds: number[],
): ResampledAverages {
  if (!thresholds.includes(0.5)) averages.AP50.fill(Number.NaN)
  if (!thresholds.includes(0.75)) averages.AP75.fill(Number.NaN)
  for (let draw = 0; draw < truths.length; draw++)
    if (truths[draw] === 0) for (const name of AVERAGES) averages[name][draw] = Number.NaN
  return averages
}

/** The mean over the classes with ground truths. */
function meansOf(classes: ResampledAverages[], draws: number): ResampledAverages {
  const means = emptyAverages(draws)
  for (const name of AVERAGES) {
    for (let draw = 0; draw < draws; draw++) {
      let sum = 0
      let count = 0
      for (const { [name]: values } of classes) {
        if (Number.isNaN(values[draw])) continue
        sum += values[draw]
        count++
      }
      means[name][draw] = sum / count
    }
  }
  return means
}
