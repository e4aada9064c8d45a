// AssemblyScript: a scene matched at all IoU thresholds at once, its curves walked and read. Twin of
// src/matching/scene-sweep.ts and src/metrics/{curve-steps,readings,ap-readings,size-averages,numpy-mean}.ts, to the
// last bit, where the rules are explained.
//
// The host opens the scene and fills in its columns, has it matched, opens a ranking of its detections and fills it
// in, and has the curves read. A function that opens returns an address, or 0 for no room.
import { averagesOf, openAverages } from './sweeps/averages'
import { findStrong, openFinds, sweep } from './sweeps/match'
import { findDtBits, findGtBits } from './sweeps/ranges'
import {
  countRegular,
  findFalseRanks,
  indexRanking,
  openRanking,
  orderFinds,
  regular,
} from './sweeps/ranking'
import { meansOf, openReadings } from './sweeps/readings'
import { openScene } from './sweeps/scene'
import { openWalks } from './sweeps/walks'

export { openAverages, openRanking, openReadings, openScene }

/**
 * Matches the scene: `cap` detections a cell, each range on its own where `apart`, in the whole only where `once`.
 * `ordered`: in another order than that of the live detections. `samePairs` and `sameSizes`: pairs and thresholds, or
 * areas, ranges, ranks and cap of detections, are as they were. False for no room.
 */
export function match(
  closed: bool,
  once: bool,
  apart: bool,
  cap: u32,
  ordered: bool,
  samePairs: bool,
  sameSizes: bool,
): bool {
  findGtBits(closed, once)
  findDtBits(closed, once, cap, sameSizes)
  if (!samePairs) findStrong()
  if (!openFinds()) return false
  sweep(apart, cap, ordered)
  return true
}

/**
 * Gets the ranking ready for the curves; `grouped`: equal scores are one point. `sameRanks`: it is as it was. False for
 * no room.
 */
export function rank(grouped: bool, sameRanks: bool): bool {
  if (!sameRanks) indexRanking()
  findFalseRanks(sameRanks)
  orderFinds(grouped)
  countRegular()
  return openWalks()
}

/** Reads the curves in the ranges from `firstRange` on; returns where the means lie. */
export function readMeans(firstRange: i32): u32 {
  return meansOf(firstRange)
}

/** Adds up the curves; returns where the averages lie. */
export function addAverages(): u32 {
  return averagesOf()
}

/** u32, [class, A]: regular ground truths. */
export function regularAt(): u32 {
  return regular
}
