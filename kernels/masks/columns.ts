// Masks no higher than 64 rows as words: u64 a column, of which bit i is row `base` + i. Two of them share a column's
// pixels by one `and`, which spans take several comparisons for.
import { firstEndingAfter } from './spans'

/** Rows of a word. */
export const WORD_ROWS: u32 = 64

/** Adds the pixels of `rows` rows (1 to 64), from row `row` of the word on. */
export function cover(word: u32, row: u32, rows: u32): void {
  store<u64>(word, load<u64>(word) | ((~(<u64>0) >> (64 - rows)) << row))
}

/** Set by `measureWords`: the words from the first to behind the last that has a pixel. */
export let wordsFrom: u32 = 0
export let wordsTo: u32 = 0

/** Area of the words `from .. to`, the first of column `x0`; their bounds x0 y0 x1 y1 go to `bounds`. */
export function measureWords(from: u32, to: u32, x0: u32, base: u32, bounds: u32): u32 {
  const first = from
  while (from < to && load<u64>(from) == 0) from += 8
  while (from < to && load<u64>(to - 8) == 0) to -= 8
  wordsFrom = from
  wordsTo = to
  if (from == to) {
    memory.fill(bounds, 0, 16)
    return 0
  }
  let area: u64 = 0
  let any: u64 = 0
  for (let at = from; at < to; at += 8) {
    const word = load<u64>(at)
    area += popcnt(word)
    any |= word
  }
  store<u32>(bounds, x0 + ((from - first) >> 3))
  store<u32>(bounds + 4, base + <u32>ctz(any))
  store<u32>(bounds + 8, x0 + ((to - first) >> 3))
  store<u32>(bounds + 12, base + 64 - <u32>clz(any))
  return <u32>area
}

/**
 * Pixels that `columns` words from `a` and from `b` on have in common; their bases, `aBase` and `bBase`, are less than a
 * word apart, as rows of both overlap.
 */
export function sharedWords(a: u32, aBase: i32, b: u32, bBase: i32, columns: u32): u32 {
  // The words of the one that begins higher up are moved.
  const swap = aBase > bBase
  const upper = swap ? b : a
  const lower = swap ? a : b
  const shift: u64 = swap ? aBase - bBase : bBase - aBase
  let shared: u64 = 0
  const end = upper + (columns << 3)
  const distance = lower - upper
  for (let at = upper; at < end; at += 8) {
    shared += popcnt((load<u64>(at) >> shift) & load<u64>(at + distance))
  }
  return <u32>shared
}

/** Pixels that words from `words` on, of the columns `x0 .. x1`, have in common with the spans `from .. to`. */
export function sharedWithSpans(
  words: u32,
  base: u32,
  x0: u32,
  x1: u32,
  height: u32,
  from: u32,
  to: u32,
): u32 {
  let shared: u64 = 0
  let top = x0 * height + base
  from = firstEndingAfter(from, to, top)
  for (let x = x0; x < x1; x++) {
    const word = load<u64>(words)
    // Rows below the picture are those of the next column, and have no bits here.
    const bottom = top + WORD_ROWS
    while (from < to && load<u32>(from + 4) <= top) from += 8
    for (let at = from; at < to && load<u32>(at) < bottom; at += 8) {
      const start = max(load<u32>(at), top) - top
      const end = min(load<u32>(at + 4), bottom) - top
      shared += popcnt((word >> start) << (WORD_ROWS - (end - start)))
    }
    words += 8
    top += height
  }
  return <u32>shared
}
