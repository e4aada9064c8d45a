import type { Config } from '../data/config.js'
import { type CocoArrays, type CocoShape, precisionAt } from '../data/evaluation.js'
import { type AreaMetrics, cocoAverages } from './coco-summary.js'
import { numpyMean } from './numpy-mean.js'

/** AP and AR with the largest cap of area range `a`: at IoU threshold `t` or over all, of category `k` or over all. */
export type AveragesBy = (a: number, at?: { t?: number; k?: number }) => Omit<AreaMetrics, 'name'>

/**
 * `cocoAverages` for those who ask for many: the arrays are gone through once. Entries that one average takes lie far
 * apart in them.
 */
export function averagesBy(coco: CocoArrays, config: Config): AveragesBy {
  const { areas, iouThresholds, maxDets } = config
  if (![areas.map(({ name }) => name), iouThresholds, maxDets].every(areDistinct)) {
    return (a, { t, k = null } = {}) => {
      const iou = t === undefined ? null : iouThresholds[t]
      const { AP, AR } = cocoAverages(coco, config, areas[a].name, { iou, k })
      return { AP, AR }
    }
  }
  const precisions = new CocoColumns(coco.precision, coco.shape)
  const recalls = new CocoColumns(coco.recall, { ...coco.shape, R: 1 })
  return (a, { t, k } = {}) =>
    k === undefined
      ? { AP: precisions.overAll(a, t), AR: recalls.overAll(a, t) }
      : { AP: precisions.ofCategory(a, k, t), AR: recalls.ofCategory(a, k, t) }
}

const areDistinct = (values: (string | number)[]): boolean => new Set(values).size === values.length

/** The entries of the largest cap in the orders in which averages take them; -1 is none. */
class CocoColumns {
  readonly #shape: CocoShape
  /** Those above -1 by area range, [t, r, k], and where each threshold's begin, [T + 1]. */
  readonly #rows: { values: Float64Array; starts: Uint32Array }[]
  /** [a, k, t, r] */
  readonly #columns: Float64Array

  constructor(entries: Float64Array, shape: CocoShape) {
    const { T, R, K, A, M } = shape
    this.#shape = shape
    this.#columns = new Float64Array(A * K * T * R)
    const values = Array.from({ length: A }, () => new Float64Array(T * R * K))
    const starts = Array.from({ length: A }, () => new Uint32Array(T + 1))
    const counts = new Uint32Array(A)
    for (let t = 0; t < T; t++) {
      for (let r = 0; r < R; r++) {
        let at = precisionAt(shape, t, r, 0, 0, M - 1)
        for (let k = 0; k < K; k++) {
          for (let a = 0; a < A; a++, at += M) {
            const value = entries[at]
            this.#columns[((a * K + k) * T + t) * R + r] = value
            if (value > -1) values[a][counts[a]++] = value
          }
        }
      }
      for (let a = 0; a < A; a++) starts[a][t + 1] = counts[a]
    }
    this.#rows = values.map((own, a) => ({ values: own, starts: starts[a] }))
  }

  overAll(a: number, t?: number): number | null {
    const { values, starts } = this.#rows[a]
    const [from, to] = t === undefined ? [0, starts.length - 1] : [t, t + 1]
    return meanOf(values.subarray(starts[from], starts[to]))
  }

  ofCategory(a: number, k: number, t?: number): number | null {
    const { T, R, K } = this.#shape
    const from = (a * K + k) * T * R
    const own =
      t === undefined
        ? this.#columns.subarray(from, from + T * R)
        : this.#columns.subarray(from + t * R, from + (t + 1) * R)
    return meanOf(own.includes(-1) ? own.filter(value => value > -1) : own)
  }
}

const meanOf = (values: Float64Array): number | null => (values.length > 0 ? numpyMean(values) : null)
