/** How work is cut to the device's limits. Plain arithmetic, no device. */

import { LANES } from './layouts.js'

/** Consecutive rows `first .. end`, half-open. */
export interface RowRange {
  first: number
  end: number
}

/**
 * Cuts rows into consecutive ranges that weigh at most `limit` each; a row above the limit stands alone, and it is
 * for the caller to refuse it.
 */
export function cutByWeight(weights: ArrayLike<number>, limit: number): RowRange[] {
  const ranges: RowRange[] = []
  let first = 0
  let sum = 0
  for (let row = 0; row < weights.length; row++) {
    if (row > first && sum + weights[row] > limit) {
      ranges.push({ first, end: row })
      first = row
      sum = 0
    }
    sum += weights[row]
  }
  if (weights.length > first) ranges.push({ first, end: weights.length })
  return ranges
}

/** Workgroups in x and y that hold `groups`: folded where one dimension is too short, with few to spare. */
export function gridOf(groups: number, groupsPerDimension: number): [number, number] {
  const y = Math.ceil(groups / groupsPerDimension)
  return [Math.ceil(groups / y), y]
}

/** Tiles of LANES items that cover each owner's items, as records of layout Tile. */
export function tilesOf(itemCounts: ArrayLike<number>): Uint32Array<ArrayBuffer> {
  let count = 0
  for (let i = 0; i < itemCounts.length; i++) count += Math.ceil(itemCounts[i] / LANES)
  const tiles = new Uint32Array(2 * count)
  let at = 0
  for (let owner = 0; owner < itemCounts.length; owner++) {
    for (let first = 0; first < itemCounts[owner]; first += LANES) {
      tiles[at++] = owner
      tiles[at++] = first
    }
  }
  return tiles
}
