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
  meansOverClasses,
  meansOverIous,
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

/** Curves, and their means over IoU thresholds: over all, those of .5, those of .75. */
interface Averaged {
  curves: CurveTable
  all: CurveTable
  at50: CurveTable
  at75: CurveTable
}

function averaged(curves: CurveTable, iouThresholds: number[]): Averaged {
  const all = [...iouThresholds.keys()]
  const at = (iou: number): CurveTable =>
    meansOverIous(
      curves,
      all.filter(t => Math.abs(iouThresholds[t] - iou) < 1e-9),
    )
  return { curves, all: meansOverIous(curves, all), at50: at(0.5), at75: at(0.75) }
}

/** All curves of a scene in some sizes, and their means over classes. */
class Curves {
  readonly #iouThresholds: number[]
  readonly #classes: Averaged
  readonly #pooled: Averaged
  readonly #means: Averaged
  readonly #penalised: Averaged
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
    this.#iouThresholds = iouThresholds
    this.#pooled = averaged(pooled, iouThresholds)
    this.#classes = averaged(classes, iouThresholds)
    this.#means = averaged(meansOverClasses(classes, false), iouThresholds)
    this.#penalised = averaged(meansOverClasses(classes, true), iouThresholds)
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
      ...averagesIn(this.#means, a, 0),
      perIou: this.#perIou(this.#means, a, 0),
      mAPPenalised: precisionsIn(this.#penalised.all, 0, a, 0),
      pooled: averagesIn(this.#pooled, a, 0),
    }
  }

  #class({ categories }: Scene, row: number, k: number): CorrectedClass {
    const { curves, all } = this.#classes
    return {
      id: categories.ids[row],
      name: categories.names[row],
      groundTruths: curves.numbers[curveAt(curves, 0, 0, k) + GROUND_TRUTHS] ?? 0, // no threshold, no curve
      ...averagesIn(this.#classes, 0, k),
      bySize: this.#sizes.map((_, a) => ({ mAP: precisionsIn(all, 0, a, k), mAR: recallIn(all, a, k) })),
    }
  }

  #perIou({ curves }: Averaged, a: number, k: number): AveragePrecisions[] {
    return this.#iouThresholds.map((_, t) => precisionsIn(curves, t, a, k))
  }
}

const averagesIn = ({ all, at50, at75 }: Averaged, a: number, k: number): CorrectedAverages => ({
  mAP: precisionsIn(all, 0, a, k),
  mAP50: precisionsIn(at50, 0, a, k),
  mAP75: precisionsIn(at75, 0, a, k),
  mAR: recallIn(all, a, k),
})

function precisionsIn(table: CurveTable, t: number, a: number, k: number): AveragePrecisions {
  const at = curveAt(table, t, a, k)
  const isDecided = table.numbers[at] >= 0 // or NaN
  return {
    linear: isDecided ? table.numbers[at + AVERAGE.linear] : null,
    auc: isDecided ? table.numbers[at + AVERAGE.auc] : null,
    step: isDecided ? table.numbers[at + AVERAGE.step] : null,
  }
}

function recallIn(table: CurveTable, a: number, k: number): number | null {
  const recall = table.numbers[curveAt(table, 0, a, k) + AVERAGE.recall]
  return recall >= 0 ? recall : null
}
