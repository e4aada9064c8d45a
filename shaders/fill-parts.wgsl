// Toggles to pixels: one invocation a column of a part. A pixel is set where an odd number of toggles stands at or
// above it (prefix XOR down the column); parts are united in their mask.

@group(0) @binding(0) var<storage, read> parts: array<Part>;
@group(0) @binding(1) var<storage, read> tiles: array<Tile>;
@group(0) @binding(2) var<storage, read> toggles: array<u32>;
@group(0) @binding(3) var<storage, read> masks: array<Mask>;
@group(0) @binding(4) var<storage, read_write> words: array<atomic<u32>>;

/// Bit i is the parity of bits 0 to i.
fn parity_below(toggled: u32) -> u32 {
  var bits = toggled;
  bits ^= bits << 1u;
  bits ^= bits << 2u;
  bits ^= bits << 4u;
  bits ^= bits << 8u;
  bits ^= bits << 16u;
  return bits;
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let number = workgroup_number(group, groups);
  if (number >= arrayLength(&tiles)) {
    return;
  }
  let tile = tiles[number];
  let part = parts[tile.owner];
  let column = tile.first + lane;
  if (column >= part.columns) {
    return;
  }
  let mask = masks[part.mask];
  let source = part.base + column * part.column_words;
  let target_column = part.x0 + column - mask.x0;
  let destination = mask.base + target_column * mask.column_words + part.first_word - mask.first_word;
  var carry = 0u;
  for (var i = 0u; i < part.column_words; i++) {
    let bits = parity_below(toggles[source + i]) ^ carry;
    carry = 0u - (bits >> 31u);
    if (bits != 0u) {
      atomicOr(&words[destination + i], bits);
    }
  }
}
