// Compressed strings of counts that `measureRle` found to be masks, written out. Twin of src/geometry/rle.ts.
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
import { cover } from './columns'
import { groupsEnd, readGroups, smallNumber } from './measure-string'

/** Spans of four runs of a block, i32 first rows, and first pixels of their columns. */
function storeSpans(to: u32, rows: v128, lengths: v128, columns: v128): void {
  const from = i32x4.add(rows, columns)
  const until = i32x4.add(from, lengths)
  v128.store(to, v128.shuffle<i32>(from, until, 0, 4, 1, 5))
  v128.store(to + 16, v128.shuffle<i32>(from, until, 2, 6, 3, 7))
}

/** Spans of the string at `from .. end`, written at `to`; returns behind them. */
export function expandRle(from: u32, end: u32, height: u32, to: u32): u32 {
  const first = to
  const firstFour = i32x4(0, height, 2 * height, 3 * height)
  let at = from
  let position: u32 = 0
  let skipped = 0
  let run = 0
  let isFirst = true
  openBlocks(from, end, height)
  while (at < end) {
    if (to > first && enterBlocks(at, end, skipped, run, position % height)) {
      let column = position - (position % height) + height
      const before = at
      while (readBlock(at, end)) {
        const columns = i32x4.add(firstFour, i32x4.splat(column))
        const behind = i32x4.add(columns, i32x4.splat(4 * height))
        storeSpans(to, i32x4.extend_low_i16x8_s(starts), i32x4.extend_low_i16x8_s(runs), columns)
        storeSpans(to + 32, i32x4.extend_high_i16x8_s(starts), i32x4.extend_high_i16x8_s(runs), behind)
        to += 64
        column += 8 * height
        at += BLOCK
      }
      if (at > before) {
        skipped = lastGap()
        run = lastRun()
        position = column - height + lastEnd()
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

/** First rows and lengths of a block's runs, u16 each. */
const BLOCK_RUNS = memory.data(32, 16)

/** Words of the block that was read, written at `to`; their first row is `base`. */
function storeWords(to: u32, base: u32): void {
  v128.store(BLOCK_RUNS, starts)
  v128.store(BLOCK_RUNS + 16, runs)
  for (let i = 0; i < 8; i++) {
    const row = <u64>load<u16>(BLOCK_RUNS + (i << 1)) - base
    const rows = <u64>load<u16>(BLOCK_RUNS + 16 + (i << 1))
    store<u64>(to + (i << 3), (~(<u64>0) >> (64 - rows)) << row)
  }
}

/**
 * Words (see columns.ts) of the string at `from .. end`, written at `to`: `columns` of them, from column `x0` and row
 * `y0` on; returns behind them.
 */
export function expandToWords(
  from: u32,
  end: u32,
  height: u32,
  x0: u32,
  y0: u32,
  columns: u32,
  to: u32,
): u32 {
  memory.fill(to, 0, columns << 3)
  const shift = to - (x0 << 3)
  let at = from
  let x: u32 = 0
  let y: u32 = 0
  let skipped = 0
  let run = 0
  let isFirst = true
  let covered = false
  openBlocks(from, end, height)
  while (at < end) {
    if (covered && enterBlocks(at, end, skipped, run, y)) {
      const before = at
      while (readBlock(at, end)) {
        storeWords(shift + ((x + 1) << 3), y0)
        x += 8
        at += BLOCK
      }
      if (at > before) {
        skipped = lastGap()
        run = lastRun()
        y = lastEnd()
        if (y == height) {
          y = 0
          x++
        }
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
    }
    y += skipped
    if (y >= height) {
      x += y / height
      y %= height
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
    }
    for (let left: u32 = run; left > 0; ) {
      const rows = min(left, height - y)
      cover(shift + (x << 3), y - y0, rows)
      covered = true
      left -= rows
      y += rows
      if (y == height) {
        x++
        y = 0
      }
    }
  }
  return to + (columns << 3)
}
