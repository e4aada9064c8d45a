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
/** So that no sum of two counts leaves 32 bits. */
const MAX_PIXELS: u64 = 1 << 30
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
/** Where the crossings of each column go, u32 [column from `leftmost` on]. */
let columnStarts: u32 = 0

/** Set by `readGroups`: the byte behind the number, 0 where there is none. */
let groupsEnd: u32 = 0

/** The number of several groups that starts at `at`. */
function readGroups(at: u32, end: u32): i32 {
  let value = 0
  let groups = 0
  groupsEnd = 0
  while (at < end && groups < MAX_GROUPS) {
    const group = <i32>load<u8>(at) - 48
    if (<u32>group > 63) return 0
    value |= (group & 31) << (5 * groups)
    groups++
    at++
    if (group >= 32) continue
    groupsEnd = at
    return (group & 16) != 0 ? value | (-1 << (5 * groups)) : value
  }
  return 0
}

/** The number of one group (5 bits, signed). */
function smallNumber(code: u32): i32 {
  return <i32>(code << 27) >> 27
}

/** What `measureRle` found. */
let measuredArea: u32 = 0

/**
 * Area and bounds of the compressed string at `from .. end` in one walk, without its spans. False where it is no mask
 * of the size, or one of MAX_PIXELS or more: for the twin. `bounds` is all 0 for an empty mask.
 */
function measureRle(from: u32, end: u32, height: u32, width: u32, bounds: u32): bool {
  const pixels: u64 = <u64>height * <u64>width
  if (pixels == 0 || pixels >= MAX_PIXELS) return false
  const most = <u32>pixels
  let at = from
  // The next pixel.
  let x: u32 = 0
  let y: u32 = 0
  let area: u32 = 0
  let x0: u32 = 0
  let y0 = height
  let y1: u32 = 0
  // The pixel behind the last run.
  let endX: u32 = 0
  let endY: u32 = 0
  // Counts are stated as differences to the one two before, from the fourth on.
  let skipped = 0
  let run = 0
  let isFirst = true
  while (at < end) {
    const code = <u32>load<u8>(at) - 48
    if (code < 32) {
      skipped += smallNumber(code)
      at++
    } else {
      skipped += readGroups(at, end)
      at = groupsEnd
      if (at == 0) return false
    }
    if (<u32>skipped > most) return false
    y += skipped
    if (y >= height) {
      y -= height
      x++
      if (y >= height) {
        x += y / height
        y %= height
      }
      if (x > width) return false
    }
    if (isFirst) {
      skipped = 0
      isFirst = false
    }
    if (at == end) break
    const runCode = <u32>load<u8>(at) - 48
    if (runCode < 32) {
      run += smallNumber(runCode)
      at++
    } else {
      run += readGroups(at, end)
      at = groupsEnd
      if (at == 0) return false
    }
    if (<u32>run > most) return false
    if (run == 0) continue
    if (area == 0) x0 = x
    area += run
    if (y < y0) y0 = y
    y += run
    if (y > y1) y1 = y
    if (y >= height) {
      if (y > height) {
        y0 = 0
        y1 = height
      }
      y -= height
      x++
      if (y >= height) {
        x += y / height
        y %= height
      }
      if (x > width) return false
    }
    endX = x
    endY = y
  }
  if (x != width || y != 0) return false
  measuredArea = area
  if (area == 0) memory.fill(bounds, 0, 16)
  else {
    store<u32>(bounds, x0)
    store<u32>(bounds + 4, y0)
    store<u32>(bounds + 8, endY == 0 ? endX : endX + 1)
    store<u32>(bounds + 12, y1)
  }
  return true
}

/** Spans of a compressed string that `measureRle` found to be a mask, written at `to`; returns behind them. */
function expandRle(from: u32, end: u32, to: u32): u32 {
  const first = to
  let at = from
  let position: u32 = 0
  let skipped = 0
  let run = 0
  let isFirst = true
  while (at < end) {
    const code = <u32>load<u8>(at) - 48
    if (code < 32) {
      skipped += smallNumber(code)
      at++
    } else {
      skipped += readGroups(at, end)
      at = groupsEnd
    }
    position += skipped
    if (isFirst) {
      skipped = 0
      isFirst = false
    }
    if (at == end) break
    const runCode = <u32>load<u8>(at) - 48
    if (runCode < 32) {
      run += smallNumber(runCode)
      at++
    } else {
      run += readGroups(at, end)
      at = groupsEnd
    }
    if (run == 0) continue
    const next = position + run
    if (skipped == 0 && to > first && load<u32>(to - 4) == position) store<u32>(to - 4, next)
    else {
      store<u32>(to, position)
      store<u32>(to + 4, next)
      to += 8
    }
    position = next
  }
  return to
}

function upsample(px: f64): f64 {
  return Math.trunc(<f64>SCALE * px + 0.5)
}

function rowOf(v: f64, height: i32): i32 {
  const row = Math.floor((v + 2) / <f64>SCALE)
  return row < 0 ? 0 : row > <f64>height ? height : <i32>row
}

const NONE: v128 = f64x2.splat(0)
const ONE: v128 = f64x2.splat(1)
const TWO: v128 = f64x2.splat(2)
const HALF: v128 = f64x2.splat(0.5)
/** Of a whole number as far as rows go, the product with this is as near to a whole number as the quotient. */
const PER_SCALE: v128 = f64x2.splat(1 / <f64>SCALE)

/** `rowOf` of two. */
function rowsOf(v: v128, height: v128): v128 {
  const rows = f64x2.floor(f64x2.mul(f64x2.add(v, TWO), PER_SCALE))
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.pmin(f64x2.pmax(rows, NONE), height))
}

/** Columns that the part at work crosses. */
let leftmost: i32 = 0
let rightmost: i32 = 0

/** Writes the crossings of one edge (column, position) at `to`; returns behind them, or 0 where there is no room. */
function crossEdge(x0: f64, y0: f64, x1: f64, y1: f64, height: i32, width: i32, to: u32, end: u32): u32 {
  const dx = Math.abs(x1 - x0)
  const dy = Math.abs(y1 - y0)
  if (dx == 0) return to
  const firstColumn = Math.max(0, Math.ceil((Math.min(x0, x1) - 2) / <f64>SCALE))
  const lastColumn = Math.min(<f64>(width - 1), Math.floor((Math.max(x0, x1) - 3) / <f64>SCALE))
  if (firstColumn > lastColumn) return to
  const first = <i32>firstColumn
  const last = <i32>lastColumn
  if (to + ((<u32>(last - first + 1)) << 3) > end) return 0
  if (first < leftmost) leftmost = first
  if (last > rightmost) rightmost = last
  if (dx >= dy) {
    const forward = x0 < x1
    const ax = forward ? x0 : x1
    const ay = forward ? y0 : y1
    const slope = ((forward ? y1 : y0) - ay) / dx
    crossFlat(ax, ay, slope, first, last, height, to)
  } else {
    const forward = y0 < y1
    const ax = forward ? x0 : x1
    const ay = forward ? y0 : y1
    const slope = ((forward ? x1 : x0) - ax) / dy
    crossSteep(ax, ay, slope, dy, first, last, height, to)
  }
  return to + ((<u32>(last - first + 1)) << 3)
}

/** Crossings of an edge that is wider than high with the columns `first .. last`, two at a time. */
function crossFlat(ax: f64, ay: f64, slope: f64, first: i32, last: i32, height: i32, to: u32): void {
  const axs = f64x2.splat(ax)
  const ays = f64x2.splat(ay)
  const slopes = f64x2.splat(slope)
  const heights = f64x2.splat(<f64>height)
  let cut = <f64>(SCALE * first + 2)
  let places = placesOf(first, height)
  const step = i32x4(2, 2 * height, 2, 2 * height)
  let c = first
  for (; c < last; c += 2) {
    const t = f64x2.sub(f64x2(cut, cut + SCALE), axs)
    const v = f64x2.floor(f64x2.add(f64x2.add(ays, f64x2.mul(slopes, t)), HALF))
    const next = f64x2.floor(f64x2.add(f64x2.add(ays, f64x2.mul(slopes, f64x2.add(t, ONE))), HALF))
    v128.store(to, i32x4.add(places, beside(rowsOf(f64x2.pmin(v, next), heights))))
    places = i32x4.add(places, step)
    cut += 2 * SCALE
    to += 16
  }
  if (c > last) return
  const t = <f64>(SCALE * c + 2) - ax
  const v = Math.floor(ay + slope * t + 0.5)
  const next = Math.floor(ay + slope * (t + 1) + 0.5)
  store<u32>(to, c)
  store<u32>(to + 4, c * height + rowOf(v < next ? v : next, height))
}

/** The same for an edge that is higher than wide. */
function crossSteep(
  ax: f64,
  ay: f64,
  slope: f64,
  dy: f64,
  first: i32,
  last: i32,
  height: i32,
  to: u32,
): void {
  const axs = f64x2.splat(ax)
  const slopes = f64x2.splat(slope)
  const dys = f64x2.splat(dy)
  const heights = f64x2.splat(<f64>height)
  const ays = f64x2.splat(ay)
  let cut = <f64>(SCALE * first + 2)
  let places = placesOf(first, height)
  const step = i32x4(2, 2 * height, 2, 2 * height)
  let c = first
  for (; c < last; c += 2) {
    const cuts = f64x2(cut, cut + SCALE)
    let t = f64x2.ceil(f64x2.div(f64x2.sub(f64x2.add(cuts, HALF), axs), slopes))
    t = f64x2.pmin(f64x2.pmax(t, ONE), dys)
    const before = f64x2.floor(f64x2.add(f64x2.add(axs, f64x2.mul(slopes, f64x2.sub(t, ONE))), HALF))
    const here = f64x2.floor(f64x2.add(f64x2.add(axs, f64x2.mul(slopes, t)), HALF))
    const notBefore = slope > 0 ? f64x2.le(before, cuts) : f64x2.gt(before, cuts)
    const isHere = slope > 0 ? f64x2.gt(here, cuts) : f64x2.le(here, cuts)
    const found = v128.and(v128.or(notBefore, f64x2.le(t, ONE)), v128.or(isHere, f64x2.ge(t, dys)))
    if (!i64x2.all_true(found)) t = f64x2(stepPast(ax, slope, dy, cut), stepPast(ax, slope, dy, cut + SCALE))
    v128.store(to, i32x4.add(places, beside(rowsOf(f64x2.sub(f64x2.add(ays, t), ONE), heights))))
    places = i32x4.add(places, step)
    cut += 2 * SCALE
    to += 16
  }
  if (c > last) return
  const t = stepPast(ax, slope, dy, <f64>(SCALE * c + 2))
  store<u32>(to, c)
  store<u32>(to + 4, c * height + rowOf(ay + t - 1, height))
}

/** Two columns from `c` on, each with the position of its first row. */
function placesOf(c: i32, height: i32): v128 {
  return i32x4(c, c * height, c + 1, (c + 1) * height)
}

/** Moves two rows to where `placesOf` has the positions. */
function beside(rows: v128): v128 {
  return v128.shuffle<i32>(rows, i32x4.splat(0), 4, 0, 4, 1)
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

/**
 * Sorts the crossings `from .. to` by position, to u32 behind `to`: by column first, then the few of a column among
 * themselves. A column's last position is the next one's first.
 */
function sortCrossings(from: u32, to: u32): void {
  const columns = rightmost - leftmost + 1
  memory.fill(columnStarts, 0, columns << 2)
  const shift = columnStarts - (leftmost << 2)
  for (let i = from; i < to; i += 8) {
    const at = shift + (load<u32>(i) << 2)
    store<u32>(at, load<u32>(at) + 4)
  }
  let start = to
  for (let at = columnStarts; at < columnStarts + (columns << 2); at += 4) {
    const bytes = load<u32>(at)
    store<u32>(at, start)
    start += bytes
  }
  for (let i = from; i < to; i += 8) {
    const at = shift + (load<u32>(i) << 2)
    const next = load<u32>(at)
    store<u32>(next, load<u32>(i + 4))
    store<u32>(at, next + 4)
  }
  let first = to
  for (let at = columnStarts; at < columnStarts + (columns << 2); at += 4) {
    const end = load<u32>(at)
    if (end - first == 8) {
      const a = load<u32>(first)
      const b = load<u32>(first + 4)
      store<u32>(first, min(a, b))
      store<u32>(first + 4, max(a, b))
    } else if (end - first > 8) sort(first, end)
    first = end
  }
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
  leftmost = width
  rightmost = -1
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
  columnStarts = scratch
  const start = scratch + (((<u32>width + 1) >> 1) << 3)
  const end = scratch + scratchBytes
  if (start > end - (scratchBytes >> 1)) return UNUSUAL
  const half = start + (((end - start) >> 4) << 3)
  let united = start
  for (let p = first; p < last; p++) {
    const from = load<i32>(partOffsets + (p << 2))
    const to = load<i32>(partOffsets + ((p + 1) << 2))
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
 * Measures the masks `row .. count` and rasterises the polygons among them, from `spans` on, which has room until
 * `spansLimit`. `kinds` u8 [mask], `sizes` u32 height, width [mask, 2], `starts` u32 from, to [mask, 2]: addresses of the
 * bytes of an RLE, rows of the parts of polygons. Writes each mask's area and bounds, and for polygons where their spans
 * begin and end to `ranges` u32 [mask, 2], 0 0 for an RLE. Returns the first mask that was not done; see `status`.
 */
export function decode(
  row: i32,
  count: i32,
  kinds: u32,
  sizes: u32,
  starts: u32,
  partOffsets: u32,
  points: u32,
  spans: u32,
  spansLimit: u32,
  ranges: u32,
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
    if (<i32>load<u8>(kinds + row) == RLE) {
      if (!measureRle(from, to, height, width, bounds + (row << 4))) {
        status = UNUSUAL
        break
      }
      store<u64>(ranges + (row << 3), 0)
      store<u32>(areas + (row << 2), measuredArea)
      continue
    }
    const first = out
    status = rasterizeParts(points, partOffsets, <i32>from, <i32>to, <i32>height, <i32>width)
    if (status != DONE) {
      out = first
      break
    }
    store<u32>(ranges + (row << 3), first)
    store<u32>(ranges + (row << 3) + 4, out)
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
    // Without branches, which nothing could predict.
    shared += stop > start ? stop - start : 0
    a += (<u32>(aStop <= bStop)) << 3
    b += (<u32>(bStop <= aStop)) << 3
  }
  return shared
}

/**
 * shared[p] = pixels that mask dts[p] of one set and gts[p] of another have in common, 0 where their sizes differ or
 * their bounds do not overlap. A set is its `starts`, `ranges`, sizes and bounds, see `decode`. Spans of an RLE are
 * written when a pair first needs them: those of the first set to `scratch`, where the next mask's replace them, those
 * of the other from `arena` on, where they stay. Returns where these end.
 */
export function intersect(
  pairs: i32,
  dts: u32,
  gts: u32,
  shared: u32,
  scratch: u32,
  arena: u32,
  aStarts: u32,
  aRanges: u32,
  aSizes: u32,
  aBounds: u32,
  bStarts: u32,
  bRanges: u32,
  bSizes: u32,
  bBounds: u32,
): u32 {
  let expanded: i32 = -1
  let a: u32 = 0
  let aEnd: u32 = 0
  for (let p = 0; p < pairs; p++) {
    const d = load<u32>(dts + (p << 2))
    const g = load<u32>(gts + (p << 2))
    store<u32>(shared + (p << 2), 0)
    if (load<u64>(aSizes + (d << 3)) != load<u64>(bSizes + (g << 3))) continue
    const x0 = max(load<u32>(aBounds + (d << 4)), load<u32>(bBounds + (g << 4)))
    const x1 = min(load<u32>(aBounds + (d << 4) + 8), load<u32>(bBounds + (g << 4) + 8))
    const y0 = max(load<u32>(aBounds + (d << 4) + 4), load<u32>(bBounds + (g << 4) + 4))
    const y1 = min(load<u32>(aBounds + (d << 4) + 12), load<u32>(bBounds + (g << 4) + 12))
    if (x0 >= x1 || y0 >= y1) continue
    if (d != expanded) {
      expanded = d
      a = load<u32>(aRanges + (d << 3))
      aEnd = load<u32>(aRanges + (d << 3) + 4)
      if (a == 0) {
        a = scratch
        aEnd = expandRle(load<u32>(aStarts + (d << 3)), load<u32>(aStarts + (d << 3) + 4), scratch)
      }
    }
    let b = load<u32>(bRanges + (g << 3))
    if (b == 0) {
      b = arena
      arena = expandRle(load<u32>(bStarts + (g << 3)), load<u32>(bStarts + (g << 3) + 4), arena)
      store<u32>(bRanges + (g << 3), b)
      store<u32>(bRanges + (g << 3) + 4, arena)
    }
    const height = load<u32>(aSizes + (d << 3))
    const bEnd = load<u32>(bRanges + (g << 3) + 4)
    store<u32>(shared + (p << 2), sharedPixels(a, aEnd, b, bEnd, x0 * height, x1 * height))
  }
  return arena
}
