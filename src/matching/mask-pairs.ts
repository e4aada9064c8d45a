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

/** What decides which pairs of a batch are kept. */
interface Choice {
  least: number
  /** [ground truth of the batch] */
  crowds: Uint8Array
  dt: Rows
  gt: Rows
}

/** Masks may share pixels; by their index in the batch. */
interface Candidates {
  count: number
  dts: Uint32Array
  gts: Uint32Array
}

/**
 * Intersects the masks of one batch on `backend`. Leaves nothing on it, also when it fails. Pairs whose similarity is
 * below `least` are left out, most of them before their pixels are counted.
 */
export async function intersectBatch(
  shapes: Shapes,
  cells: Cells,
  plan: ImagePlan,
  batch: Batch,
  backend: MaskBackend,
  least = 0,
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
    if (dtSet && gtSet) {
      const crowds = Uint8Array.from(gt.rows, row => shapes.groundTruths.crowds[row])
      await intersectCells({ least, crowds, dt, gt }, dtSet, gtSet, result, plan.pairsPerCall)
    }
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
  choice: Choice,
  dtSet: MaskSet,
  gtSet: MaskSet,
  result: BatchResult,
  pairsPerCall = PAIRS_PER_CALL,
): Promise<void> {
  const { dt, gt } = choice
  const near = createNeighbours()
  const candidates: Candidates = { count: 0, dts: new Uint32Array(1024), gts: new Uint32Array(1024) }
  const flush = async (): Promise<void> => {
    if (candidates.count === 0) return
    const pairs = {
      dt: candidates.dts.subarray(0, candidates.count),
      gt: candidates.gts.subarray(0, candidates.count),
    }
    const shared = await dtSet.intersect(gtSet, pairs)
    addSimilarities(result, candidates, shared, choice)
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
      findCandidates(near, result, mask, gtFrom, choice, candidates)
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

/** Appends the ground truths whose bounds share a pixel with detection mask `mask`'s, and enough of them. */
function findCandidates(
  near: Neighbours,
  { dtBounds, dtAreaPx, gtAreaPx }: BatchResult,
  mask: number,
  gtFrom: number,
  { least, crowds }: Choice,
  candidates: Candidates,
): void {
  const left = dtBounds[4 * mask]
  const top = dtBounds[4 * mask + 1]
  const right = dtBounds[4 * mask + 2]
  const bottom = dtBounds[4 * mask + 3]
  if (right === 0) return // empty
  const found = findNeighbours(near, left, top, right, bottom)
  candidates.dts = grown(candidates.dts, candidates.count + found)
  candidates.gts = grown(candidates.gts, candidates.count + found)
  const { lefts, tops, rights, bottoms } = near
  const area = dtAreaPx[mask]
  let { count } = candidates
  for (let f = 0; f < found; f++) {
    const i = near.found[f]
    const gt = gtFrom + i
    const width = Math.min(right, rights[i]) - Math.max(left, lefts[i])
    const height = Math.min(bottom, bottoms[i]) - Math.max(top, tops[i])
    // No more pixels than these are shared, and float64 divides in the order of the quotients.
    const most = Math.min(width * height, area, gtAreaPx[gt])
    if (most / unionOf(area, gtAreaPx[gt], most, crowds[gt]) < least) continue
    candidates.dts[count] = mask
    candidates.gts[count++] = gt
  }
  candidates.count = count
}

/** United pixels, for a crowd those of the detection. */
const unionOf = (dtArea: number, gtArea: number, shared: number, crowd: number): number =>
  crowd === 1 ? dtArea : dtArea + gtArea - shared

/** Shared over united pixels, in float64. */
function addSimilarities(
  result: BatchResult,
  candidates: Candidates,
  shared: Uint32Array,
  { least, crowds, dt, gt }: Choice,
): void {
  const { dtAreaPx, gtAreaPx, pairs } = result
  reservePairs(pairs, candidates.count)
  let count = pairs.count
  for (let p = 0; p < candidates.count; p++) {
    if (shared[p] === 0) continue
    const d = candidates.dts[p]
    const g = candidates.gts[p]
    const similarity = shared[p] / unionOf(dtAreaPx[d], gtAreaPx[g], shared[p], crowds[g])
    if (similarity < least) continue
    pairs.dts[count] = dt.positions[d]
    pairs.gts[count] = gt.positions[g]
    pairs.similarities[count++] = similarity
  }
  pairs.count = count
}
