/// The lowest `count` bits set; count 0 to 32.
fn low_bits(count: u32) -> u32 {
  if (count >= 32u) {
    return 0xffffffffu;
  }
  return (1u << count) - 1u;
}

/// Bits `first .. end` set, half-open, both at most 32.
fn bits_between(first: u32, end: u32) -> u32 {
  return low_bits(end) & ~low_bits(first);
}
