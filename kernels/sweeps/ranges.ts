// In which size ranges ground truths and detections count. Twin of `rangeBits` in src/matching/scene-sweep.ts and of
// those who ask it.
import {
  A,
  dtAreas,
  dtBits,
  dtCount,
  gtAreas,
  gtBits,
  gtCount,
  gtFlags,
  his,
  IGNORED,
  los,
  ranks,
} from './scene'

/** Bits of the ranges in which each ground truth counts. */
export function findGtBits(closed: bool, once: bool): void {
  findRanges(gtAreas, 0, gtCount, gtBits, closed)
  for (let g: u32 = 0; g < gtCount; g++) {
    const bits = load<u32>(gtBits + 4 * g)
    const isRegular = (load<u8>(gtFlags + g) & IGNORED) === 0
    if (!isRegular || (once && (bits & 1) === 0)) store<u32>(gtBits + 4 * g, 0)
  }
}

/** How often the bits of detections have been found; whether any is beyond the cap. */
export let dtBitsAge: u32 = 0
export let isCut: bool = false
/** How they are found, `once` also how they were; whether that makes a difference. */
let isClosed: bool = false
let isOnce: bool = false
let mostKept: u32 = 0
let isAnyOutside: bool = false

/**
 * Bits of the ranges in which each detection counts. `same`: areas, ranges, ranks and cap are as before. Returns of how
 * many detections they are to be found.
 */
export function openDtBits(closed: bool, once: bool, cap: u32, same: bool): u32 {
  if (same && (once === isOnce || !isAnyOutside)) return 0
  dtBitsAge++
  isClosed = closed
  isOnce = once
  mostKept = cap
  isCut = false
  isAnyOutside = false
  return dtCount
}

/** `from` is a multiple of four. */
export function findDtBits(from: u32, to: u32): void {
  findRanges(dtAreas, from, to, dtBits, isClosed)
  const end = dtBits + 4 * to
  const once = isOnce
  const most = i32x4.splat(mostKept)
  const whole = i32x4.splat(1)
  const zero = i32x4.splat(0)
  let outside = zero
  let beyond = zero
  for (let at = dtBits + 4 * from, rank = ranks + 4 * from; at < end; at += 16, rank += 16) {
    const isBeyond = i32x4.ge_u(v128.load(rank), most)
    const kept = v128.andnot(v128.load(at), isBeyond)
    const isOutside = i32x4.eq(v128.and(kept, whole), zero)
    beyond = v128.or(beyond, isBeyond)
    outside = v128.or(outside, v128.and(kept, isOutside))
    v128.store(at, once ? v128.andnot(kept, isOutside) : kept)
  }
  isCut = isCut || v128.any_true(beyond)
  isAnyOutside = isAnyOutside || v128.any_true(outside)
}

/** Some at a time, which stay in the cache for all ranges. */
function findRanges(areas: u32, begin: u32, end: u32, bits: u32, closed: bool): void {
  memory.fill(bits + 4 * begin, 0, 4 * (end - begin))
  for (let from = begin; from < end; from += BLOCK) {
    const to = min(end, from + BLOCK)
    for (let a = 0; a < A; a++) {
      const lo = f64x2.splat(load<f64>(los + 8 * a))
      const hi = f64x2.splat(load<f64>(his + 8 * a))
      const bit = i32x4.splat(1 << a)
      if (closed) findClosed(areas + 8 * from, areas + 8 * to, bits + 4 * from, lo, hi, bit)
      else findOpen(areas + 8 * from, areas + 8 * to, bits + 4 * from, lo, hi, bit)
    }
  }
}

const BLOCK: u32 = 1024

/** Adds the bit of a range that holds its upper end, four areas at a time. */
function findClosed(at: u32, end: u32, bits: u32, lo: v128, hi: v128, bit: v128): void {
  for (; at < end; at += 32, bits += 16) {
    const first = v128.load(at)
    const second = v128.load(at, 16)
    const one = v128.and(f64x2.ge(first, lo), f64x2.le(first, hi))
    const two = v128.and(f64x2.ge(second, lo), f64x2.le(second, hi))
    addBits(bits, one, two, bit)
  }
}

/** The same without the upper end. */
function findOpen(at: u32, end: u32, bits: u32, lo: v128, hi: v128, bit: v128): void {
  for (; at < end; at += 32, bits += 16) {
    const first = v128.load(at)
    const second = v128.load(at, 16)
    const one = v128.and(f64x2.ge(first, lo), f64x2.lt(first, hi))
    const two = v128.and(f64x2.ge(second, lo), f64x2.lt(second, hi))
    addBits(bits, one, two, bit)
  }
}

function addBits(to: u32, one: v128, two: v128, bit: v128): void {
  const isIn = v128.shuffle<i32>(one, two, 0, 2, 4, 6)
  v128.store(to, v128.or(v128.load(to), v128.and(isIn, bit)))
}
