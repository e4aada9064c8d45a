import { type Spans, unionSpans } from './spans.js'

/** Vertices are rounded to a grid of fifths of a pixel (pycocotools rleFrPoly). */
export const SCALE = 5

/** Where a polygon's outline crosses the columns' centres; even-odd filling toggles there. */
class Crossings {
  positions = new Uint32Array(256)
  length = 0

  push(position: number): void {
    if (this.length === this.positions.length) {
      const larger = new Uint32Array(2 * this.length)
      larger.set(this.positions)
      this.positions = larger
    }
    this.positions[this.length++] = position
  }
}

const crossings = new Crossings()

/** Rounded as the reference does: toward zero after adding a half. */
export const upsample = (px: number): number => Math.trunc(SCALE * px + 0.5)

/** Row below which a crossing at grid height `v` toggles. */
function rowOf(v: number, height: number): number {
  const row = Math.floor((v + 2) / SCALE)
  return row < 0 ? 0 : Math.min(row, height)
}

/**
 * Crossings of one edge. Column c is cut between the grid positions 5c + 2 and 5c + 3; the reference walks every
 * grid point of the longer axis in float64, and only the two points beside a cut matter.
 */
function crossEdge(x0: number, y0: number, x1: number, y1: number, height: number, width: number): void {
  const dx = Math.abs(x1 - x0)
  const dy = Math.abs(y1 - y0)
  if (dx === 0) return
  const uLow = Math.min(x0, x1)
  const uHigh = Math.max(x0, x1)
  const firstColumn = Math.max(0, Math.ceil((uLow - 2) / SCALE))
  const lastColumn = Math.min(width - 1, Math.floor((uHigh - 3) / SCALE))
  if (firstColumn > lastColumn) return
  if (dx >= dy) {
    const [ax, ay, by] = x0 < x1 ? [x0, y0, y1] : [x1, y1, y0]
    const slope = (by - ay) / dx
    for (let c = firstColumn; c <= lastColumn; c++) {
      const t = SCALE * c + 2 - ax
      const v = Math.floor(ay + slope * t + 0.5)
      const next = Math.floor(ay + slope * (t + 1) + 0.5)
      crossings.push(c * height + rowOf(Math.min(v, next), height))
    }
    return
  }
  const [ax, ay, bx] = y0 < y1 ? [x0, y0, x1] : [x1, y1, x0]
  const slope = (bx - ax) / dy
  for (let c = firstColumn; c <= lastColumn; c++) {
    const t = stepPast(ax, slope, dy, SCALE * c + 2)
    crossings.push(c * height + rowOf(ay + t - 1, height))
  }
}

/** Smallest t at which the walk u(t) = floor(ax + slope * t + .5) has left the side of the cut where it began. */
function stepPast(ax: number, slope: number, dy: number, cut: number): number {
  const rising = slope > 0
  const past = (t: number): boolean => {
    const u = Math.floor(ax + slope * t + 0.5)
    return rising ? u > cut : u <= cut
  }
  let t = Math.ceil((cut + 0.5 - ax) / slope)
  t = t < 1 ? 1 : Math.min(t, dy)
  while (t > 1 && past(t - 1)) t--
  while (t < dy && !past(t)) t++
  return t
}

/**
 * The crossings of one edge alone, ends on the grid: for each column it crosses, ascending, the position c * height + r
 * where row r, 0 to height, is the first below the crossing.
 */
export function edgeCrossings(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  height: number,
  width: number,
): Uint32Array {
  crossings.length = 0
  crossEdge(x0, y0, x1, y1, height, width)
  return crossings.positions.slice(0, crossings.length)
}

/** Sorted crossings to spans; two at one place cancel (even-odd). */
function crossingsToSpans(pixels: number): Spans {
  const sorted = crossings.positions.subarray(0, crossings.length).sort()
  const spans = new Uint32Array(sorted.length + 1)
  let n = 0
  for (let i = 0; i < sorted.length; i++) {
    if (n > 0 && spans[n - 1] === sorted[i]) n--
    else spans[n++] = sorted[i]
  }
  if (n & 1) {
    if (spans[n - 1] === pixels) n--
    else spans[n++] = pixels
  }
  return spans.slice(0, n)
}

/**
 * Spans of one closed polygon, filled even-odd, bit-equal to pycocotools 2.0.11 (rleFrPoly, x86-64).
 * `points` are x, y in px, the vertices `from .. to`; fewer than three cover nothing.
 */
export function rasterizePart(
  points: Float64Array,
  from: number,
  to: number,
  height: number,
  width: number,
): Spans {
  crossings.length = 0
  if (to - from >= 3) {
    let x0 = upsample(points[2 * to - 2])
    let y0 = upsample(points[2 * to - 1])
    for (let i = from; i < to; i++) {
      const x1 = upsample(points[2 * i])
      const y1 = upsample(points[2 * i + 1])
      crossEdge(x0, y0, x1, y1, height, width)
      x0 = x1
      y0 = y1
    }
  }
  return crossingsToSpans(height * width)
}

/** Spans of a mask given as parts: each filled by itself, then united. `offsets` count points, [part + 1]. */
export function rasterizeParts(
  points: Float64Array,
  offsets: Uint32Array,
  height: number,
  width: number,
): Spans {
  let spans: Spans = new Uint32Array(0)
  for (let p = 0; p + 1 < offsets.length; p++) {
    spans = unionSpans(spans, rasterizePart(points, offsets[p], offsets[p + 1], height, width))
  }
  return spans
}
