import type { Shapes } from '../data/columns.js'
import type { Cells, Overlaps } from '../data/evaluation.js'
import { type CellRange, cellsByImage } from './cells.js'
import { createNeighbours, findNeighbours, indexIfDense, type Neighbours, resetNeighbours } from './grid.js'
import { createPairList, groupPairs, type PairList, reservePairs } from './pairs.js'

/** What `boxIou` needs of a cell's ground truths besides their edges, by their index in the cell. */
interface CellBoxes {
  near: Neighbours
  /** Width times height. */
  areas: Float64Array
  crowds: Uint8Array
}

/**
 * Box overlaps of the cells in `range` (default: all). `offsets[0]` belongs to the first detection of the range;
 * `gts` are positions in the whole of `cells.gtRows`. The similarities are those of `boxIou`, to the bit; pairs below
 * `least` are left out.
 */
export function findBoxOverlaps(
  shapes: Shapes,
  cells: Cells,
  range: CellRange = { from: 0, to: cells.count },
  least = 0,
): Overlaps {
  const gtBoxes = boxesOf(shapes.groundTruths.boxes)
  const dtBoxes = boxesOf(shapes.detections.boxes)
  const pairs = createPairList()
  const work: CellBoxes = {
    near: createNeighbours(),
    areas: new Float64Array(64),
    crowds: new Uint8Array(64),
  }
  // By image, because the rows of an image tend to lie together.
  for (const cell of cellsByImage(cells, range)) {
    const dtFrom = cells.dtOffsets[cell]
    const dtTo = cells.dtOffsets[cell + 1]
    if (dtFrom === dtTo || cells.gtOffsets[cell] === cells.gtOffsets[cell + 1]) continue
    loadCell(work, cells, cell, gtBoxes, shapes.groundTruths.crowds)
    indexIfDense(work.near, dtTo - dtFrom)
    const gtFrom = cells.gtOffsets[cell]
    for (let dt = dtFrom; dt < dtTo; dt++)
      overlapDetection(work, pairs, dtBoxes, cells.dtRows[dt], dt, gtFrom, least)
  }
  const firstDt = cells.dtOffsets[range.from]
  return groupPairs(pairs, firstDt, cells.dtOffsets[range.to] - firstDt)
}

function boxesOf(boxes: Float64Array | null): Float64Array {
  if (boxes === null) throw new Error('box overlaps need boxes')
  return boxes
}

function loadCell(
  cell: CellBoxes,
  cells: Cells,
  index: number,
  boxes: Float64Array,
  crowds: Uint8Array,
): void {
  const gtFrom = cells.gtOffsets[index]
  const count = cells.gtOffsets[index + 1] - gtFrom
  const { near } = cell
  resetNeighbours(near, count)
  if (cell.areas.length < count) {
    cell.areas = new Float64Array(2 * count)
    cell.crowds = new Uint8Array(2 * count)
  }
  for (let i = 0; i < count; i++) {
    const row = cells.gtRows[gtFrom + i]
    const x = boxes[4 * row]
    const y = boxes[4 * row + 1]
    const width = boxes[4 * row + 2]
    const height = boxes[4 * row + 3]
    near.lefts[i] = x
    near.tops[i] = y
    near.rights[i] = width + x
    near.bottoms[i] = height + y
    cell.areas[i] = width * height
    cell.crowds[i] = crowds[row]
  }
}

/** Appends the pairs of one detection. The arithmetic is `boxIou`'s, with the edges computed once a cell. */
function overlapDetection(
  cell: CellBoxes,
  pairs: PairList,
  boxes: Float64Array,
  row: number,
  dt: number,
  gtFrom: number,
  least: number,
): void {
  const { near, areas, crowds } = cell
  const { lefts, tops, rights, bottoms, found } = near
  const left = boxes[4 * row]
  const top = boxes[4 * row + 1]
  const right = boxes[4 * row + 2] + left
  const bottom = boxes[4 * row + 3] + top
  const area = boxes[4 * row + 2] * boxes[4 * row + 3]
  const foundCount = findNeighbours(near, left, top, right, bottom)
  reservePairs(pairs, foundCount)
  const { dts, gts, similarities } = pairs
  let count = pairs.count
  for (let i = 0; i < foundCount; i++) {
    const gt = found[i]
    const width = Math.min(right, rights[gt]) - Math.max(left, lefts[gt])
    const height = Math.min(bottom, bottoms[gt]) - Math.max(top, tops[gt])
    const shared = width * height
    const similarity = shared / (crowds[gt] === 1 ? area : area + areas[gt] - shared)
    if (!(similarity > 0 && similarity >= least)) continue // 0 or NaN: an area beyond the range of float64
    similarities[count] = similarity
    dts[count] = dt
    gts[count++] = gtFrom + gt
  }
  pairs.count = count
}

/** The overlaps of the detections `from .. to`, counted from the first of `overlaps`: a view, not a copy. */
export function sliceOverlaps(overlaps: Overlaps, from: number, to: number): Overlaps {
  return { ...overlaps, offsets: overlaps.offsets.subarray(from, to + 1) }
}

/** Overlaps of neighbouring ranges as one, in their order. */
export function joinOverlaps(parts: Overlaps[]): Overlaps {
  if (parts.length === 1) return parts[0]
  let dtCount = 0
  let pairCount = 0
  for (const part of parts) {
    dtCount += part.offsets.length - 1
    pairCount += part.gts.length
  }
  const offsets = new Uint32Array(dtCount + 1)
  const gts = new Int32Array(pairCount)
  const similarities = new Float64Array(pairCount)
  let dt = 0
  let pair = 0
  for (const part of parts) {
    gts.set(part.gts, pair)
    similarities.set(part.similarities, pair)
    for (let i = 1; i < part.offsets.length; i++) offsets[dt + i] = pair + part.offsets[i]
    dt += part.offsets.length - 1
    pair += part.gts.length
  }
  return { offsets, gts, similarities }
}
