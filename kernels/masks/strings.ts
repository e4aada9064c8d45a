// Compressed strings of counts: what they cover, and their runs written out. Twin of src/geometry/rle.ts.
import { cover, WORD_ROWS } from './columns'

const MAX_GROUPS: i32 = 6
/** So that no sum of two counts leaves 32 bits. */
const MAX_PIXELS: u64 = 1 << 30

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

/** Set by `measureRle`: the mask's pixels, and where its words end; 0 where it is not written as words. */
export let measuredArea: u32 = 0
export let wordsEnd: u32 = 0
/** The row of the words' first bit. */
export let wordsRow: u32 = 0

/**
 * Area and bounds of the compressed string at `from .. end`, and its words (see columns.ts) from `to` on, in one walk.
 * False where it is no mask of the size, or one of MAX_PIXELS or more: for the twin. `bounds` is all 0 for an empty mask.
 */
export function measureRle(
  from: u32,
  end: u32,
  height: u32,
  width: u32,
  bounds: u32,
  to: u32,
  limit: u32,
): bool {
  if (!walkRle(from, end, height, width, bounds, to, limit, false)) return false
  const y0 = load<u32>(bounds, 4)
  if (wordsEnd != 0 || measuredArea == 0 || load<u32>(bounds, 12) - y0 > WORD_ROWS) return true
  // The words began at the wrong row.
  wordsRow = y0
  return walkRle(from, end, height, width, bounds, to, limit, true)
}

/** `isKnown`: the words begin at `wordsRow`; else around the middle of the first run, which mostly does. */
function walkRle(
  from: u32,
  end: u32,
  height: u32,
  width: u32,
  bounds: u32,
  to: u32,
  limit: u32,
  isKnown: bool,
): bool {
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
  // Words take no more room than spans might. `next` is the first that is not written yet.
  const wordsLimit = min(limit, to + (((end - from) >> 1) << 3))
  let fits = true
  let next = to
  let row = wordsRow
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
    if (area == 0) {
      x0 = x
      if (!isKnown) row = <u32>max(0, <i32>(y + (<u32>run >> 1)) - <i32>(WORD_ROWS >> 1))
    }
    area += run
    if (fits) {
      const word = to + ((x - x0) << 3)
      const first = y - row
      const rows = <u32>run
      fits = first < WORD_ROWS && rows <= WORD_ROWS - first && rows <= height - y && word < wordsLimit
      if (fits) {
        for (; next <= word; next += 8) store<u64>(next, 0)
        cover(word, first, rows)
      }
    }
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
  wordsEnd = fits ? next : 0
  wordsRow = row
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
export function expandRle(from: u32, end: u32, to: u32): u32 {
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
