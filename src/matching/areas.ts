import type { AreaRange } from '../data/config.js'
import type { CellRange } from './cells.js'
import type { MatchInput } from './match.js'

/**
 * px of each instance as protocol `coco` compares them with area ranges: `areas`, with the mask's pixels where
 * they are NaN. Returns `areas` itself where nothing is to be filled in.
 */
export function resolveAreas(areas: Float64Array, maskAreas: Uint32Array | null): Float64Array {
  if (maskAreas === null) return areas
  let resolved = areas
  for (let row = 0; row < areas.length; row++) {
    if (!Number.isNaN(areas[row])) continue
    if (resolved === areas) resolved = areas.slice()
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
