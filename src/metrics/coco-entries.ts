import type { CocoShape } from '../data/evaluation.js'
import { numpyMean } from './numpy-mean.js'

/**
 * The entries of one cap in the orders in which averages take them; -1 is none. Entries that one average takes lie far
 * apart in the arrays, so these are gone through once, however many averages follow.
 */
export class CocoEntries {
  readonly #entries: Float64Array
  readonly #shape: CocoShape
  readonly #m: number
  /** Those above -1, [a, t, r, k], each range of axis a from the place where it would begin if all were. */
  readonly #rows: Float64Array
  /** Where each threshold's begin and end, [a, T + 1]. */
  readonly #starts: Uint32Array
  readonly #overAll = new Map<number, number | null>()
  /** [a, k, t, r]; null until somebody asks for a category. */
  #columns: Float64Array | null = null

  constructor(entries: Float64Array, shape: CocoShape, m: number) {
    this.#entries = entries
    this.#shape = shape
    this.#m = m
    const { rows, starts } = rowsByThreshold(entries, shape, m)
    this.#rows = rows
    this.#starts = starts
  }

  /** The mean over the categories of area range `a`, at one IoU threshold or over all; null where there is none. */
  overAll(a: number, t?: number): number | null {
    const width = this.#shape.T + 1
    const first = a * width + (t ?? 0)
    const last = t === undefined ? first + width - 1 : first + 1
    const key = 2 * first + (t === undefined ? 1 : 0)
    let mean = this.#overAll.get(key)
    if (mean === undefined) {
      mean = meanOf(this.#rows.subarray(this.#starts[first], this.#starts[last]))
      this.#overAll.set(key, mean)
    }
    return mean
  }

  /** The mean of category `k`. */
  ofCategory(a: number, k: number, t?: number): number | null {
    const { T, R, K } = this.#shape
    this.#columns ??= this.#byCategory()
    const from = (a * K + k) * T * R
    const own =
      t === undefined
        ? this.#columns.subarray(from, from + T * R)
        : this.#columns.subarray(from + t * R, from + (t + 1) * R)
    return meanOf(own.includes(-1) ? own.filter(value => value > -1) : own)
  }

  /** The arrays are read in the order of memory. */
  #byCategory(): Float64Array {
    const { T, R, K, A, M } = this.#shape
    const entries = this.#entries
    const columns = new Float64Array(A * K * T * R)
    let at = this.#m
    for (let row = 0; row < T * R; row++) {
      for (let k = 0; k < K; k++) {
        for (let a = 0; a < A; a++, at += M) columns[(a * K + k) * T * R + row] = entries[at]
      }
    }
    return columns
  }
}

/** `CocoEntries` above -1 by area range and threshold: the arrays are read once, in the order of memory. */
function rowsByThreshold(
  entries: Float64Array,
  { T, R, K, A, M }: CocoShape,
  m: number,
): { rows: Float64Array; starts: Uint32Array } {
  const rows = new Float64Array(A * T * R * K)
  const starts = new Uint32Array(A * (T + 1))
  const ends = Uint32Array.from({ length: A }, (_, a) => a * T * R * K)
  let at = m
  for (let t = 0; t <= T; t++) {
    for (let a = 0; a < A; a++) starts[a * (T + 1) + t] = ends[a]
    if (t === T) break
    for (let row = 0; row < R * K; row++) {
      for (let a = 0; a < A; a++, at += M) if (entries[at] > -1) rows[ends[a]++] = entries[at]
    }
  }
  return { rows, starts }
}

const meanOf = (values: Float64Array): number | null => (values.length > 0 ? numpyMean(values) : null)

const known = new WeakMap<Float64Array, Map<number, CocoEntries>>()

/** The entries of cap `m`, gone through once for all who ask. They must not change any more. */
export function entriesOf(entries: Float64Array, shape: CocoShape, m: number): CocoEntries {
  const byCap = known.get(entries) ?? new Map<number, CocoEntries>()
  known.set(entries, byCap)
  const found = byCap.get(m) ?? new CocoEntries(entries, shape, m)
  byCap.set(m, found)
  return found
}
