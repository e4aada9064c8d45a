// Masks as spans: start0, end0, start1, ... in px, ascending, half-open, u32 each. Twin of src/geometry/spans.ts.

/** The spans `a` or `b`, written at `to`; returns behind them. */
export function unite(a: u32, aEnd: u32, b: u32, bEnd: u32, to: u32): u32 {
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

/** Area of the spans `from .. to`; their bounds x0 y0 x1 y1 go to `bounds`. */
export function measure(from: u32, to: u32, height: u32, bounds: u32): u32 {
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

/** First span from `from` on that ends beyond `position`. */
export function firstEndingAfter(from: u32, to: u32, position: u32): u32 {
  let low: u32 = 0
  let high = (to - from) >> 3
  while (low < high) {
    const middle = (low + high) >> 1
    if (load<u32>(from + (middle << 3) + 4) > position) high = middle
    else low = middle + 1
  }
  return from + (low << 3)
}

export function sharedPixels(a: u32, aEnd: u32, b: u32, bEnd: u32, lo: u32, hi: u32): u32 {
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
