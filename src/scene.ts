import type { Dataset, Instances } from './data/columns.js'
import type { Config } from './data/config.js'
import type { Cells, Overlaps } from './data/evaluation.js'
import type { Scene, SceneInstances, ScenePairs } from './data/scene.js'
import { asShared, sharedBytes } from './data/shared.js'
import { finish } from './data/steps.js'
import { firstRows } from './matching/buffers.js'
import { SceneKernel, type WithinInput } from './matching/scene-kernel.js'

/** What was measured of the shapes of a scene, by row of the dataset. */
export interface SceneMeasures {
  /** Of the cells of `groupByImage`. */
  overlaps: Overlaps
  gtMaskAreas: Uint32Array | null
  dtMaskAreas: Uint32Array | null
  gtMaskBoxes: Float64Array | null
  dtMaskBoxes: Float64Array | null
  /** Without NaN, see `resolveAreas`. */
  gtAreas: Float64Array
  dtAreas: Float64Array
}

/** The evaluated rows of a dataset, grouped by image, with everything that a report is computed from. */
export function createScene(
  dataset: Dataset,
  config: Config,
  everything: Cells,
  evaluatedCategories: Int32Array,
  measures: SceneMeasures,
): Scene {
  const { groundTruths, detections } = dataset
  const gtRows = ascending(everything.gtRows, groundTruths.count)
  const dtRows = ascending(everything.dtRows, detections.count)
  const gtBoxes = measures.gtMaskBoxes ?? (groundTruths.boxes as Float64Array)
  const dtBoxes = measures.dtMaskBoxes ?? (detections.boxes as Float64Array)
  return {
    config,
    images: dataset.images,
    evaluatedImages: evaluatedImages(dataset, config),
    categories: dataset.categories,
    evaluatedCategories: config.classAgnostic ? evaluatedCategoryRows(dataset, config) : evaluatedCategories,
    gt: {
      ...pickInstances(groundTruths, gtRows, measures.gtAreas, measures.gtMaskAreas, gtBoxes),
      ids: pick(groundTruths.ids, gtRows),
      crowds: pick(groundTruths.crowds, gtRows),
      ignores: pick(groundTruths.ignores, gtRows),
    },
    dt: {
      ...pickInstances(detections, dtRows, measures.dtAreas, measures.dtMaskAreas, dtBoxes),
      scores: pick(detections.scores, dtRows),
      records: pick(detections.records, dtRows),
    },
    pairs: scenePairs(everything, measures.overlaps, gtRows, dtRows, dataset),
  }
}

/** Distinct rows below `count` in ascending order. */
function ascending(rows: Int32Array, count: number): Int32Array {
  if (rows.length === count) return firstRows(count)
  const chosen = new Uint8Array(count)
  for (let i = 0; i < rows.length; i++) chosen[rows[i]] = 1
  const sorted = new Int32Array(rows.length)
  let at = 0
  for (let row = 0; row < count; row++) if (chosen[row] === 1) sorted[at++] = row
  return sorted
}

/** Values of rows: the column itself where they are all, in order. */
function pick<T extends Float64Array | Int32Array | Uint32Array | Uint8Array>(
  column: T,
  rows: Int32Array,
  isWhole = rows.length === column.length,
): T {
  if (isWhole) return column
  const picked = new (column.constructor as new (length: number) => T)(rows.length)
  for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i]]
  return picked
}

const idRows = (ids: Float64Array, wanted: number[] | null): Int32Array => {
  const rows = firstRows(ids.length)
  if (!wanted) return rows
  const chosen = new Set(wanted)
  return rows.filter(row => chosen.has(ids[row]))
}

const evaluatedImages = ({ images }: Dataset, config: Config): Int32Array =>
  idRows(images.ids, config.imageIds)

const evaluatedCategoryRows = ({ categories }: Dataset, config: Config): Int32Array =>
  idRows(categories.ids, config.categoryIds)

function pickInstances(
  instances: Instances,
  rows: Int32Array,
  areas: Float64Array,
  maskAreas: Uint32Array | null,
  boxes: Float64Array,
): SceneInstances {
  const picked: SceneInstances = {
    count: rows.length,
    images: pick(instances.images, rows),
    categories: pick(instances.categories, rows),
    areas: pick(areas, rows),
    ownAreas: areas,
    boxes: 4 * rows.length === boxes.length ? boxes : new Float64Array(4 * rows.length),
  }
  for (let i = 0; i < rows.length && picked.boxes !== boxes; i++) {
    for (let side = 0; side < 4; side++) picked.boxes[4 * i + side] = boxes[4 * rows[i] + side]
  }
  return { ...picked, ownAreas: ownAreasOf(picked, maskAreas, rows) }
}

/** Areas of the shapes themselves; one column is enough where they are those of the file. */
function ownAreasOf(
  { areas, boxes }: SceneInstances,
  maskAreas: Uint32Array | null,
  rows: Int32Array,
): Float64Array {
  const areaOf = (i: number): number => (maskAreas ? maskAreas[rows[i]] : boxes[4 * i + 2] * boxes[4 * i + 3])
  let i = 0
  // Most are the masks' own: without a call for each. -0 is stated, and not the 0 of a mask.
  const isWhole = maskAreas && rows.length === maskAreas.length
  while (isWhole && i < areas.length && maskAreas[i] === areas[i] && 1 / areas[i] > 0) i++
  while (i < areas.length && Object.is(areaOf(i), areas[i])) i++
  if (i === areas.length) return areas
  const ownAreas = areas.slice()
  for (; i < areas.length; i++) ownAreas[i] = areaOf(i)
  return ownAreas
}

/**
 * Pairs by row of the scene instead of by position in cells. Within a cell rows ascend, so that equal similarities stay
 * in order.
 */
function scenePairs(
  cells: Cells,
  overlaps: Overlaps,
  gtRows: Int32Array,
  dtRows: Int32Array,
  dataset: Dataset,
): ScenePairs {
  const gtOf = inverse(gtRows, dataset.groundTruths.count)
  const ofPosition = cells.gtRows.map(row => gtOf[row])
  const gts = new Int32Array(sharedBytes(4 * overlaps.gts.length).buffer)
  if (isAscending(cells.dtRows)) {
    for (let pair = 0; pair < gts.length; pair++) gts[pair] = ofPosition[overlaps.gts[pair]]
    return { offsets: asShared(overlaps.offsets), gts, similarities: asShared(overlaps.similarities) }
  }
  const dtOf = inverse(dtRows, dataset.detections.count)
  const offsets = new Uint32Array(dtRows.length + 1)
  for (let d = 0; d < cells.dtRows.length; d++) {
    offsets[dtOf[cells.dtRows[d]] + 1] = overlaps.offsets[d + 1] - overlaps.offsets[d]
  }
  for (let d = 0; d < dtRows.length; d++) offsets[d + 1] += offsets[d]
  const similarities = new Float64Array(gts.length)
  for (let d = 0; d < cells.dtRows.length; d++) {
    let to = offsets[dtOf[cells.dtRows[d]]]
    for (let pair = overlaps.offsets[d]; pair < overlaps.offsets[d + 1]; pair++) {
      gts[to] = ofPosition[overlaps.gts[pair]]
      similarities[to++] = overlaps.similarities[pair]
    }
  }
  return { offsets, gts, similarities }
}

function isAscending(rows: Int32Array): boolean {
  let i = 1
  while (i < rows.length && rows[i] > rows[i - 1]) i++
  return i >= rows.length
}

function inverse(rows: Int32Array, count: number): Int32Array {
  const at = new Int32Array(count).fill(-1)
  for (let i = 0; i < rows.length; i++) at[rows[i]] = i
  return at
}

/** The overlaps of a run's own cells, taken from those of all classes: a pair of one class is in both. */
export function overlapsWithin(
  { groundTruths, detections }: Dataset,
  cells: Cells,
  everything: Cells,
  overlaps: Overlaps,
  classAgnostic: boolean,
  kernel = SceneKernel.create(),
): Overlaps {
  const gtPosition = inverse(cells.gtRows, groundTruths.count)
  const isWhole = everything.dtRows.length === detections.count && isAscending(everything.dtRows)
  const dtPosition = isWhole ? null : inverse(everything.dtRows, detections.count)
  const input: WithinInput = {
    pairs: overlaps,
    dts: classAgnostic
      ? new Int32Array(everything.dtRows.length)
      : pick(detections.categories, everything.dtRows, isWhole),
    gts: everything.gtRows.map(row => (classAgnostic ? 0 : groundTruths.categories[row])),
    dtRows: dtPosition ? cells.dtRows.map(row => dtPosition[row]) : cells.dtRows,
    gtPositions: everything.gtRows.map(row => gtPosition[row]),
  }
  return (kernel && finish(kernel.within(input))) ?? pickWithin(input)
}

/** Twin of `SceneKernel.within`. */
function pickWithin({ pairs, dts, gts: gtClasses, dtRows, gtPositions }: WithinInput): Overlaps {
  const offsets = new Uint32Array(dtRows.length + 1)
  const gts = new Int32Array(pairs.gts.length)
  const similarities = new Float64Array(pairs.gts.length)
  let count = 0
  for (let i = 0; i < dtRows.length; i++) {
    const d = dtRows[i]
    for (let pair = pairs.offsets[d]; pair < pairs.offsets[d + 1]; pair++) {
      const gt = pairs.gts[pair]
      if (gtClasses[gt] !== dts[d]) continue
      gts[count] = gtPositions[gt]
      similarities[count++] = pairs.similarities[pair]
    }
    offsets[i + 1] = count
    orderTies(gts, similarities, offsets[i], count)
  }
  return { offsets, gts: gts.slice(0, count), similarities: similarities.slice(0, count) }
}

/** Equal similarities by descending position: these cells list classes one after another. */
function orderTies(gts: Int32Array, similarities: Float64Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const gt = gts[i]
    let j = i
    for (; j > from && similarities[j - 1] === similarities[i] && gts[j - 1] < gt; j--) gts[j] = gts[j - 1]
    gts[j] = gt
  }
}
