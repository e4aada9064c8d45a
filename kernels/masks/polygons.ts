// Polygons as spans. Twin of src/geometry/polygons.ts.
import { crossEdge, sortCrossings, startPart } from './crossings'
import { upsample } from './edges'
import { DONE, FULL, limit, out, scratch, scratchBytes, UNUSUAL, wrote } from './memory'
import { unite } from './spans'

/** Spans of a part with the points `from .. to` (x, y as f64), written at `at`; returns behind them, 0 for no room. */
function rasterizePart(points: u32, from: i32, to: i32, height: i32, width: i32, at: u32, end: u32): u32 {
  if (to - from < 3) return at
  let crossed = at
  let x0 = upsample(load<f64>(points + ((to - 1) << 4)))
  let y0 = upsample(load<f64>(points + ((to - 1) << 4) + 8))
  for (let i = from; i < to; i++) {
    const x1 = upsample(load<f64>(points + (i << 4)))
    const y1 = upsample(load<f64>(points + (i << 4) + 8))
    crossed = crossEdge(x0, y0, x1, y1, height, width, crossed, end)
    if (crossed == 0) return 0
    x0 = x1
    y0 = y1
  }
  if (crossed == at) return at
  // The sorted positions lie behind the crossings, the spans then take their place.
  const sortedEnd = crossed + ((crossed - at) >> 1)
  if (sortedEnd > end) return 0
  sortCrossings(at, crossed)
  let n = at
  for (let i = crossed; i < sortedEnd; i += 4) {
    const position = load<u32>(i)
    if (n > at && load<u32>(n - 4) == position) n -= 4
    else {
      store<u32>(n, position)
      n += 4
    }
  }
  const pixels = <u32>(<u64>height * <u64>width)
  if (((n - at) & 4) != 0) {
    if (load<u32>(n - 4) == pixels) n -= 4
    else {
      store<u32>(n, pixels)
      n += 4
    }
  }
  return n
}

/** Spans of the union of parts, behind `out`: DONE, UNUSUAL where the scratch memory is too small, or FULL. */
export function rasterizeParts(
  points: u32,
  partOffsets: u32,
  first: i32,
  last: i32,
  height: i32,
  width: i32,
): i32 {
  const start = scratch + (((<u32>width + 1) >> 1) << 3)
  const end = scratch + scratchBytes
  if (start > end - (scratchBytes >> 1)) return UNUSUAL
  const half = start + (((end - start) >> 4) << 3)
  let united = start
  for (let p = first; p < last; p++) {
    const from = load<i32>(partOffsets + (p << 2))
    const to = load<i32>(partOffsets + ((p + 1) << 2))
    startPart(scratch, width)
    // The parts so far lie in the first half; the next goes to the second, and their union behind it.
    const partEnd = rasterizePart(points, from, to, height, width, half, end)
    if (partEnd == 0) return UNUSUAL
    if (united == start) {
      if (partEnd - half > half - start) return UNUSUAL
      memory.copy(start, half, partEnd - half)
      united = start + (partEnd - half)
      continue
    }
    const room = partEnd - half + (united - start)
    if (partEnd + room > end || room > half - start) return UNUSUAL
    const unitedEnd = unite(start, united, half, partEnd, partEnd)
    memory.copy(start, partEnd, unitedEnd - partEnd)
    united = start + (unitedEnd - partEnd)
  }
  const bytes = united - start
  if (out + bytes > limit) return FULL
  memory.copy(out, start, bytes)
  wrote(bytes)
  return DONE
}
