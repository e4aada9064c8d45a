// Shared pixels of pairs of masks: one workgroup a pair. Words of two masks of one image line up, because the first
// row of a bit map is a multiple of 32.

@group(0) @binding(0) var<storage, read> dt_masks: array<Mask>;
@group(0) @binding(1) var<storage, read> dt_words: array<u32>;
@group(0) @binding(2) var<storage, read> gt_masks: array<Mask>;
@group(0) @binding(3) var<storage, read> gt_words: array<u32>;
@group(0) @binding(4) var<storage, read> pairs: array<Pair>;
@group(0) @binding(5) var<storage, read_write> shared_px: array<u32>;

var<workgroup> total: atomic<u32>;

/// Pixels that lane `lane` counts.
fn count_shared(dt: Mask, gt: Mask, lane: u32) -> u32 {
  let x0 = max(dt.x0, gt.x0);
  let x1 = min(dt.x0 + dt.columns, gt.x0 + gt.columns);
  let first_word = max(dt.first_word, gt.first_word);
  let end_word = min(dt.first_word + dt.column_words, gt.first_word + gt.column_words);
  if (x0 >= x1 || first_word >= end_word) {
    return 0u;
  }
  let height = end_word - first_word;
  let count = height * (x1 - x0);
  let dt_base = dt.base + (x0 - dt.x0) * dt.column_words + first_word - dt.first_word;
  let gt_base = gt.base + (x0 - gt.x0) * gt.column_words + first_word - gt.first_word;
  var pixels = 0u;
  for (var i = lane; i < count; i += LANES) {
    let column = i / height;
    let word = i - column * height;
    let both = dt_words[dt_base + column * dt.column_words + word] &
      gt_words[gt_base + column * gt.column_words + word];
    pixels += countOneBits(both);
  }
  return pixels;
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let number = workgroup_number(group, groups);
  // Guard the work, not the barrier: it needs uniform control flow.
  let in_range = number < arrayLength(&pairs);
  if (in_range) {
    let pixels = count_shared(dt_masks[pairs[number].dt], gt_masks[pairs[number].gt], lane);
    if (pixels > 0u) {
      atomicAdd(&total, pixels);
    }
  }
  workgroupBarrier();
  if (in_range && lane == 0u) {
    shared_px[number] = atomicLoad(&total);
  }
}
