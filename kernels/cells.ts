// AssemblyScript: groups rows into cells and ranks each cell's detections. Twin of src/matching/cells.ts, step by
// step; there the rules stand.
//
// Arguments are addresses of columns of 32 bits (scores: float64) and their lengths. A key is `major`, then `minor`:
// category on axis k, then image; when class-agnostic image, then category.

/** Below this the insertion sort wins. */
const INSERTION_MAX: i32 = 48
const DIGITS: i32 = 256

/** Memory from here on is the host's. */
export const freeFrom: i32 = <i32>__heap_base

/** Rows that `rankRuns` kept. */
export let keptRows: i32 = 0
/** The first run that the cap cut, -1 for none, and how many rows it had. */
export let cutRun: i32 = -1
export let cutCount: i32 = 0
/** The cell of `cutRun`, -1 for none. */
export let cutCell: i32 = -1

function at(column: i32, i: i32): i32 {
  return load<i32>(column + (i << 2))
}

function put(column: i32, i: i32, value: i32): void {
  store<i32>(column + (i << 2), value)
}

/** Adds one and returns what was there. */
function next(column: i32, i: i32): i32 {
  const value = at(column, i)
  put(column, i, value + 1)
  return value
}

/** Counts become starts. */
function toStarts(counts: i32, count: i32): void {
  let start = 0
  for (let i = 0; i < count; i++) {
    const here = at(counts, i)
    put(counts, i, start)
    start += here
  }
}

/**
 * Sorts the evaluated rows by major, minor, file order into `rowsOut`, with their images and, if `scores` is not 0,
 * scores. `wanted` is 1 a byte for an evaluated image; `axis` gives the position of a category, -1 where it is not
 * evaluated. `counts` (by category), `majorEnds` and `minorStarts` come with zeros; the first two are results.
 */
export function sortRows(
  count: i32,
  images: i32,
  categories: i32,
  scores: i32,
  wanted: i32,
  axis: i32,
  agnostic: bool,
  counts: i32,
  majorEnds: i32,
  majors: i32,
  minorStarts: i32,
  minors: i32,
  order: i32,
  rowsOut: i32,
  imagesOut: i32,
  scoresOut: i32,
): void {
  let kept = 0
  let last = -1
  let ascending = true
  for (let row = 0; row < count; row++) {
    const image = at(images, row)
    const category = at(categories, row)
    const k = at(axis, category)
    if (k < 0 || !load<u8>(wanted + image)) continue
    next(counts, category)
    next(majorEnds, agnostic ? image : k)
    const minor = agnostic ? category : image
    if (minor < last) ascending = false
    last = minor
    put(order, kept++, row)
  }
  if (!ascending) sortByKey(kept, order, agnostic ? categories : images, minorStarts, minors, rowsOut)
  toStarts(majorEnds, majors)
  for (let i = 0; i < kept; i++) {
    const row = at(order, i)
    const image = at(images, row)
    const to = next(majorEnds, agnostic ? image : at(axis, at(categories, row)))
    put(rowsOut, to, row)
    put(imagesOut, to, image)
    if (scores) store<f64>(scoresOut + (to << 3), load<f64>(scores + (row << 3)))
  }
}

/** Stable; `starts` comes with zeros, `scratch` is as long as `order`. */
function sortByKey(count: i32, order: i32, keys: i32, starts: i32, keyCount: i32, scratch: i32): void {
  for (let i = 0; i < count; i++) next(starts, at(keys, at(order, i)))
  toStarts(starts, keyCount)
  for (let i = 0; i < count; i++) {
    const row = at(order, i)
    put(scratch, next(starts, at(keys, row)), row)
  }
  memory.copy(order, scratch, (<usize>count) << 2)
}

/**
 * Finds the runs of one major and image, ranks each by score if `scores` is not 0 and keeps the first `cap` of its
 * rows, moved together. Returns how many runs; `runOffsets` holds one more.
 */
export function rankRuns(
  majorEnds: i32,
  majors: i32,
  agnostic: bool,
  rows: i32,
  images: i32,
  scores: i32,
  cap: i32,
  scratch: i32,
  runMajors: i32,
  runImages: i32,
  runOffsets: i32,
): i32 {
  let runs = 0
  let kept = 0
  let from = 0
  cutRun = -1
  for (let major = 0; major < majors; major++) {
    const end = at(majorEnds, major)
    while (from < end) {
      const image = at(images, from)
      let to = from + 1
      while (to < end && at(images, to) === image) to++
      put(runMajors, runs, agnostic ? 0 : major)
      put(runImages, runs, image)
      put(runOffsets, runs, kept)
      let keep = to - from
      if (scores) {
        sortByScore(scores + (from << 3), rows + (from << 2), keep, scratch)
        if (keep > cap) {
          if (cutRun < 0) {
            cutRun = runs
            cutCount = keep
          }
          keep = cap
        }
        if (kept < from) {
          memory.copy(rows + (kept << 2), rows + (from << 2), (<usize>keep) << 2)
          memory.copy(scores + (kept << 3), scores + (from << 3), (<usize>keep) << 3)
        }
      }
      kept += keep
      from = to
      runs++
    }
  }
  put(runOffsets, runs, kept)
  keptRows = kept
  return runs
}

/** Twin of sortByScore in src/matching/order.ts. */
function sortByScore(scores: i32, rows: i32, count: i32, scratch: i32): void {
  let i = 1
  while (i < count && load<f64>(scores + (i << 3)) <= load<f64>(scores + ((i - 1) << 3))) i++
  if (i >= count) return
  if (count <= INSERTION_MAX) insertionSort(scores, rows, i, count)
  else radixSort(scores, rows, count, scratch)
}

/** `from`: the rows before it are sorted. */
function insertionSort(scores: i32, rows: i32, from: i32, count: i32): void {
  for (let i = from; i < count; i++) {
    const score = load<f64>(scores + (i << 3))
    const row = at(rows, i)
    let j = i
    while (j > 0 && load<f64>(scores + ((j - 1) << 3)) < score) {
      store<f64>(scores + (j << 3), load<f64>(scores + ((j - 1) << 3)))
      put(rows, j, at(rows, j - 1))
      j--
    }
    store<f64>(scores + (j << 3), score)
    put(rows, j, row)
  }
}

/** Bits that ascend as the score descends; -0 and 0 are one. */
function keyOf(score: f64): u64 {
  const bits = reinterpret<u64>(score === 0 ? 0.0 : score)
  return bits >> 63 ? bits : bits ^ 0x7fffffffffffffff
}

/**
 * Least significant byte first. Scratch: counts of 8 digits, then twice keys of 64 bits and indices of 32, see
 * `scratchBytes`.
 */
function radixSort(scores: i32, rows: i32, count: i32, scratch: i32): void {
  let keys = scratch + ((8 * DIGITS) << 2)
  let keysTo = keys + (count << 3)
  let order = keysTo + (count << 3)
  let orderTo = order + (count << 2)
  memory.fill(scratch, 0, (8 * DIGITS) << 2)
  for (let i = 0; i < count; i++) {
    const key = keyOf(load<f64>(scores + (i << 3)))
    store<u64>(keys + (i << 3), key)
    put(order, i, i)
    for (let digit = 0; digit < 8; digit++) {
      next(scratch, digit * DIGITS + <i32>((key >> (digit << 3)) & 255))
    }
  }
  for (let digit = 0; digit < 8; digit++) {
    const starts = scratch + ((digit * DIGITS) << 2)
    const shift = digit << 3
    if (at(starts, <i32>((load<u64>(keys) >> shift) & 255)) === count) continue // one digit for all
    toStarts(starts, DIGITS)
    for (let i = 0; i < count; i++) {
      const key = load<u64>(keys + (i << 3))
      const to = next(starts, <i32>((key >> shift) & 255))
      store<u64>(keysTo + (to << 3), key)
      put(orderTo, to, at(order, i))
    }
    const sortedKeys = keysTo
    keysTo = keys
    keys = sortedKeys
    const sortedOrder = orderTo
    orderTo = order
    order = sortedOrder
  }
  // The keys are done with: their memory takes the unsorted columns.
  memory.copy(keys, scores, (<usize>count) << 3)
  memory.copy(orderTo, rows, (<usize>count) << 2)
  for (let i = 0; i < count; i++) {
    const from = at(order, i)
    store<f64>(scores + (i << 3), load<f64>(keys + (from << 3)))
    put(rows, i, at(orderTo, from))
  }
}

/** What `rankRuns` needs for runs of up to `count` rows. */
export function scratchBytes(count: i32): i32 {
  return ((8 * DIGITS) << 2) + count * 24
}

/** The longest run. */
export function longestRun(majorEnds: i32, majors: i32, images: i32): i32 {
  let longest = 0
  let from = 0
  for (let major = 0; major < majors; major++) {
    const end = at(majorEnds, major)
    while (from < end) {
      const image = at(images, from)
      let to = from + 1
      while (to < end && at(images, to) === image) to++
      longest = max(longest, to - from)
      from = to
    }
  }
  return longest
}

function keyAt(run: i32, runs: i32, majors: i32, images: i32): u64 {
  return run < runs ? ((<u64>at(majors, run)) << 32) | at(images, run) : u64.MAX_VALUE
}

/** The cells of both sides' runs; offsets hold one more. Returns how many. */
export function mergeRuns(
  gtRuns: i32,
  gtMajors: i32,
  gtImages: i32,
  gtOffsets: i32,
  dtRuns: i32,
  dtMajors: i32,
  dtImages: i32,
  dtOffsets: i32,
  categories: i32,
  images: i32,
  gtOffsetsOut: i32,
  dtOffsetsOut: i32,
): i32 {
  let g = 0
  let d = 0
  let cell = 0
  cutCell = -1
  put(gtOffsetsOut, 0, 0)
  put(dtOffsetsOut, 0, 0)
  while (g < gtRuns || d < dtRuns) {
    const gtKey = keyAt(g, gtRuns, gtMajors, gtImages)
    const dtKey = keyAt(d, dtRuns, dtMajors, dtImages)
    const key = min(gtKey, dtKey)
    put(categories, cell, <i32>(key >> 32))
    put(images, cell, <i32>key)
    if (gtKey === key) g++
    if (dtKey === key) {
      if (d === cutRun) cutCell = cell
      d++
    }
    cell++
    put(gtOffsetsOut, cell, at(gtOffsets, g))
    put(dtOffsetsOut, cell, at(dtOffsets, d))
  }
  return cell
}
