// AssemblyScript: a scene matched at all IoU thresholds at once, its curves walked and read. Twin of
// src/matching/scene-sweep.ts and src/metrics/{curve-steps,readings,ap-readings,size-averages,numpy-mean}.ts, to the
// last bit, where the rules are explained.
//
// The host opens the scene and fills in its columns, has it matched, opens a ranking of its detections and fills it
// in, and has the curves read. A function that opens returns an address, or 0 for no room.
//
// Columns are gone through some rows at a time: V8 makes better code of a function while it runs, and puts it to use at
// the next call.
import { addAverages, averages, openAverages } from './sweeps/averages'
import { findStrong, openFinds, openStrong, openSweep, sweep } from './sweeps/match'
import { findDtBits, findGtBits, openDtBits } from './sweeps/ranges'
import {
  countFound,
  countRegular,
  findFalseRanks,
  indexRanking,
  listFinds,
  markFound,
  openFalseRanks,
  openOrder,
  openRanking,
  orderFinds,
} from './sweeps/ranking'
import { meansOf, openReadings } from './sweeps/readings'
import { openScene, rankedRows } from './sweeps/scene'
import { openWalks } from './sweeps/walks'

// Matching: `findGtBits`, detections' bits, where pairs or thresholds changed the strong ones, room for finds, the sweep.
// Ranking: where it changed the index, false ranks, finds in their order, regular ground truths, room for walks.
export {
  addAverages,
  countFound,
  countRegular,
  findDtBits,
  findFalseRanks,
  findGtBits,
  findStrong,
  indexRanking,
  listFinds,
  markFound,
  openAverages,
  openDtBits,
  openFalseRanks,
  openFinds,
  openOrder,
  openRanking,
  openReadings,
  openScene,
  openStrong,
  openSweep,
  openWalks,
  orderFinds,
  sweep,
}

/** Reads the curves in the ranges from `firstRange` on; returns where the means lie. */
export function readMeans(firstRange: i32): u32 {
  return meansOf(firstRange)
}

/** Where the scores of a ranking belong, and behind them its rows. */
export function rankedAt(): u32 {
  return rankedRows
}

/** Where the averages of all curves lie. */
export function averagesAt(): u32 {
  return averages
}
