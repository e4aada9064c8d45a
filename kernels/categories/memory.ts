// Memory in regions, one behind the other: configuration, arrays, category, cells, pairs. What comes later holds for
// less long, so that opening a region ends those behind it.

/** The least multiple of 16 from `at` on. */
export function aligned(at: u64): u64 {
  return (at + 15) & ~(<u64>15)
}

/** Addresses are u32. */
const LIMIT: u64 = 0xffff0000
const PAGE_BITS: u64 = 16

/** Makes addresses below `end` usable; false where memory has an end before. */
export function reach(end: u64): bool {
  if (end > LIMIT) return false
  const pages = (end + (1 << PAGE_BITS) - 1) >> PAGE_BITS
  const here = <u64>memory.size()
  if (pages <= here) return true
  return memory.grow(<i32>(pages - here)) >= 0
}
