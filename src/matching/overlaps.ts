import type { Dataset, GroundTruths } from '../data/columns.js'
import type { Cells, Overlaps } from '../data/evaluation.js'
import type { CellRange } from './cells.js'
import { createEdges, type Edges, resetEdges, sortIfDense, windowEnd, windowStart } from './edges.js'
import { createPairList, type PairList, reservePairs, sortByPreference } from './pairs.js'

/** What `boxIou` needs of a cell's ground truths besides their edges, by their index in the cell. */
interface CellBoxes {
  edges: Edges
  /** Width times height. */
  areas: Float64Array
  crowds: Uint8Array
}

/**
 * Box overlaps of the cells in `range` (default: all). `offsets[0]` belongs to the first detection of the range;
 * `gts` are positions in the whole of `cells.gtRows`. The similarities are those of `boxIou`, to the bit.
 */
export function findBoxOverlaps(
  dataset: Dataset,
  cells: Cells,
  range: CellRange = { from: 0, to: cells.count },
): Overlaps {
  const gtBoxes = boxesOf(dataset.groundTruths.boxes)
  const dtBoxes = boxesOf(dataset.detections.boxes)
  const firstDt = cells.dtOffsets[range.from]
  const offsets = new Uint32Array(cells.dtOffsets[range.to] - firstDt + 1)
  const pairs = createPairList()
  const cell: CellBoxes = { edges: createEdges(), areas: new Float64Array(64), crowds: new Uint8Array(64) }
  for (let row = range.from; row < range.to; row++) {
    const gtFrom = cells.gtOffsets[row]
    const gtTo = cells.gtOffsets[row + 1]
    const dtFrom = cells.dtOffsets[row]
    const dtTo = cells.dtOffsets[row + 1]
    if (gtTo > gtFrom && dtTo > dtFrom) {
      loadCell(cell, cells, gtFrom, gtTo, gtBoxes, dataset.groundTruths)
      sortIfDense(cell.edges, dtTo - dtFrom)
    }
    for (let dt = dtFrom; dt < dtTo; dt++) {
      if (gtTo > gtFrom) overlapDetection(cell, pairs, dtBoxes, cells.dtRows[dt], gtFrom)
      offsets[dt - firstDt + 1] = pairs.count
    }
  }
  return {
    offsets,
    gts: pairs.gts.slice(0, pairs.count),
    similarities: pairs.similarities.slice(0, pairs.count),
  }
}

function boxesOf(boxes: Float64Array | null): Float64Array {
  if (boxes === null) throw new Error('box overlaps need boxes')
  return boxes
}

function loadCell(
  cell: CellBoxes,
  cells: Cells,
  gtFrom: number,
  gtTo: number,
  boxes: Float64Array,
  groundTruths: GroundTruths,
): void {
  const count = gtTo - gtFrom
  const { edges } = cell
  resetEdges(edges, count)
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
    edges.lefts[i] = x
    edges.tops[i] = y
    edges.rights[i] = width + x
    edges.bottoms[i] = height + y
    cell.areas[i] = width * height
    cell.crowds[i] = groundTruths.crowds[row]
  }
}

/** Appends the pairs of one detection. The arithmetic is `boxIou`'s, with the edges computed once a cell. */
function overlapDetection(
  cell: CellBoxes,
  pairs: PairList,
  boxes: Float64Array,
  row: number,
  gtFrom: number,
): void {
  const { edges, areas, crowds } = cell
  const { lefts, tops, rights, bottoms, indices } = edges
  const left = boxes[4 * row]
  const top = boxes[4 * row + 1]
  const right = boxes[4 * row + 2] + left
  const bottom = boxes[4 * row + 3] + top
  const area = boxes[4 * row + 2] * boxes[4 * row + 3]
  const end = windowEnd(edges, left)
  const start = windowStart(edges, right)
  if (start >= end) return
  reservePairs(pairs, end - start)
  const { gts, similarities } = pairs
  const first = pairs.count
  let count = first
  for (let i = start; i < end; i++) {
    const width = Math.min(right, rights[i]) - Math.max(left, lefts[i])
    if (width <= 0) continue
    const height = Math.min(bottom, bottoms[i]) - Math.max(top, tops[i])
    if (height <= 0) continue
    const shared = width * height
    const gt = indices[i]
    const similarity = shared / (crowds[gt] === 1 ? area : area + areas[gt] - shared)
    if (!(similarity > 0)) continue // an area beyond the range of float64
    similarities[count] = similarity
    gts[count++] = gtFrom + gt
  }
  pairs.count = count
  if (count - first > 1) sortByPreference(pairs, first, count)
}

/** The overlaps of the detections `from .. to`, counted from the first of `overlaps`: a view, not a copy. */
export function sliceOverlaps(overlaps: Overlaps, from: number, to: number): Overlaps {
  return { ...overlaps, offsets: overlaps.offsets.subarray(from, to + 1) }
}

/** Overlaps of neighbouring ranges as one, in their order. */
export function joinOverlaps(parts: Overlaps[]): Overlaps {
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
