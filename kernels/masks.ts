// AssemblyScript: masks decoded, and the pixels that two of them share. Twin of src/geometry/{rle,spans,polygons}.ts,
// where the rules are explained; what cannot be done here (a malformed string, no room) is left to the twin, which has
// the error messages.
//
// A mask is words (masks/columns.ts) where it is no higher than one, else spans (masks/spans.ts). All arguments are
// addresses.
import { measureWords, sharedWithSpans, sharedWords, WORD_ROWS, wordsFrom, wordsTo } from './masks/columns'
import { measuredArea, measureRle } from './masks/measure-string'
import { DONE, out, setRoom, setScratch, UNUSUAL } from './masks/memory'
import { rasterizeParts } from './masks/polygons'
import { measure, sharedPixels } from './masks/spans'
import { expandRle, expandToWords } from './masks/strings'
import { rasterizeToWords, wordsBase, wordsX0 } from './masks/word-polygons'

const RLE: i32 = 0

/** Memory from here on is the host's. */
export const freeFrom: i32 = <i32>__heap_base

/** Why `decode` stopped before the last mask. */
export let status: i32 = DONE
/** Address behind the last mask that was written. */
export let masksEnd: u32 = 0

/** Room for what polygons need on the way. */
export function placeScratch(at: u32, bytes: u32): void {
  setScratch(at, bytes)
}

/**
 * Measures the masks `row .. count` and rasterises the polygons among them, from `masks` on, which has room until
 * `masksLimit`. `kinds` u8 [mask], `sizes` u32 height, width [mask, 2], `starts` u32 from, to [mask, 2]: addresses of the
 * bytes of an RLE, rows of the parts of polygons. Writes each mask's area and bounds, and for polygons where their words
 * or spans begin and end to `ranges` u32 [mask, 2], 0 0 for an RLE, and to `bases` i32 [mask] the row of the words'
 * first bit, -1 for spans. Returns the first mask that was not done; see `status`.
 */
export function decode(
  row: i32,
  count: i32,
  kinds: u32,
  sizes: u32,
  starts: u32,
  partOffsets: u32,
  points: u32,
  masks: u32,
  masksLimit: u32,
  ranges: u32,
  bases: u32,
  areas: u32,
  bounds: u32,
): i32 {
  setRoom(masks, masksLimit)
  status = DONE
  for (; row < count; row++) {
    const height = load<u32>(sizes + (row << 3))
    const width = load<u32>(sizes + (row << 3) + 4)
    const from = load<u32>(starts + (row << 3))
    const to = load<u32>(starts + (row << 3) + 4)
    const box = bounds + (row << 4)
    const range = ranges + (row << 3)
    if (<i32>load<u8>(kinds + row) == RLE) {
      if (!measureRle(from, to, height, width, box)) {
        status = UNUSUAL
        break
      }
      store<u32>(areas + (row << 2), measuredArea)
      store<u64>(range, 0)
      continue
    }
    const start = out
    status = rasterizeToWords(points, partOffsets, <i32>from, <i32>to, <i32>height, <i32>width)
    if (status == DONE) {
      store<u32>(areas + (row << 2), measureWords(start, out, wordsX0, wordsBase, box))
      store<i32>(bases + (row << 2), wordsBase)
      store<u32>(range, wordsFrom)
      store<u32>(range + 4, wordsTo)
      continue
    }
    if (status == UNUSUAL) {
      status = rasterizeParts(points, partOffsets, <i32>from, <i32>to, <i32>height, <i32>width)
    }
    if (status != DONE) break
    store<u32>(areas + (row << 2), measure(start, out, height, box))
    store<i32>(bases + (row << 2), -1)
    store<u32>(range, start)
    store<u32>(range + 4, out)
  }
  masksEnd = out
  return row
}

// A set of masks is the addresses of its columns, see `decode`, u32 each: starts, ranges, bases, sizes, bounds.

/** Writes out the RLE `mask` of a set at `to`, as words or spans; returns behind it. */
function expand(set: u32, mask: u32, to: u32): u32 {
  const from = load<u32>(load<u32>(set) + (mask << 3))
  const end = load<u32>(load<u32>(set) + (mask << 3), 4)
  const height = load<u32>(load<u32>(set, 12) + (mask << 3))
  const base = load<u32>(set, 8) + (mask << 2)
  const box = load<u32>(set, 16) + (mask << 4)
  const x0 = load<u32>(box)
  const y0 = load<u32>(box, 4)
  const columns = load<u32>(box, 8) - x0
  // Words that are mostly empty may need more room than there is.
  if (load<u32>(box, 12) - y0 <= WORD_ROWS && columns <= (end - from) >> 1) {
    store<u32>(base, y0)
    return expandToWords(from, end, height, x0, y0, columns, to)
  }
  store<i32>(base, -1)
  return expandRle(from, end, height, to)
}

/**
 * shared[p] = pixels that mask dts[p] of one set and gts[p] of another have in common, 0 where their sizes differ or
 * their bounds do not overlap. An RLE is written out when a pair first needs it: one of the first set to `scratch`, where
 * the next one replaces it, one of the other from `arena` on, where it stays. Returns where these end.
 */
export function intersect(
  pairs: i32,
  dts: u32,
  gts: u32,
  shared: u32,
  scratch: u32,
  arena: u32,
  first: u32,
  second: u32,
): u32 {
  let expanded: i32 = -1
  let a: u32 = 0
  let aEnd: u32 = 0
  for (let p = 0; p < pairs; p++) {
    const d = load<u32>(dts + (p << 2))
    const g = load<u32>(gts + (p << 2))
    store<u32>(shared + (p << 2), 0)
    const aSize = load<u32>(first, 12) + (d << 3)
    if (load<u64>(aSize) != load<u64>(load<u32>(second, 12) + (g << 3))) continue
    const aBox = load<u32>(first, 16) + (d << 4)
    const bBox = load<u32>(second, 16) + (g << 4)
    const x0 = max(load<u32>(aBox), load<u32>(bBox))
    const x1 = min(load<u32>(aBox, 8), load<u32>(bBox, 8))
    const y0 = max(load<u32>(aBox, 4), load<u32>(bBox, 4))
    const y1 = min(load<u32>(aBox, 12), load<u32>(bBox, 12))
    if (x0 >= x1 || y0 >= y1) continue
    if (d != expanded) {
      expanded = d
      a = load<u32>(load<u32>(first, 4) + (d << 3))
      aEnd = load<u32>(load<u32>(first, 4) + (d << 3), 4)
      if (a == 0) {
        a = scratch
        aEnd = expand(first, d, a)
      }
    }
    const bRange = load<u32>(second, 4) + (g << 3)
    if (load<u32>(bRange) == 0) {
      store<u32>(bRange, arena)
      arena = expand(second, g, arena)
      store<u32>(bRange, arena, 4)
    }
    const b = load<u32>(bRange)
    const bEnd = load<u32>(bRange, 4)
    const aBase = load<i32>(load<u32>(first, 8) + (d << 2))
    const bBase = load<i32>(load<u32>(second, 8) + (g << 2))
    const height = load<u32>(aSize)
    // Of words, the first is that of the bounds' first column.
    const aWords = a + ((x0 - load<u32>(aBox)) << 3)
    const bWords = b + ((x0 - load<u32>(bBox)) << 3)
    let count: u32
    if (aBase >= 0 && bBase >= 0) count = sharedWords(aWords, aBase, bWords, bBase, x1 - x0)
    else if (aBase >= 0) count = sharedWithSpans(aWords, aBase, x0, x1, height, b, bEnd)
    else if (bBase >= 0) count = sharedWithSpans(bWords, bBase, x0, x1, height, a, aEnd)
    else count = sharedPixels(a, aEnd, b, bEnd, x0 * height, x1 * height)
    store<u32>(shared + (p << 2), count)
  }
  return arena
}
