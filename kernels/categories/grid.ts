// The ground truths of one cell by where they lie, so that a detection compares itself only with its neighbours. Twin
// of src/matching/grid.ts, where the rules are explained.
import { gridEntries, gridStarts } from './cells'

/** Entries that a ground truth has on average: with more, the grid becomes coarser. */
export const MOST_ENTRIES: u32 = 8

export let columns: i32 = 1
export let rows: i32 = 1
let left: f64 = 0
let top: f64 = 0
let width: f64 = 0
let height: f64 = 0
/** Columns and rows a px. */
let scaleX: f64 = 0
let scaleY: f64 = 0

/** Column and row of a position; never descend as it ascends. */
export function columnOf(x: f64): i32 {
  return bin((x - left) * scaleX, columns)
}

export function rowOf(y: f64): i32 {
  return bin((y - top) * scaleY, rows)
}

function bin(at: f64, count: i32): i32 {
  return at >= 1 ? (at < <f64>count ? <i32>at : count - 1) : 0
}

/** Puts the `count` ground truths whose edges are at `edges` (left, top, right, bottom, f64) into a grid. */
export function buildGrid(edges: u32, count: u32): void {
  measure(edges, count)
  while (!countEntries(edges, count, MOST_ENTRIES * count)) {
    divide(max(1, columns >> 1), max(1, rows >> 1))
  }
  let next: u32 = 0
  const bins = <u32>(columns * rows)
  for (let i: u32 = 0; i < bins; i++) {
    next += load<u32>(gridStarts + 4 * i)
    store<u32>(gridStarts + 4 * i, next)
  }
  store<u32>(gridStarts + 4 * bins, next)
  // From the last on, so that each start moves down to where it belongs.
  for (let i: i32 = <i32>count - 1; i >= 0; i--) enter(edges + 32 * i, <u32>i)
}

function hasArea(box: u32): bool {
  return load<f64>(box, 16) > load<f64>(box) && load<f64>(box, 24) > load<f64>(box, 8)
}

/** Bins about as large as the mean ground truth, and no more of them than ground truths. */
function measure(edges: u32, count: u32): void {
  let right = -Infinity
  let bottom = -Infinity
  let sumX: f64 = 0
  let sumY: f64 = 0
  let some: u32 = 0
  left = Infinity
  top = Infinity
  for (let i: u32 = 0; i < count; i++) {
    const box = edges + 32 * i
    if (!hasArea(box)) continue
    left = min(left, load<f64>(box))
    top = min(top, load<f64>(box, 8))
    right = max(right, load<f64>(box, 16))
    bottom = max(bottom, load<f64>(box, 24))
    sumX += load<f64>(box, 16) - load<f64>(box)
    sumY += load<f64>(box, 24) - load<f64>(box, 8)
    some++
  }
  width = right - left
  height = bottom - top
  const most = <f64>count
  const across = fitting(width / (sumX / <f64>some), most)
  const down = fitting(height / (sumY / <f64>some), most)
  const share = Math.sqrt(min(1, most / (across * down)))
  divide(<i32>max(1, across * share), <i32>max(1, down * share))
}

/** 1 where there is no such number. */
function fitting(ratio: f64, most: f64): f64 {
  return ratio >= 1 ? (ratio < most ? ratio : most) : 1
}

function divide(c: i32, r: i32): void {
  columns = c
  rows = r
  scaleX = <f64>c / width
  scaleY = <f64>r / height
}

/** Counts the entries of each bin, from `gridStarts` on; false where there are more than `most`. */
function countEntries(edges: u32, count: u32, most: u32): bool {
  let sum: u32 = 0
  memory.fill(gridStarts, 0, 4 * columns * rows)
  for (let i: u32 = 0; i < count; i++) {
    const box = edges + 32 * i
    if (!hasArea(box)) continue
    const c0 = columnOf(load<f64>(box))
    const c1 = columnOf(load<f64>(box, 16))
    const r0 = rowOf(load<f64>(box, 8))
    const r1 = rowOf(load<f64>(box, 24))
    sum += (c1 - c0 + 1) * (r1 - r0 + 1)
    if (sum > most) return false
    for (let r = r0; r <= r1; r++) {
      for (let c = c0; c <= c1; c++) {
        const start = gridStarts + 4 * (r * columns + c)
        store<u32>(start, load<u32>(start) + 1)
      }
    }
  }
  return true
}

function enter(box: u32, gt: u32): void {
  if (!hasArea(box)) return
  const c0 = columnOf(load<f64>(box))
  const c1 = columnOf(load<f64>(box, 16))
  const r0 = rowOf(load<f64>(box, 8))
  const r1 = rowOf(load<f64>(box, 24))
  for (let r = r0; r <= r1; r++) {
    for (let c = c0; c <= c1; c++) {
      const start = gridStarts + 4 * (r * columns + c)
      const at = load<u32>(start) - 1
      store<u32>(start, at)
      store<u32>(gridEntries + 4 * at, gt)
    }
  }
}
