import { finish, type Steps } from '../data/steps.js'
import { grown } from './buffers.js'

/** Below this the insertion sort wins. */
const INSERTION_MAX = 32
/** From here on longer digits save more in passes than their tables cost. */
const LONG_DIGITS_MIN = 4096

/** Buffers of `sortByScore`, which grows them; keep one for many calls. */
export interface SortScratch {
  keys: Float64Array
  highs: Uint32Array
  /** The pass at work reads digits and order from one and writes to the other. */
  digits: [Uint32Array, Uint32Array]
  order: [Uint32Array, Uint32Array]
  counts: Uint32Array
}

export const createSortScratch = (): SortScratch => ({
  keys: new Float64Array(0),
  highs: new Uint32Array(0),
  digits: [new Uint32Array(0), new Uint32Array(0)],
  order: [new Uint32Array(0), new Uint32Array(0)],
  counts: new Uint32Array(4 * 2048),
})

/**
 * Sorts `scores[from .. to]` descending and `rows[from .. to]` with them; equal scores, -0 and 0 among them, keep
 * their order. This is numpy's `argsort(-scores, kind='mergesort')` for scores without NaN.
 */
export function sortByScore(
  scores: Float64Array,
  rows: Int32Array,
  from: number,
  to: number,
  scratch: SortScratch,
): void {
  if (isSorted(scores, from, to)) return
  if (to - from <= INSERTION_MAX) insertionSort(scores, rows, from, to)
  else finish(radixSort(scores, rows, from, to, scratch))
}

/** `sortByScore` of whole columns in steps. */
export function* scoreOrderSteps(scores: Float64Array, rows: Int32Array): Steps<void> {
  if (!isSorted(scores, 0, scores.length))
    yield* radixSort(scores, rows, 0, scores.length, createSortScratch())
}

function isSorted(scores: Float64Array, from: number, to: number): boolean {
  let i = from + 1
  while (i < to && scores[i] <= scores[i - 1]) i++
  return i >= to
}

function insertionSort(scores: Float64Array, rows: Int32Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const score = scores[i]
    const row = rows[i]
    let j = i
    for (; j > from && scores[j - 1] < score; j--) {
      scores[j] = scores[j - 1]
      rows[j] = rows[j - 1]
    }
    scores[j] = score
    rows[j] = row
  }
}

/** Least significant digit first: the low words of the keys, then the high words. */
function* radixSort(
  scores: Float64Array,
  rows: Int32Array,
  from: number,
  to: number,
  scratch: SortScratch,
): Steps<void> {
  const count = to - from
  reserve(scratch, count)
  yield
  const { keys, highs, digits, order } = scratch
  for (let i = 0; i < count; i++) keys[i] = scores[from + i] + 0 // turns -0 into 0
  yield
  splitKeys(scratch, count)
  yield
  const bits = count < LONG_DIGITS_MIN ? 8 : 11
  yield* sortWords(scratch, count, bits)
  for (let i = 0; i < count; i++) digits[0][i] = highs[order[0][i]]
  yield
  yield* sortWords(scratch, count, bits)
  const sorted = order[0]
  const unsorted = order[1]
  for (let i = 0; i < count; i++) {
    unsorted[i] = rows[from + i]
    keys[i] = scores[from + i]
  }
  yield
  for (let i = 0; i < count; i++) {
    rows[from + i] = unsorted[sorted[i]]
    scores[from + i] = keys[sorted[i]]
  }
}

function reserve(scratch: SortScratch, count: number): void {
  scratch.keys = grown(scratch.keys, count)
  scratch.highs = grown(scratch.highs, count)
  for (const side of [0, 1]) {
    scratch.digits[side] = grown(scratch.digits[side], count)
    scratch.order[side] = grown(scratch.order[side], count)
  }
}

/** Turns each key into two words that ascend as the float64 descends. Reads words as little-endian machines lay them. */
function splitKeys(scratch: SortScratch, count: number): void {
  const words = new Uint32Array(scratch.keys.buffer, scratch.keys.byteOffset, 2 * count)
  const { highs } = scratch
  const lows = scratch.digits[0]
  const order = scratch.order[0]
  for (let i = 0; i < count; i++) {
    const high = words[2 * i + 1]
    const flip = high >>> 31 ? 0 : -1 // the bits of negative numbers already ascend as they descend
    highs[i] = high ^ (flip >>> 1)
    lows[i] = words[2 * i] ^ flip
    order[i] = i
  }
}

/** Stably sorts `digits[0]` ascending and `order[0]` with it. */
function* sortWords(scratch: SortScratch, count: number, bits: number): Steps<void> {
  const { digits, order, counts } = scratch
  const size = 1 << bits
  const passes = Math.ceil(32 / bits)
  countDigits(digits[0], count, bits, passes, counts)
  yield
  for (let pass = 0; pass < passes; pass++) {
    const base = pass * size
    const shift = pass * bits
    if (counts[base + ((digits[0][0] >>> shift) & (size - 1))] === count) continue // one digit for all
    let next = 0
    for (let digit = base; digit < base + size; digit++) {
      const here = counts[digit]
      counts[digit] = next
      next += here
    }
    distribute(digits[0], order[0], digits[1], order[1], count, shift, size - 1, counts, base)
    digits.reverse()
    order.reverse()
    yield
  }
}

function countDigits(
  words: Uint32Array,
  count: number,
  bits: number,
  passes: number,
  counts: Uint32Array,
): void {
  const size = 1 << bits
  counts.fill(0, 0, passes * size)
  for (let i = 0; i < count; i++) {
    const word = words[i]
    for (let pass = 0; pass < passes; pass++) {
      counts[pass * size + ((word >>> (pass * bits)) & (size - 1))]++
    }
  }
}

function distribute(
  words: Uint32Array,
  order: Uint32Array,
  wordsOut: Uint32Array,
  orderOut: Uint32Array,
  count: number,
  shift: number,
  mask: number,
  next: Uint32Array,
  base: number,
): void {
  for (let i = 0; i < count; i++) {
    const word = words[i]
    const to = next[base + ((word >>> shift) & mask)]++
    wordsOut[to] = word
    orderOut[to] = order[i]
  }
}

/** `rows` by ascending `keys[row]`, 0 .. keyCount - 1; equal keys keep their order. May return `rows` itself. */
export function sortByKey(rows: Int32Array, keys: Int32Array, keyCount: number): Int32Array {
  let i = 1
  while (i < rows.length && keys[rows[i]] >= keys[rows[i - 1]]) i++
  if (i >= rows.length) return rows
  const next = keyStarts(rows, keys, keyCount)
  const sorted = new Int32Array(rows.length)
  for (i = 0; i < rows.length; i++) sorted[next[keys[rows[i]]]++] = rows[i]
  return sorted
}

/** Where the rows of each key start in the order of the keys, [keyCount + 1]. */
export function keyStarts(rows: Int32Array, keys: Int32Array, keyCount: number): Uint32Array {
  const starts = new Uint32Array(keyCount + 1)
  for (let i = 0; i < rows.length; i++) starts[keys[rows[i]] + 1]++
  for (let key = 0; key < keyCount; key++) starts[key + 1] += starts[key]
  return starts
}
