// Overlaps of the boxes of the cells at work. Twin of src/matching/overlaps.ts.
import {
  boxAreas,
  CROWD,
  cellCount,
  dtBoxes,
  dtCount,
  dtOffsets,
  gridEntries,
  gridStarts,
  gtBoxes,
  gtCount,
  gtFlags,
  gtOffsets,
  pairOffsets,
} from './cells'
import { buildGrid, columnOf, columns, rowOf } from './grid'
import { gts, openPairs, reservePairs, similarities } from './pairs'
import { sortByPreference } from './preference'

/** From this many comparisons on, a grid of a cell's ground truths pays. */
const DENSE_MIN: u64 = 16384

const ZERO: v128 = f64x2.splat(0)

/** Pairs so far. */
let count: u32 = 0
let least: f64 = 0

/** Finds the pairs of at least this similarity; `pairOffsets` counts from `base`. Returns how many, -1 for no room. */
export function findPairs(base: u32, leastSimilarity: f64): i32 {
  if (!openPairs(2 * dtCount)) return -1
  count = 0
  least = leastSimilarity
  turnIntoEdges()
  const firstGt = load<u32>(gtOffsets)
  const firstDt = load<u32>(dtOffsets)
  for (let cell: i32 = 0; cell < <i32>cellCount; cell++) {
    const gtFrom = load<u32>(gtOffsets + 4 * cell) - firstGt
    const gtTo = load<u32>(gtOffsets + 4 * cell + 4) - firstGt
    const dtFrom = load<u32>(dtOffsets + 4 * cell) - firstDt
    const dtTo = load<u32>(dtOffsets + 4 * cell + 4) - firstDt
    const dense = <u64>(gtTo - gtFrom) * (dtTo - dtFrom) >= DENSE_MIN
    if (dense) buildGrid(gtBoxes + 32 * gtFrom, gtTo - gtFrom)
    for (let dt = dtFrom; dt < dtTo; dt++) {
      const first = count
      store<u32>(pairOffsets + 4 * dt, base + first)
      if (gtFrom === gtTo) continue
      if (!reservePairs(count, 2 * (gtTo - gtFrom))) return -1
      const box = dtBoxes + 32 * dt
      if (dense) compareWithNear(box, gtFrom, firstGt)
      else compareWithAll(box, gtFrom, gtTo, firstGt)
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

/** Appends the pairs of the detection whose box is at `box` with the ground truths `gtFrom .. gtTo` of a cell. */
function compareWithAll(box: u32, gtFrom: u32, gtTo: u32, firstGt: u32): void {
  const low = v128.load(box)
  const high = f64x2.add(v128.load(box, 16), low)
  const area = load<f64>(box, 16) * load<f64>(box, 24)
  for (let gt = gtFrom; gt < gtTo; gt++) {
    const edges = gtBoxes + 32 * gt
    const size = f64x2.sub(f64x2.pmin(high, v128.load(edges, 16)), f64x2.pmax(low, v128.load(edges)))
    if (i64x2.all_true(f64x2.gt(size, ZERO))) addPair(size, area, gt, firstGt)
  }
}

/** The same with those in the grid. */
function compareWithNear(box: u32, gtFrom: u32, firstGt: u32): void {
  const low = v128.load(box)
  const high = f64x2.add(v128.load(box, 16), low)
  const area = load<f64>(box, 16) * load<f64>(box, 24)
  const firstColumn = columnOf(f64x2.extract_lane(low, 0))
  const lastColumn = columnOf(f64x2.extract_lane(high, 0))
  const firstRow = rowOf(f64x2.extract_lane(low, 1))
  const lastRow = rowOf(f64x2.extract_lane(high, 1))
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const starts = gridStarts + 4 * (row * columns + column)
      const end = gridEntries + 4 * load<u32>(starts, 4)
      for (let entry = gridEntries + 4 * load<u32>(starts); entry < end; entry += 4) {
        const gt = gtFrom + load<u32>(entry)
        const edges = gtBoxes + 32 * gt
        const corner = f64x2.pmax(low, v128.load(edges))
        const size = f64x2.sub(f64x2.pmin(high, v128.load(edges, 16)), corner)
        if (!i64x2.all_true(f64x2.gt(size, ZERO))) continue
        // Of the bins that both are in, the one where their intersection begins has the pair.
        if (columnOf(f64x2.extract_lane(corner, 0)) !== column) continue
        if (rowOf(f64x2.extract_lane(corner, 1)) !== row) continue
        addPair(size, area, gt, firstGt)
      }
    }
  }
}

/** `size`: width and height of what a detection of `area` shares with the ground truth. */
function addPair(size: v128, area: f64, gt: u32, firstGt: u32): void {
  const shared = f64x2.extract_lane(size, 0) * f64x2.extract_lane(size, 1)
  const isCrowd = (load<u8>(gtFlags + gt) & CROWD) !== 0
  const similarity = shared / (isCrowd ? area : area + load<f64>(boxAreas + 8 * gt) - shared)
  if (!(similarity > 0 && similarity >= least)) return // 0 or NaN: an area beyond the range of float64
  store<f64>(similarities + 8 * count, similarity)
  store<u32>(gts + 4 * count, firstGt + gt)
  count++
}
