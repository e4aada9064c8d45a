import { grown } from './buffers.js'

/** From this many comparisons on, a grid of a cell's ground truths pays. */
export const DENSE_MIN = 16384
/** Entries that a ground truth has on average: with more, the grid becomes coarser. */
const MOST_ENTRIES = 8

/**
 * The ground truths of one cell by their edges in px, so that a detection compares itself only with its neighbours: each
 * is entered in every bin of a grid that it touches. Without a grid, all are neighbours.
 */
export interface Neighbours {
  count: number
  lefts: Float64Array
  tops: Float64Array
  rights: Float64Array
  bottoms: Float64Array
  /** Those that overlap the box last asked for, by their index in the cell. */
  found: Int32Array
  /** 0 without a grid. */
  columns: number
  rows: number
  /** Where the grid begins, and bins a px. */
  left: number
  top: number
  scaleX: number
  scaleY: number
  /** Where the entries of each bin begin, [bin + 1]. */
  starts: Int32Array
  entries: Int32Array
}

export const createNeighbours = (): Neighbours => ({
  count: 0,
  lefts: new Float64Array(0),
  tops: new Float64Array(0),
  rights: new Float64Array(0),
  bottoms: new Float64Array(0),
  found: new Int32Array(0),
  columns: 0,
  rows: 0,
  left: 0,
  top: 0,
  scaleX: 0,
  scaleY: 0,
  starts: new Int32Array(0),
  entries: new Int32Array(0),
})

/** Empties `near` and makes room for the edges of `count` ground truths, which are to be filled in. */
export function resetNeighbours(near: Neighbours, count: number): void {
  near.count = count
  near.columns = 0
  near.lefts = grown(near.lefts, count)
  near.tops = grown(near.tops, count)
  near.rights = grown(near.rights, count)
  near.bottoms = grown(near.bottoms, count)
  near.found = grown(near.found, count)
}

/** Makes a grid where `detectionCount` questions make that worth its price. */
export function indexIfDense(near: Neighbours, detectionCount: number): void {
  const { count } = near
  if (count * detectionCount < DENSE_MIN) return
  near.starts = grown(near.starts, count + 1)
  near.entries = grown(near.entries, MOST_ENTRIES * count)
  const { width, height, across, down } = measure(near)
  let [columns, rows] = [across, down]
  divide(near, columns, rows, width, height)
  while (!countEntries(near, MOST_ENTRIES * count)) {
    columns = Math.max(1, columns >> 1)
    rows = Math.max(1, rows >> 1)
    divide(near, columns, rows, width, height)
  }
  fillBins(near)
}

const hasArea = ({ lefts, tops, rights, bottoms }: Neighbours, i: number): boolean =>
  rights[i] > lefts[i] && bottoms[i] > tops[i]

/** Bins about as large as the mean ground truth, and no more of them than ground truths. */
function measure(near: Neighbours): { width: number; height: number; across: number; down: number } {
  const { count, lefts, tops, rights, bottoms } = near
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  let [sumX, sumY, some] = [0, 0, 0]
  for (let i = 0; i < count; i++) {
    if (!hasArea(near, i)) continue
    left = Math.min(left, lefts[i])
    top = Math.min(top, tops[i])
    right = Math.max(right, rights[i])
    bottom = Math.max(bottom, bottoms[i])
    sumX += rights[i] - lefts[i]
    sumY += bottoms[i] - tops[i]
    some++
  }
  near.left = left
  near.top = top
  const [width, height] = [right - left, bottom - top]
  const across = fitting(width / (sumX / some), count)
  const down = fitting(height / (sumY / some), count)
  const share = Math.sqrt(Math.min(1, count / (across * down)))
  return {
    width,
    height,
    across: Math.floor(Math.max(1, across * share)),
    down: Math.floor(Math.max(1, down * share)),
  }
}

/** 1 where there is no such number. */
const fitting = (ratio: number, most: number): number => (ratio >= 1 ? Math.min(ratio, most) : 1)

function divide(near: Neighbours, columns: number, rows: number, width: number, height: number): void {
  near.columns = columns
  near.rows = rows
  near.scaleX = columns / width
  near.scaleY = rows / height
}

/** Column or row; never descends as the position ascends, also beyond the grid and at what is no number. */
const bin = (at: number, count: number): number => (at >= 1 ? (at < count ? at | 0 : count - 1) : 0)

const columnOf = (near: Neighbours, x: number): number => bin((x - near.left) * near.scaleX, near.columns)
const rowOf = (near: Neighbours, y: number): number => bin((y - near.top) * near.scaleY, near.rows)

/** Counts the entries of each bin, from `starts` on; false where there are more than `most`. */
function countEntries(near: Neighbours, most: number): boolean {
  const { columns, lefts, tops, rights, bottoms, starts } = near
  let sum = 0
  starts.fill(0, 0, columns * near.rows)
  for (let i = 0; i < near.count; i++) {
    if (!hasArea(near, i)) continue
    const c0 = columnOf(near, lefts[i])
    const c1 = columnOf(near, rights[i])
    const r0 = rowOf(near, tops[i])
    const r1 = rowOf(near, bottoms[i])
    sum += (c1 - c0 + 1) * (r1 - r0 + 1)
    if (sum > most) return false
    for (let r = r0; r <= r1; r++) for (let c = c0; c <= c1; c++) starts[r * columns + c]++
  }
  return true
}

function fillBins(near: Neighbours): void {
  const { columns, lefts, tops, rights, bottoms, starts, entries } = near
  const bins = columns * near.rows
  for (let i = 1; i < bins; i++) starts[i] += starts[i - 1]
  starts[bins] = starts[bins - 1]
  // From the last on, so that each start moves down to where it belongs.
  for (let i = near.count - 1; i >= 0; i--) {
    if (!hasArea(near, i)) continue
    const c0 = columnOf(near, lefts[i])
    const c1 = columnOf(near, rights[i])
    const r0 = rowOf(near, tops[i])
    const r1 = rowOf(near, bottoms[i])
    for (let r = r0; r <= r1; r++) for (let c = c0; c <= c1; c++) entries[--starts[r * columns + c]] = i
  }
}

/** Writes the ground truths that share an area with a box to `found`, each once, in any order; returns how many. */
export function findNeighbours(
  near: Neighbours,
  left: number,
  top: number,
  right: number,
  bottom: number,
): number {
  if (!(right > left && bottom > top)) return 0
  if (near.columns > 0) return lookAround(near, left, top, right, bottom)
  const { lefts, tops, rights, bottoms, found } = near
  let count = 0
  for (let i = 0; i < near.count; i++) {
    if (lefts[i] >= right || rights[i] <= left || tops[i] >= bottom || bottoms[i] <= top) continue
    if (hasArea(near, i)) found[count++] = i
  }
  return count
}

function lookAround(near: Neighbours, left: number, top: number, right: number, bottom: number): number {
  const { columns, lefts, tops, rights, bottoms, starts, entries, found } = near
  const firstColumn = columnOf(near, left)
  const lastColumn = columnOf(near, right)
  const firstRow = rowOf(near, top)
  const lastRow = rowOf(near, bottom)
  let count = 0
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const end = starts[row * columns + column + 1]
      for (let entry = starts[row * columns + column]; entry < end; entry++) {
        const i = entries[entry]
        if (lefts[i] >= right || rights[i] <= left || tops[i] >= bottom || bottoms[i] <= top) continue
        // Of the bins that both are in, the one where their intersection begins has the pair.
        if (columnOf(near, Math.max(left, lefts[i])) !== column) continue
        if (rowOf(near, Math.max(top, tops[i])) === row) found[count++] = i
      }
    }
  }
  return count
}
