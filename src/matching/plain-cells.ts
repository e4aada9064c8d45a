import type { Cells } from '../data/evaluation.js'
import { grown } from './buffers.js'
import type { Grouped, GroupInput } from './cells.js'
import { createSortScratch, keyStarts, sortByKey, sortByScore } from './order.js'

/** Evaluated rows in the order of the cells, with what the next steps read of them, so that they read in sequence. */
interface Column {
  rows: Int32Array
  /** [row of the column] */
  images: Int32Array
  /** [row of the column]; empty for ground truths. */
  scores: Float64Array
  /** Where each category starts, [category + 1]; one for all when class-agnostic. */
  starts: Uint32Array
  /** Rows of each category, [category]. */
  counts: Uint32Array
}

/** Stretches of a column that share a cell. `keys` = axis k * images + image, ascending; `offsets` [run + 1]. */
interface Runs {
  count: number
  keys: Float64Array
  offsets: Uint32Array
}

/** The work of `groupCells`, where there is no WebAssembly. Twin of kernels/cells.ts. */
export function groupPlainly(input: GroupInput): Grouped {
  const { images } = input
  const axis = input.classAgnostic ? Int32Array.of(0) : input.axis
  const gt = sortInstances(input.groundTruths, new Float64Array(0), input)
  const dt = sortInstances(input.detections, input.detections.scores, input)
  const cells = mergeRuns(
    findRuns(gt, axis, images.length),
    findRuns(dt, axis, images.length),
    gt,
    dt,
    images.length,
  )
  const { scores: dtScores, firstCut } = rankDetections(cells, dt.scores, input.cap)
  return { cells, dtScores, counts: { groundTruths: gt.counts, detections: dt.counts }, firstCut }
}

/** Evaluated rows by category, image, file order; when class-agnostic by image, category, file order. */
function sortInstances(
  { images, categories }: GroupInput['groundTruths'],
  scores: Float64Array,
  input: GroupInput,
): Column {
  const imageCount = input.images.length
  const categoryCount = input.axis.length
  const counts = new Uint32Array(categoryCount)
  const rows = evaluatedRows(images, categories, input, counts)
  if (input.classAgnostic) {
    const column = distribute(sortByKey(rows, categories, categoryCount), images, imageCount, images, scores)
    return { ...column, starts: Uint32Array.of(0, rows.length), counts }
  }
  const column = distribute(sortByKey(rows, images, imageCount), categories, categoryCount, images, scores)
  return { ...column, counts }
}

/** Counts those of each category, too. */
function evaluatedRows(
  images: Int32Array,
  categories: Int32Array,
  input: GroupInput,
  counts: Uint32Array,
): Int32Array {
  const rows = new Int32Array(images.length)
  let count = 0
  for (let row = 0; row < images.length; row++) {
    if (input.images[images[row]] === 0 || input.axis[categories[row]] < 0) continue
    rows[count++] = row
    counts[categories[row]]++
  }
  return rows.subarray(0, count)
}

/** The last stable sort, by `keys[row]`, which carries images and scores along. `starts` are those of the keys. */
function distribute(
  rows: Int32Array,
  keys: Int32Array,
  keyCount: number,
  images: Int32Array,
  scores: Float64Array,
): Omit<Column, 'counts'> {
  const starts = keyStarts(rows, keys, keyCount)
  const column = {
    rows: new Int32Array(rows.length),
    images: new Int32Array(rows.length),
    scores: new Float64Array(scores.length > 0 ? rows.length : 0),
    starts,
  }
  const next = starts.slice()
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    const to = next[keys[row]]++
    column.rows[to] = row
    column.images[to] = images[row]
    if (scores.length > 0) column.scores[to] = scores[row]
  }
  return column
}

function findRuns({ rows, images, starts }: Column, axis: Int32Array, imageCount: number): Runs {
  let keys = new Float64Array(64)
  let offsets = new Uint32Array(65)
  let count = 0
  for (let category = 0; category + 1 < starts.length; category++) {
    let last = -1
    for (let i = starts[category]; i < starts[category + 1]; i++) {
      if (images[i] === last) continue
      last = images[i]
      if (count === keys.length) {
        keys = grown(keys, count + 1)
        offsets = grown(offsets, keys.length + 1)
      }
      keys[count] = axis[category] * imageCount + last
      offsets[count++] = i
    }
  }
  offsets[count] = rows.length
  return { count, keys, offsets }
}

function mergeRuns(gt: Runs, dt: Runs, gtColumn: Column, dtColumn: Column, imageCount: number): Cells {
  const count = countUnion(gt, dt)
  const cells: Cells = {
    count,
    images: new Int32Array(count),
    categories: new Int32Array(count),
    gtOffsets: new Uint32Array(count + 1),
    gtRows: gtColumn.rows,
    dtOffsets: new Uint32Array(count + 1),
    dtRows: dtColumn.rows,
  }
  let g = 0
  let d = 0
  for (let cell = 0; cell < count; cell++) {
    const gtKey = g < gt.count ? gt.keys[g] : Infinity
    const dtKey = d < dt.count ? dt.keys[d] : Infinity
    const key = Math.min(gtKey, dtKey)
    cells.categories[cell] = Math.floor(key / imageCount)
    cells.images[cell] = key % imageCount
    if (gtKey === key) g++
    if (dtKey === key) d++
    cells.gtOffsets[cell + 1] = gt.offsets[g]
    cells.dtOffsets[cell + 1] = dt.offsets[d]
  }
  return cells
}

function countUnion(gt: Runs, dt: Runs): number {
  let shared = 0
  let d = 0
  for (let g = 0; g < gt.count; g++) {
    while (d < dt.count && dt.keys[d] < gt.keys[g]) d++
    if (d < dt.count && dt.keys[d] === gt.keys[g]) shared++
  }
  return gt.count + dt.count - shared
}

/** Sorts each cell's detections by score and keeps the first `cap`. Returns the scores of those kept. */
function rankDetections(
  cells: Cells,
  scores: Float64Array,
  cap: number,
): { scores: Float64Array; firstCut: Grouped['firstCut'] } {
  const { dtOffsets, dtRows } = cells
  const scratch = createSortScratch()
  let firstCut: Grouped['firstCut'] = null
  let kept = 0
  let from = 0
  for (let cell = 0; cell < cells.count; cell++) {
    const to = dtOffsets[cell + 1]
    sortByScore(scores, dtRows, from, to, scratch)
    const end = Math.min(to, from + cap)
    if (end < to) firstCut ??= { cell, detections: to - from }
    if (kept < from) {
      dtRows.copyWithin(kept, from, end)
      scores.copyWithin(kept, from, end)
    }
    kept += end - from
    from = to
    dtOffsets[cell + 1] = kept
  }
  if (kept === dtRows.length) return { scores, firstCut }
  cells.dtRows = dtRows.slice(0, kept)
  return { scores: scores.slice(0, kept), firstCut }
}
