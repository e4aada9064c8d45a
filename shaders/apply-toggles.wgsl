// Toggles that the host has decided: one invocation each.

@group(0) @binding(0) var<storage, read> decided: array<Toggle>;
@group(0) @binding(1) var<storage, read_write> toggles: array<atomic<u32>>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = workgroup_number(group, groups) * LANES + lane;
  if (index >= arrayLength(&decided)) {
    return;
  }
  atomicXor(&toggles[decided[index].word], 1u << decided[index].bit);
}
