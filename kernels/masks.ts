// AssemblyScript: masks as spans, and the pixels that two of them share. Twin of src/geometry/{rle,spans,polygons}.ts,
// where the rules are explained; what cannot be done here (a malformed string, no room) is left to the twin, which has
// the error messages.
//
// A mask's spans are start0, end0, start1, ... in px, ascending, half-open, u32 each. All arguments are addresses.

/** Why `decode` stopped before the last mask. */
const DONE: i32 = 0
/** This mask is for the twin. */
const UNUSUAL: i32 = 1
/** There is no room for the spans of this mask. */
const FULL: i32 = 2

const RLE: i32 = 0
const MAX_GROUPS: i32 = 6
const SCALE: i32 = 5

/** Memory from here on is the host's. */
export const freeFrom: i32 = <i32>__heap_base

export let status: i32 = DONE
/** Address behind the last span that was written. */
export let spansEnd: u32 = 0

let out: u32 = 0
let limit: u32 = 0
/** Room for the crossings of a polygon part and for the union of parts. */
let scratch: u32 = 0
let scratchBytes: u32 = 0

/** Spans of the compressed string at `from .. end`, behind `out`. False where it is no mask of `pixels`. */
function decodeRle(from: u32, end: u32, pixels: u64): bool {
  const first = out
  let to = out
  let at = from
  let position: i64 = 0
  let previous: i64 = 0
  let before: i64 = 0
  let n = 0
  while (at < end) {
    const code = <i32>load<u8>(at) - 48
    let value: i32 = code < 16 ? code : code - 32
    if (<u32>code < 32) at++
    else {
      let groups = 0
      let more = true
      value = 0
      while (more) {
        if (at == end || groups == MAX_GROUPS) return false
        const group = <i32>load<u8>(at) - 48
        if (<u32>group > 63) return false
        value |= (group & 31) << (5 * groups)
        groups++
        at++
        more = group >= 32
        if (!more && (group & 16) != 0) value |= -1 << (5 * groups)
      }
    }
    const count: i64 = n > 2 ? <i64>value + before : <i64>value
    if (count < 0) return false
    const next = position + count
    if ((n & 1) != 0 && count > 0) {
      if (to > first && load<u32>(to - 4) == <u32>position) store<u32>(to - 4, <u32>next)
      else {
        store<u32>(to, <u32>position)
        store<u32>(to + 4, <u32>next)
        to += 8
      }
    }
    position = next
    before = previous
    previous = count
    n++
  }
  if (<u64>position != pixels) return false
  out = to
  return true
}

function upsample(px: f64): f64 {
  return Math.trunc(<f64>SCALE * px + 0.5)
}

function rowOf(v: f64, height: i32): i32 {
  const row = Math.floor((v + 2) / <f64>SCALE)
  return row < 0 ? 0 : row > <f64>height ? height : <i32>row
}

/** Writes the crossings of one edge at `to`; returns behind them, or 0 where there is no room. */
function crossEdge(x0: f64, y0: f64, x1: f64, y1: f64, height: i32, width: i32, to: u32, end: u32): u32 {
  const dx = Math.abs(x1 - x0)
  const dy = Math.abs(y1 - y0)
  if (dx == 0) return to
  const firstColumn = Math.max(0, Math.ceil((Math.min(x0, x1) - 2) / <f64>SCALE))
  const lastColumn = Math.min(<f64>(width - 1), Math.floor((Math.max(x0, x1) - 3) / <f64>SCALE))
  if (firstColumn > lastColumn) return to
  const first = <i32>firstColumn
  const last = <i32>lastColumn
  if (to + ((<u32>(last - first + 1)) << 2) > end) return 0
  if (dx >= dy) {
    const forward = x0 < x1
    const ax = forward ? x0 : x1
    const ay = forward ? y0 : y1
    const slope = ((forward ? y1 : y0) - ay) / dx
    for (let c = first; c <= last; c++) {
      const t = <f64>(SCALE * c + 2) - ax
      const v = Math.floor(ay + slope * t + 0.5)
      const next = Math.floor(ay + slope * (t + 1) + 0.5)
      store<u32>(to, <u32>(<u64>c * <u64>height + <u64>rowOf(v < next ? v : next, height)))
      to += 4
    }
    return to
  }
  const forward = y0 < y1
  const ax = forward ? x0 : x1
  const ay = forward ? y0 : y1
  const slope = ((forward ? x1 : x0) - ax) / dy
  for (let c = first; c <= last; c++) {
    const t = stepPast(ax, slope, dy, <f64>(SCALE * c + 2))
    store<u32>(to, <u32>(<u64>c * <u64>height + <u64>rowOf(ay + t - 1, height)))
    to += 4
  }
  return to
}

function isPast(ax: f64, slope: f64, t: f64, cut: f64): bool {
  const u = Math.floor(ax + slope * t + 0.5)
  return slope > 0 ? u > cut : u <= cut
}

function stepPast(ax: f64, slope: f64, dy: f64, cut: f64): f64 {
  let t = Math.ceil((cut + 0.5 - ax) / slope)
  t = t < 1 ? 1 : t > dy ? dy : t
  while (t > 1 && isPast(ax, slope, t - 1, cut)) t--
  while (t < dy && !isPast(ax, slope, t, cut)) t++
  return t
}

function sort(from: u32, to: u32): void {
  let low = from
  let high = to
  while (high - low > 64) {
    const middle = load<u32>(low + (((high - low) >> 3) << 2))
    let i = low
    let j = high - 4
    while (i <= j) {
      while (load<u32>(i) < middle) i += 4
      while (load<u32>(j) > middle) j -= 4
      if (i > j) break
      const swapped = load<u32>(i)
      store<u32>(i, load<u32>(j))
      store<u32>(j, swapped)
      i += 4
      j -= 4
    }
    // The smaller side by recursion, the larger by the loop.
    if (j + 4 - low < high - i) {
      sort(low, j + 4)
      low = i
    } else {
      sort(i, high)
      high = j + 4
    }
  }
  for (let i = low + 4; i < high; i += 4) {
    const key = load<u32>(i)
    let j = i
    while (j > low && load<u32>(j - 4) > key) {
      store<u32>(j, load<u32>(j - 4))
      j -= 4
    }
    store<u32>(j, key)
  }
}

/** Spans of a part with the points `from .. to` (x, y as f64), written at `at`; returns behind them, 0 for no room. */
function rasterizePart(points: u32, from: i32, to: i32, height: i32, width: i32, at: u32, end: u32): u32 {
  if (to - from < 3) return at
  let crossed = at
  let x0 = upsample(load<f64>(points + ((to - 1) << 4)))
  let y0 = upsample(load<f64>(points + ((to - 1) << 4) + 8))
  for (let i = from; i < to; i++) {
    const x1 = upsample(load<f64>(points + (i << 4)))
    const y1 = upsample(load<f64>(points + (i << 4) + 8))
    crossed = crossEdge(x0, y0, x1, y1, height, width, crossed, end - 4)
    if (crossed == 0) return 0
    x0 = x1
    y0 = y1
  }
  sort(at, crossed)
  let n = at
  for (let i = at; i < crossed; i += 4) {
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

/** The spans `a` or `b`, written at `to`; returns behind them. */
function unite(a: u32, aEnd: u32, b: u32, bEnd: u32, to: u32): u32 {
  const first = to
  while (a < aEnd || b < bEnd) {
    const takeA = b >= bEnd || (a < aEnd && load<u32>(a) <= load<u32>(b))
    const start = takeA ? load<u32>(a) : load<u32>(b)
    const end = takeA ? load<u32>(a + 4) : load<u32>(b + 4)
    if (takeA) a += 8
    else b += 8
    if (to > first && start <= load<u32>(to - 4)) {
      if (end > load<u32>(to - 4)) store<u32>(to - 4, end)
    } else {
      store<u32>(to, start)
      store<u32>(to + 4, end)
      to += 8
    }
  }
  return to
}

/** Spans of the union of parts, behind `out`: DONE, UNUSUAL where the scratch memory is too small, or FULL. */
function rasterizeParts(points: u32, partOffsets: u32, first: i32, last: i32, height: i32, width: i32): i32 {
  const half = scratch + (((scratchBytes >> 1) >> 3) << 3)
  const end = scratch + scratchBytes
  let united = scratch
  for (let p = first; p < last; p++) {
    const from = load<i32>(partOffsets + (p << 2))
    const to = load<i32>(partOffsets + ((p + 1) << 2))
    // The parts so far lie in the first half; the next goes to the second, and their union behind it.
    const partEnd = rasterizePart(points, from, to, height, width, half, end)
    if (partEnd == 0) return UNUSUAL
    if (united == scratch) {
      if (partEnd - half > half - scratch) return UNUSUAL
      memory.copy(scratch, half, partEnd - half)
      united = scratch + (partEnd - half)
      continue
    }
    const room = partEnd - half + (united - scratch)
    if (partEnd + room > end || room > half - scratch) return UNUSUAL
    const unitedEnd = unite(scratch, united, half, partEnd, partEnd)
    memory.copy(scratch, partEnd, unitedEnd - partEnd)
    united = scratch + (unitedEnd - partEnd)
  }
  const bytes = united - scratch
  if (out + bytes > limit) return FULL
  memory.copy(out, scratch, bytes)
  out += bytes
  return DONE
}

/** Area of the spans `from .. to`; their bounds x0 y0 x1 y1 go to `bounds`. */
function measure(from: u32, to: u32, height: u32, bounds: u32): u32 {
  memory.fill(bounds, 0, 16)
  if (from == to) return 0
  const x0 = load<u32>(from) / height
  let y0 = height
  let y1: u32 = 0
  let area: u32 = 0
  let column = x0 * height
  for (let at = from; at < to; at += 8) {
    const start = load<u32>(at)
    const end = load<u32>(at + 4)
    area += end - start
    if (start - column >= height) {
      column += height
      if (start - column >= height) column = start - (start % height)
    }
    if (end - column > height) {
      y0 = 0
      y1 = height
    } else {
      if (start - column < y0) y0 = start - column
      if (end - column > y1) y1 = end - column
    }
  }
  store<u32>(bounds, x0)
  store<u32>(bounds + 4, y0)
  store<u32>(bounds + 8, (load<u32>(to - 4) - 1) / height + 1)
  store<u32>(bounds + 12, y1)
  return area
}

export function placeScratch(at: u32, bytes: u32): void {
  scratch = at
  scratchBytes = bytes
}

/**
 * Decodes the masks `row .. count`, from `spans` on, which has room until `spansLimit`. `kinds` u8 [mask], `sizes` u32
 * height, width [mask, 2], `starts` u32 from, to [mask, 2]: bytes at `bytes` of an RLE, parts of polygons. Writes where each
 * mask's spans end (address) to `ends`, its area and bounds. Returns the first mask that was not done; see `status`.
 */
export function decode(
  row: i32,
  count: i32,
  kinds: u32,
  sizes: u32,
  starts: u32,
  bytes: u32,
  partOffsets: u32,
  points: u32,
  spans: u32,
  spansLimit: u32,
  ends: u32,
  areas: u32,
  bounds: u32,
): i32 {
  out = spans
  limit = spansLimit
  status = DONE
  for (; row < count; row++) {
    const height = load<u32>(sizes + (row << 3))
    const width = load<u32>(sizes + (row << 3) + 4)
    const from = load<u32>(starts + (row << 3))
    const to = load<u32>(starts + (row << 3) + 4)
    const first = out
    if (<i32>load<u8>(kinds + row) == RLE) {
      const room = out + ((to - from + 2) << 2) <= limit
      if (!room) status = FULL
      else if (!decodeRle(bytes + from, bytes + to, <u64>height * <u64>width)) status = UNUSUAL
    } else status = rasterizeParts(points, partOffsets, <i32>from, <i32>to, <i32>height, <i32>width)
    if (status != DONE) {
      out = first
      break
    }
    store<u32>(ends + (row << 2), out)
    store<u32>(areas + (row << 2), measure(first, out, height, bounds + (row << 4)))
  }
  spansEnd = out
  return row
}

/** First span from `from` on that ends beyond `position`. */
function firstEndingAfter(from: u32, to: u32, position: u32): u32 {
  let low: u32 = 0
  let high = (to - from) >> 3
  while (low < high) {
    const middle = (low + high) >> 1
    if (load<u32>(from + (middle << 3) + 4) > position) high = middle
    else low = middle + 1
  }
  return from + (low << 3)
}

function sharedPixels(a: u32, aEnd: u32, b: u32, bEnd: u32, lo: u32, hi: u32): u32 {
  a = firstEndingAfter(a, aEnd, lo)
  b = firstEndingAfter(b, bEnd, lo)
  let shared: u32 = 0
  while (a < aEnd && b < bEnd) {
    const aStart = load<u32>(a)
    const bStart = load<u32>(b)
    const start = aStart > bStart ? aStart : bStart
    if (start >= hi) break
    const aStop = load<u32>(a + 4)
    const bStop = load<u32>(b + 4)
    const stop = aStop < bStop ? aStop : bStop
    if (stop > start) shared += stop - start
    if (aStop <= bStop) a += 8
    if (bStop <= aStop) b += 8
  }
  return shared
}

/**
 * shared[p] = pixels that mask dts[p] of one set and gts[p] of another have in common, 0 where their sizes differ.
 * A set is where its spans begin, where each mask's end (`ends`), its sizes and its bounds.
 */
export function intersect(
  pairs: i32,
  dts: u32,
  gts: u32,
  shared: u32,
  aSpans: u32,
  aEnds: u32,
  aSizes: u32,
  aBounds: u32,
  bSpans: u32,
  bEnds: u32,
  bSizes: u32,
  bBounds: u32,
): void {
  for (let p = 0; p < pairs; p++) {
    const d = load<u32>(dts + (p << 2))
    const g = load<u32>(gts + (p << 2))
    let count: u32 = 0
    if (load<u64>(aSizes + (d << 3)) == load<u64>(bSizes + (g << 3))) {
      const height = load<u32>(aSizes + (d << 3))
      const x0 = max(load<u32>(aBounds + (d << 4)), load<u32>(bBounds + (g << 4)))
      const x1 = min(load<u32>(aBounds + (d << 4) + 8), load<u32>(bBounds + (g << 4) + 8))
      const a = d == 0 ? aSpans : load<u32>(aEnds + ((d - 1) << 2))
      const b = g == 0 ? bSpans : load<u32>(bEnds + ((g - 1) << 2))
      if (x0 < x1) {
        count = sharedPixels(
          a,
          load<u32>(aEnds + (d << 2)),
          b,
          load<u32>(bEnds + (g << 2)),
          x0 * height,
          x1 * height,
        )
      }
    }
    store<u32>(shared + (p << 2), count)
  }
}
