import type { Pairs } from '../backends/backend.js'
import { grown } from './buffers.js'
import { createNeighbours, findNeighbours, indexIfDense, type Neighbours, resetNeighbours } from './grid.js'

/** The masks of one side of a batch, cell by cell. */
export interface Side {
  /** [cell + 1] into the masks. */
  offsets: Uint32Array
  /** Pixels, [mask]. */
  areaPx: Uint32Array
  /** x0 y0 x1 y1 px, half-open, all 0 for an empty mask, [mask, 4]. */
  bounds: Uint32Array
}

/** What decides which pairs of a batch are compared. */
export interface Choice {
  dt: Side
  gt: Side
  /** 1 for crowds, [ground truth of the batch]. */
  crowds: Uint8Array
  least: number
}

/** Finds pairs by the same rule. */
export interface CandidateFinder {
  find(choice: Choice, most: number): Iterable<Pairs>
}

/** United pixels, for a crowd those of the detection. */
export const unionOf = (dtArea: number, gtArea: number, shared: number, crowd: number): number =>
  crowd === 1 ? dtArea : dtArea + gtArea - shared

/**
 * The pairs of one cell whose bounds share a pixel, and whose bounds and areas leave open whether their similarity
 * reaches `least`, by their index in the batch. In pieces of `most` and some more; each detection's are in one piece.
 */
export const plainCandidates: CandidateFinder = {
  *find(choice, most) {
    const { dt, gt } = choice
    const near = createNeighbours()
    const found: Found = { count: 0, dts: new Uint32Array(1024), gts: new Uint32Array(1024) }
    for (let cell = 0; cell + 1 < dt.offsets.length; cell++) {
      const dtFrom = dt.offsets[cell]
      const dtTo = dt.offsets[cell + 1]
      const gtFrom = gt.offsets[cell]
      const gtTo = gt.offsets[cell + 1]
      if (dtFrom === dtTo || gtFrom === gtTo) continue
      loadEdges(near, gt.bounds, gtFrom, gtTo)
      indexIfDense(near, dtTo - dtFrom)
      for (let mask = dtFrom; mask < dtTo; mask++) {
        addCandidates(near, mask, gtFrom, choice, found)
        if (found.count >= most) yield take(found)
      }
    }
    if (found.count > 0) yield take(found)
  },
}

/** Pairs so far. */
interface Found {
  count: number
  dts: Uint32Array
  gts: Uint32Array
}

function take(found: Found): Pairs {
  const pairs = { dt: found.dts.slice(0, found.count), gt: found.gts.slice(0, found.count) }
  found.count = 0
  return pairs
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

/** Appends the ground truths that detection mask `mask` may match. */
function addCandidates(
  near: Neighbours,
  mask: number,
  gtFrom: number,
  { dt, gt, crowds, least }: Choice,
  found: Found,
): void {
  const left = dt.bounds[4 * mask]
  const top = dt.bounds[4 * mask + 1]
  const right = dt.bounds[4 * mask + 2]
  const bottom = dt.bounds[4 * mask + 3]
  if (right === 0) return // empty
  const neighbours = findNeighbours(near, left, top, right, bottom)
  found.dts = grown(found.dts, found.count + neighbours)
  found.gts = grown(found.gts, found.count + neighbours)
  const { lefts, tops, rights, bottoms } = near
  const area = dt.areaPx[mask]
  let { count } = found
  for (let n = 0; n < neighbours; n++) {
    const i = near.found[n]
    const gtArea = gt.areaPx[gtFrom + i]
    const width = Math.min(right, rights[i]) - Math.max(left, lefts[i])
    const height = Math.min(bottom, bottoms[i]) - Math.max(top, tops[i])
    // No more pixels than these are shared, and float64 divides in the order of the quotients.
    const most = Math.min(width * height, area, gtArea)
    if (most / unionOf(area, gtArea, most, crowds[gtFrom + i]) < least) continue
    found.dts[count] = mask
    found.gts[count++] = gtFrom + i
  }
  found.count = count
}
