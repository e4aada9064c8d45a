// Curves of a ranking, walked where they rise. Twin of src/metrics/curve-steps.ts.
import { align, closeRegion, openRegion, regionEnd, take } from '../categories/memory'
import { strongCount } from './match'
import { A, dtBits, gtBits, gtClasses, gtCount, ignored, positions, sceneEnd, truePositives } from './scene'

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

/** Bits of the ranges in which it would be a false positive, [rank]; where those that matched start, [K + 1]. */
let rankBits: u32 = 0
let starts: u32 = 0
/** Place among the strong ones; rank; ranks from and to which its score reaches. [matched] */
let strongs: u32 = 0
let ranks: u32 = 0
let froms: u32 = 0
let tos: u32 = 0

/** Of the class and range at work: see `Matched` in the twin; u32. */
let hits: u32 = 0
let lost: u32 = 0
let base: u32 = 0
let firsts: u32 = 0
let before: u32 = 0
let upTo: u32 = 0
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
  hits = take(column)
  lost = take(column)
  base = take(column)
  firsts = take(column)
  before = take(column)
  upTo = take(column)
  tps = take(column)
  fps = take(column)
  fpsBefore = take(column)
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
      const d = load<u32>(rows + 4 * rank)
      store<u32>(rankBits + 4 * rank, load<u32>(dtBits + 4 * d))
      const position = load<i32>(positions + 4 * d)
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

/** Turns to class k and range a. */
export function open(k: u32, a: i32): void {
  const hitColumn = truePositives + 4 * a * strongCount
  const ignoredColumn = ignored + 4 * a * strongCount
  const end = load<u32>(starts + 4 * k, 4)
  let rank = load<u32>(offsets + 4 * k)
  let seen: u32 = 0
  let seenBefore: u32 = 0
  let count: u32 = 0
  let lastFrom: u32 = 0
  for (let i = load<u32>(starts + 4 * k); i < end; i++) {
    const own = load<u32>(strongs + 4 * i)
    const hit = load<u32>(hitColumn + 4 * own)
    const left = load<u32>(ignoredColumn + 4 * own)
    const counts = (load<u32>(rankBits + 4 * load<u32>(ranks + 4 * i)) >> a) & 1
    if (hit === 0 && (left === 0 || counts === 0)) continue // neither counts nor would have
    const from = load<u32>(froms + 4 * i)
    if (count === 0 || lastFrom !== from) {
      for (; rank < from; rank++) seen += (load<u32>(rankBits + 4 * rank) >> a) & 1
      seenBefore = seen
      const to = load<u32>(tos + 4 * i)
      for (; rank < to; rank++) seen += (load<u32>(rankBits + 4 * rank) >> a) & 1
    }
    lastFrom = from
    const at = 4 * count
    store<u32>(hits + at, hit)
    store<u32>(base + at, counts)
    store<u32>(lost + at, counts === 1 ? left : 0)
    store<u32>(firsts + at, from)
    store<u32>(before + at, seenBefore)
    store<u32>(upTo + at, seen)
    count++
  }
  const last = load<u32>(offsets + 4 * k, 4)
  for (; rank < last; rank++) {
    seen += (load<u32>(rankBits + 4 * rank) >> a) & 1
  }
  matched = count
  total = seen
}

/** The curve at threshold t. */
export function walk(t: i32): void {
  const bit: u32 = 1 << t
  let tp: u32 = 0
  let step: i32 = -1
  let gone: u32 = 0
  let goneBefore: u32 = 0
  let score: u32 = 0xffffffff
  let scoreOfStep: u32 = 0xffffffff
  for (let i: u32 = 0; i < matched; i++) {
    const at = 4 * i
    const isHit = (load<u32>(hits + at) & bit) !== 0
    if (!isHit && !(load<u32>(lost + at) & bit)) continue
    const first = load<u32>(firsts + at)
    if (first !== score) {
      score = first
      goneBefore = gone
    }
    gone += load<u32>(base + at)
    if (isHit) {
      tp++
      if (scoreOfStep !== score) {
        scoreOfStep = score
        step++
        store<u32>(fpsBefore + 4 * step, load<u32>(before + at) - goneBefore)
      }
      store<u32>(tps + 4 * step, tp)
    }
    if (scoreOfStep === score) store<u32>(fps + 4 * step, load<u32>(upTo + at) - gone)
  }
  steps = step + 1
  fpTotal = total - gone
  tpTotal = tp
}
