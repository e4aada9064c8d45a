import type { MaskBackend, MaskSet } from '../backends/backend.js'
import type { Shapes } from '../data/columns.js'
import type { Cells } from '../data/evaluation.js'
import type { EncodedMasks } from '../data/masks.js'
import { grown } from './buffers.js'
import { createNeighbours, findNeighbours, indexIfDense, type Neighbours, resetNeighbours } from './grid.js'
import type { Batch, ImagePlan } from './mask-batches.js'
import { createPairList, type PairList, reservePairs } from './pairs.js'

/** Pairs intersected in one call, about: bounds the memory of crowded images. */
const PAIRS_PER_CALL = 1 << 20

/** What a batch of images gave; complete, or not there at all. */
export interface BatchResult {
  /** Rows of Detections and GroundTruths, and the pixels of their masks. */
  dtRows: Uint32Array
  dtAreaPx: Uint32Array
  gtRows: Uint32Array
  gtAreaPx: Uint32Array
  /** x0 y0 x1 y1 px of each mask, half-open, [mask, 4]. */
  dtBounds: Uint32Array
  gtBounds: Uint32Array
  pairs: PairList
}

/** The masks of a batch in the order they are loaded: cell by cell, each in its own order. */
interface Rows {
  count: number
  /** Row in the dataset and position in the cells, [mask]. */
  rows: Uint32Array
  positions: Int32Array
  /** [cell of the batch + 1] */
  offsets: Uint32Array
}

/** Masks may share pixels; by their index in the batch. */
interface Candidates {
  count: number
  dts: Uint32Array
  gts: Uint32Array
}

/** Intersects the masks of one batch on `backend`. Leaves nothing on it, also when it fails. */
export async function intersectBatch(
  shapes: Shapes,
  cells: Cells,
  plan: ImagePlan,
  batch: Batch,
  backend: MaskBackend,
): Promise<BatchResult> {
  const batchCells = plan.cells.subarray(plan.offsets[batch.from], plan.offsets[batch.to])
  const dt = gatherRows(batchCells, cells.dtOffsets, cells.dtRows)
  const gt = gatherRows(batchCells, cells.gtOffsets, cells.gtRows)
  const [dtSet, gtSet] = await loadBoth(
    backend,
    [shapes.detections.masks, shapes.groundTruths.masks],
    [dt.rows, gt.rows],
  )
  try {
    const result: BatchResult = {
      dtRows: dt.rows,
      dtAreaPx: dtSet?.areaPx.slice() ?? new Uint32Array(0),
      gtRows: gt.rows,
      gtAreaPx: gtSet?.areaPx.slice() ?? new Uint32Array(0),
      dtBounds: dtSet?.bounds.slice() ?? new Uint32Array(0),
      gtBounds: gtSet?.bounds.slice() ?? new Uint32Array(0),
      pairs: createPairList(),
    }
    if (dtSet && gtSet)
      await intersectCells(shapes.groundTruths.crowds, dt, gt, dtSet, gtSet, result, plan.pairsPerCall)
    return result
  } finally {
    dtSet?.free()
    gtSet?.free()
  }
}

function gatherRows(batchCells: Int32Array, offsets: Uint32Array, rows: Int32Array): Rows {
  const cellOffsets = new Uint32Array(batchCells.length + 1)
  for (let i = 0; i < batchCells.length; i++) {
    const cell = batchCells[i]
    cellOffsets[i + 1] = cellOffsets[i] + offsets[cell + 1] - offsets[cell]
  }
  const count = cellOffsets[batchCells.length]
  const gathered = {
    count,
    rows: new Uint32Array(count),
    positions: new Int32Array(count),
    offsets: cellOffsets,
  }
  let next = 0
  for (const cell of batchCells) {
    for (let position = offsets[cell]; position < offsets[cell + 1]; position++) {
      gathered.positions[next] = position
      gathered.rows[next++] = rows[position]
    }
  }
  return gathered
}

/** Loads both sets at once, null for no masks. When one fails the other is freed. */
async function loadBoth(
  backend: MaskBackend,
  masks: (EncodedMasks | null)[],
  rows: Uint32Array[],
): Promise<(MaskSet | null)[]> {
  const loads = masks.map((encoded, side) =>
    encoded && rows[side].length > 0 ? backend.load(encoded, rows[side]) : null,
  )
  const outcomes = await Promise.allSettled(loads)
  const sets = outcomes.map(outcome => (outcome.status === 'fulfilled' ? outcome.value : null))
  const failure = outcomes.find(outcome => outcome.status === 'rejected')
  if (!failure) return sets
  for (const set of sets) set?.free()
  throw failure.reason
}

async function intersectCells(
  crowds: Uint8Array,
  dt: Rows,
  gt: Rows,
  dtSet: MaskSet,
  gtSet: MaskSet,
  result: BatchResult,
  pairsPerCall = PAIRS_PER_CALL,
): Promise<void> {
  const near = createNeighbours()
  const candidates: Candidates = { count: 0, dts: new Uint32Array(1024), gts: new Uint32Array(1024) }
  const flush = async (): Promise<void> => {
    if (candidates.count === 0) return
    const pairs = {
      dt: candidates.dts.subarray(0, candidates.count),
      gt: candidates.gts.subarray(0, candidates.count),
    }
    const shared = await dtSet.intersect(gtSet, pairs)
    addSimilarities(result, candidates, shared, crowds, dt, gt)
    candidates.count = 0
  }
  for (let cell = 0; cell + 1 < dt.offsets.length; cell++) {
    const dtFrom = dt.offsets[cell]
    const dtTo = dt.offsets[cell + 1]
    const gtFrom = gt.offsets[cell]
    const gtTo = gt.offsets[cell + 1]
    if (dtFrom === dtTo || gtFrom === gtTo) continue
    loadEdges(near, gtSet.bounds, gtFrom, gtTo)
    indexIfDense(near, dtTo - dtFrom)
    for (let mask = dtFrom; mask < dtTo; mask++) {
      findCandidates(near, dtSet.bounds, mask, gtFrom, candidates)
      if (candidates.count >= pairsPerCall) await flush()
    }
  }
  await flush()
}

function loadEdges(near: Neighbours, bounds: Uint32Array, from: number, to: number): void {
  resetNeighbours(near, to - from)
  for (let i = 0; i < to - from; i++) {
    const at = 4 * (from + i)
    near.lefts[i] = bounds[at]
    near.tops[i] = bounds[at + 1]
    near.rights[i] = bounds[at + 2]
    near.bottoms[i] = bounds[at + 3]
  }
}

/** Appends the ground truths whose bounds share a pixel with detection mask `mask`'s. */
function findCandidates(
  near: Neighbours,
  bounds: Uint32Array,
  mask: number,
  gtFrom: number,
  candidates: Candidates,
): void {
  const left = bounds[4 * mask]
  const top = bounds[4 * mask + 1]
  const right = bounds[4 * mask + 2]
  const bottom = bounds[4 * mask + 3]
  if (right === 0) return // empty
  const found = findNeighbours(near, left, top, right, bottom)
  candidates.dts = grown(candidates.dts, candidates.count + found)
  candidates.gts = grown(candidates.gts, candidates.count + found)
  candidates.dts.fill(mask, candidates.count, candidates.count + found)
  for (let i = 0; i < found; i++) candidates.gts[candidates.count + i] = gtFrom + near.found[i]
  candidates.count += found
}

/** Shared over united pixels, for a crowd over the detection's: the only division, in float64. */
function addSimilarities(
  result: BatchResult,
  candidates: Candidates,
  shared: Uint32Array,
  crowds: Uint8Array,
  dt: Rows,
  gt: Rows,
): void {
  const { dtAreaPx, gtAreaPx, pairs } = result
  reservePairs(pairs, candidates.count)
  let count = pairs.count
  for (let p = 0; p < candidates.count; p++) {
    if (shared[p] === 0) continue
    const d = candidates.dts[p]
    const g = candidates.gts[p]
    const union = crowds[gt.rows[g]] === 1 ? dtAreaPx[d] : dtAreaPx[d] + gtAreaPx[g] - shared[p]
    pairs.dts[count] = dt.positions[d]
    pairs.gts[count] = gt.positions[g]
    pairs.similarities[count++] = shared[p] / union
  }
  pairs.count = count
}
