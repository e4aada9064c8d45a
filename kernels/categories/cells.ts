// Some cells of the category at work, with their columns by position: a position in the cells less that of the first.
import { categoryEnd } from './category'
import { MOST_ENTRIES } from './grid'
import { align, closeRegion, openRegion, regionEnd, take } from './memory'

export const CROWD: u32 = 1
export const ZERO_ID: u32 = 2

export let cellCount: u32 = 0
export let gtCount: u32 = 0
export let dtCount: u32 = 0

/** f64, [ground truth] and [detection]. */
export let gtAreas: u32 = 0
export let dtAreas: u32 = 0
/** f64 x, y, width, height, [ground truth, 4] and [detection, 4]; where pairs are to be found. */
export let gtBoxes: u32 = 0
export let dtBoxes: u32 = 0
/** u32, positions in the whole of the cells, [cell + 1]. */
export let gtOffsets: u32 = 0
export let dtOffsets: u32 = 0
/** u8: CROWD, ZERO_ID; [ground truth]. */
export let gtFlags: u32 = 0

/** Work memory: f64 [ground truth]; then u32, [ground truth] twice, [detection + 1] six times. */
export let boxAreas: u32 = 0
export let ignores: u32 = 0
export let taken: u32 = 0
export let live: u32 = 0
export let pairStarts: u32 = 0
export let won: u32 = 0
export let wonIgnored: u32 = 0
export let wonZeroId: u32 = 0
export let lostToZeroId: u32 = 0
/** Of the pairs, u32 [detection + 1]. */
export let pairOffsets: u32 = 0

/** Of a dense cell, u32: where the entries of each bin begin, [bin + 1], and the entries; see grid.ts. */
export let gridStarts: u32 = 0
export let gridEntries: u32 = 0

export let cellsEnd: u32 = 0

/** `gtAreas` to `gtFlags` follow one another from the address that this returns, 0 for no room. */
export function openCells(cells: u32, gts: u32, dts: u32, boxes: bool): u32 {
  cellCount = cells
  gtCount = gts
  dtCount = dts
  openRegion(categoryEnd)
  gtAreas = take(8 * <u64>gts)
  dtAreas = take(8 * <u64>dts)
  gtBoxes = take(boxes ? 32 * <u64>gts : 0)
  dtBoxes = take(boxes ? 32 * <u64>dts : 0)
  gtOffsets = take(4 * <u64>(cells + 1))
  dtOffsets = take(4 * <u64>(cells + 1))
  gtFlags = take(gts)
  align()
  boxAreas = take(boxes ? 8 * <u64>gts : 0)
  ignores = take(4 * <u64>gts)
  taken = take(4 * <u64>gts)
  const column = 4 * <u64>(dts + 1)
  live = take(column)
  pairStarts = take(column)
  won = take(column)
  wonIgnored = take(column)
  wonZeroId = take(column)
  lostToZeroId = take(column)
  pairOffsets = take(column)
  align()
  gridStarts = take(boxes ? 4 * <u64>(gts + 1) : 0)
  gridEntries = take(boxes ? 4 * MOST_ENTRIES * <u64>gts : 0)
  if (!closeRegion()) return 0
  cellsEnd = regionEnd()
  return gtAreas
}
