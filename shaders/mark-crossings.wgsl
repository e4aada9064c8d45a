// Polygon edges to toggles: one invocation an edge. Twin of crossEdge in geometry/polygons.ts.
//
// Ends lie on a grid of fifths of a pixel. Column c is cut between the grid positions u = 5c + 2 and 5c + 3; where an
// edge crosses that cut, every pixel of the column from some row down changes sides. The reference walks the edge in
// float64; integers give the same rows except on half-way ties and where products leave 32 bits, and the host keeps
// such edges to itself (see edges.ts). An outline is closed, so each column is crossed an even number of times and
// no change of side leaks into the next column.

@group(0) @binding(0) var<storage, read> edges: array<Edge>;
@group(0) @binding(1) var<storage, read> parts: array<Part>;
@group(0) @binding(2) var<storage, read_write> toggles: array<atomic<u32>>;

/// A vertex on the grid.
alias Vertex = vec2i;

/// The upper of the two grid rows beside the cut at `cut` = 5c + 2, on an edge at most 45 degrees steep, a left of b:
/// v(t) = a.y + floor((2 * rise * t + run) / (2 * run)), t = u - a.x.
fn flat_crossing(a: Vertex, b: Vertex, cut: i32) -> i32 {
  let run = u32(b.x - a.x);
  let rise = u32(abs(b.y - a.y));
  let t = u32(cut - a.x);
  if (b.y >= a.y) {
    return a.y + i32((2u * rise * t + run) / (2u * run));
  }
  return a.y - i32((2u * rise * (t + 1u) + run - 1u) / (2u * run));
}

/// The same on a steeper edge, a above b: the last grid row before u(t) = a.x + floor((2 * run * t + rise) / (2 * rise)),
/// t = v - a.y, changes sides.
fn steep_crossing(a: Vertex, b: Vertex, cut: i32) -> i32 {
  let rise = u32(b.y - a.y);
  let run = u32(abs(b.x - a.x));
  if (b.x > a.x) {
    let to_cut = u32(cut + 1 - a.x);
    return a.y + i32((rise * (2u * to_cut - 1u) + 2u * run - 1u) / (2u * run)) - 1;
  }
  let to_cut = u32(a.x - cut - 1);
  return a.y + i32((rise * (2u * to_cut + 1u)) / (2u * run));
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = workgroup_number(group, groups) * LANES + lane;
  if (index >= arrayLength(&edges)) {
    return;
  }
  let edge = edges[index];
  let part = parts[edge.part];
  var left = Vertex(edge.x0, edge.y0);
  var right = Vertex(edge.x1, edge.y1);
  if (left.x > right.x) {
    let swap = left;
    left = right;
    right = swap;
  }
  let steep = abs(right.y - left.y) > right.x - left.x;
  let left_above = left.y < right.y;
  let upper = select(right, left, left_above);
  let lower = select(left, right, left_above);
  // Columns whose cut lies between the ends; the host has clipped the part to the image.
  let first = max(i32(part.x0), (max(left.x, 2) + 2) / 5);
  let end = min(i32(part.x0 + part.columns), (max(right.x, 2) + 2) / 5);
  for (var column = first; column < end; column++) {
    let cut = 5 * column + 2;
    var v: i32;
    if (steep) {
      v = steep_crossing(upper, lower, cut);
    } else {
      v = flat_crossing(left, right, cut);
    }
    let row = min(u32(max(v + 2, 0)) / 5u, part.y1);
    let word = row / 32u - part.first_word;
    if (word < part.column_words) {
      let at = part.base + (u32(column) - part.x0) * part.column_words + word;
      atomicXor(&toggles[at], 1u << (row & 31u));
    }
  }
}
