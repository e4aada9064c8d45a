// The order of scores. Twin of scoreOrderSteps in src/matching/order.ts, by another way: most scores differ in their
// upper halves already, so that these are sorted alone, and what they leave in disorder is settled by the lower halves.
import { at, next, put, toStarts } from './columns'

/** Up to here the insertion sort wins. */
const INSERTION_MAX: i32 = 48
/** From here on longer digits save more in passes than their tables cost. */
const LONG_DIGITS_MIN: i32 = 4096
const LONG_BITS: i32 = 11
const LONG_PASSES: i32 = 3
const TABLES: i32 = LONG_PASSES << LONG_BITS

let count: i32 = 0
let scores: i32 = 0
let sorted: i32 = 0
let tables: i32 = 0
/** Words of 32 bits and an order: a pass reads the first ones and writes the others. */
let words: i32 = 0
let wordsTo: i32 = 0
let order: i32 = 0
let orderTo: i32 = 0
/** Scores before it are settled. */
let settled: i32 = 0

/** What `openOrder` needs besides: tables of digits, twice words and twice an order. */
export function scratchBytes(rows: i32): i32 {
  return (TABLES + 4 * rows) << 2
}

/** `rows` scores, to be written to `sortedAt` by descending score. */
export function openOrder(rows: i32, scoresAt: i32, sortedAt: i32, scratch: i32): void {
  count = rows
  scores = scoresAt
  sorted = sortedAt
  tables = scratch
  words = scratch + (TABLES << 2)
  wordsTo = words + (rows << 2)
  order = wordsTo + (rows << 2)
  orderTo = order + (rows << 2)
  settled = 1
  memory.fill(tables, 0, TABLES << 2)
}

export function readWords(from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    const word = highOf(scoreAt(scores, i))
    put(order, i, i)
    put(words, i, word)
    next(tables, word & 2047)
    next(tables, 2048 + ((word >> 11) & 2047))
    next(tables, 4096 + <i32>(<u32>word >> 22))
  }
}

/** Begins a pass; false where it is not needed, as all have one digit. */
export function openPass(pass: i32): bool {
  const starts = tables + (pass << (LONG_BITS + 2))
  if (at(starts, digitOf(at(words, 0), pass)) === count) return false
  toStarts(starts, 1 << LONG_BITS)
  return true
}

export function distribute(from: i32, to: i32, pass: i32): void {
  const starts = tables + (pass << (LONG_BITS + 2))
  for (let i = from; i < to; i++) {
    const word = at(words, i)
    const place = next(starts, digitOf(word, pass))
    put(wordsTo, place, word)
    put(orderTo, place, at(order, i))
  }
}

function digitOf(word: i32, pass: i32): i32 {
  return <i32>(<u32>word >> (pass * LONG_BITS)) & 2047
}

export function closePass(): void {
  const sortedWords = wordsTo
  wordsTo = words
  words = sortedWords
  const sortedOrder = orderTo
  orderTo = order
  order = sortedOrder
}

export function gather(from: i32, to: i32): void {
  for (let i = from; i < to; i++) store<f64>(sorted + (i << 3), scoreAt(scores, at(order, i)))
}

/** Settles the order of scores before `to`, perhaps of some behind it. */
export function settle(to: i32): void {
  let i = settled
  for (; i < to; i++) {
    if (!(scoreAt(sorted, i) > scoreAt(sorted, i - 1))) continue
    const high = highOf(scoreAt(sorted, i))
    let first = i - 1
    while (first > 0 && highOf(scoreAt(sorted, first - 1)) === high) first--
    let end = i + 1
    while (end < count && highOf(scoreAt(sorted, end)) === high) end++
    if (end - first <= INSERTION_MAX) insertionSort(first, end)
    else sortLows(first, end)
    i = end
  }
  settled = i
}

/** Where the order lies. */
export function orderAt(): i32 {
  return order
}

function scoreAt(column: i32, i: i32): f64 {
  return load<f64>(column + (i << 3))
}

/** Bits that ascend as the score descends; -0 and 0 are one. */
function keyOf(score: f64): u64 {
  const bits = reinterpret<u64>(score === 0 ? 0.0 : score)
  return bits >> 63 ? bits : bits ^ 0x7fffffffffffffff
}

function highOf(score: f64): i32 {
  return <i32>(keyOf(score) >> 32)
}

function insertionSort(from: i32, to: i32): void {
  for (let i = from + 1; i < to; i++) {
    const score = scoreAt(sorted, i)
    const position = at(order, i)
    let j = i
    while (j > from && scoreAt(sorted, j - 1) < score) {
      store<f64>(sorted + (j << 3), scoreAt(sorted, j - 1))
      put(order, j, at(order, j - 1))
      j--
    }
    store<f64>(sorted + (j << 3), score)
    put(order, j, position)
  }
}

/** Sorts those of one upper half. */
function sortLows(from: i32, to: i32): void {
  const rows = to - from
  const bits = rows < LONG_DIGITS_MIN ? 8 : LONG_BITS
  const passes = bits === 8 ? 4 : LONG_PASSES
  const mask = (1 << bits) - 1
  memory.fill(tables, 0, <usize>(passes << (bits + 2)))
  for (let i = 0; i < rows; i++) {
    const word = <u32>keyOf(scoreAt(sorted, from + i))
    put(words, i, word)
    for (let pass = 0; pass < passes; pass++) next(tables, (pass << bits) + ((word >> (pass * bits)) & mask))
  }
  const home = order + (from << 2)
  let own = home
  let other = orderTo
  for (let pass = 0; pass < passes; pass++) {
    const starts = tables + (pass << (bits + 2))
    const shift = pass * bits
    if (at(starts, (<u32>at(words, 0) >> shift) & mask) === rows) continue // one digit for all
    toStarts(starts, mask + 1)
    for (let i = 0; i < rows; i++) {
      const word = at(words, i)
      const place = next(starts, (<u32>word >> shift) & mask)
      put(wordsTo, place, word)
      put(other, place, at(own, i))
    }
    const sortedWords = wordsTo
    wordsTo = words
    words = sortedWords
    const sortedOrder = other
    other = own
    own = sortedOrder
  }
  if (own !== home) memory.copy(home, own, (<usize>rows) << 2)
  gather(from, to)
}
