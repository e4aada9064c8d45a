// Greedy matching of the cells at work, at all thresholds at once. Twin of src/matching/{match,greedy,areas}.ts, where
// the rules are explained.
import { addLive, addZeroId, closeCells, dtsDone, fates, LIVE, outcomes } from './category'
import {
  CROWD,
  cellCount,
  dtAreas,
  dtCount,
  dtOffsets,
  gtAreas,
  gtFlags,
  gtOffsets,
  ignores,
  live,
  lostToZeroId,
  pairOffsets,
  pairStarts,
  taken,
  won,
  wonIgnored,
  wonZeroId,
  ZERO_ID,
} from './cells'
import { A, ascending, his, los, maxDets, reachedBits, regular, T } from './config'
import { reach } from './memory'
import { gts, pairsEnd, similarities } from './pairs'

/** Of the cell: number of live detections. */
let liveDts: u32 = 0
/** Of its pairs that reach a threshold: ground truth by position here and thresholds reached, u32 each. */
let pairs: u32 = 0

/** Matches the cells; false for no room. */
export function matchCells(): bool {
  const firstGt = load<u32>(gtOffsets)
  const firstDt = load<u32>(dtOffsets)
  const firstPair = load<u32>(pairOffsets)
  pairs = pairsEnd()
  if (!reach(<u64>pairs + 8 * <u64>(load<u32>(pairOffsets + 4 * dtCount) - firstPair))) return false
  for (let cell: u32 = 0; cell < cellCount; cell++) {
    const gtFrom = load<u32>(gtOffsets + 4 * cell) - firstGt
    const gtTo = load<u32>(gtOffsets + 4 * cell + 4) - firstGt
    const dtFrom = load<u32>(dtOffsets + 4 * cell) - firstDt
    const dtTo = load<u32>(dtOffsets + 4 * cell + 4) - firstDt
    countRegular(gtFrom, gtTo)
    loadPairs(dtFrom, dtTo, firstGt, firstPair)
    if (liveDts > 0) matchCell(gtFrom, gtTo)
  }
  closeCells(dtCount)
  return true
}

function countRegular(gtFrom: u32, gtTo: u32): void {
  for (let gt = gtFrom; gt < gtTo; gt++) {
    if (load<u8>(gtFlags + gt) & CROWD) continue
    const area = load<f64>(gtAreas + 8 * gt)
    for (let a = 0; a < A; a++) {
      if (area >= load<f64>(los + 8 * a) && area <= load<f64>(his + 8 * a)) {
        store<u32>(regular + 4 * a, load<u32>(regular + 4 * a) + 1)
      }
    }
  }
}

/** Bit a where `area` is outside area range a. */
function outsideBits(area: f64): u32 {
  let bits: u32 = 0
  for (let a = 0; a < A; a++) {
    if (area < load<f64>(los + 8 * a) || area > load<f64>(his + 8 * a)) bits |= 1 << a
  }
  return bits
}

/** Takes up the detections `dtFrom .. dtTo` of a cell: the fates of all, the pairs of those that reach a threshold. */
function loadPairs(dtFrom: u32, dtTo: u32, firstGt: u32, firstPair: u32): void {
  const least = load<f64>(ascending)
  let cap: u32 = 0
  let to: u32 = 0
  liveDts = 0
  for (let dt = dtFrom; dt < dtTo; dt++) {
    while (load<u32>(maxDets + 4 * cap) <= dt - dtFrom) cap++
    const outside = outsideBits(load<f64>(dtAreas + 8 * dt))
    store<u64>(fates + 8 * (dtsDone + dt), ((<u64>cap) << 32) | outside)
    const end = load<u32>(pairOffsets + 4 * dt + 4) - firstPair
    const first = load<u32>(pairOffsets + 4 * dt) - firstPair
    if (first === end || load<f64>(similarities + 8 * first) < least) continue
    store<u32>(live + 4 * liveDts, dt)
    store<u32>(pairStarts + 4 * liveDts, to)
    liveDts++
    for (let pair = first; pair < end; pair++) {
      const bits = bitsReached(load<f64>(similarities + 8 * pair))
      if (bits === 0) break // the rest of its pairs are no more similar
      store<u32>(pairs + 8 * to, load<u32>(gts + 4 * pair) - firstGt)
      store<u32>(pairs + 8 * to, bits, 4)
      to++
    }
  }
  store<u32>(pairStarts + 4 * liveDts, to)
}

/** Thresholds that a similarity reaches. */
function bitsReached(similarity: f64): u32 {
  let count = 0
  while (count < T && load<f64>(ascending + 8 * count) <= similarity) count++
  return load<u32>(reachedBits + 4 * count)
}

/** Matches the live detections of a cell in each area range. */
function matchCell(gtFrom: u32, gtTo: u32): void {
  let zeroId = -1
  for (let gt = gtFrom; gt < gtTo; gt++) if (load<u8>(gtFlags + gt) & ZERO_ID) zeroId = gt
  const firstRow = addRows()
  let settled = false
  for (let a = 0; a < A; a++) {
    const ignored = markIgnored(gtFrom, gtTo, a)
    // All regular and all ignored come to the same pairs, so such ranges share one matching.
    const uniform = ignored === 0 || ignored === gtTo - gtFrom
    if (!uniform || !settled) matchGreedily(gtFrom, gtTo, zeroId)
    settled = uniform
    if (a === 0) memory.copy(lostToZeroId, wonZeroId, 4 * liveDts)
    writeOutcomes(firstRow, a, uniform, ignored > 0)
  }
  if (zeroId < 0) return
  for (let i: u32 = 0; i < liveDts; i++) if (load<u32>(lostToZeroId + 4 * i) !== 0) addZeroId()
}

/** Gives the live detections of the cell rows of `outcomes`; returns the first. Their fates still say "outside". */
function addRows(): u32 {
  const first = addLive()
  for (let i: u32 = 1; i < liveDts; i++) addLive()
  return first
}

/** Marks the ground truths that area range `a` ignores, crowds among them; returns their number. */
function markIgnored(gtFrom: u32, gtTo: u32, a: u32): u32 {
  const lo = load<f64>(los + 8 * a)
  const hi = load<f64>(his + 8 * a)
  let count: u32 = 0
  for (let gt = gtFrom; gt < gtTo; gt++) {
    const area = load<f64>(gtAreas + 8 * gt)
    const ignored: u32 = (load<u8>(gtFlags + gt) & CROWD) !== 0 || area < lo || area > hi ? 1 : 0
    store<u32>(ignores + 4 * gt, ignored)
    count += ignored
  }
  return count
}

/** Matches the live detections, first come first served, at all thresholds at once. */
function matchGreedily(gtFrom: u32, gtTo: u32, zeroId: i32): void {
  memory.fill(taken + 4 * gtFrom, 0, 4 * (gtTo - gtFrom))
  for (let i: u32 = 0; i < liveDts; i++) {
    const from = load<u32>(pairStarts + 4 * i)
    const to = load<u32>(pairStarts + 4 * i + 4)
    let all: u32 = 0
    let onIgnored: u32 = 0
    let onZeroId: u32 = 0
    let turns: u32 = 1
    for (let turn: u32 = 0; turn < turns; turn++) {
      for (let pair = from; pair < to; pair++) {
        const gt = load<u32>(pairs + 8 * pair)
        if (load<u32>(ignores + 4 * gt) !== turn) {
          turns = 2 // regular ground truths have the first turn
          continue
        }
        const open = load<u32>(pairs + 8 * pair, 4) & ~all
        const used = load<u32>(taken + 4 * gt)
        const here = load<u8>(gtFlags + gt) & CROWD ? open : open & ~used
        store<u32>(taken + 4 * gt, used | here)
        all |= here
        if (turn === 1) onIgnored |= here
        if (<i32>gt === zeroId) onZeroId |= here
      }
    }
    store<u32>(won + 4 * i, all)
    store<u32>(wonIgnored + 4 * i, onIgnored)
    store<u32>(wonZeroId + 4 * i, onZeroId)
  }
}

/** Writes what matching found in area range `a`; where `uniform`, all ground truths are ignored or none is. */
function writeOutcomes(firstRow: u32, a: u32, uniform: bool, ignored: bool): void {
  const all = load<u32>(reachedBits + 4 * T)
  const last = a + 1 === <u32>A
  for (let i: u32 = 0; i < liveDts; i++) {
    const fate = fates + 8 * (dtsDone + load<u32>(live + 4 * i))
    const wins = load<u32>(won + 4 * i)
    const matched = wins & ~load<u32>(wonZeroId + 4 * i)
    let ignoring = uniform ? (ignored ? wins : 0) : load<u32>(wonIgnored + 4 * i)
    if ((load<u32>(fate) >> a) & 1) ignoring |= all & ~matched
    const row = outcomes + 8 * ((firstRow + i) * A + a)
    store<u32>(row, matched | ignoring)
    store<u32>(row, matched & ~ignoring, 4)
    if (last) store<u64>(fate, LIVE | ((<u64>load<u32>(fate, 4)) << 32) | (firstRow + i))
  }
}
