// Overlaps of the boxes of the cells at work. Twin of src/matching/overlaps.ts.
import {
  boxAreas,
  CROWD,
  cellCount,
  dtBoxes,
  dtCount,
  dtOffsets,
  gtBoxes,
  gtCount,
  gtFlags,
  gtOffsets,
  minLefts,
  pairOffsets,
  rights,
  sortedEdges,
  sortedGts,
} from './cells'
import { gts, openPairs, reservePairs, similarities } from './pairs'
import { sortByPreference } from './preference'
import { rank } from './ranking'

/** From this many comparisons on, sorting a cell's ground truths pays. */
const DENSE_MIN: u64 = 16384

/** Pairs so far. */
let count: u32 = 0

/** Finds all pairs; `pairOffsets` counts from `base`. Returns how many, -1 for no room. */
export function findPairs(base: u32): i32 {
  if (!openPairs(2 * dtCount)) return -1
  count = 0
  turnIntoEdges()
  const firstGt = load<u32>(gtOffsets)
  const firstDt = load<u32>(dtOffsets)
  for (let cell: i32 = 0; cell < <i32>cellCount; cell++) {
    const gtFrom = load<u32>(gtOffsets + 4 * cell) - firstGt
    const gtTo = load<u32>(gtOffsets + 4 * cell + 4) - firstGt
    const dtFrom = load<u32>(dtOffsets + 4 * cell) - firstDt
    const dtTo = load<u32>(dtOffsets + 4 * cell + 4) - firstDt
    const dense = <u64>(gtTo - gtFrom) * (dtTo - dtFrom) >= DENSE_MIN
    if (dense) sortEdges(gtFrom, gtTo - gtFrom)
    for (let dt = dtFrom; dt < dtTo; dt++) {
      const first = count
      store<u32>(pairOffsets + 4 * dt, base + first)
      if (gtFrom === gtTo) continue
      if (!reservePairs(count, 2 * (gtTo - gtFrom))) return -1
      const box = dtBoxes + 32 * dt
      if (dense) {
        const left = load<f64>(box)
        const start = firstBelow(minLefts, gtTo - gtFrom, load<f64>(box, 16) + left)
        const end = firstAtMost(rights, gtTo - gtFrom, left)
        compare(box, sortedEdges, start, end, sortedGts, gtFrom, firstGt)
      } else compare(box, gtBoxes + 32 * gtFrom, 0, gtTo - gtFrom, 0, gtFrom, firstGt)
      if (count - first > 1) sortByPreference(similarities + 8 * first, gts + 4 * first, count - first)
    }
  }
  store<u32>(pairOffsets + 4 * dtCount, base + count)
  return <i32>count
}

/** Turns x, y, width, height of the ground truths into left, top, right, bottom. */
function turnIntoEdges(): void {
  for (let gt: u32 = 0; gt < gtCount; gt++) {
    const box = gtBoxes + 32 * gt
    const width = load<f64>(box, 16)
    const height = load<f64>(box, 24)
    store<f64>(box, width + load<f64>(box), 16)
    store<f64>(box, height + load<f64>(box, 8), 24)
    store<f64>(boxAreas + 8 * gt, width * height)
  }
}

/** Sorts the ground truths of a cell by descending right edge. Twin of src/matching/edges.ts. */
function sortEdges(gtFrom: u32, size: u32): void {
  for (let i: u32 = 0; i < size; i++) store<f64>(rights + 8 * i, load<f64>(gtBoxes + 32 * (gtFrom + i), 16))
  rank(rights, size, sortedGts)
  let least = Infinity
  for (let i: u32 = 0; i < size; i++) {
    const edges = sortedEdges + 32 * i
    memory.copy(edges, gtBoxes + 32 * (gtFrom + load<u32>(sortedGts + 4 * i)), 32)
    least = Math.min(least, load<f64>(edges))
    store<f64>(minLefts + 8 * i, least)
    store<f64>(rights + 8 * i, load<f64>(edges, 16))
  }
}

/** First index of a descending column with an entry below `bound`. */
function firstBelow(column: u32, size: u32, bound: f64): u32 {
  let low: u32 = 0
  let high = size
  while (low < high) {
    const middle = (low + high) >> 1
    if (load<f64>(column + 8 * middle) < bound) high = middle
    else low = middle + 1
  }
  return low
}

/** First index of a descending column with an entry at or below `bound`. */
function firstAtMost(column: u32, size: u32, bound: f64): u32 {
  let low: u32 = 0
  let high = size
  while (low < high) {
    const middle = (low + high) >> 1
    if (load<f64>(column + 8 * middle) <= bound) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * Appends the pairs of the detection whose box is at `box` with the ground truths `from .. to` of a cell, whose edges
 * are at `list` and whose numbers in the cell are at `order`, 0 for as they stand.
 */
function compare(box: u32, list: u32, from: u32, to: u32, order: u32, gtFrom: u32, firstGt: u32): void {
  const left = load<f64>(box)
  const top = load<f64>(box, 8)
  const right = load<f64>(box, 16) + left
  const bottom = load<f64>(box, 24) + top
  const area = load<f64>(box, 16) * load<f64>(box, 24)
  for (let i = from; i < to; i++) {
    const edges = list + 32 * i
    const width = Math.min(right, load<f64>(edges, 16)) - Math.max(left, load<f64>(edges))
    if (width <= 0) continue
    const height = Math.min(bottom, load<f64>(edges, 24)) - Math.max(top, load<f64>(edges, 8))
    if (height <= 0) continue
    const shared = width * height
    const gt = gtFrom + (order === 0 ? i : load<u32>(order + 4 * i))
    const isCrowd = (load<u8>(gtFlags + gt) & CROWD) !== 0
    const similarity = shared / (isCrowd ? area : area + load<f64>(boxAreas + 8 * gt) - shared)
    if (!(similarity > 0)) continue // an area beyond the range of float64
    store<f64>(similarities + 8 * count, similarity)
    store<u32>(gts + 4 * count, firstGt + gt)
    count++
  }
}
