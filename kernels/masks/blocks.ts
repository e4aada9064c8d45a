// Counts of compressed strings, eight gaps and eight runs at a time where each is one character, each gap leads to the
// next column and each run ends within its own, as most do in most masks. What is otherwise is read number by number.

/** Characters of a block: gaps and runs in turn. */
export const BLOCK: i32 = 16
/** No sum of a row, a gap and a run leaves 16 bits below this height. */
const HEIGHT_LIMIT: u32 = 8192

/** Moves the fourth of eight numbers to the places of those behind it, or the last to all places. */
const FOURTH_BEHIND: v128 = i8x16(-1, -1, -1, -1, -1, -1, -1, -1, 6, 7, 6, 7, 6, 7, 6, 7)
const LAST: v128 = i8x16(14, 15, 14, 15, 14, 15, 14, 15, 14, 15, 14, 15, 14, 15, 14, 15)

/** Of the block that was read, in px, i16 each: gaps, runs, and the first row of each run and that behind it. */
export let gaps: v128 = i16x8.splat(0)
export let runs: v128 = i16x8.splat(0)
export let starts: v128 = i16x8.splat(0)
export let ends: v128 = i16x8.splat(0)
let heights: v128 = i16x8.splat(0)
/** Before this, reading a block is in vain. */
let blocksFrom: u32 = 0

/** Before a string at `from .. end`, whose first block may stand at `from`. */
export function openBlocks(from: u32, end: u32, height: u32): void {
  blocksFrom = height < HEIGHT_LIMIT ? from : end
  heights = i16x8.splat(<i16>height)
}

/** Whether a block may stand at `at`, behind a gap of `gap` and a run of `run`, which end before row `y`; if so, goes there. */
export function enterBlocks(at: u32, end: u32, gap: i32, run: i32, y: u32): bool {
  if (at < blocksFrom || at + BLOCK > end) return false
  if (<u32>gap >= 2 * HEIGHT_LIMIT || <u32>run >= HEIGHT_LIMIT) return false
  gaps = i16x8.splat(<i16>gap)
  runs = i16x8.splat(<i16>run)
  ends = i16x8.splat(<i16>y)
  return true
}

export const lastGap = (): i32 => i16x8.extract_lane_s(gaps, 7)
export const lastRun = (): i32 => i16x8.extract_lane_s(runs, 7)
export const lastEnd = (): u32 => <u32>i16x8.extract_lane_s(ends, 7)

/** Each of eight numbers plus those before it. */
function runningSums(v: v128): v128 {
  let sums = i16x8.add(v, i64x2.shl(v, 16))
  sums = i16x8.add(sums, i64x2.shl(sums, 32))
  return i16x8.add(sums, i8x16.swizzle(sums, FOURTH_BEHIND))
}

/** The same for eight pairs of bytes. */
function runningPairs(v: v128): v128 {
  let sums = i8x16.add(v, i64x2.shl(v, 16))
  sums = i8x16.add(sums, i64x2.shl(sums, 32))
  return i8x16.add(sums, i8x16.swizzle(sums, FOURTH_BEHIND))
}

/** The last of eight numbers in the place of each. */
function lastOf(v: v128): v128 {
  return i8x16.swizzle(v, LAST)
}

/** Reads the block at `at`, behind the one before; false, with nothing changed, where there is none. */
export function readBlock(at: u32, end: u32): bool {
  if (at + BLOCK > end) return false
  const codes = i8x16.sub(v128.load(at), i8x16.splat(48))
  const others = i8x16.bitmask(i8x16.gt_u(codes, i8x16.splat(31)))
  if (others != 0) {
    blocksFrom = at + ctz(others) + 1
    return false
  }
  // Sums of eight numbers of five bits, one of them the sign, fit a byte.
  const sums = runningPairs(i8x16.sub(v128.xor(codes, i8x16.splat(16)), i8x16.splat(16)))
  const gapsHere = i16x8.add(i16x8.shr_s(i16x8.shl(sums, 8), 8), lastOf(gaps))
  const runsHere = i16x8.add(i16x8.shr_s(sums, 8), lastOf(runs))
  const steps = i16x8.sub(i16x8.add(gapsHere, runsHere), heights)
  const endsHere = i16x8.add(runningSums(steps), lastOf(ends))
  const startsHere = i16x8.sub(endsHere, runsHere)
  const within = v128.and(i16x8.gt_s(endsHere, startsHere), i16x8.le_s(endsHere, heights))
  const after = v128.and(i16x8.gt_s(gapsHere, i16x8.splat(0)), i16x8.ge_s(startsHere, i16x8.splat(0)))
  if (!i16x8.all_true(v128.and(within, after))) {
    blocksFrom = at + BLOCK / 2
    return false
  }
  gaps = gapsHere
  runs = runsHere
  starts = startsHere
  ends = endsHere
  return true
}
