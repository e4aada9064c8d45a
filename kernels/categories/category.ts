// The category at work: its ground truths counted, its detections by position from its first.
import { A, configEnd, regular } from './config'
import { aligned, reach } from './memory'

/** Of a fate: the detection reaches a threshold, and its low half is the number of its row in `outcomes`. */
export const LIVE: u64 = 1 << 63

/** Detections, and how many of them have come with their cells. */
export let dtCount: u32 = 0
export let dtsDone: u32 = 0
/** f64, [detection]. */
export let dtScores: u32 = 0
/**
 * u64, [detection]. Bits 32 to 47: the first cap that keeps it. Low half: the number of its row in `outcomes` where
 * `LIVE`, else bit a for each area range that it is outside of.
 */
export let fates: u32 = 0
/**
 * Two u32, [live detection, A]: thresholds at which it is matched or ignored, and those at which it is a true
 * positive. Room for all detections; what is not needed is never touched.
 */
export let outcomes: u32 = 0
export let liveCount: u32 = 0
/** Detections that took the ground truth with id 0 in the first area range. */
export let zeroIds: u32 = 0
/** Four columns of u32 for the ranking, [detection]. */
export let ranks: u32 = 0

/** End of the region, and of the arrays before it. */
export let categoryEnd: u32 = 0
let arraysEnd: u64 = 0

/** f64, [T, R, K, A, M] twice and [T, K, A, M]. */
export let arrays: u32 = 0

/** Room for arrays of `bytes`, whatever is there; returns their address, 0 for no room. */
export function openArrays(bytes: u32): u32 {
  arrays = configEnd
  arraysEnd = aligned(<u64>configEnd + bytes)
  return reach(arraysEnd) ? arrays : 0
}

/** Begins a category with `count` detections, whose scores belong where this returns; 0 for no room. */
export function openCategory(count: u32): u32 {
  const n = <u64>count
  dtCount = count
  dtsDone = 0
  liveCount = 0
  zeroIds = 0
  const end = aligned(arraysEnd + n * (8 + 8 + 16 + 8 * A))
  if (!reach(end)) return 0
  dtScores = <u32>arraysEnd
  fates = dtScores + 8 * count
  outcomes = fates + 8 * count
  ranks = outcomes + 8 * A * count
  categoryEnd = <u32>end
  memory.fill(regular, 0, 4 * A)
  return dtScores
}

/** A row of `outcomes` for one more live detection. */
export function addLive(): u32 {
  return liveCount++
}

export function addZeroId(): void {
  zeroIds++
}

export function closeCells(count: u32): void {
  dtsDone += count
}
