import type { SizeRange } from '../data/analysis.js'
import { OPEN_END } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { MOST_RANGES } from '../matching/scene-sweep.js'
import { averagesBySize, type CurveAverages, type SizeAverages } from './size-averages.js'
import type { SweepKernel } from './sweep-kernel.js'

/** Average precision three ways; null where no ground truth decides it. */
export interface AveragePrecisions {
  /** Mean of the linearly interpolated curve at the recalls 0, .01, ... 1. */
  linear: number | null
  /** Area under the straight lines that join the points of the exact curve. */
  auc: number | null
  /** Sum of each step of recall times the precision at its end. */
  step: number | null
}

/** Averages over IoU thresholds, and at two of them (null where the thresholds lack them). */
export interface CorrectedAverages {
  mAP: AveragePrecisions
  mAP50: AveragePrecisions
  mAP75: AveragePrecisions
  /** Mean of the last recalls. */
  mAR: number | null
}

/** One size range, over the classes with ground truths in it. */
export interface CorrectedSize extends CorrectedAverages {
  name: string
  /** mAP at each IoU threshold. */
  perIou: AveragePrecisions[]
  /** Classes with false positives but no ground truth are in, as 0. */
  mAPPenalised: AveragePrecisions
  /** All classes as one curve. */
  pooled: CorrectedAverages
}

export interface CorrectedClass extends CorrectedAverages {
  id: number
  name: string
  groundTruths: number
  /** In each size range, as `sizes`. */
  bySize: CorrectedClassSize[]
}

export interface CorrectedClassSize {
  mAP: AveragePrecisions
  mAR: number | null
  /** AP at each IoU threshold; left out of pages, as classes may be thousands. */
  perIou?: AveragePrecisions[]
}

/** Section 1 of a report by protocol `corrected`. */
export interface CorrectedMetrics {
  iouThresholds: number[]
  /** As the sizes asked for; the first is the whole. */
  sizes: CorrectedSize[]
  /** mAP of the whole at each IoU threshold. */
  perIou: AveragePrecisions[]
  /** Evaluated classes by id; empty when class-agnostic. */
  perClass: CorrectedClass[]
}

/** The part of a curve that averages need. */
interface Point extends AveragePrecisions {
  recall: number | null
  /** Whether it has detections that count. */
  hasDetections: boolean
  groundTruths: number
}

const pointOf = ({ ap101, auc, apStep, maxRecall, hasDetections, groundTruths }: CurveAverages): Point => ({
  linear: ap101,
  auc,
  step: apStep,
  recall: maxRecall,
  hasDetections,
  groundTruths,
})

/** IoU thresholds as the decimals that were meant: the reference's grid has .8999999999999999 for .9. */
export const decimalThresholds = (iouThresholds: number[]): number[] =>
  iouThresholds.map(iou => Number(iou.toFixed(12)))

const waysOf = ({ linear, auc, step }: AveragePrecisions): AveragePrecisions => ({ linear, auc, step })

/** Curves of the evaluated classes and of all of them, by IoU threshold and size range: [t][a]. */
interface Grid {
  classes: Point[][][]
  pooled: Point[][]
}

/**
 * Every average of protocol `corrected`, at `iouThresholds` and in `sizes` (the first is the whole). A mean is over the
 * classes with ground truths in the size range, then over the thresholds. Class-agnostic, all classes are one.
 */
export function correctedMetrics(
  scene: Scene,
  index: SceneIndex,
  sizes: SizeRange[],
  iouThresholds: number[] = decimalThresholds(scene.config.iouThresholds),
  kernel?: SweepKernel | null,
): CorrectedMetrics {
  const grid = gridOf(averagesBySize(scene, index, sizes, iouThresholds, kernel))
  const { categories, evaluatedCategories } = scene
  const averages = (points: Point[][]): CorrectedAverages => averagesOf(points, iouThresholds)
  return {
    iouThresholds,
    sizes: sizes.map(({ name }, a) => ({
      name,
      ...averages(grid.classes.map(at => at[a])),
      perIou: grid.classes.map(at => meanOverIous([at[a]])),
      mAPPenalised: meanOverIous(grid.classes.map(at => at[a].map(penalised))),
      pooled: averages(grid.pooled.map(at => [at[a]])),
    })),
    perIou: grid.classes.map(at => meanOverIous([at[0]])),
    perClass: index.classAgnostic
      ? []
      : Array.from(evaluatedCategories, (row, k) => ({
          id: categories.ids[row],
          name: categories.names[row],
          groundTruths: grid.classes[0]?.[0][k].groundTruths ?? 0,
          ...averages(grid.classes.map(at => [at[0][k]])),
          bySize: sizes.map((_, a) => {
            const points = grid.classes.map(at => [at[a][k]])
            const mAR = meanOver(points, point => point.recall)
            return { mAP: meanOverIous(points), mAR, perIou: points.map(([point]) => waysOf(point)) }
          }),
        })),
  }
}

/** `correctedMetrics` for several sets of sizes, which share what they have in common. */
export function correctedBySet(
  scene: Scene,
  index: SceneIndex,
  sets: SizeRange[][],
  kernel?: SweepKernel | null,
): CorrectedMetrics[] {
  const [whole] = sets[0]
  const end = ({ hi }: SizeRange): number => Math.min(hi, OPEN_END)
  const isSame = (one: SizeRange, other: SizeRange): boolean =>
    one.name === other.name && one.lo === other.lo && end(one) === end(other)
  const ranges = sets.flatMap(([, ...others]) => others)
  const distinct = ranges.filter((range, i) => ranges.findIndex(other => isSame(range, other)) === i)
  if (distinct.length >= MOST_RANGES)
    return sets.map(sizes => correctedMetrics(scene, index, sizes, undefined, kernel))
  const metrics = correctedMetrics(scene, index, [whole, ...distinct], undefined, kernel)
  return sets.map(sizes => {
    const at = sizes.map((range, a) => (a === 0 ? 0 : 1 + distinct.findIndex(other => isSame(range, other))))
    return {
      ...metrics,
      sizes: at.map(i => metrics.sizes[i]),
      perClass: metrics.perClass.map(each => ({ ...each, bySize: at.map(i => each.bySize[i]) })),
    }
  })
}

const gridOf = ({ pooled, classes }: SizeAverages): Grid => ({
  pooled: pooled.map(sizes => sizes.map(pointOf)),
  classes: classes.map(sizes => sizes.map(curves => curves.map(pointOf))),
})

/** A class without ground truths counts as 0 where it has false positives. */
const penalised = (point: Point): Point =>
  point.groundTruths === 0 && point.hasDetections ? { ...point, linear: 0, auc: 0, step: 0 } : point

/** Averages of `points`, [t][class]. */
function averagesOf(points: Point[][], iouThresholds: number[]): CorrectedAverages {
  const at = (iou: number): AveragePrecisions =>
    meanOverIous(points.filter((_, t) => Math.abs(iouThresholds[t] - iou) < 1e-9))
  return {
    mAP: meanOverIous(points),
    mAP50: at(0.5),
    mAP75: at(0.75),
    mAR: meanOver(points, point => point.recall),
  }
}

const meanOverIous = (points: Point[][]): AveragePrecisions => ({
  linear: meanOver(points, point => point.linear),
  auc: meanOver(points, point => point.auc),
  step: meanOver(points, point => point.step),
})

/** Over classes, then over thresholds. */
const meanOver = (points: Point[][], numberOf: (point: Point) => number | null): number | null =>
  meanOf(points, classes => meanOf(classes, numberOf))

/** Mean of what is defined, null where nothing is. */
function meanOf<T>(list: T[], numberOf: (each: T) => number | null): number | null {
  let sum = 0
  let count = 0
  for (const each of list) {
    const value = numberOf(each)
    if (value === null) continue
    sum += value
    count++
  }
  return count > 0 ? sum / count : null
}
