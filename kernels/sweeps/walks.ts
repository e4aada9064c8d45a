// Curves of a ranking, walked where they rise. Twin of src/metrics/curve-steps.ts.
import { align, closeRegion, openRegion, regionEnd, take } from '../categories/memory'
import { fateOf, strongCount } from './match'
import { A, dtBits, gtBits, gtClasses, gtCount, positions, sceneEnd } from './scene'

/** Classes of the ranking, 1 for all as one; detections in it; classes that are read. */
let K: u32 = 0
let n: u32 = 0
export let chosenCount: u32 = 0

/** f64 scores, descending within a class. u32: rows; where each class starts, [K + 1]; the classes that are read. */
let scores: u32 = 0
let rows: u32 = 0
let offsets: u32 = 0
export let chosen: u32 = 0

/** u32, [class, A]: regular ground truths. */
export let regular: u32 = 0

/** Bits of the ranges in which it would be a false positive, [rank]; where the strong ones start, [K + 1]. */
let rankBits: u32 = 0
let starts: u32 = 0
/** Place among the strong ones; rank; ranks from and to which its score reaches. [strong by rank] */
let strongs: u32 = 0
let ranks: u32 = 0
let froms: u32 = 0
let tos: u32 = 0
/** Sixteen times four words: the bits of a number below 16. */
let nibbles: u32 = 0
/** Those that would be false positives so far, and before the score at work, [range]. */
let seen: u32 = 0
let seenBefore: u32 = 0

/**
 * Matched detections, [range][place], WIDTH bytes each: see `Matched` in the twin. Where those of each class start, and
 * how many of a class would be false positives; [class, range].
 */
let lists: u32 = 0
let listStarts: u32 = 0
let totals: u32 = 0
const HITS: u32 = 0
const LOST: u32 = 4
const BASE: u32 = 8
const FIRST: u32 = 12
const BEFORE: u32 = 16
const UP_TO: u32 = 20
const WIDTH: u32 = 24

/** Of the class and range at work. */
let list: u32 = 0
let matched: u32 = 0
let total: u32 = 0

/** Of the curve at work: see `Steps` in the twin; u32. */
export let steps: u32 = 0
export let tps: u32 = 0
export let fps: u32 = 0
export let fpsBefore: u32 = 0
export let fpTotal: u32 = 0
export let tpTotal: u32 = 0

export let walksEnd: u32 = 0

/** The columns of `scores` to `chosen` follow one another from the address that this returns, 0 for no room. */
export function openRanking(detections: u32, classes: u32, read: u32): u32 {
  n = detections
  K = classes
  chosenCount = read
  openRegion(sceneEnd)
  const column = 4 * <u64>strongCount
  scores = take(8 * <u64>n)
  rows = take(4 * <u64>n)
  offsets = take(4 * (<u64>K + 1))
  chosen = take(4 * <u64>read)
  align()
  regular = take(4 * <u64>K * A)
  rankBits = take(4 * <u64>n)
  starts = take(4 * (<u64>K + 1))
  strongs = take(column)
  ranks = take(column)
  froms = take(column)
  tos = take(column)
  align()
  nibbles = take(256)
  seen = take(16 * 8)
  seenBefore = take(16 * 8)
  listStarts = take(4 * (<u64>K + 1) * A)
  totals = take(4 * <u64>K * A)
  lists = take(<u64>WIDTH * strongCount * A)
  tps = take(column + 4) + 4
  fps = take(column + 4) + 4
  fpsBefore = take(column + 4) + 4
  if (!closeRegion()) return 0
  walksEnd = regionEnd()
  return scores
}

export function countRegular(): void {
  memory.fill(regular, 0, 4 * K * A)
  for (let g: u32 = 0; g < gtCount; g++) {
    const row = regular + 4 * A * (K === 1 ? 0 : load<u32>(gtClasses + 4 * g))
    const bits = load<u32>(gtBits + 4 * g)
    for (let a = 0; a < A; a++) store<u32>(row + 4 * a, load<u32>(row + 4 * a) + ((bits >> a) & 1))
  }
}

/** Finds the strong detections in the ranking. */
export function indexRanking(grouped: bool): void {
  let count: u32 = 0
  for (let k: u32 = 0; k < K; k++) {
    store<u32>(starts + 4 * k, count)
    const begin = load<u32>(offsets + 4 * k)
    const end = load<u32>(offsets + 4 * k, 4)
    let first = count
    let from = begin
    for (let rank = begin; rank < end; rank++) {
      if (rank > from && !(grouped && load<f64>(scores + 8 * rank) === load<f64>(scores + 8 * from))) {
        for (; first < count; first++) store<u32>(tos + 4 * first, rank)
        from = rank
      }
      const position = load<i32>(positions + 4 * load<u32>(rows + 4 * rank))
      if (position < 0) continue
      store<u32>(strongs + 4 * count, position)
      store<u32>(ranks + 4 * count, rank)
      store<u32>(froms + 4 * count, from)
      count++
    }
    for (; first < count; first++) store<u32>(tos + 4 * first, end)
  }
  store<u32>(starts + 4 * K, count)
}

/** Looks up in which ranges the detection of each rank would be a false positive. */
export function findRankBits(): void {
  for (let nibble: u32 = 0; nibble < 16; nibble++) {
    for (let bit: u32 = 0; bit < 4; bit++) store<u32>(nibbles + 16 * nibble + 4 * bit, (nibble >> bit) & 1)
  }
  for (let rank: u32 = 0; rank < n; rank++) {
    store<u32>(rankBits + 4 * rank, load<u32>(dtBits + 4 * load<u32>(rows + 4 * rank)))
  }
}

/** Counts the ranks from `rank` to `to`, in four ranges at a time; what is seen before `from` is kept. */
function see(rank: u32, from: u32, to: u32): void {
  for (let four = 0; 4 * four < A; four++) {
    const shift = 4 * four
    let sum = v128.load(seen + 16 * four)
    for (let i = rank; i < from; i++) sum = i32x4.add(sum, bitsOf(i, shift))
    v128.store(seenBefore + 16 * four, sum)
    for (let i = from; i < to; i++) sum = i32x4.add(sum, bitsOf(i, shift))
    v128.store(seen + 16 * four, sum)
  }
}

/** Whether the detection of a rank would be a false positive in each of four ranges. */
function bitsOf(rank: u32, shift: u32): v128 {
  return v128.load(nibbles + 16 * ((load<u32>(rankBits + 4 * rank) >> shift) & 15))
}

/** Lists the detections of each class that matched something, range by range. */
export function listMatched(): void {
  memory.fill(listStarts, 0, 4 * A)
  for (let k: u32 = 0; k < K; k++) {
    const lengths = listStarts + 4 * A * (k + 1)
    memory.copy(lengths, lengths - 4 * A, 4 * A)
    memory.fill(seen, 0, 16 * 8)
    const end = load<u32>(starts + 4 * k, 4)
    let rank = load<u32>(offsets + 4 * k)
    for (let i = load<u32>(starts + 4 * k); i < end; i++) {
      const fate = fateOf(load<u32>(strongs + 4 * i))
      const bits = load<u32>(rankBits + 4 * load<u32>(ranks + 4 * i))
      const wanted = load<u32>(fate) | (load<u32>(fate, 4) & bits)
      if (wanted === 0) continue // neither counts nor would have
      const from = load<u32>(froms + 4 * i)
      if (rank <= from) {
        const to = load<u32>(tos + 4 * i)
        see(rank, from, to)
        rank = to
      }
      for (let left = wanted; left !== 0; left &= left - 1) {
        const a = ctz(left)
        const length = load<u32>(lengths + 4 * a)
        store<u32>(lengths + 4 * a, length + 1)
        const at = listOf(a) + WIDTH * length
        const counts = (bits >> a) & 1
        store<u32>(at, load<u32>(fate + 8 * (a + 1)), HITS)
        store<u32>(at, load<u32>(fate + 8 * (a + 1), 4) & (0 - counts), LOST)
        store<u32>(at, counts, BASE)
        store<u32>(at, from, FIRST)
        store<u32>(at, load<u32>(seenBefore + 4 * a), BEFORE)
        store<u32>(at, load<u32>(seen + 4 * a), UP_TO)
      }
    }
    const last = load<u32>(offsets + 4 * k, 4)
    see(rank, last, last)
    memory.copy(totals + 4 * A * k, seen, 4 * A)
  }
}

function listOf(a: i32): u32 {
  return lists + WIDTH * strongCount * a
}

/** Turns to class k and range a. */
export function open(k: u32, a: i32): void {
  const start = load<u32>(listStarts + 4 * (A * k + a))
  list = listOf(a) + WIDTH * start
  matched = load<u32>(listStarts + 4 * (A * (k + 1) + a)) - start
  total = load<u32>(totals + 4 * (A * k + a))
}

/** The curve at threshold t; without branches that no one can predict. */
export function walk(t: i32): void {
  const end = list + WIDTH * matched
  let tp: u32 = 0
  /** Where the step at work is written, behind the place before the first, where nothing is read. */
  let step: u32 = 0
  let gone: u32 = 0
  let goneBefore: u32 = 0
  let score: u32 = 0xffffffff
  let scoreOfStep: u32 = 0xffffffff
  for (let at = list; at < end; at += WIDTH) {
    const hit = (load<u32>(at, HITS) >> t) & 1
    const any = hit | ((load<u32>(at, LOST) >> t) & 1)
    const first = any ? load<u32>(at, FIRST) : score
    goneBefore = first === score ? goneBefore : gone
    score = first
    gone += load<u32>(at, BASE) & any
    tp += hit
    const isNew = hit & u32(scoreOfStep !== score)
    step += 4 * isNew
    scoreOfStep = isNew ? score : scoreOfStep
    const ended = step & (0 - u32(scoreOfStep === score)) & (0 - any)
    store<u32>(fpsBefore - 4 + (step & (0 - isNew)), load<u32>(at, BEFORE) - goneBefore)
    store<u32>(tps - 4 + (step & (0 - hit)), tp)
    store<u32>(fps - 4 + ended, load<u32>(at, UP_TO) - gone)
  }
  steps = step / 4
  fpTotal = total - gone
  tpTotal = tp
}
