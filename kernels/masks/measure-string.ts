// Area and bounds of a mask that is stated as a compressed string of counts. Twin of src/geometry/rle.ts.
import {
  BLOCK,
  ends,
  enterBlocks,
  lastEnd,
  lastGap,
  lastRun,
  openBlocks,
  readBlock,
  runs,
  starts,
} from './blocks'

const MAX_GROUPS: i32 = 6
/** So that no sum of two counts leaves 32 bits. */
const MAX_PIXELS: u64 = 1 << 30

/** Set by `readGroups`: the byte behind the number, 0 where there is none. */
export let groupsEnd: u32 = 0

/** The number of several groups that starts at `at`. */
export function readGroups(at: u32, end: u32): i32 {
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
export function smallNumber(code: u32): i32 {
  return <i32>(code << 27) >> 27
}

/** What blocks came to, see `measureBlocks`. */
let blocksArea: u32 = 0
let firstRow: u32 = 0
let endRow: u32 = 0

/** Reads blocks from `at` on; returns behind the last. */
function measureBlocks(at: u32, end: u32): u32 {
  let lowest = i16x8.splat(i16.MAX_VALUE)
  let highest = i16x8.splat(0)
  let areas = i32x4.splat(0)
  const first = at
  while (readBlock(at, end)) {
    lowest = i16x8.min_s(lowest, starts)
    highest = i16x8.max_s(highest, ends)
    areas = i32x4.add(areas, i32x4.extadd_pairwise_i16x8_s(runs))
    at += BLOCK
  }
  if (at == first) return at
  lowest = i16x8.min_s(lowest, v128.shuffle<i16>(lowest, lowest, 4, 5, 6, 7, 0, 1, 2, 3))
  lowest = i16x8.min_s(lowest, v128.shuffle<i16>(lowest, lowest, 2, 3, 0, 1, 2, 3, 0, 1))
  firstRow = min<u32>(i16x8.extract_lane_s(lowest, 0), i16x8.extract_lane_s(lowest, 1))
  highest = i16x8.max_s(highest, v128.shuffle<i16>(highest, highest, 4, 5, 6, 7, 0, 1, 2, 3))
  highest = i16x8.max_s(highest, v128.shuffle<i16>(highest, highest, 2, 3, 0, 1, 2, 3, 0, 1))
  endRow = max<u32>(i16x8.extract_lane_s(highest, 0), i16x8.extract_lane_s(highest, 1))
  areas = i32x4.add(areas, v128.shuffle<i32>(areas, areas, 2, 3, 0, 1))
  blocksArea = i32x4.extract_lane(areas, 0) + i32x4.extract_lane(areas, 1)
  return at
}

/** What `measureRle` found. */
export let measuredArea: u32 = 0

/**
 * Area and bounds of the compressed string at `from .. end` in one walk, without its spans. False where it is no mask
 * of the size, or one of MAX_PIXELS or more: for the twin. `bounds` is all 0 for an empty mask.
 */
export function measureRle(from: u32, end: u32, height: u32, width: u32, bounds: u32): bool {
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
  openBlocks(from, end, height)
  while (at < end) {
    if (area > 0 && enterBlocks(at, end, skipped, run, y)) {
      const blocksEnd = measureBlocks(at, end)
      if (blocksEnd > at) {
        x += (blocksEnd - at) >> 1
        at = blocksEnd
        skipped = lastGap()
        run = lastRun()
        y = lastEnd()
        area += blocksArea
        y0 = min(y0, firstRow)
        y1 = max(y1, endRow)
        if (y == height) {
          y = 0
          x++
        }
        if (x > width) return false
        endX = x
        endY = y
        if (at == end) break
      }
    }
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
