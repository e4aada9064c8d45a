import type { Shapes } from '../data/columns.js'
import type { Config } from '../data/config.js'
import type { Cells, Overlaps } from '../data/evaluation.js'
import type { CellRange } from '../matching/cells.js'
import { findBoxOverlaps } from '../matching/overlaps.js'
import { leastSimilarity } from '../matching/thresholds.js'
import type { CocoInput } from '../metrics/coco.js'
import { CategoryKernel } from './kernel.js'
import { OverlapParts } from './overlap-parts.js'

/** Detections and ground truths that the kernel gets at once, so that they stay in the cache; a cell is not cut. */
const ROWS_AT_ONCE = 8192
/** The kernel's flags of a ground truth. */
const CROWD = 1
const ZERO_ID = 2

export interface KernelInput {
  input: CocoInput
  shapes: Shapes
  /** Of all cells; null to find those of boxes that may match. */
  overlaps: Overlaps | null
  config: Config
}

/**
 * Does the category whose cells are `range` in WebAssembly, into column `k` of the arrays that the kernel has open.
 * Pairs that it finds go to `found`. False where its memory does not suffice; then `found` is as it was.
 */
export function evaluateCategory(
  kernel: CategoryKernel,
  from: KernelInput,
  range: CellRange,
  k: number,
  found: OverlapParts,
): boolean {
  const { exports } = kernel
  const { cells, dtScores } = from.input
  const [firstDt, lastDt] = [cells.dtOffsets[range.from], cells.dtOffsets[range.to]]
  const scoresAt = exports.openCategory(lastDt - firstDt)
  if (scoresAt === 0) return false
  kernel.f64(scoresAt, lastDt - firstDt).set(dtScores.subarray(firstDt, lastDt))
  const mark = found.mark()
  let cell = range.from
  while (cell < range.to) {
    const next = endOfPart(from.input, cell, range.to)
    if (!matchPart(kernel, from, { from: cell, to: next }, found)) {
      found.rewind(mark)
      return false
    }
    cell = next
  }
  exports.closeCategory(k)
  return true
}

/** Cells and what the kernel gets of their rows; areas only where it matches them. */
type CellInput = Pick<CocoInput, 'cells' | 'gtCrowds' | 'gtIds'> &
  Partial<Pick<CocoInput, 'gtAreas' | 'dtAreas'>>

/** Box overlaps of all cells, of whatever classes: `findBoxOverlaps` to the last bit. */
export function overlapBoxes(config: Config, input: CellInput, shapes: Shapes): Overlaps {
  const kernel = CategoryKernel.create(config)
  const found = kernel && overlapInKernel(kernel, input, shapes)
  kernel?.giveBack()
  return found ?? findBoxOverlaps(shapes, input.cells)
}

/** Null where its memory does not suffice. */
function overlapInKernel(kernel: CategoryKernel, input: CellInput, shapes: Shapes): Overlaps | null {
  const { cells } = input
  const found = new OverlapParts(cells.dtRows.length, true)
  // The regions of arrays and detections are not needed; that of the cells lies behind them.
  if (kernel.exports.openArrays(0) === 0 || kernel.exports.openCategory(0) === 0) return null
  for (let cell = 0; cell < cells.count; ) {
    const next = endOfPart(input, cell, cells.count)
    const range = { from: cell, to: next }
    if (!loadCells(kernel, { input, shapes, overlaps: null }, range)) return null
    if (!addPairs(kernel, cells, range, 0, found)) return null
    cell = next
  }
  return found.join()
}

/** End of the cells from `cell` on that the kernel gets at once. */
function endOfPart({ cells: { gtOffsets, dtOffsets } }: CellInput, cell: number, end: number): number {
  const limit = gtOffsets[cell] + dtOffsets[cell] + ROWS_AT_ONCE
  let next = cell + 1
  while (next < end && gtOffsets[next + 1] + dtOffsets[next + 1] <= limit) next++
  return next
}

function matchPart(
  kernel: CategoryKernel,
  from: KernelInput,
  range: CellRange,
  found: OverlapParts,
): boolean {
  if (!loadCells(kernel, from, range)) return false
  const { exports } = kernel
  const { dtOffsets } = from.input.cells
  if (from.overlaps) {
    if (!loadPairs(kernel, from.overlaps, dtOffsets[range.from], dtOffsets[range.to])) return false
    return exports.matchCells() !== 0
  }
  const least = leastSimilarity(from.config.iouThresholds)
  return addPairs(kernel, from.input.cells, range, least, found, () => exports.matchCells() !== 0)
}

/** Has the pairs of the cells at work found, and used by `use` before they count. */
function addPairs(
  kernel: CategoryKernel,
  { dtOffsets }: Cells,
  range: CellRange,
  least: number,
  found: OverlapParts,
  use = (): boolean => true,
): boolean {
  const { exports } = kernel
  const count = exports.findPairs(found.count, least)
  if (count < 0 || !use()) return false
  found.add(
    kernel.u32(exports.pairOffsetsAt(), dtOffsets[range.to] - dtOffsets[range.from] + 1),
    kernel.u32(exports.gtsAt(), count),
    kernel.f64(exports.similaritiesAt(), count),
  )
  return true
}

/** Writes the columns of the cells, in the order in which `openCells` in kernels/categories/cells.ts lays them out. */
function loadCells(
  kernel: CategoryKernel,
  { input, shapes, overlaps }: Pick<KernelInput, 'shapes' | 'overlaps'> & { input: CellInput },
  range: CellRange,
): boolean {
  const { cells, gtAreas, dtAreas, gtCrowds, gtIds } = input
  const gtRows = cells.gtRows.subarray(cells.gtOffsets[range.from], cells.gtOffsets[range.to])
  const dtRows = cells.dtRows.subarray(cells.dtOffsets[range.from], cells.dtOffsets[range.to])
  const cellCount = range.to - range.from
  const withBoxes = overlaps === null
  let at = kernel.exports.openCells(cellCount, gtRows.length, dtRows.length, withBoxes ? 1 : 0) >>> 0
  if (at === 0) return false
  const take = (bytes: number): number => {
    at += bytes
    return at - bytes
  }
  const areasAt = [take(8 * gtRows.length), take(8 * dtRows.length)]
  if (gtAreas) gather(kernel.f64(areasAt[0], gtRows.length), gtAreas, gtRows)
  if (dtAreas) gather(kernel.f64(areasAt[1], dtRows.length), dtAreas, dtRows)
  if (withBoxes) {
    const { groundTruths, detections } = shapes
    gatherBoxes(kernel.f64(take(32 * gtRows.length), 4 * gtRows.length), groundTruths.boxes, gtRows)
    gatherBoxes(kernel.f64(take(32 * dtRows.length), 4 * dtRows.length), detections.boxes, dtRows)
  }
  for (const offsets of [cells.gtOffsets, cells.dtOffsets]) {
    kernel.u32(take(4 * (cellCount + 1)), cellCount + 1).set(offsets.subarray(range.from, range.to + 1))
  }
  gatherFlags(kernel.u8(take(gtRows.length), gtRows.length), gtCrowds, gtIds, gtRows)
  return true
}

/** Hands over the known pairs of the detections `from .. to`. */
function loadPairs(kernel: CategoryKernel, overlaps: Overlaps, from: number, to: number): boolean {
  const { offsets, gts, similarities } = overlaps
  const count = offsets[to] - offsets[from]
  if (kernel.exports.openPairs(count) === 0) return false
  const { similaritiesAt, gtsAt, pairOffsetsAt } = kernel.exports
  kernel.f64(similaritiesAt(), count).set(similarities.subarray(offsets[from], offsets[to]))
  kernel.u32(gtsAt(), count).set(gts.subarray(offsets[from], offsets[to]))
  kernel.u32(pairOffsetsAt(), to - from + 1).set(offsets.subarray(from, to + 1))
  return true
}

function gather(to: Float64Array, values: Float64Array, rows: Int32Array): void {
  for (let i = 0; i < rows.length; i++) to[i] = values[rows[i]]
}

function gatherBoxes(to: Float64Array, boxes: Float64Array | null, rows: Int32Array): void {
  if (boxes === null) throw new Error('box overlaps need boxes')
  if (isRun(rows)) {
    to.set(boxes.subarray(4 * rows[0], 4 * (rows[0] + rows.length)))
    return
  }
  for (let i = 0; i < rows.length; i++) {
    const from = 4 * rows[i]
    to[4 * i] = boxes[from]
    to[4 * i + 1] = boxes[from + 1]
    to[4 * i + 2] = boxes[from + 2]
    to[4 * i + 3] = boxes[from + 3]
  }
}

/** Whether each row follows the one before, as where a file lists its records by image. */
function isRun(rows: Int32Array): boolean {
  let i = 1
  while (i < rows.length && rows[i] === rows[0] + i) i++
  return i === rows.length
}

function gatherFlags(to: Uint8Array, crowds: Uint8Array, ids: Float64Array, rows: Int32Array): void {
  for (let i = 0; i < rows.length; i++) {
    to[i] = (crowds[rows[i]] === 1 ? CROWD : 0) | (ids[rows[i]] === 0 ? ZERO_ID : 0)
  }
}
