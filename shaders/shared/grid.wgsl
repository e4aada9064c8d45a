/// Number of this workgroup: large grids are folded into two dimensions (see gridOf in batches.ts).
fn workgroup_number(group: vec3u, groups: vec3u) -> u32 {
  return group.y * groups.x + group.x;
}
