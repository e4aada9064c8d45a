import type { Dataset, Instances } from '../data/columns.js'
import type { Config } from '../data/config.js'
import type { Cells } from '../data/evaluation.js'
import { InputError } from '../errors.js'
import { firstRows, grown } from './buffers.js'
import { createSortScratch, sortByKey, sortByScore } from './order.js'

/** Cells `from .. to` (the latter left out). */
export interface CellRange {
  from: number
  to: number
}

/** What a configuration evaluates. */
interface Selection {
  /** 1 where the image is evaluated, [image]. */
  images: Uint8Array
  /** 1 where the category is evaluated, [category]. */
  categories: Uint8Array
}

/** Stretches of a sorted row list that share a cell. `keys` = axis k * images + image; `offsets` [run + 1]. */
interface Runs {
  count: number
  keys: Float64Array
  offsets: Uint32Array
}

/**
 * Groups the evaluated rows into cells. Class-agnostic cells list their categories in ascending order, each in
 * file order, as the reference concatenates them; this decides ties. `evaluatedCategories` are rows of
 * Categories on axis k, [-1] when class-agnostic. Fails with InputError on ids that the ground truth lacks.
 */
export function groupCells(
  dataset: Dataset,
  config: Config,
): { cells: Cells; evaluatedCategories: Int32Array } {
  const selection = select(dataset, config)
  const evaluatedCategories = config.classAgnostic
    ? Int32Array.of(-1)
    : firstRows(dataset.categories.count).filter(row => selection.categories[row] === 1)
  const axis = axisOf(dataset, evaluatedCategories)
  const { groundTruths, detections } = dataset
  const gtRows = sortRows(groundTruths, dataset, selection, config.classAgnostic)
  const dtRows = sortRows(detections, dataset, selection, config.classAgnostic)
  const gtRuns = findRuns(gtRows, groundTruths, axis, dataset.images.count)
  const dtRuns = findRuns(dtRows, detections, axis, dataset.images.count)
  const cells = mergeRuns(gtRuns, dtRuns, gtRows, dtRows, dataset.images.count)
  rankDetections(cells, detections.scores, config.maxDets[config.maxDets.length - 1])
  return { cells, evaluatedCategories }
}

/** Evaluated ground truths (crowds too) and detections (before any cap) of each category, [category]. */
export function countEvaluated(
  dataset: Dataset,
  config: Config,
): { groundTruths: Uint32Array; detections: Uint32Array } {
  const selection = select(dataset, config)
  const count = (instances: Instances): Uint32Array => {
    const counts = new Uint32Array(dataset.categories.count)
    for (let row = 0; row < instances.count; row++) {
      const category = instances.categories[row]
      if (selection.images[instances.images[row]] && selection.categories[category]) counts[category]++
    }
    return counts
  }
  return { groundTruths: count(dataset.groundTruths), detections: count(dataset.detections) }
}

/** First cell of each category on axis k, [K + 1]. */
export function categoryOffsets(cells: Cells, categoryCount: number): Uint32Array {
  const offsets = new Uint32Array(categoryCount + 1)
  for (let cell = 0; cell < cells.count; cell++) offsets[cells.categories[cell] + 1]++
  for (let k = 0; k < categoryCount; k++) offsets[k + 1] += offsets[k]
  return offsets
}

function select(dataset: Dataset, config: Config): Selection {
  return {
    images: flagIds(dataset.images.ids, config.imageIds, 'image'),
    categories: flagIds(dataset.categories.ids, config.categoryIds, 'category'),
  }
}

/** 1 where `ids[row]` is wanted, [row]. `ids` ascend. */
function flagIds(ids: Float64Array, wanted: number[] | null, what: string): Uint8Array {
  if (wanted === null) return new Uint8Array(ids.length).fill(1)
  const rowOf = new Map<number, number>()
  for (let row = 0; row < ids.length; row++) rowOf.set(ids[row], row)
  const flags = new Uint8Array(ids.length)
  const unknown = []
  for (const id of wanted) {
    const row = rowOf.get(id)
    if (row === undefined) unknown.push(id)
    else flags[row] = 1
  }
  if (unknown.length > 0) {
    const listed = unknown.slice(0, 10).join(', ') + (unknown.length > 10 ? ', ...' : '')
    throw new InputError(
      `${what} ids to evaluate: expected ids of the ground truth, got ${listed} ` +
        `(${unknown.length} of ${wanted.length} unknown)`,
    )
  }
  return flags
}

/** Position on axis k of each category; all 0 when class-agnostic. */
function axisOf(dataset: Dataset, evaluatedCategories: Int32Array): Int32Array {
  const axis = new Int32Array(dataset.categories.count)
  evaluatedCategories.forEach((row, k) => {
    if (row >= 0) axis[row] = k
  })
  return axis
}

/** Evaluated rows by category, image, file order; when class-agnostic by image, category, file order. */
function sortRows(
  instances: Instances,
  dataset: Dataset,
  selection: Selection,
  classAgnostic: boolean,
): Int32Array {
  const rows = new Int32Array(instances.count)
  let count = 0
  for (let row = 0; row < instances.count; row++) {
    rows[count] = row
    if (selection.images[instances.images[row]] && selection.categories[instances.categories[row]]) count++
  }
  const kept = rows.subarray(0, count)
  const { images, categories } = instances
  if (classAgnostic) {
    return sortByKey(sortByKey(kept, categories, dataset.categories.count), images, dataset.images.count)
  }
  return sortByKey(sortByKey(kept, images, dataset.images.count), categories, dataset.categories.count)
}

function findRuns(rows: Int32Array, instances: Instances, axis: Int32Array, imageCount: number): Runs {
  const { images, categories } = instances
  let keys = new Float64Array(64)
  let offsets = new Uint32Array(65)
  let count = 0
  let last = -1
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    const key = axis[categories[row]] * imageCount + images[row]
    if (key === last) continue
    if (count === keys.length) {
      keys = grown(keys, count + 1)
      offsets = grown(offsets, keys.length + 1)
    }
    keys[count] = key
    offsets[count++] = i
    last = key
  }
  offsets[count] = rows.length
  return { count, keys, offsets }
}

function mergeRuns(gt: Runs, dt: Runs, gtRows: Int32Array, dtRows: Int32Array, imageCount: number): Cells {
  const count = countUnion(gt, dt)
  const images = new Int32Array(count)
  const categories = new Int32Array(count)
  const gtOffsets = new Uint32Array(count + 1)
  const dtOffsets = new Uint32Array(count + 1)
  let g = 0
  let d = 0
  for (let cell = 0; cell < count; cell++) {
    const gtKey = g < gt.count ? gt.keys[g] : Infinity
    const dtKey = d < dt.count ? dt.keys[d] : Infinity
    const key = Math.min(gtKey, dtKey)
    categories[cell] = Math.floor(key / imageCount)
    images[cell] = key % imageCount
    if (gtKey === key) g++
    if (dtKey === key) d++
    gtOffsets[cell + 1] = gt.offsets[g]
    dtOffsets[cell + 1] = dt.offsets[d]
  }
  return { count, images, categories, gtOffsets, gtRows, dtOffsets, dtRows }
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

/** Sorts each cell's detections by score and keeps the first `cap`. */
function rankDetections(cells: Cells, scores: Float64Array, cap: number): void {
  const { dtOffsets, dtRows } = cells
  const scratch = createSortScratch()
  let kept = 0
  let from = 0
  for (let cell = 0; cell < cells.count; cell++) {
    const to = dtOffsets[cell + 1]
    sortByScore(dtRows, from, to, scores, scratch)
    const end = Math.min(to, from + cap)
    if (kept < from) dtRows.copyWithin(kept, from, end)
    kept += end - from
    from = to
    dtOffsets[cell + 1] = kept
  }
  if (kept < dtRows.length) cells.dtRows = dtRows.slice(0, kept)
}
