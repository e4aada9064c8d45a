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
  pairOffsets,
} from './cells'
import { gts, openPairs, reservePairs, similarities } from './pairs'
import { sortByPreference } from './preference'

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
    for (let dt = dtFrom; dt < dtTo; dt++) {
      const first = count
      store<u32>(pairOffsets + 4 * dt, base + first)
      if (gtFrom === gtTo) continue
      if (!reservePairs(count, 2 * (gtTo - gtFrom))) return -1
      compareAll(dtBoxes + 32 * dt, gtFrom, gtTo, firstGt)
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

/** Appends the pairs of the detection whose box is at `box`. */
function compareAll(box: u32, gtFrom: u32, gtTo: u32, firstGt: u32): void {
  const left = load<f64>(box)
  const top = load<f64>(box, 8)
  const right = load<f64>(box, 16) + left
  const bottom = load<f64>(box, 24) + top
  const area = load<f64>(box, 16) * load<f64>(box, 24)
  for (let gt = gtFrom; gt < gtTo; gt++) {
    const edges = gtBoxes + 32 * gt
    const width = Math.min(right, load<f64>(edges, 16)) - Math.max(left, load<f64>(edges))
    if (width <= 0) continue
    const height = Math.min(bottom, load<f64>(edges, 24)) - Math.max(top, load<f64>(edges, 8))
    if (height <= 0) continue
    const shared = width * height
    const isCrowd = (load<u8>(gtFlags + gt) & CROWD) !== 0
    const similarity = shared / (isCrowd ? area : area + load<f64>(boxAreas + 8 * gt) - shared)
    if (!(similarity > 0)) continue // an area beyond the range of float64
    store<f64>(similarities + 8 * count, similarity)
    store<u32>(gts + 4 * count, firstGt + gt)
    count++
  }
}
