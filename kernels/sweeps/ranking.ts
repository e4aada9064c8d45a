// A ranking of the scene's detections, and what they found in its order. With walks.ts twin of
// src/metrics/curve-steps.ts.
import { align, closeRegion, openRegion, regionEnd, take } from '../categories/memory'
import {
  FIND_WIDTH,
  FOUND_BITS,
  FOUND_HITS,
  FOUND_LOST,
  FOUND_RANK,
  findCount,
  finds,
  findsEnd,
  HIT_RANGES,
  LOST_RANGES,
} from './match'
import { dtBitsAge } from './ranges'
import { BITS_WIDTH, bytesOf, countBefore, putBits } from './rank-bits'
import { A, dtBits, dtCount, gtBits, gtClasses, gtCount, rankedRows } from './scene'

/** Classes of the ranking, 1 for all as one; detections in it; classes that are read; equal scores are one point. */
export let K: u32 = 0
let n: u32 = 0
export let chosenCount: u32 = 0
export let isGrouped: bool = false

/** f64 scores, descending within a class. u32: rows; where each class starts, [K + 1]; the classes that are read. */
let scores: u32 = 0
let rows: u32 = 0
export let offsets: u32 = 0
export let chosen: u32 = 0

/** u32, [class, A]: regular ground truths. */
export let regular: u32 = 0
/** u32, [detection]. */
let rankOf: u32 = 0

/**
 * Bits of ranks: for each range, whether the detection of the rank would be a false positive; and whether it found
 * something.
 */
let falseRanks: u32 = 0
let foundRanks: u32 = 0
/** The range bits of 64 ranks: u32; and eight of each, u8. */
let sixtyFour: u32 = 0
let bytes: u32 = 0

/** u32: the first find of each detection that found something, by rank. */
let firsts: u32 = 0
/**
 * The finds by rank; u32, RANKED_WIDTH bytes each: ranks from and to which its score reaches, ranges in which the
 * detection would be a false positive, then as in the finds, but that it is left out only where it would count. Where
 * those of each class start, [K + 1].
 */
let ranked: u32 = 0
export let starts: u32 = 0
/** u32, [class]: scores at which something is found. */
let scoresFound: u32 = 0
export const RANKED_WIDTH: u32 = 28
export const SCORE_TO: u32 = 4
export const BITS: u32 = 8
export const RANKED_HITS: u32 = 12
export const RANKED_LOST: u32 = 16
export const RANKED_HIT_RANGES: u32 = 20
export const RANKED_LOST_RANGES: u32 = 24

/** Where the next region begins. */
export let rankingEnd: u32 = 0

/**
 * Of up to as many detections as the scene has. The columns of `scores` and `rows` belong to `rankedRows`; those of
 * `offsets` and `chosen` follow one another from the address that this returns, 0 for no room.
 */
export function openRanking(detections: u32, classes: u32, read: u32): u32 {
  n = detections
  K = classes
  chosenCount = read
  scores = rankedRows
  rows = rankedRows + 8 * n
  openRegion(findsEnd)
  offsets = take(4 * (<u64>K + 1))
  chosen = take(4 * <u64>read)
  align()
  regular = take(4 * <u64>K * A)
  rankOf = take(4 * <u64>dtCount)
  align()
  const words = <u64>bytesOf(n)
  falseRanks = take(words * A)
  foundRanks = take(words)
  sixtyFour = take(4 * 64)
  bytes = take(64)
  starts = take(4 * (<u64>K + 1))
  scoresFound = take(4 * <u64>K)
  firsts = take(4 * <u64>findCount)
  ranked = take(<u64>RANKED_WIDTH * findCount)
  if (!closeRegion()) return 0
  rankingEnd = regionEnd()
  memory.fill(regular, 0, 4 * K * A)
  return offsets
}

/** Counts the regular ground truths among some. */
export function countRegular(from: u32, to: u32): void {
  for (let g = from; g < to; g++) {
    const row = regular + 4 * A * (K === 1 ? 0 : load<u32>(gtClasses + 4 * g))
    const bits = load<u32>(gtBits + 4 * g)
    for (let a = 0; a < A; a++) store<u32>(row + 4 * a, load<u32>(row + 4 * a) + ((bits >> a) & 1))
  }
}

/** Finds the detections of some ranks. */
export function indexRanking(from: u32, to: u32): void {
  const at = rankOf
  const detections = rows
  for (let rank = from; rank < to; rank++) store<u32>(at + 4 * load<u32>(detections + 4 * rank), rank)
}

/** The bits of detections by which false ranks went. */
let falseAge: u32 = 0

/** Of how many ranks what follows is to be found, one behind the last among them. `same`: the ranking is as before. */
export function openFalseRanks(same: bool): u32 {
  if (same && falseAge === dtBitsAge) return 0
  falseAge = dtBitsAge
  return n + 1
}

/**
 * Looks up in which ranges the detections of some ranks would be false positives, from first to last. `begin` is a
 * multiple of 64.
 */
export function findFalseRanks(begin: u32, end: u32): void {
  const width = bytesOf(n)
  for (let from = begin; from < end; from += 64) {
    const count = min(64, n - from)
    memory.fill(sixtyFour, 0, 4 * 64)
    pickBits(rows + 4 * from, count)
    for (let a = 0; a < A; a++) {
      if ((a & 7) === 0) pickBytes(a)
      putBits(falseRanks + width * a + BITS_WIDTH * (from >> 6), bitsOf(a & 7), from)
    }
  }
}

function pickBits(from: u32, count: u32): void {
  const bits = dtBits
  const to = sixtyFour
  for (let i: u32 = 0; i < count; i++) store<u32>(to + 4 * i, load<u32>(bits + 4 * load<u32>(from + 4 * i)))
}

/** Of the range bits of 64 ranks those of eight ranges, from `a` on, as bytes. */
function pickBytes(a: i32): void {
  for (let i: u32 = 0; i < 64; i += 16) {
    const at = sixtyFour + 4 * i
    const first = i16x8.narrow_i32x4_u(byteOf(at, a), byteOf(at + 16, a))
    const last = i16x8.narrow_i32x4_u(byteOf(at + 32, a), byteOf(at + 48, a))
    v128.store(bytes + i, i8x16.narrow_i16x8_u(first, last))
  }
}

function byteOf(at: u32, shift: i32): v128 {
  return v128.and(i32x4.shr_u(v128.load(at), shift), i32x4.splat(255))
}

/** Bit `bit` of each of the bytes. */
function bitsOf(bit: i32): u64 {
  const shift = 7 - bit // what comes over from the byte beside is not looked at
  const one = <u64>i8x16.bitmask(i16x8.shl(v128.load(bytes), shift))
  const two = <u64>i8x16.bitmask(i16x8.shl(v128.load(bytes, 16), shift))
  const three = <u64>i8x16.bitmask(i16x8.shl(v128.load(bytes, 32), shift))
  const four = <u64>i8x16.bitmask(i16x8.shl(v128.load(bytes, 48), shift))
  return one | (two << 16) | (three << 32) | (four << 48)
}

/** How many would be false positives in a range before a rank. */
export function countFalse(a: i32, rank: u32): u32 {
  return countBefore(falseRanks + bytesOf(n) * a, rank)
}

/** Begins to order what was found by the ranks of the detections; returns how much that is. */
export function openOrder(grouped: bool): u32 {
  isGrouped = grouped
  memory.fill(foundRanks, 0, bytesOf(n))
  return findCount
}

/** Looks up the detections of some finds, in the order of memory, and marks their ranks. */
export function markFound(from: u32, to: u32): void {
  const words = foundRanks
  const end = finds + FIND_WIDTH * to
  for (let at = finds + FIND_WIDTH * from; at < end; at += FIND_WIDTH) {
    const d = load<u32>(at)
    const rank = load<u32>(rankOf + 4 * d)
    store<u32>(at, rank, FOUND_RANK)
    store<u32>(at, load<u32>(dtBits + 4 * d), FOUND_BITS)
    const word = words + BITS_WIDTH * (rank >> 6)
    store<u64>(word, load<u64>(word) | ((<u64>1) << (rank & 63)))
  }
}

/** Counts those of some ranks, from first to last. `begin` is a multiple of 64. */
export function countFound(begin: u32, end: u32): void {
  for (let from = begin; from < end; from += 64) {
    const word = foundRanks + BITS_WIDTH * (from >> 6)
    putBits(word, load<u64>(word), from)
  }
}

/** Puts some finds in the order of their ranks. */
export function orderFinds(from: u32, to: u32): void {
  const words = foundRanks
  const end = finds + FIND_WIDTH * to
  let last: u32 = from > 0 ? load<u32>(finds + FIND_WIDTH * (from - 1)) : 0xffffffff
  for (let at = finds + FIND_WIDTH * from; at < end; at += FIND_WIDTH) {
    const d = load<u32>(at)
    if (d === last) continue
    last = d
    store<u32>(firsts + 4 * countBefore(words, load<u32>(at, FOUND_RANK)), at)
  }
}

/** Lists what was found in the order of ranks. */
export function listFinds(): void {
  let to = ranked
  for (let k: u32 = 0; k < K; k++) {
    store<u32>(starts + 4 * k, to)
    to = listClass(k, to)
  }
  store<u32>(starts + 4 * K, to)
}

/** Lists the finds of class k; returns where the list ends. */
function listClass(k: u32, to: u32): u32 {
  const begin = load<u32>(offsets + 4 * k)
  const end = load<u32>(offsets + 4 * k, 4)
  const last = firsts + 4 * countBefore(foundRanks, end)
  const findsTo = finds + FIND_WIDTH * findCount
  let scoreFrom = begin
  let scoreTo = begin
  let count: u32 = 0
  for (let i = firsts + 4 * countBefore(foundRanks, begin); i < last; i += 4) {
    let at = load<u32>(i)
    const d = load<u32>(at)
    const bits = load<u32>(at, FOUND_BITS)
    const rank = load<u32>(at, FOUND_RANK)
    if (rank >= scoreTo) {
      scoreFrom = isGrouped ? firstOfScore(rank, scoreTo) : rank
      scoreTo = isGrouped ? endOfScore(rank, end) : rank + 1
      count++
    }
    do {
      store<u32>(to, scoreFrom)
      store<u32>(to, scoreTo, SCORE_TO)
      store<u32>(to, bits, BITS)
      store<u32>(to, load<u32>(at, FOUND_HITS), RANKED_HITS)
      store<u32>(to, load<u32>(at, FOUND_LOST), RANKED_LOST)
      store<u32>(to, load<u32>(at, HIT_RANGES), RANKED_HIT_RANGES)
      store<u32>(to, load<u32>(at, LOST_RANGES) & bits, RANKED_LOST_RANGES)
      to += RANKED_WIDTH
      at += FIND_WIDTH
    } while (at < findsTo && load<u32>(at) === d)
  }
  store<u32>(scoresFound + 4 * k, count)
  return to
}

/** The most steps that a curve of class k can have in range a. */
export function stepsOf(k: u32, a: i32): u32 {
  return min(load<u32>(regular + 4 * (k * A + a)), load<u32>(scoresFound + 4 * k))
}

/** Of those that a score shares, not before `from`. */
function firstOfScore(rank: u32, from: u32): u32 {
  const score = load<f64>(scores + 8 * rank)
  while (rank > from && load<f64>(scores + 8 * (rank - 1)) === score) rank--
  return rank
}

function endOfScore(rank: u32, end: u32): u32 {
  const score = load<f64>(scores + 8 * rank)
  while (rank < end && load<f64>(scores + 8 * rank) === score) rank++
  return rank
}
