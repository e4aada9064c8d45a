import { finish, type Steps } from '../data/steps.js'
import { gtsOf, rankedOf } from '../matching/scene-index.js'
import { type Difference, differenceOf } from './model-differences.js'
import type { ModelPair, ModelView } from './models.js'
import { LEAST_IMAGES } from './proof.js'
import {
  AVERAGES,
  type AverageName,
  drawCount,
  drawImages,
  type ResampledAverages,
  resampleAverages,
} from './resampled-averages.js'

/** AP, AP50, AP75 and AR of both models by the views' protocol. */
export type AverageDifferences = Record<AverageName, Difference>

export interface MetricDifferences {
  overall: AverageDifferences
  /** As the evaluated classes; none when class-agnostic. */
  classes: AverageDifferences[]
  /** Resamples behind the intervals: 1000, and down to 200 for many detections. */
  draws: number
}

export interface DrawOptions {
  /** Default: see `MetricDifferences.draws`. */
  draws?: number
  /** Default 1. */
  seed?: number
}

export const metricDifferences = (pair: ModelPair, options: DrawOptions = {}): MetricDifferences =>
  finish(metricDifferenceSteps(pair, options))

/** What score and IoU threshold do not change, in steps, for a page that must not stand still. */
export function* metricDifferenceSteps(
  { A, B }: ModelPair,
  { draws: asked, seed }: DrawOptions = {},
): Steps<MetricDifferences> {
  const count = asked ?? drawCount(A, B)
  const { evaluatedImages, evaluatedCategories } = A.scene
  const draws = drawImages(evaluatedImages.length, count, seed)
  yield
  const a = yield* resampleAverages(A, draws)
  const b = yield* resampleAverages(B, draws)
  return {
    overall: compareAverages(a.overall, b.overall, evaluatedImages.length >= LEAST_IMAGES),
    classes: a.classes.map((own, k) =>
      compareAverages(own, b.classes[k], imagesOf([A, B], evaluatedCategories[k]) >= LEAST_IMAGES),
    ),
    draws: count,
  }
}

/** Images with a ground truth or a detection of a class (row in Categories). */
function imagesOf(models: ModelView[], category: number): number {
  const images = new Set<number>()
  for (const { scene, index } of models) {
    for (const g of gtsOf(index, category)) images.add(scene.gt.images[g])
    for (const d of rankedOf(index, category).rows) images.add(scene.dt.images[d])
  }
  return images.size
}

/** The first draw is of every image once. */
function compareAverages(a: ResampledAverages, b: ResampledAverages, bears: boolean): AverageDifferences {
  const compare = (name: AverageName): Difference => {
    const [own, other] = [a[name], b[name]]
    const values = bears ? own.map((value, draw) => other[draw] - value).subarray(1) : new Float64Array(0)
    return differenceOf(own[0], other[0], values)
  }
  return Object.fromEntries(AVERAGES.map(name => [name, compare(name)])) as AverageDifferences
}
