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
 * Sorts `rows[from .. to]` by descending `scores[row]`; equal scores, -0 and 0 among them, keep their order.
 * This is numpy's `argsort(-scores, kind='mergesort')` for scores without NaN.
 */
export function sortByScore(
  rows: Int32Array,
  from: number,
  to: number,
  scores: Float64Array,
  scratch: SortScratch,
): void {
  const count = to - from
  if (count < 2) return
  scratch.keys = grown(scratch.keys, count)
  const keys = scratch.keys
  let sorted = true
  for (let i = 0; i < count; i++) {
    keys[i] = scores[rows[from + i]] + 0 // turns -0 into 0
    if (i > 0 && keys[i] > keys[i - 1]) sorted = false
  }
  if (sorted) return
  if (count <= INSERTION_MAX) insertionSort(rows, from, count, keys)
  else radixSort(rows, from, count, scratch)
}

function insertionSort(rows: Int32Array, from: number, count: number, keys: Float64Array): void {
  for (let i = 1; i < count; i++) {
    const key = keys[i]
    const row = rows[from + i]
    let j = i
    for (; j > 0 && keys[j - 1] < key; j--) {
      keys[j] = keys[j - 1]
      rows[from + j] = rows[from + j - 1]
    }
    keys[j] = key
    rows[from + j] = row
  }
}

/** Least significant digit first: the low words of the keys, then the high words. */
function radixSort(rows: Int32Array, from: number, count: number, scratch: SortScratch): void {
  reserve(scratch, count)
  splitKeys(scratch, count)
  const bits = count < LONG_DIGITS_MIN ? 8 : 11
  sortWords(scratch, count, bits)
  const { highs, digits, order } = scratch
  for (let i = 0; i < count; i++) digits[0][i] = highs[order[0][i]]
  sortWords(scratch, count, bits)
  const sorted = scratch.order[0]
  const unsorted = scratch.order[1]
  for (let i = 0; i < count; i++) unsorted[i] = rows[from + i]
  for (let i = 0; i < count; i++) rows[from + i] = unsorted[sorted[i]]
}

function reserve(scratch: SortScratch, count: number): void {
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
function sortWords(scratch: SortScratch, count: number, bits: number): void {
  const { digits, order, counts } = scratch
  const size = 1 << bits
  const passes = Math.ceil(32 / bits)
  countDigits(digits[0], count, bits, passes, counts)
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

/** `rows` by ascending `keys[row]`, 0 .. keyCount - 1; equal keys keep their order. */
export function sortByKey(rows: Int32Array, keys: Int32Array, keyCount: number): Int32Array {
  const next = new Uint32Array(keyCount + 1)
  for (let i = 0; i < rows.length; i++) next[keys[rows[i]] + 1]++
  for (let key = 0; key < keyCount; key++) next[key + 1] += next[key]
  const sorted = new Int32Array(rows.length)
  for (let i = 0; i < rows.length; i++) sorted[next[keys[rows[i]]]++] = rows[i]
  return sorted
}
