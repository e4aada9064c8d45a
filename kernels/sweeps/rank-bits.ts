// A bit for each rank and how many are set before it: 64 bits, u32, and nothing; [rank / 64 + 1].
export const BITS_WIDTH: u32 = 16
const BITS_BEFORE: u32 = 8

/** Bytes for so many ranks. */
export function bytesOf(count: u32): u32 {
  return BITS_WIDTH * ((count >> 6) + 1)
}

/** Puts the bits of 64 ranks from `from` on in their place. */
export function putBits(at: u32, bits: u64, from: u32): void {
  store<u64>(at, bits)
  const last = at - BITS_WIDTH
  store<u32>(at, from > 0 ? load<u32>(last, BITS_BEFORE) + <u32>popcnt(load<u64>(last)) : 0, BITS_BEFORE)
}

/** How many are set before a rank. */
export function countBefore(bits: u32, rank: u32): u32 {
  const at = bits + BITS_WIDTH * (rank >> 6)
  const before = load<u64>(at) & ~((<u64>-1) << (rank & 63))
  return load<u32>(at, BITS_BEFORE) + <u32>popcnt(before)
}
