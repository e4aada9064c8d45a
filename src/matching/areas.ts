import type { AreaRange } from '../data/config.js'
import type { Cells } from '../data/evaluation.js'
import { sharedCopy } from '../data/shared.js'
import { InputError } from '../errors.js'
import { type CellRange, cellsByImage } from './cells.js'
import type { MatchInput } from './match.js'

/**
 * px of each instance as protocol `coco` compares them with area ranges: `areas`, with the mask's pixels where
 * they are NaN. Returns `areas` itself where nothing is to be filled in, else a copy that threads see.
 */
export function resolveAreas(areas: Float64Array, maskAreas: Uint32Array | null): Float64Array {
  if (maskAreas === null) return areas
  let resolved = areas
  for (let row = 0; row < areas.length; row++) {
    if (!Number.isNaN(areas[row])) continue
    if (resolved === areas) resolved = sharedCopy(areas)
    resolved[row] = maskAreas[row]
  }
  return resolved
}

/** Regular ground truths (neither crowd nor out of range) of the cells in `range`, by area range, [A]. */
export function countRegular(input: MatchInput, areas: AreaRange[], range: CellRange): Uint32Array {
  const { cells, gtAreas, gtCrowds } = input
  const counts = new Uint32Array(areas.length)
  const end = cells.gtOffsets[range.to]
  for (let gt = cells.gtOffsets[range.from]; gt < end; gt++) {
    const row = cells.gtRows[gt]
    if (gtCrowds[row] === 1) continue
    for (let a = 0; a < areas.length; a++) {
      if (gtAreas[row] >= areas[a].lo && gtAreas[row] <= areas[a].hi) counts[a]++
    }
  }
  return counts
}

/** Most area ranges of a run: one bit each. */
const MAX_AREAS = 32

/**
 * Bit a where the area of a detection is outside area range a, [detection of `range`]. `dtAreas` are px
 * by row. Works by image, because the rows of an image tend to lie together.
 */
export function markOutside(
  cells: Cells,
  dtAreas: Float64Array,
  areas: AreaRange[],
  range: CellRange,
): Uint32Array {
  if (areas.length > MAX_AREAS) {
    throw new InputError(`area ranges: expected at most ${MAX_AREAS}, got ${areas.length}`)
  }
  const los = Float64Array.from(areas, area => area.lo)
  const his = Float64Array.from(areas, area => area.hi)
  const firstDt = cells.dtOffsets[range.from]
  const outside = new Uint32Array(cells.dtOffsets[range.to] - firstDt)
  for (const cell of cellsByImage(cells, range)) {
    for (let dt = cells.dtOffsets[cell]; dt < cells.dtOffsets[cell + 1]; dt++) {
      outside[dt - firstDt] = outsideBits(dtAreas[cells.dtRows[dt]], los, his)
    }
  }
  return outside
}

function outsideBits(area: number, los: Float64Array, his: Float64Array): number {
  let bits = 0
  for (let a = 0; a < los.length; a++) {
    if (area < los[a] || area > his[a]) bits |= 1 << a
  }
  return bits
}
