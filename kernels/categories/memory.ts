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

let next: u64 = 0

/** Begins a region, at the next multiple of 16. */
export function openRegion(at: u64): void {
  next = aligned(at)
}

/** The address of `bytes` behind what was taken before. */
export function take(bytes: u64): u32 {
  const at = next
  next += bytes
  return <u32>at
}

/** The next multiple of 16: what follows begins there. */
export function align(): void {
  next = aligned(next)
}

/** Ends a region and makes it usable; false for no room below `limit`. */
export function closeRegion(limit: u64 = LIMIT): bool {
  next = aligned(next)
  return next < limit && reach(next)
}

/** Where the region that was closed last ends. */
export function regionEnd(): u32 {
  return <u32>next
}
