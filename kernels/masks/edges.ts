// Where an edge of a polygon crosses the columns. Twin of `crossEdge` in src/geometry/polygons.ts, which says the rule:
// the rows of the crossings are those of points on a line, one step a column, rounded once. Here the line is walked in
// fixed point; where a point is so near to where rounding changes that this cannot decide, the rule itself does.

const SCALE: i32 = 5
/** Ends of an edge are less than this from the origin of the grid, or its line is not walked. */
export const REACH: i32 = 1 << 24
/** Nor is it where the error of a step may have added up beyond what `isNear` allows for. */
export const MOST_COLUMNS: i32 = 1 << 16

const ROW_BITS: i64 = 32
const PER_ROW: f64 = 4294967296

/** Set by `startEdge`: the columns that are crossed, both ends included. */
export let first: i32 = 0
export let last: i32 = 0
/** The first crossing's row, and what is added for each next column: with 32 bits behind the point. */
export let line: i64 = 0
export let step: i64 = 0

export function upsample(px: f64): f64 {
  return Math.trunc(<f64>SCALE * px + 0.5)
}

/** floor(value / 5) for values in reach. */
export function fifth(value: i32): i32 {
  return <i32>((<u64>(<u32>(value + 2 * SCALE * REACH)) * 0xcccccccd) >> 34) - 2 * REACH
}

/** First and last column between two positions of the grid, in an image of some width. */
export function firstColumn(left: i32): i32 {
  return max(0, fifth(left + 2))
}

export function lastColumn(right: i32, width: i32): i32 {
  return min(width - 1, fifth(right - 3))
}

/** Finds the columns that an edge crosses and where its line begins; false where there are none. Ends in reach. */
export function startEdge(x0: i32, y0: i32, x1: i32, y1: i32, width: i32): bool {
  first = firstColumn(min(x0, x1))
  last = lastColumn(max(x0, x1), width)
  if (first > last) return false
  const dx = x1 - x0
  const dy = y1 - y0
  const slope = <f64>dy / <f64>dx
  // A column's cut is between 5c + 2 and 5c + 3. A flat edge counts at that of the two where it is higher up, rounded to
  // the grid; a steep one is at the cut's middle before its first row behind it, all of whose fifths are rounded at once.
  // Selected without branches, which nothing could predict.
  const steep = abs(dy) > abs(dx)
  const x = <f64>(SCALE * first - x0) + select<f64>(2.5, select<f64>(2, 3, slope >= 0), steep)
  const y = <f64>y0 + slope * x + select<f64>(2, 2.5, steep)
  line = <i64>(y * (PER_ROW / <f64>SCALE))
  step = <i64>(slope * PER_ROW)
  return true
}

/** Finds the columns of an edge whose line is not walked; false where there are none. */
export function startFarEdge(x0: f64, x1: f64, width: i32): bool {
  const from = Math.max(0, Math.ceil((Math.min(x0, x1) - 2) / <f64>SCALE))
  const to = Math.min(<f64>(width - 1), Math.floor((Math.max(x0, x1) - 3) / <f64>SCALE))
  if (from > to) return false
  first = <i32>from
  last = <i32>to
  return true
}

/** Whether all crossings of the edge can be read off its line, but for those that are near. */
export function isWalked(): bool {
  return last - first < MOST_COLUMNS
}

/** Whether a point of the line is within 2^-12 of a whole row. */
export function isNear(line: i64): bool {
  return <u32>line + <u32>(1 << 20) < <u32>(1 << 21)
}

/** Row of a point of the line that is not near. */
export function rowOfLine(line: i64): i32 {
  return <i32>(line >> ROW_BITS)
}

/** First row below the crossing of an edge with a column, 0 to `height`, by the rule. Ends on the grid. */
export function exactRow(x0: f64, y0: f64, x1: f64, y1: f64, column: i32, height: i32): i32 {
  const dx = Math.abs(x1 - x0)
  const dy = Math.abs(y1 - y0)
  const cut = <f64>SCALE * <f64>column + 2
  if (dx >= dy) {
    const forward = x0 < x1
    const ay = forward ? y0 : y1
    const slope = ((forward ? y1 : y0) - ay) / dx
    const t = cut - (forward ? x0 : x1)
    const v = Math.floor(ay + slope * t + 0.5)
    const next = Math.floor(ay + slope * (t + 1) + 0.5)
    return rowOf(v < next ? v : next, height)
  }
  const forward = y0 < y1
  const ax = forward ? x0 : x1
  const slope = ((forward ? x1 : x0) - ax) / dy
  return rowOf((forward ? y0 : y1) + stepPast(ax, slope, dy, cut) - 1, height)
}

function rowOf(v: f64, height: i32): i32 {
  const row = Math.floor((v + 2) / <f64>SCALE)
  return row < 0 ? 0 : row > <f64>height ? height : <i32>row
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
