// Compressed RLE strings to runs: one invocation a string. Twin of decodeCounts in geometry/rle.ts.
// Every number takes a byte or more, so run j of a string that starts at byte s fits at ends[s + j].

@group(0) @binding(0) var<storage, read> bytes: array<u32>;
@group(0) @binding(1) var<storage, read> strings: array<RleString>;
/// Position after run j, px; odd runs are foreground.
@group(0) @binding(2) var<storage, read_write> ends: array<u32>;
@group(0) @binding(3) var<storage, read_write> summaries: array<RunSummary>;

/// The C reference shifts 32-bit integers: more than six groups of five bits are undefined there.
const MAX_SHIFT = 30u;

struct Number {
  /// Two's complement.
  value: u32,
  /// Byte after the number.
  next: u32,
  fault: bool,
}

fn byte_at(index: u32) -> u32 {
  return (bytes[index >> 2u] >> ((index & 3u) * 8u)) & 0xffu;
}

/// The signed number whose groups of five bits start at byte `first`; the string ends at byte `end`.
fn read_number(first: u32, end: u32) -> Number {
  var value = 0u;
  var shift = 0u;
  var at = first;
  loop {
    if (at == end || shift == MAX_SHIFT) {
      return Number(value, at, true);
    }
    let code = byte_at(at) - 48u;
    if (code > 63u) {
      return Number(value, at, true);
    }
    value |= (code & 31u) << shift;
    shift += 5u;
    at++;
    if ((code & 32u) == 0u) {
      if ((code & 16u) != 0u) {
        value |= 0xffffffffu << shift;
      }
      return Number(value, at, false);
    }
  }
}

/// Widens the summary by a foreground run of `count` > 0 pixels.
fn cover(summary: ptr<function, RunSummary>, height: u32, position: u32, count: u32) {
  let last = position + count - 1u;
  let first_column = position / height;
  let last_column = last / height;
  (*summary).area += count;
  (*summary).x0 = min((*summary).x0, first_column);
  (*summary).x1 = last_column + 1u;
  if (last_column > first_column) {
    (*summary).y0 = 0u;
    (*summary).y1 = height;
  } else {
    (*summary).y0 = min((*summary).y0, position - first_column * height);
    (*summary).y1 = max((*summary).y1, last - last_column * height + 1u);
  }
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = workgroup_number(group, groups) * LANES + lane;
  if (index >= arrayLength(&strings)) {
    return;
  }
  let string = strings[index];
  let end = string.first_byte + string.byte_count;
  let pixels = string.height * string.width;
  var summary = RunSummary();
  summary.x0 = 0xffffffffu;
  summary.y0 = 0xffffffffu;
  var position = 0u;
  var previous = 0u; // count j - 1
  var before = 0u; // count j - 2
  var at = string.first_byte;
  while (at < end && summary.fault == 0u) {
    let number = read_number(at, end);
    at = number.next;
    // From the fourth count on, a number is the difference from the count two before it.
    // The host sends no image of 2^31 pixels or more, so that a negative count, which wraps, is too large for its image.
    let count = number.value + select(0u, before, summary.runs > 2u);
    if (number.fault || count > pixels - position) {
      summary.fault = 1u;
    } else {
      if ((summary.runs & 1u) == 1u && count > 0u) {
        cover(&summary, string.height, position, count);
      }
      position += count;
      ends[string.first_byte + summary.runs] = position;
      summary.runs++;
      before = previous;
      previous = count;
    }
  }
  if (position != pixels) {
    summary.fault = 1u;
  }
  if (summary.area == 0u) {
    summary.x0 = 0u;
    summary.y0 = 0u;
  }
  summaries[index] = summary;
}
