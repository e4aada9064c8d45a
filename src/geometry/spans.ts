/**
 * A mask as foreground intervals: start0, end0, start1, end1, ... in px, half-open, ascending, never touching.
 * Pixel (row y, column x) is x * height + y, as in COCO's run-length encoding.
 */
export type Spans = Uint32Array

/** A growing list of spans that many masks share. */
export class SpanBuffer {
  values: Uint32Array
  length = 0

  constructor(room = 0) {
    this.values = new Uint32Array(Math.max(room, 1024))
  }

  /** Makes room for `more` values, so that callers may write `values` directly. */
  reserve(more: number): void {
    if (this.length + more <= this.values.length) return
    const larger = new Uint32Array(Math.max(this.length + more, 2 * this.values.length))
    larger.set(this.values.subarray(0, this.length))
    this.values = larger
  }

  append(spans: Spans): void {
    this.reserve(spans.length)
    this.values.set(spans, this.length)
    this.length += spans.length
  }
}

/** Pixels of the spans `values[from .. to]`. */
export function spanArea(values: Uint32Array, from: number, to: number): number {
  let area = 0
  for (let i = from; i < to; i += 2) area += values[i + 1] - values[i]
  return area
}

/** Writes x0 y0 x1 y1 (px, half-open; all 0 when empty) of the spans `values[from .. to]` to `out` at `at`. */
export function spanBounds(
  values: Uint32Array,
  from: number,
  to: number,
  height: number,
  out: Uint32Array,
  at: number,
): void {
  if (from === to) return
  const x0 = Math.floor(values[from] / height)
  const x1 = Math.floor((values[to - 1] - 1) / height) + 1
  let y0 = height
  let y1 = 0
  // Spans ascend, so the column is stepped, not divided for; it is far only after columns without any.
  let column = x0 * height
  for (let i = from; i < to; i += 2) {
    const start = values[i]
    if (start - column >= height) {
      column += height
      if (start - column >= height) column = start - (start % height)
    }
    const top = start - column
    const bottom = values[i + 1] - column
    if (bottom > height) {
      y0 = 0
      y1 = height
      break
    }
    if (top < y0) y0 = top
    if (bottom > y1) y1 = bottom
  }
  out[at] = x0
  out[at + 1] = y0
  out[at + 2] = x1
  out[at + 3] = y1
}

/** First span at or after `from` that ends beyond `position`. */
function firstEndingAfter(values: Uint32Array, from: number, to: number, position: number): number {
  let low = from >> 1
  let high = to >> 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[2 * middle + 1] > position) high = middle
    else low = middle + 1
  }
  return 2 * low
}

/** Pixels shared by two masks of one height, looking only at positions `lo` to `hi`, where both have their bounds. */
export function sharedPixels(
  a: Uint32Array,
  aFrom: number,
  aTo: number,
  b: Uint32Array,
  bFrom: number,
  bTo: number,
  lo: number,
  hi: number,
): number {
  let i = firstEndingAfter(a, aFrom, aTo, lo)
  let j = firstEndingAfter(b, bFrom, bTo, lo)
  let shared = 0
  while (i < aTo && j < bTo) {
    const start = Math.max(a[i], b[j])
    if (start >= hi) break
    const aEnd = a[i + 1]
    const bEnd = b[j + 1]
    const end = Math.min(aEnd, bEnd)
    if (end > start) shared += end - start
    if (aEnd <= bEnd) i += 2
    if (bEnd <= aEnd) j += 2
  }
  return shared
}

/** Every pixel of either mask. */
export function unionSpans(a: Spans, b: Spans): Spans {
  if (a.length === 0) return b
  if (b.length === 0) return a
  const out = new Uint32Array(a.length + b.length)
  let n = 0
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const takeA = j >= b.length || (i < a.length && a[i] <= b[j])
    const start = takeA ? a[i] : b[j]
    const end = takeA ? a[i + 1] : b[j + 1]
    if (takeA) i += 2
    else j += 2
    if (n > 0 && start <= out[n - 1]) {
      if (end > out[n - 1]) out[n - 1] = end
    } else {
      out[n++] = start
      out[n++] = end
    }
  }
  return out.slice(0, n)
}
