// Pairs of the cells at work, those of a detection by preference; at the end of the memory, so that they can grow.
import { cellsEnd } from './cells'
import { reach } from './memory'

/** f64 and i32 (position in the whole of the cells), [pair]. */
export let similarities: u32 = 0
export let gts: u32 = 0
let capacity: u32 = 0

/** Room for `count` pairs, none of which is there yet. False for no room. */
export function openPairs(count: u32): bool {
  const end = <u64>cellsEnd + 12 * <u64>count
  if (!reach(end)) return false
  capacity = count
  similarities = cellsEnd
  gts = cellsEnd + 8 * count
  return true
}

/** Keeps the first `count` pairs and makes room for `extra` more. False for no room. */
export function reservePairs(count: u32, extra: u32): bool {
  if (<u64>count + extra <= capacity) return true
  const larger = max<u64>(2 * <u64>capacity, <u64>count + extra)
  const from = gts
  if (larger >= 1 << 28 || !openPairs(<u32>larger)) return false
  memory.copy(gts, from, 4 * count)
  return true
}

export function pairsEnd(): u32 {
  return similarities + 12 * capacity
}
