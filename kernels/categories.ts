// AssemblyScript: the COCO arrays of categories, one at a time: overlaps of boxes, greedy matching, ranking, curves.
// Twin of src/matching/{overlaps,pairs,match,greedy,areas,order}.ts and src/metrics/{coco,curves}.ts, to the last bit.
//
// For each category the host opens it, opens its cells some at a time and fills in their columns, has their pairs
// found or gives them, has them matched, and closes it. A function that opens returns an address, or 0 for no room.
import { openArrays as openArrayBytes, openCategory, zeroIds } from './categories/category'
import { openCells, pairOffsets } from './categories/cells'
import { A, configure, M, R, T } from './categories/config'
import { accumulate } from './categories/curves'
import { matchCells } from './categories/greedy'
import { findPairs } from './categories/overlaps'
import { gts, openPairs, similarities } from './categories/pairs'

export { configure, findPairs, matchCells, openCategory, openCells, openPairs }

let categories: u32 = 0

/** Room for the arrays of `count` categories; each is filled when it is closed. */
export function openArrays(count: u32): u32 {
  categories = count
  return openArrayBytes(8 * count * A * M * T * (2 * R + 1))
}

/** Fills column `k` of the arrays from the category at work. */
export function closeCategory(k: u32): void {
  accumulate(k, categories)
}

/** Addresses of the columns of the pairs, and of where a detection's begin. */
export function similaritiesAt(): u32 {
  return similarities
}

export function gtsAt(): u32 {
  return gts
}

export function pairOffsetsAt(): u32 {
  return pairOffsets
}

/** Detections of the category that took the ground truth with id 0 in the first area range. */
export function zeroIdDetections(): u32 {
  return zeroIds
}
