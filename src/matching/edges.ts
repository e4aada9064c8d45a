import { grown } from './buffers.js'
import { createSortScratch, type SortScratch, sortByScore } from './order.js'

/** From this many comparisons on, sorting a cell's ground truths pays. */
export const DENSE_MIN = 16384

/**
 * The ground truths of one cell by their edges in px, so that a detection compares itself only with a window of
 * them. Unsorted, the window is all; sorted by descending right edge, it leaves out those that lie to one side.
 */
export interface Edges {
  count: number
  sorted: boolean
  lefts: Float64Array
  tops: Float64Array
  rights: Float64Array
  bottoms: Float64Array
  /** Which ground truth of the cell, from 0. */
  indices: Int32Array
  /** Smallest left edge of the entries up to this one; set when sorted. */
  minLefts: Float64Array
  scratch: SortScratch
  spare: Float64Array
}

export const createEdges = (): Edges => ({
  count: 0,
  sorted: false,
  lefts: new Float64Array(0),
  tops: new Float64Array(0),
  rights: new Float64Array(0),
  bottoms: new Float64Array(0),
  indices: new Int32Array(0),
  minLefts: new Float64Array(0),
  scratch: createSortScratch(),
  spare: new Float64Array(0),
})

/** Empties `edges` and makes room for `count` entries. */
export function resetEdges(edges: Edges, count: number): void {
  edges.count = count
  edges.sorted = false
  edges.lefts = grown(edges.lefts, count)
  edges.tops = grown(edges.tops, count)
  edges.rights = grown(edges.rights, count)
  edges.bottoms = grown(edges.bottoms, count)
  edges.indices = grown(edges.indices, count)
  for (let i = 0; i < count; i++) edges.indices[i] = i
}

/** Sorts the entries for windows where `detectionCount` of them make that worth its price. */
export function sortIfDense(edges: Edges, detectionCount: number): void {
  const { count, indices } = edges
  if (count * detectionCount < DENSE_MIN) return
  edges.sorted = true
  sortByScore(edges.rights, indices, 0, count, edges.scratch)
  edges.lefts = permuted(edges, edges.lefts)
  edges.tops = permuted(edges, edges.tops)
  edges.bottoms = permuted(edges, edges.bottoms)
  edges.minLefts = grown(edges.minLefts, count)
  let least = Infinity
  for (let i = 0; i < count; i++) {
    least = Math.min(least, edges.lefts[i])
    edges.minLefts[i] = least
  }
}

/** `column` by `indices`; the old column becomes the spare one. */
function permuted(edges: Edges, column: Float64Array): Float64Array {
  const out = grown(edges.spare, column.length)
  for (let i = 0; i < edges.count; i++) out[i] = column[edges.indices[i]]
  edges.spare = column
  return out
}

/** First entry that may overlap a detection whose right edge is `right`. */
export function windowStart(edges: Edges, right: number): number {
  return edges.sorted ? firstBelow(edges.minLefts, edges.count, right) : 0
}

/** End of the entries that may overlap a detection whose left edge is `left`. */
export function windowEnd(edges: Edges, left: number): number {
  return edges.sorted ? firstAtMost(edges.rights, edges.count, left) : edges.count
}

/** First index of a descending column with an entry below `bound`. */
function firstBelow(column: Float64Array, count: number, bound: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (column[middle] < bound) high = middle
    else low = middle + 1
  }
  return low
}

/** First index of a descending column with an entry at or below `bound`. */
function firstAtMost(column: Float64Array, count: number, bound: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (column[middle] <= bound) high = middle
    else low = middle + 1
  }
  return low
}
