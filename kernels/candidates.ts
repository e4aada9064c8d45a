// AssemblyScript: pairs of masks whose bounds share pixels, and enough of them. Twin of src/matching/mask-candidates.ts,
// where the rule is explained. All arguments are addresses and counts; bounds are x0 y0 x1 y1 px, half-open, u32 each,
// below 2^31, all 0 for an empty mask.

/** Memory from here on is the host's. */
export const freeFrom: i32 = <i32>__heap_base

/** From this many comparisons on, a grid of a cell's ground truths pays. */
const DENSE_MIN: u64 = 4096
/** Entries that a ground truth has on average: with more, the grid becomes coarser. */
const MOST_ENTRIES: u32 = 8
const MOST_SHIFT: u32 = 31

/** Where to go on: all is done when `nextCell` is the number of cells. */
export let nextCell: u32 = 0
export let nextDt: u32 = 0

/** Right and bottom are compared the other way round than left and top. */
const FLIP: v128 = i32x4(0, 0, -1, -1)

// The grid: square bins of 2^shift px, from column `left` and row `top` on.
let shift: u32 = 0
let left: i32 = 0
let top: i32 = 0
let columns: i32 = 0
let rows: i32 = 0
/** Where the entries of each bin begin, u32 [bin + 1], and ground truths by their address in the bounds, u32. */
let starts: u32 = 0
let entries: u32 = 0

function isEmpty(box: u32): bool {
  return load<u32>(box, 8) == 0
}

/** Bins about as large as the mean of the boxes `from .. to`, and no more of them than boxes. */
function measure(from: u32, to: u32): void {
  let low = i32x4.splat(i32.MAX_VALUE)
  let high = i32x4.splat(0)
  let sides: u64 = 0
  let some: u64 = 0
  for (let box = from; box < to; box += 16) {
    if (isEmpty(box)) continue
    const edges = v128.load(box)
    low = i32x4.min_s(low, edges)
    high = i32x4.max_s(high, edges)
    sides += load<u32>(box, 8) - load<u32>(box) + (load<u32>(box, 12) - load<u32>(box, 4))
    some++
  }
  left = i32x4.extract_lane(low, 0)
  top = i32x4.extract_lane(low, 1)
  const width = i32x4.extract_lane(high, 2) - left
  const height = i32x4.extract_lane(high, 3) - top
  const side = <u32>(sides / (2 * max(1, some)))
  shift = 31 - clz(max(1, side))
  const most = <i64>((to - from) >> 4)
  while (<i64>(((width - 1) >> shift) + 1) * (((height - 1) >> shift) + 1) > most) shift++
  columns = ((width - 1) >> shift) + 1
  rows = ((height - 1) >> shift) + 1
}

function columnOf(x: i32): i32 {
  return max(0, min(columns - 1, (x - left) >> shift))
}

function rowOf(y: i32): i32 {
  return max(0, min(rows - 1, (y - top) >> shift))
}

/** Counts the entries of each bin; false where there are more than `most`. */
function countEntries(from: u32, to: u32, most: u32): bool {
  for (let bin: i32 = 0; bin <= columns * rows; bin++) store<u32>(starts + (bin << 2), 0)
  let sum: u32 = 0
  for (let box = from; box < to; box += 16) {
    if (isEmpty(box)) continue
    const c0 = columnOf(load<i32>(box))
    const c1 = columnOf(load<i32>(box, 8) - 1)
    const r1 = rowOf(load<i32>(box, 12) - 1)
    for (let r = rowOf(load<i32>(box, 4)); r <= r1; r++) {
      sum += c1 - c0 + 1
      if (sum > most) return false
      for (let c = c0; c <= c1; c++) {
        const at = starts + ((r * columns + c) << 2)
        store<u32>(at, load<u32>(at) + 1)
      }
    }
  }
  return true
}

/** Enters the boxes `from .. to` in all bins that they touch; false for none. */
function buildGrid(from: u32, to: u32): bool {
  measure(from, to)
  if (left == i32.MAX_VALUE) return false
  while (!countEntries(from, to, MOST_ENTRIES * ((to - from) >> 4))) {
    shift++
    columns = (columns + 1) >> 1
    rows = (rows + 1) >> 1
  }
  let sum: u32 = 0
  for (let bin: i32 = 0; bin <= columns * rows; bin++) {
    sum += load<u32>(starts + (bin << 2))
    store<u32>(starts + (bin << 2), sum)
  }
  // From the last on, so that each start moves down to where it belongs.
  for (let box = to - 16; box >= from; box -= 16) {
    if (isEmpty(box)) continue
    const c0 = columnOf(load<i32>(box))
    const c1 = columnOf(load<i32>(box, 8) - 1)
    const r1 = rowOf(load<i32>(box, 12) - 1)
    for (let r = rowOf(load<i32>(box, 4)); r <= r1; r++) {
      for (let c = c0; c <= c1; c++) {
        const at = starts + ((r * columns + c) << 2)
        const entry = load<u32>(at) - 1
        store<u32>(at, entry)
        store<u32>(entries + (entry << 2), box)
      }
    }
  }
  return true
}

let dtBounds: u32 = 0
let gtBounds: u32 = 0
let dtAreas: u32 = 0
let gtAreas: u32 = 0
let crowds: u32 = 0
let least: f64 = 0
let outDts: u32 = 0
let outGts: u32 = 0
let count: u32 = 0

/** Adds a pair whose bounds overlap, unless these and the areas say that its similarity is below `least`. */
function addPair(dt: u32, box: u32, other: u32): void {
  const gt = (other - gtBounds) >> 4
  const width = min(load<i32>(box, 8), load<i32>(other, 8)) - max(load<i32>(box), load<i32>(other))
  const height = min(load<i32>(box, 12), load<i32>(other, 12)) - max(load<i32>(box, 4), load<i32>(other, 4))
  const area = <f64>load<u32>(dtAreas + (dt << 2))
  const gtArea = <f64>load<u32>(gtAreas + (gt << 2))
  const most = min(<f64>width * <f64>height, min(area, gtArea))
  const united = load<u8>(crowds + gt) == 1 ? area : area + gtArea - most
  if (most / united < least) return
  store<u32>(outDts + (count << 2), dt)
  store<u32>(outGts + (count << 2), gt)
  count++
}

function overlaps(flipped: v128, other: u32): bool {
  return i32x4.all_true(i32x4.lt_s(v128.xor(v128.load(other), FLIP), flipped))
}

/** The box's other two edges first, flipped: what each edge of a box that overlaps it is below. */
function flip(box: u32): v128 {
  const edges = v128.load(box)
  return v128.xor(v128.shuffle<i32>(edges, edges, 2, 3, 0, 1), FLIP)
}

function compareWithAll(dt: u32, gtFrom: u32, gtTo: u32): void {
  const box = dtBounds + (dt << 4)
  const flipped = flip(box)
  const end = gtBounds + (gtTo << 4)
  for (let other = gtBounds + (gtFrom << 4); other < end; other += 16) {
    if (overlaps(flipped, other)) addPair(dt, box, other)
  }
}

function compareWithNear(dt: u32): void {
  const box = dtBounds + (dt << 4)
  const flipped = flip(box)
  const x0 = load<i32>(box)
  const y0 = load<i32>(box, 4)
  const c0 = columnOf(x0)
  const c1 = columnOf(load<i32>(box, 8) - 1)
  const r0 = rowOf(y0)
  const r1 = rowOf(load<i32>(box, 12) - 1)
  for (let r = r0; r <= r1; r++) {
    for (let c = c0; c <= c1; c++) {
      const bin = starts + ((r * columns + c) << 2)
      const end = entries + (load<u32>(bin, 4) << 2)
      for (let entry = entries + (load<u32>(bin) << 2); entry < end; entry += 4) {
        const other = load<u32>(entry)
        if (!overlaps(flipped, other)) continue
        // Of the bins that both are in, the one where their intersection begins has the pair.
        if (columnOf(max(x0, load<i32>(other))) != c || rowOf(max(y0, load<i32>(other, 4))) != r) continue
        addPair(dt, box, other)
      }
    }
  }
}

/** Bounds and pixels of the masks of both sides, [mask], and whether ground truths are crowds, u8 [mask]. */
export function setMasks(
  dtBoundsAt: u32,
  dtAreasAt: u32,
  gtBoundsAt: u32,
  gtAreasAt: u32,
  crowdsAt: u32,
): void {
  dtBounds = dtBoundsAt
  dtAreas = dtAreasAt
  gtBounds = gtBoundsAt
  gtAreas = gtAreasAt
  crowds = crowdsAt
}

/**
 * Writes the pairs of the detections from `dt` of `cell` on to `dts` and `gts`, u32 each, until there are `most`; returns
 * how many, and says in `nextCell` and `nextDt` where it stopped. There is room for `most` and all that one detection
 * may have, and at `grid` for a grid of the largest cell: 9 u32 a ground truth and one more. Offsets are u32 [cell + 1].
 */
export function find(
  cells: u32,
  dtOffsets: u32,
  gtOffsets: u32,
  leastSimilarity: f64,
  cell: u32,
  dt: u32,
  most: u32,
  dts: u32,
  gts: u32,
  grid: u32,
): u32 {
  least = leastSimilarity
  outDts = dts
  outGts = gts
  count = 0
  for (; cell < cells; cell++) {
    const gtFrom = load<u32>(gtOffsets + (cell << 2))
    const gtTo = load<u32>(gtOffsets + (cell << 2), 4)
    const dtTo = load<u32>(dtOffsets + (cell << 2), 4)
    if (gtFrom == gtTo || dt == dtTo) {
      dt = dtTo
      continue
    }
    const dense = <u64>(gtTo - gtFrom) * <u64>(dtTo - dt) >= DENSE_MIN
    if (dense) {
      starts = grid
      entries = grid + ((gtTo - gtFrom + 1) << 2)
      if (!buildGrid(gtBounds + (gtFrom << 4), gtBounds + (gtTo << 4))) {
        dt = dtTo
        continue
      }
    }
    for (; dt < dtTo; dt++) {
      if (count >= most) {
        nextCell = cell
        nextDt = dt
        return count
      }
      if (isEmpty(dtBounds + (dt << 4))) continue
      if (dense) compareWithNear(dt)
      else compareWithAll(dt, gtFrom, gtTo)
    }
  }
  nextCell = cells
  return count
}
