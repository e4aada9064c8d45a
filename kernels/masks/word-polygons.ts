// Polygons no higher than a word (see columns.ts): each crossing flips the rows below it in its column, so that nothing
// is to be sorted. Even-odd filling needs no more, as a closed outline crosses each column an even number of times.
import { WORD_ROWS } from './columns'
import {
  exactRow,
  fifth,
  first,
  firstColumn,
  isNear,
  last,
  lastColumn,
  line,
  MOST_COLUMNS,
  REACH,
  rowOfLine,
  startEdge,
  step,
} from './edges'
import { DONE, FULL, limit, out, scratch, scratchBytes, UNUSUAL, wrote } from './memory'

/** Column and row of the first word's first bit. */
export let wordsX0: i32 = 0
export let wordsBase: i32 = 0

const FIVE: v128 = f64x2.splat(5)
const HALF: v128 = f64x2.splat(0.5)
const LEAST: v128 = i32x4.splat(i32.MIN_VALUE)
const MOST: v128 = i32x4.splat(i32.MAX_VALUE)

/** Set by `placeVertices`: ends of the vertices on the grid. */
let left: i32 = 0
let top: i32 = 0
let right: i32 = 0
let bottom: i32 = 0

/** Writes the points `from .. to` (x, y as f64) on the grid to `vertices` (x, y as i32). */
function placeVertices(points: u32, from: i32, to: i32, vertices: u32): void {
  let low = MOST
  let high = LEAST
  const end = points + (to << 4)
  for (let at = points + (from << 4); at < end; at += 16) {
    const upsampled = f64x2.add(f64x2.mul(v128.load(at), FIVE), HALF)
    // Truncated as the rule asks for. What does not fit in 32 bits is out of reach.
    const vertex = i32x4.trunc_sat_f64x2_s_zero(upsampled)
    v128.store64_lane(vertices, vertex, 0)
    low = i32x4.min_s(low, vertex)
    high = i32x4.max_s(high, vertex)
    vertices += 8
  }
  left = i32x4.extract_lane(low, 0)
  top = i32x4.extract_lane(low, 1)
  right = i32x4.extract_lane(high, 0)
  bottom = i32x4.extract_lane(high, 1)
}

/** Flips the words of a closed part with the vertices `from .. to`, the first word of column `wordsX0`. */
function flipPart(from: u32, to: u32, words: u32, height: i32, width: i32): void {
  const shift = words - (wordsX0 << 3)
  const base = wordsBase
  let x0 = load<i32>(to - 8)
  let y0 = load<i32>(to - 4)
  for (let at = from; at < to; at += 8) {
    const x1 = load<i32>(at)
    const y1 = load<i32>(at + 4)
    if (startEdge(x0, y0, x1, y1, width)) {
      let point = line
      const by = step
      const end = shift + (last << 3)
      for (let word = shift + (first << 3); word <= end; word += 8) {
        const row = isNear(point) ? exactRow(x0, y0, x1, y1, (word - shift) >> 3, height) : rowOfLine(point)
        store<u64>(word, load<u64>(word) ^ (~(<u64>0) << (row - base)))
        point += by
      }
    }
    x0 = x1
    y0 = y1
  }
}

/**
 * Words of the union of the parts `firstPart .. lastPart`, written at `out`: UNUSUAL where they are too high, or reach
 * out of the image's rows; FULL for no room.
 */
export function rasterizeToWords(
  points: u32,
  partOffsets: u32,
  firstPart: i32,
  lastPart: i32,
  height: i32,
  width: i32,
): i32 {
  const from = load<i32>(partOffsets + (firstPart << 2))
  const to = load<i32>(partOffsets + (lastPart << 2))
  const vertices = scratch
  const words = vertices + ((to - from) << 3)
  if (<u32>(to - from) > scratchBytes >> 4) return UNUSUAL
  placeVertices(points, from, to, vertices)
  if (left <= -REACH || right >= REACH || top < 0 || bottom >= REACH) return UNUSUAL
  wordsX0 = firstColumn(left)
  wordsBase = fifth(top + 2)
  const lastRow = fifth(bottom + 2)
  if (lastRow > height || lastRow - wordsBase >= <i32>WORD_ROWS) return UNUSUAL
  const columns = max(0, lastColumn(right, width) - wordsX0 + 1)
  const bytes = (<u32>columns) << 3
  if (columns > MOST_COLUMNS || words + bytes > scratch + scratchBytes) return UNUSUAL
  if (out + bytes > limit) return FULL
  clear(out, bytes)
  for (let part = firstPart; part < lastPart; part++) {
    const a = vertices + ((load<i32>(partOffsets + (part << 2)) - from) << 3)
    const b = vertices + ((load<i32>(partOffsets + ((part + 1) << 2)) - from) << 3)
    // One or two vertices flip nothing, or all twice.
    if (b == a) continue
    if (lastPart - firstPart == 1) flipPart(a, b, out, height, width)
    else {
      clear(words, bytes)
      flipPart(a, b, words, height, width)
      for (let at: u32 = 0; at < bytes; at += 8) {
        store<u64>(out + at, load<u64>(out + at) | load<u64>(words + at))
      }
    }
  }
  wrote(bytes)
  return DONE
}

function clear(at: u32, bytes: u32): void {
  for (const end = at + bytes; at < end; at += 8) store<u64>(at, 0)
}
