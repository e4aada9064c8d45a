import type { Categories } from '../data/columns.js'
import type { Config } from '../data/config.js'
import { type CocoArrays, type CocoShape, type EvaluatedCounts, precisionAt } from '../data/evaluation.js'
import { entriesOf } from './coco-entries.js'
import { numpyMean } from './numpy-mean.js'

/** Averages with the largest cap; null where no ground truth decides them, or the configuration lacks the axis. */
export interface CocoMetrics {
  AP: number | null
  AP50: number | null
  AP75: number | null
  APs: number | null
  APm: number | null
  APl: number | null
  /** Recall with the first, second and third cap. */
  AR1: number | null
  AR10: number | null
  AR100: number | null
  ARs: number | null
  ARm: number | null
  ARl: number | null
}

/** One category with all sizes and the largest cap. */
export interface ClassMetrics {
  id: number
  name: string
  /** Annotations of the category in the evaluated images, crowds too. */
  groundTruths: number
  /** Detections of the category in the evaluated images, before any cap. */
  detections: number
  AP: number | null
  AP50: number | null
  AP75: number | null
  AR: number | null
}

/** One area range with the largest cap. */
export interface AreaMetrics {
  name: string
  AP: number | null
  AR: number | null
}

/** Entries of the arrays to average: indices on the axes t, a, m, and one of axis k, or null for all of it. */
interface Choice {
  ts: number[]
  k: number | null
  as: number[]
  ms: number[]
}

/**
 * The reference's twelve numbers (`summarizeDets`), literally: the first asks for a cap of 100 by value, so it is -1
 * when there is none; the rest take the first three caps. -1 where there is nothing to average. The reference fails
 * with fewer than three caps; here what needs a missing cap is -1.
 */
export function cocoStats(coco: CocoArrays, config: Config): number[] {
  const [first, second, third] = config.maxDets
  const AP = (cap: number | undefined, area: string, iou: number | null): number =>
    meanPrecision(coco, choose(config, iou, area, cap)) ?? -1
  const AR = (cap: number | undefined, area: string): number =>
    meanRecall(coco, choose(config, null, area, cap)) ?? -1
  return [
    AP(100, 'all', null),
    AP(third, 'all', 0.5),
    AP(third, 'all', 0.75),
    AP(third, 'small', null),
    AP(third, 'medium', null),
    AP(third, 'large', null),
    AR(first, 'all'),
    AR(second, 'all'),
    AR(third, 'all'),
    AR(third, 'small'),
    AR(third, 'medium'),
    AR(third, 'large'),
  ]
}

/** The same averages with the largest cap and the first area range, and null instead of -1. */
export function cocoMetrics(coco: CocoArrays, config: Config): CocoMetrics {
  const [first, second, third] = config.maxDets
  const largest = config.maxDets[config.maxDets.length - 1]
  const whole = config.areas[0].name
  const AP = (area: string, iou: number | null): number | null =>
    meanPrecision(coco, choose(config, iou, area, largest))
  const AR = (area: string, cap: number | undefined): number | null =>
    meanRecall(coco, choose(config, null, area, cap))
  return {
    AP: AP(whole, null),
    AP50: AP(whole, 0.5),
    AP75: AP(whole, 0.75),
    APs: AP('small', null),
    APm: AP('medium', null),
    APl: AP('large', null),
    AR1: AR(whole, first),
    AR10: AR(whole, second),
    AR100: AR(whole, third),
    ARs: AR('small', largest),
    ARm: AR('medium', largest),
    ARl: AR('large', largest),
  }
}

/**
 * Metrics of each evaluated category, in the order of axis k; empty when class-agnostic, where there are none.
 */
export function perClass(
  coco: CocoArrays,
  config: Config,
  categories: Categories,
  evaluatedCategories: Int32Array,
  counts: EvaluatedCounts,
): ClassMetrics[] {
  if (config.classAgnostic) return []
  const largest = config.maxDets[config.maxDets.length - 1]
  const whole = config.areas[0].name
  const [every, at50, at75] = [null, 0.5, 0.75].map(iou => choose(config, iou, whole, largest))
  return Array.from(evaluatedCategories, (row, k) => ({
    id: categories.ids[row],
    name: categories.names[row],
    groundTruths: counts.groundTruths[row],
    detections: counts.detections[row],
    AP: meanPrecision(coco, { ...every, k }),
    AP50: meanPrecision(coco, { ...at50, k }),
    AP75: meanPrecision(coco, { ...at75, k }),
    AR: meanRecall(coco, { ...every, k }),
  }))
}

/** Metrics of each area range, in the order of axis a. */
export function perArea(coco: CocoArrays, config: Config): AreaMetrics[] {
  return config.areas.map(({ name }) => cocoAverages(coco, config, name))
}

/**
 * AP and AR of an area range with the largest cap: of one IoU threshold or over all, of one category (its index on
 * axis k) or over all.
 */
export function cocoAverages(
  coco: CocoArrays,
  config: Config,
  area: string,
  { iou = null, k = null }: { iou?: number | null; k?: number | null } = {},
): AreaMetrics {
  const choice = { ...choose(config, iou, area, config.maxDets[config.maxDets.length - 1]), k }
  return { name: area, AP: meanPrecision(coco, choice), AR: meanRecall(coco, choice) }
}

/** All categories; a threshold, cap and area name by exact equality, as the reference looks them up. */
function choose(config: Config, iou: number | null, area: string, cap: number | undefined): Choice {
  return {
    ts: indicesOf(config.iouThresholds, threshold => iou === null || threshold === iou),
    k: null,
    as: indicesOf(config.areas, range => range.name === area),
    ms: indicesOf(config.maxDets, maxDet => maxDet === cap),
  }
}

const indicesOf = <T>(values: T[], chosen: (value: T) => boolean): number[] =>
  values.flatMap((value, i) => (chosen(value) ? [i] : []))

const meanPrecision = ({ shape, precision }: CocoArrays, choice: Choice): number | null =>
  mean(precision, shape, choice)

/** `recall` is laid out as `precision` with one recall threshold. */
const meanRecall = ({ shape, recall }: CocoArrays, choice: Choice): number | null =>
  mean(recall, { ...shape, R: 1 }, choice)

/** Mean of the chosen entries above -1, in C order; null where there are none. */
function mean(entries: Float64Array, shape: CocoShape, choice: Choice): number | null {
  const { ts, k, as, ms } = choice
  const isOne = as.length === 1 && ms.length === 1 && (ts.length === 1 || ts.length === shape.T)
  if (!isOne) return meanOfMany(entries, shape, choice)
  const own = entriesOf(entries, shape, ms[0])
  const t = ts.length === shape.T ? undefined : ts[0]
  return k === null ? own.overAll(as[0], t) : own.ofCategory(as[0], k, t)
}

/** `mean` where the configuration lacks what is asked for, or lists it more than once. */
function meanOfMany(entries: Float64Array, shape: CocoShape, { ts, k, as, ms }: Choice): number | null {
  const [kFrom, kTo] = k === null ? [0, shape.K] : [k, k + 1]
  const places = Int32Array.from(as.flatMap(a => ms.map(m => precisionAt(shape, 0, 0, 0, a, m))))
  const width = precisionAt(shape, 0, 0, 1, 0, 0)
  const chosen = new Float64Array(ts.length * shape.R * (kTo - kFrom) * places.length)
  let count = 0
  for (const t of ts) {
    for (let r = 0; r < shape.R; r++) {
      const end = precisionAt(shape, t, r, kTo, 0, 0)
      for (let row = precisionAt(shape, t, r, kFrom, 0, 0); row < end; row += width) {
        for (let i = 0; i < places.length; i++) {
          const value = entries[row + places[i]]
          if (value > -1) chosen[count++] = value
        }
      }
    }
  }
  return count > 0 ? numpyMean(chosen.subarray(0, count)) : null
}
