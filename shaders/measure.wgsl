// Area and bounds of bit maps: one workgroup a mask.

@group(0) @binding(0) var<storage, read> masks: array<Mask>;
/// Masks to measure.
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> words: array<u32>;
@group(0) @binding(3) var<storage, read_write> extents: array<Extent>;

var<workgroup> area: atomic<u32>;
var<workgroup> x0: atomic<u32>;
var<workgroup> y0: atomic<u32>;
var<workgroup> x1: atomic<u32>;
var<workgroup> y1: atomic<u32>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let number = workgroup_number(group, groups);
  // Guard the work, not the barriers: these need uniform control flow.
  let in_range = number < arrayLength(&rows);
  var mask = Mask();
  if (in_range) {
    mask = masks[rows[number]];
  }
  if (lane == 0u) {
    atomicStore(&x0, 0xffffffffu);
    atomicStore(&y0, 0xffffffffu);
  }
  workgroupBarrier();
  let count = mask.columns * mask.column_words;
  for (var i = lane; i < count; i += LANES) {
    let bits = words[mask.base + i];
    if (bits != 0u) {
      let column = i / mask.column_words;
      let row = (mask.first_word + i - column * mask.column_words) * 32u;
      atomicAdd(&area, countOneBits(bits));
      atomicMin(&x0, mask.x0 + column);
      atomicMax(&x1, mask.x0 + column + 1u);
      atomicMin(&y0, row + countTrailingZeros(bits));
      atomicMax(&y1, row + 32u - countLeadingZeros(bits));
    }
  }
  workgroupBarrier();
  if (in_range && lane == 0u) {
    let pixels = atomicLoad(&area);
    if (pixels == 0u) {
      extents[number] = Extent();
    } else {
      extents[number] = Extent(pixels, atomicLoad(&x0), atomicLoad(&y0), atomicLoad(&x1), atomicLoad(&y1));
    }
  }
}
