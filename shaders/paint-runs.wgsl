// Runs to bit maps: one invocation a word. It looks up the run of its first pixel, so every word is written once.

@group(0) @binding(0) var<storage, read> masks: array<Mask>;
@group(0) @binding(1) var<storage, read> tiles: array<Tile>;
@group(0) @binding(2) var<storage, read> ends: array<u32>;
@group(0) @binding(3) var<storage, read_write> words: array<u32>;

/// The first run of `mask` that ends after `position`.
fn run_at(mask: Mask, position: u32) -> u32 {
  var low = mask.first_run;
  var high = mask.first_run + mask.run_count;
  while (low < high) {
    let middle = low + (high - low) / 2u;
    if (ends[middle] > position) {
      high = middle;
    } else {
      low = middle + 1u;
    }
  }
  return low;
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
  let mask = masks[tile.owner];
  let word = tile.first + lane;
  if (word >= mask.columns * mask.column_words) {
    return;
  }
  let column = word / mask.column_words;
  let row = (mask.first_word + word - column * mask.column_words) * 32u;
  let start = (mask.x0 + column) * mask.height + row;
  let end = start + min(32u, mask.height - row);
  var bits = 0u;
  var position = start;
  var run = run_at(mask, start);
  while (position < end) {
    let next = min(ends[run], end);
    if (((run - mask.first_run) & 1u) == 1u) {
      bits |= bits_between(position - start, next - start);
    }
    position = next;
    run++;
  }
  words[mask.base + word] = bits;
}
