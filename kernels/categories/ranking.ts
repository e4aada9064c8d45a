// A stable order of detections by descending score. Comes to the same order as src/matching/order.ts.

const INSERTION_MAX: u32 = 32
/** From here on longer digits save more in passes than their tables cost. */
const LONG_DIGITS_MIN: u32 = 4096

/** u32, [digit], of four passes. */
export const COUNTS_BYTES: u32 = 4 * 4 * 2048
let counts: u32 = 0
export function placeCounts(at: u32): void {
  counts = at
}

/** Ascends as the score descends; -0 ranks as 0. */
function keyOf(score: f64): u64 {
  const bits = score === 0 ? 0 : reinterpret<u64>(score)
  return bits >> 63 ? bits : ~bits & 0x7fffffffffffffff
}

/**
 * Positions of `count` scores in their order, u32. `work` has four columns of u32, of which the first becomes the
 * result.
 */
export function rank(scores: u32, count: u32, work: u32): void {
  const order = work
  const spareOrder = work + 4 * count
  const words = work + 8 * count
  const spareWords = work + 12 * count
  let sorted = true
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(order + 4 * i, i)
    if (i > 0 && load<f64>(scores + 8 * i) > load<f64>(scores + 8 * (i - 1))) sorted = false
  }
  if (sorted) return
  if (count <= INSERTION_MAX) return insertByScore(scores, order, count)
  for (let i: u32 = 0; i < count; i++)
    store<u32>(words + 4 * i, <u32>(keyOf(load<f64>(scores + 8 * i)) >> 32))
  sortWords(words, order, spareWords, spareOrder, count)
  let from: u32 = 0
  while (from < count) {
    const word = load<u32>(words + 4 * from)
    let to = from + 1
    while (to < count && load<u32>(words + 4 * to) === word) to++
    if (to - from > 1)
      settleTies(scores, words + 4 * from, order + 4 * from, spareWords, spareOrder, to - from)
    from = to
  }
}

function insertByScore(scores: u32, order: u32, count: u32): void {
  for (let i: u32 = 1; i < count; i++) {
    const row = load<u32>(order + 4 * i)
    const score = load<f64>(scores + 8 * row)
    let j = i
    while (j > 0) {
      const before = load<u32>(order + 4 * (j - 1))
      if (load<f64>(scores + 8 * before) >= score) break
      store<u32>(order + 4 * j, before)
      j--
    }
    store<u32>(order + 4 * j, row)
  }
}

/** Sorts detections whose keys share the high word by the low one. */
function settleTies(scores: u32, words: u32, order: u32, spareWords: u32, spareOrder: u32, count: u32): void {
  let sorted = true
  let last: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const low = <u32>keyOf(load<f64>(scores + 8 * load<u32>(order + 4 * i)))
    store<u32>(words + 4 * i, low)
    if (low < last) sorted = false
    last = low
  }
  if (sorted) return
  if (count <= INSERTION_MAX) insertByScore(scores, order, count)
  else sortWords(words, order, spareWords, spareOrder, count)
}

/** Stably sorts `words` ascending and `order` with them, least significant digit first. */
function sortWords(words: u32, order: u32, spareWords: u32, spareOrder: u32, count: u32): void {
  const bits: u32 = count < LONG_DIGITS_MIN ? 8 : 11
  const passes: u32 = count < LONG_DIGITS_MIN ? 4 : 3
  const size: u32 = 1 << bits
  const mask = size - 1
  countDigits(words, count, bits, passes)
  let fromWords = words
  let fromOrder = order
  let toWords = spareWords
  let toOrder = spareOrder
  for (let pass: u32 = 0; pass < passes; pass++) {
    const shift = pass * bits
    const table = counts + 4 * pass * size
    if (load<u32>(table + 4 * ((load<u32>(words) >> shift) & mask)) === count) continue // one digit for all
    let next: u32 = 0
    for (let digit: u32 = 0; digit < size; digit++) {
      const here = load<u32>(table + 4 * digit)
      store<u32>(table + 4 * digit, next)
      next += here
    }
    for (let i: u32 = 0; i < count; i++) {
      const word = load<u32>(fromWords + 4 * i)
      const slot = table + 4 * ((word >> shift) & mask)
      const to = load<u32>(slot)
      store<u32>(slot, to + 1)
      store<u32>(toWords + 4 * to, word)
      store<u32>(toOrder + 4 * to, load<u32>(fromOrder + 4 * i))
    }
    const freeWords = fromWords
    const freeOrder = fromOrder
    fromWords = toWords
    fromOrder = toOrder
    toWords = freeWords
    toOrder = freeOrder
  }
  if (fromWords === words) return
  memory.copy(words, fromWords, 4 * count)
  memory.copy(order, fromOrder, 4 * count)
}

function countDigits(words: u32, count: u32, bits: u32, passes: u32): void {
  const mask: u32 = (1 << bits) - 1
  memory.fill(counts, 0, (4 * passes) << bits)
  for (let i: u32 = 0; i < count; i++) {
    const word = load<u32>(words + 4 * i)
    for (let pass: u32 = 0; pass < passes; pass++) {
      const slot = counts + 4 * ((pass << bits) + ((word >> (pass * bits)) & mask))
      store<u32>(slot, load<u32>(slot) + 1)
    }
  }
}
