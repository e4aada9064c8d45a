// Matching at one threshold. Twin of `matchScene` in src/matching/scene-match.ts, of `outcomesByRank` in
// src/metrics/outcomes.ts and of `tallyRanks` in src/metrics/tallies.ts, where the rules stand.
import { at, put } from './columns'

const TP: u8 = 0
const FP: u8 = 1
const IGNORED: u8 = 2
const CUT: u8 = 3
const FN: u8 = 4

/** Of the size range at hand: u8, i32, u8, i32. */
let dtOutcomes: i32 = 0
let gtOfDt: i32 = 0
let gtOutcomes: i32 = 0
let dtOfGt: i32 = 0
/** px. */
let least: f64 = 0
let most: f64 = 0

/** Counts of the ranks before, and the rank at which they are written next. */
let tps: i32 = 0
let fps: i32 = 0
let ignored: i32 = 0
let nextTally: i32 = 0
let regularGts: i32 = 0

/** Begins a size range, both ends included; nothing is matched yet (-1). */
export function openRange(
  dtOutcomesAt: i32,
  gtOfDtAt: i32,
  gtOutcomesAt: i32,
  dtOfGtAt: i32,
  lo: f64,
  hi: f64,
  tallyRows: i32,
): void {
  dtOutcomes = dtOutcomesAt
  gtOfDt = gtOfDtAt
  gtOutcomes = gtOutcomesAt
  dtOfGt = dtOfGtAt
  least = lo
  most = hi
  tps = 0
  fps = 0
  ignored = 0
  nextTally = tallyRows
  regularGts = 0
}

/** Puts the rows from .. to beyond the cap behind the `found` ones, over the ranks; returns how many now. */
export function findBeyond(from: i32, to: i32, ranks: i32, cap: u32, found: i32): i32 {
  const caps = i32x4.splat(cap)
  let count = found
  for (let d = from; d < to; ) {
    // Few are: four at a time.
    if (d + 4 <= to && !v128.any_true(i32x4.ge_u(v128.load(ranks + (d << 2)), caps))) {
      d += 4
      continue
    }
    if (<u32>at(ranks, d) >= cap) put(ranks, count++, d)
    d++
  }
  return count
}

/** FP, or IGNORED outside the range: eight at a time. */
export function judgeDts(from: i32, to: i32, areas: i32): void {
  const lo = f64x2.splat(least)
  const hi = f64x2.splat(most)
  const fp = i8x16.splat(FP)
  let d = from
  for (; d + 8 <= to; d += 8) {
    const column = areas + (d << 3)
    const first = i32x4.shuffle(outside(column, lo, hi), outside(column + 16, lo, hi), 0, 2, 4, 6)
    const second = i32x4.shuffle(outside(column + 32, lo, hi), outside(column + 48, lo, hi), 0, 2, 4, 6)
    const words = i16x8.narrow_i32x4_s(first, second)
    const bytes = i8x16.narrow_i16x8_s(words, words) // -1 where outside
    v128.store64_lane(dtOutcomes + d, i8x16.sub(fp, bytes), 0)
  }
  for (; d < to; d++) store<u8>(dtOutcomes + d, FP + <u8>isOutside(areas, d))
}

function outside(column: i32, lo: v128, hi: v128): v128 {
  const pair = v128.load(column)
  return v128.or(f64x2.lt(pair, lo), f64x2.gt(pair, hi))
}

/** `rows` from .. to, which lie beyond the cap, are CUT. */
export function cut(from: i32, to: i32, rows: i32): void {
  for (let i = from; i < to; i++) store<u8>(dtOutcomes + at(rows, i), CUT)
}

/** FN, or IGNORED by `ignores` (u8) or outside the range. */
export function judgeGts(from: i32, to: i32, areas: i32, ignores: i32): void {
  for (let g = from; g < to; g++) {
    const isIgnored = (load<u8>(ignores + g) === 1) | isOutside(areas, g)
    regularGts += 1 - <i32>isIgnored
    store<u8>(gtOutcomes + g, select<u8>(IGNORED, FN, isIgnored))
  }
}

function isOutside(areas: i32, i: i32): bool {
  const area = load<f64>(areas + (i << 3))
  return (area < least) | (area > most)
}

/** Puts those of the live detections from .. to that have a pair at `threshold` behind the `found` ones; returns how many now. */
export function findReaching(
  from: i32,
  to: i32,
  offsets: i32,
  similarities: i32,
  threshold: f64,
  found: i32,
  positions: i32,
): i32 {
  let count = found
  for (let i = from; i < to; i++) {
    put(positions, count, i)
    count += <i32>(load<f64>(similarities + (at(offsets, i) << 3)) >= threshold)
  }
  return count
}

/**
 * Of the live detections that reach the threshold those at `positions` from .. to choose. `endless` (u8) is 1 where a
 * ground truth is never used up.
 */
export function takeInTurn(
  from: i32,
  to: i32,
  positions: i32,
  rows: i32,
  offsets: i32,
  gts: i32,
  similarities: i32,
  endless: i32,
  threshold: f64,
): void {
  for (let k = from; k < to; k++) {
    const i = at(positions, k)
    const first = at(offsets, i)
    const d = at(rows, i)
    if (load<u8>(dtOutcomes + d) === CUT) continue
    const end = at(offsets, i + 1)
    let taken = -1
    let isRegular = false
    for (let pair = first; pair < end && load<f64>(similarities + (pair << 3)) >= threshold; pair++) {
      const g = at(gts, pair)
      if (at(dtOfGt, g) >= 0 && load<u8>(endless + g) === 0) continue
      isRegular = load<u8>(gtOutcomes + g) !== IGNORED
      if (isRegular || taken < 0) taken = g
      if (isRegular) break
    }
    if (taken < 0) continue
    store<u8>(dtOutcomes + d, isRegular ? TP : IGNORED)
    if (isRegular) store<u8>(gtOutcomes + taken, TP)
    put(gtOfDt, d, taken)
    if (at(dtOfGt, taken) < 0) put(dtOfGt, taken, d)
  }
}

/** A ground truth whose id stands for "no match": found by a regular match, it counts as missed. */
export function forget(g: i32, dtAreas: i32): void {
  if (load<u8>(gtOutcomes + g) !== TP) return
  store<u8>(gtOutcomes + g, FN)
  const d = at(dtOfGt, g)
  store<u8>(dtOutcomes + d, FP + <u8>isOutside(dtAreas, d))
}

/**
 * The outcomes of ranks from .. to, to `out` (u8), and behind every `tallyRows` of them how many of all before are TP,
 * FP and IGNORED, to `tallies`. `tallyRows` is below 65,536.
 */
export function rankOutcomes(from: i32, to: i32, rows: i32, out: i32, tallies: i32, tallyRows: i32): void {
  for (let i = from; i < to; ) {
    const end = min(to, nextTally)
    let counts: u64 = 0 // 16 bits an outcome
    for (; i < end; i++) {
      const outcome = load<u8>(dtOutcomes + at(rows, i))
      store<u8>(out + i, outcome)
      counts += (<u64>1) << ((<u64>outcome) << 4)
    }
    tps += <i32>(counts & 0xffff)
    fps += <i32>((counts >> 16) & 0xffff)
    ignored += <i32>((counts >> 32) & 0xffff)
    if (end < nextTally) continue
    const block = 3 * (nextTally / tallyRows)
    put(tallies, block, tps)
    put(tallies, block + 1, fps)
    put(tallies, block + 2, ignored)
    nextTally += tallyRows
  }
}

/** Ground truths of the range that are not ignored. */
export function countRegular(): i32 {
  return regularGts
}
