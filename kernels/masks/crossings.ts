// Where the outline of a part of a polygon crosses the columns: column and position (column * height + row), u32 each.
import {
  exactRow,
  first,
  isNear,
  isWalked,
  last,
  line,
  REACH,
  rowOfLine,
  startEdge,
  startFarEdge,
  step,
} from './edges'

/** Columns that the part at work crosses. */
let leftmost: i32 = 0
let rightmost: i32 = 0
/** Where the crossings of each column go, u32 [column from `leftmost` on]: room for as many as the image has. */
let columnStarts: u32 = 0

/** Forgets the crossings so far. */
export function startPart(starts: u32, width: i32): void {
  columnStarts = starts
  leftmost = width
  rightmost = -1
}

function isInReach(value: f64): bool {
  return Math.abs(value) < <f64>REACH
}

/** Writes the crossings of one edge at `to`; returns behind them, or 0 where there is no room. Ends on the grid. */
export function crossEdge(
  x0: f64,
  y0: f64,
  x1: f64,
  y1: f64,
  height: i32,
  width: i32,
  to: u32,
  end: u32,
): u32 {
  if (x0 == x1) return to
  const inReach = isInReach(x0) && isInReach(y0) && isInReach(x1) && isInReach(y1)
  if (!(inReach ? startEdge(<i32>x0, <i32>y0, <i32>x1, <i32>y1, width) : startFarEdge(x0, x1, width)))
    return to
  if (to + ((<u32>(last - first + 1)) << 3) > end) return 0
  leftmost = min(leftmost, first)
  rightmost = max(rightmost, last)
  const walked = inReach && isWalked()
  let point = line
  const by = step
  for (let c = first; c <= last; c++) {
    const row =
      walked && !isNear(point) ? max(0, min(height, rowOfLine(point))) : exactRow(x0, y0, x1, y1, c, height)
    store<u32>(to, c)
    store<u32>(to + 4, c * height + row)
    point += by
    to += 8
  }
  return to
}

/**
 * Sorts the crossings `from .. to` by position, to u32 behind `to`: by column first, then the few of a column among
 * themselves. A column's last position is the next one's first.
 */
export function sortCrossings(from: u32, to: u32): void {
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
