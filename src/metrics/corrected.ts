import type { SizeRange } from '../data/analysis.js'
import { OPEN_END } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { MOST_RANGES } from '../matching/scene-sweep.js'
import {
  AVERAGE,
  type CurveTable,
  curveAt,
  GROUND_TRUTHS,
  meanOverIous,
  meansOverClasses,
} from './curve-averages.js'
import { averagesBySize } from './size-averages.js'
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

/** IoU thresholds as the decimals that were meant: the reference's grid has .8999999999999999 for .9. */
export const decimalThresholds = (iouThresholds: number[]): number[] =>
  iouThresholds.map(iou => Number(iou.toFixed(12)))

/**
 * Every average of protocol `corrected`, at `iouThresholds` and in `sizes` (the first is the whole). A mean is over the
 * classes with ground truths in the size range, then over the thresholds. Class-agnostic, all classes are one.
 */
export const correctedMetrics = (
  scene: Scene,
  index: SceneIndex,
  sizes: SizeRange[],
  iouThresholds: number[] = decimalThresholds(scene.config.iouThresholds),
  kernel?: SweepKernel | null,
): CorrectedMetrics =>
  new Curves(scene, index, sizes, iouThresholds, kernel).metricsIn([...sizes.keys()], true)

/**
 * `correctedMetrics` for several sets of sizes, which share what they have in common. Only in the first have classes
 * their AP at each threshold.
 */
export function correctedBySet(
  scene: Scene,
  index: SceneIndex,
  sets: SizeRange[][],
  kernel?: SweepKernel | null,
): CorrectedMetrics[] {
  const end = ({ hi }: SizeRange): number => Math.min(hi, OPEN_END)
  const isSame = (one: SizeRange, other: SizeRange): boolean =>
    one.name === other.name && one.lo === other.lo && end(one) === end(other)
  const ranges = sets.flatMap(([, ...others]) => others)
  const distinct = ranges.filter((range, i) => ranges.findIndex(other => isSame(range, other)) === i)
  const curvesIn = (sizes: SizeRange[]): Curves =>
    new Curves(scene, index, sizes, decimalThresholds(scene.config.iouThresholds), kernel)
  if (distinct.length >= MOST_RANGES)
    return sets.map((sizes, i) => curvesIn(sizes).metricsIn([...sizes.keys()], i === 0))
  const curves = curvesIn([sets[0][0], ...distinct])
  return sets.map((sizes, i) => {
    const placeOf = (range: SizeRange, a: number): number =>
      a === 0 ? 0 : 1 + distinct.findIndex(other => isSame(range, other))
    return curves.metricsIn(sizes.map(placeOf), i === 0)
  })
}

/** All curves of a scene in some sizes, and their means over classes. */
class Curves {
  readonly #iouThresholds: number[]
  readonly #classes: CurveTable
  readonly #pooled: CurveTable
  readonly #means: CurveTable
  readonly #penalised: CurveTable
  /** Places among the thresholds: all, those of .5, those of .75. */
  readonly #all: number[]
  readonly #at50: number[]
  readonly #at75: number[]
  readonly #sizes: CorrectedSize[]
  readonly #perClass: CorrectedClass[]

  constructor(
    scene: Scene,
    index: SceneIndex,
    sizes: SizeRange[],
    iouThresholds: number[],
    kernel?: SweepKernel | null,
  ) {
    const { pooled, classes } = averagesBySize(scene, index, sizes, iouThresholds, kernel)
    const at = (iou: number) => this.#all.filter(t => Math.abs(iouThresholds[t] - iou) < 1e-9)
    this.#iouThresholds = iouThresholds
    this.#pooled = pooled
    this.#classes = classes
    this.#means = meansOverClasses(classes, false)
    this.#penalised = meansOverClasses(classes, true)
    this.#all = [...iouThresholds.keys()]
    this.#at50 = at(0.5)
    this.#at75 = at(0.75)
    this.#sizes = sizes.map(({ name }, a) => this.#size(name, a))
    this.#perClass = index.classAgnostic
      ? []
      : Array.from(scene.evaluatedCategories, (row, k) => this.#class(scene, row, k))
  }

  /** In some of the sizes; `perIou`: with the AP of classes at each threshold. */
  metricsIn(at: number[], perIou: boolean): CorrectedMetrics {
    const inSizes = (bySize: CorrectedClassSize[], k: number): CorrectedClassSize[] =>
      at.map(a => (perIou ? { ...bySize[a], perIou: this.#perIou(this.#classes, a, k) } : bySize[a]))
    return {
      iouThresholds: this.#iouThresholds,
      sizes: at.map(a => this.#sizes[a]),
      perIou: this.#perIou(this.#means, 0, 0),
      perClass: this.#perClass.map((each, k) => ({ ...each, bySize: inSizes(each.bySize, k) })),
    }
  }

  #size(name: string, a: number): CorrectedSize {
    return {
      name,
      ...this.#averages(this.#means, a, 0),
      perIou: this.#perIou(this.#means, a, 0),
      mAPPenalised: this.#precisions(this.#penalised, this.#all, a, 0),
      pooled: this.#averages(this.#pooled, a, 0),
    }
  }

  #class({ categories }: Scene, row: number, k: number): CorrectedClass {
    const classes = this.#classes
    return {
      id: categories.ids[row],
      name: categories.names[row],
      groundTruths: classes.numbers[curveAt(classes, 0, 0, k) + GROUND_TRUTHS] ?? 0, // no threshold, no curve
      ...this.#averages(classes, 0, k),
      bySize: this.#sizes.map((_, a) => ({
        mAP: this.#precisions(classes, this.#all, a, k),
        mAR: meanOverIous(classes, this.#all, a, k, AVERAGE.recall),
      })),
    }
  }

  #averages(table: CurveTable, a: number, k: number): CorrectedAverages {
    return {
      mAP: this.#precisions(table, this.#all, a, k),
      mAP50: this.#precisions(table, this.#at50, a, k),
      mAP75: this.#precisions(table, this.#at75, a, k),
      mAR: meanOverIous(table, this.#all, a, k, AVERAGE.recall),
    }
  }

  #perIou(table: CurveTable, a: number, k: number): AveragePrecisions[] {
    return this.#all.map(t => this.#precisions(table, [t], a, k))
  }

  #precisions(table: CurveTable, thresholds: number[], a: number, k: number): AveragePrecisions {
    return {
      linear: meanOverIous(table, thresholds, a, k, AVERAGE.linear),
      auc: meanOverIous(table, thresholds, a, k, AVERAGE.auc),
      step: meanOverIous(table, thresholds, a, k, AVERAGE.step),
    }
  }
}
