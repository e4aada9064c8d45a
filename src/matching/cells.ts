import type { Dataset, Detections, Instances } from '../data/columns.js'
import type { ConfigDraft } from '../data/config.js'
import type { Cells, EvaluatedCounts } from '../data/evaluation.js'
import { finish, type Steps } from '../data/steps.js'
import { firstRows } from './buffers.js'
import { sortByKey } from './order.js'
import { groupPlainly } from './plain-cells.js'
import { select } from './selection.js'

/** Cells `from .. to` (the latter left out). */
export interface CellRange {
  from: number
  to: number
}

/** What is grouped, and how. */
export interface GroupInput {
  groundTruths: Pick<Instances, 'images' | 'categories'>
  detections: Pick<Detections, 'images' | 'categories' | 'scores'>
  /** 1 where the image is evaluated, [image]. */
  images: Uint8Array
  /** Position on axis k, -1 where the category is not evaluated; 0 for all when class-agnostic. [category] */
  axis: Int32Array
  /** Length of axis k. */
  axisLength: number
  classAgnostic: boolean
  /** Most detections of a cell. */
  cap: number
}

export interface Grouped {
  cells: Cells
  /** Scores of `cells.dtRows`. */
  dtScores: Float64Array
  counts: EvaluatedCounts
  /** The first cell with more detections than the largest cap, and how many; null where none has. */
  firstCut: { cell: number; detections: number } | null
}

/** `groupPlainly` faster, to the same bits; null where it cannot. */
export interface Grouper {
  group(input: GroupInput): Steps<Grouped | null>
}

/** The input of a run, grouped. */
export interface Grouping extends Grouped {
  /** Rows of Categories on axis k; [-1] when class-agnostic. */
  evaluatedCategories: Int32Array
}

/**
 * Groups the evaluated rows into cells. Class-agnostic cells list their categories in ascending order, each in
 * file order, as the reference concatenates them; this decides ties. Fails with InputError on ids that the ground
 * truth lacks.
 */
export const groupCells = (dataset: Dataset, config: ConfigDraft, grouper: Grouper | null = null): Grouping =>
  finish(groupSteps(dataset, config, grouper))

/** `groupCells` in steps. */
export function* groupSteps(dataset: Dataset, config: ConfigDraft, grouper: Grouper | null): Steps<Grouping> {
  const { classAgnostic, maxDets } = config
  const selection = select(dataset, config)
  const selected = firstRows(dataset.categories.count).filter(row => selection.categories[row] === 1)
  const axis = new Int32Array(dataset.categories.count).fill(-1)
  selected.forEach((row, k) => {
    axis[row] = classAgnostic ? 0 : k
  })
  const input: GroupInput = {
    groundTruths: dataset.groundTruths,
    detections: dataset.detections,
    images: selection.images,
    axis,
    axisLength: classAgnostic ? 1 : selected.length,
    classAgnostic,
    cap: maxDets[maxDets.length - 1],
  }
  const grouped = (grouper && (yield* grouper.group(input))) ?? groupPlainly(input)
  return { ...grouped, evaluatedCategories: classAgnostic ? Int32Array.of(-1) : selected }
}

/** First cell of each category on axis k, [K + 1]. */
export function categoryOffsets(cells: Cells, categoryCount: number): Uint32Array {
  const offsets = new Uint32Array(categoryCount + 1)
  for (let cell = 0; cell < cells.count; cell++) offsets[cells.categories[cell] + 1]++
  for (let k = 0; k < categoryCount; k++) offsets[k + 1] += offsets[k]
  return offsets
}

/** The cells of `range` by image, ascending. */
export function cellsByImage(cells: Cells, { from, to }: CellRange): Int32Array {
  const rows = new Int32Array(to - from)
  let lastImage = -1
  for (let cell = from; cell < to; cell++) {
    rows[cell - from] = cell
    lastImage = Math.max(lastImage, cells.images[cell])
  }
  return sortByKey(rows, cells.images, lastImage + 1)
}
