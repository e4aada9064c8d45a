import type { MaskBackend, MaskSet, Pairs } from '../backends/backend.js'
import type { Shapes } from '../data/columns.js'
import type { Cells, Overlaps } from '../data/evaluation.js'
import type { EncodedMasks } from '../data/masks.js'
import { sharedBytes } from '../data/shared.js'
import { grown } from './buffers.js'
import type { Batch, ImagePlan } from './mask-batches.js'
import { type CandidateFinder, type Choice, unionOf } from './mask-candidates.js'
import { sortRuns } from './pairs.js'

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
  pairs: BatchPairs
}

/** Those of a detection follow those of the one before, each detection's by preference, see `groupPairs`. */
export interface BatchPairs {
  /** Position in `cells.dtRows` of each detection of the batch, and how many pairs it has. */
  dts: Int32Array
  counts: Uint32Array
  /** Of all of them. */
  count: number
  /** Position in `cells.gtRows`, [pair]; there may be room behind the last. */
  gts: Int32Array
  similarities: Float64Array
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
  finder: CandidateFinder,
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
      pairs: {
        dts: dt.positions,
        counts: new Uint32Array(dt.count),
        count: 0,
        gts: new Int32Array(0),
        similarities: new Float64Array(0),
      },
    }
    if (dtSet && gtSet) {
      const crowds = new Uint8Array(gt.count)
      for (let i = 0; i < gt.count; i++) crowds[i] = shapes.groundTruths.crowds[gt.rows[i]]
      const choice: Choice = {
        dt: { offsets: dt.offsets, areaPx: result.dtAreaPx, bounds: result.dtBounds },
        gt: { offsets: gt.offsets, areaPx: result.gtAreaPx, bounds: result.gtBounds },
        crowds,
        least,
      }
      for (const pairs of finder.find(choice, plan.pairsPerCall ?? PAIRS_PER_CALL)) {
        addSimilarities(result.pairs, pairs, await dtSet.intersect(gtSet, pairs), choice, gt)
      }
      sortRuns(result.pairs.gts, result.pairs.similarities, result.pairs.counts)
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

/** Shared over united pixels, in float64. Candidates come by detection, so that pairs do. */
function addSimilarities(
  pairs: BatchPairs,
  candidates: Pairs,
  shared: Uint32Array,
  choice: Choice,
  gt: Rows,
): void {
  const { crowds, least } = choice
  const [dtAreaPx, gtAreaPx] = [choice.dt.areaPx, choice.gt.areaPx]
  pairs.gts = grown(pairs.gts, pairs.count + shared.length)
  pairs.similarities = grown(pairs.similarities, pairs.count + shared.length)
  const { counts, gts, similarities } = pairs
  let count = pairs.count
  for (let p = 0; p < shared.length; p++) {
    if (shared[p] === 0) continue
    const d = candidates.dt[p]
    const g = candidates.gt[p]
    const similarity = shared[p] / unionOf(dtAreaPx[d], gtAreaPx[g], shared[p], crowds[g])
    if (similarity < least) continue
    counts[d]++
    gts[count] = gt.positions[g]
    similarities[count++] = similarity
  }
  pairs.count = count
}

/** The pairs of all batches by detection, of which there are `dtCount`; in memory that threads see. */
export function joinBatches(batches: BatchPairs[], dtCount: number): Overlaps {
  const offsets = new Uint32Array(sharedBytes(4 * (dtCount + 1)).buffer)
  for (const { dts, counts } of batches) {
    // Many have none, and neighbours of a batch lie far apart here.
    for (let i = 0; i < dts.length; i++) if (counts[i] > 0) offsets[dts[i] + 1] = counts[i]
  }
  for (let dt = 0; dt < dtCount; dt++) offsets[dt + 1] += offsets[dt]
  const overlaps = {
    offsets,
    gts: new Int32Array(sharedBytes(4 * offsets[dtCount]).buffer),
    similarities: new Float64Array(sharedBytes(8 * offsets[dtCount]).buffer),
  }
  for (const batch of batches) copyBatch(batch, overlaps)
  return overlaps
}

function copyBatch({ dts, counts, count, gts, similarities }: BatchPairs, to: Overlaps): void {
  if (isRun(dts)) {
    to.gts.set(gts.subarray(0, count), to.offsets[dts[0]])
    to.similarities.set(similarities.subarray(0, count), to.offsets[dts[0]])
    return
  }
  let from = 0
  for (let i = 0; i < dts.length; i++) {
    if (counts[i] === 0) continue
    let at = to.offsets[dts[i]]
    for (const end = from + counts[i]; from < end; from++) {
      to.gts[at] = gts[from]
      to.similarities[at++] = similarities[from]
    }
  }
}

/** Whether each position follows the one before. */
function isRun(positions: Int32Array): boolean {
  let i = 1
  while (i < positions.length && positions[i] === positions[0] + i) i++
  return i === positions.length
}
