import { type CocoShape, precisionAt } from '../data/evaluation.js'
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
  /** Room for the entries of one average. */
  readonly #scratch: Float64Array

  constructor(entries: Float64Array, shape: CocoShape, m: number) {
    this.#entries = entries
    this.#shape = shape
    this.#m = m
    this.#scratch = new Float64Array(shape.T * shape.R)
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
    const count = gather(own, 0, own.length, 1, this.#scratch, 0)
    return meanOf(this.#scratch.subarray(0, count))
  }

  /** One threshold after another, as in `rowsByThreshold`. */
  #byCategory(): Float64Array {
    const { T, R, K, A, M } = this.#shape
    const columns = new Float64Array(A * K * T * R)
    for (let t = 0; t < T; t++) {
      for (let a = 0; a < A; a++) {
        for (let k = 0; k < K; k++) {
          const from = precisionAt(this.#shape, t, 0, k, a, this.#m)
          copyColumn(this.#entries, from, K * A * M, columns, ((a * K + k) * T + t) * R, R)
        }
      }
    }
    return columns
  }
}

/** Copies every `step`-th entry from `from` on to the `count` places from `to` on. */
function copyColumn(
  entries: Float64Array,
  from: number,
  step: number,
  columns: Float64Array,
  to: number,
  count: number,
): void {
  for (let i = 0, at = from; i < count; i++, at += step) columns[to + i] = entries[at]
}

/** `CocoEntries` above -1 by area range and threshold: one threshold after another, which memory near by can hold. */
function rowsByThreshold(
  entries: Float64Array,
  shape: CocoShape,
  m: number,
): { rows: Float64Array; starts: Uint32Array } {
  const { T, R, K, A, M } = shape
  const rows = new Float64Array(A * T * R * K)
  const starts = new Uint32Array(A * (T + 1))
  for (let a = 0; a < A; a++) starts[a * (T + 1)] = a * T * R * K
  const step = A * M
  for (let t = 0; t < T; t++) {
    for (let a = 0; a < A; a++) {
      const at = a * (T + 1) + t
      const from = precisionAt(shape, t, 0, 0, a, m)
      const to = precisionAt(shape, t + 1, 0, 0, 0, 0)
      starts[at + 1] = gather(entries, from, to, step, rows, starts[at])
    }
  }
  return { rows, starts }
}

/** Puts every `step`-th entry from `from` to `to` that is above -1 behind the first `count` rows; returns how many then. */
function gather(
  entries: Float64Array,
  from: number,
  to: number,
  step: number,
  rows: Float64Array,
  count: number,
): number {
  let end = count
  for (let at = from; at < to; at += step) {
    const entry = entries[at]
    if (entry > -1) rows[end++] = entry
  }
  return end
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
