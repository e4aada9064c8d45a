import type { Dataset } from './data/columns.js'
import { type AreaRange, COCO_AREAS, type Config } from './data/config.js'
import type { Cells } from './data/evaluation.js'
import type { WarningList } from './data/warnings.js'
import type { Labels } from './ingest/link.js'
import type { Grouping } from './matching/cells.js'

interface MaskAreas {
  gtMaskAreas: Uint32Array | null
  dtMaskAreas: Uint32Array | null
}

/** Warnings that only the run can tell: what the reference leaves out or believes without a word. */
export function warnOfRun(
  dataset: Dataset,
  { cells, counts, firstCut, evaluatedCategories }: Grouping,
  areas: MaskAreas,
  config: Config,
  labels: Labels,
  warnings: WarningList,
): void {
  warnOfMasks(dataset, cells, areas, config, labels, warnings)
  warnOfAreas(dataset, cells, areas, config, labels, warnings)
  const evaluated = counts.detections.reduce((sum, n) => sum + n, 0)
  if (firstCut) {
    const { cell, detections } = firstCut
    const category = evaluatedCategories[cells.categories[cell]]
    const cap = config.maxDets[config.maxDets.length - 1]
    const what = config.classAgnostic ? '' : ` of category "${nameOf(dataset, category)}"`
    const example = (): string =>
      `image ${dataset.images.ids[cells.images[cell]]} has ${detections}${what}, the cap is ${cap}`
    warnings.add('beyond-cap', example, evaluated - cells.dtRows.length)
  }
  if (config.classAgnostic) return
  warnOfAbsentClasses(dataset, cells, evaluatedCategories, counts.detections, warnings)
}

const nameOf = ({ categories }: Dataset, category: number): string =>
  categories.names[category] || `id ${categories.ids[category]}`

/** Detections of a class without a regular ground truth are in no number (all of their cells are -1). */
function warnOfAbsentClasses(
  dataset: Dataset,
  cells: Cells,
  evaluatedCategories: Int32Array,
  detections: Uint32Array,
  warnings: WarningList,
): void {
  const regular = new Uint32Array(dataset.categories.count)
  const { crowds, categories, count } = dataset.groundTruths
  const all = cells.gtRows.length === count // then they are looked at in the order of memory
  for (let i = 0; i < cells.gtRows.length; i++) {
    const row = all ? i : cells.gtRows[i]
    if (crowds[row] === 0) regular[categories[row]]++
  }
  for (const category of evaluatedCategories) {
    if (regular[category] > 0) continue
    const found = detections[category]
    warnings.add(
      'no-ground-truth-category',
      () => `${found} of category "${nameOf(dataset, category)}"`,
      found,
    )
  }
}

const inRange = (area: number, { lo, hi }: AreaRange): boolean => !(area < lo || area > hi)

/** Ground truths outside the whole range count nowhere; a range "all" of the caller's own is meant that way. */
function warnOfAreas(
  dataset: Dataset,
  cells: Cells,
  { gtMaskAreas }: MaskAreas,
  config: Config,
  labels: Labels,
  warnings: WarningList,
): void {
  const [all] = config.areas
  if (all.lo !== COCO_AREAS[0].lo || all.hi !== COCO_AREAS[0].hi) return
  const { areas, crowds } = dataset.groundTruths
  const areaOf = (row: number): number =>
    Number.isNaN(areas[row]) && gtMaskAreas ? gtMaskAreas[row] : areas[row]
  const isBeyond = (row: number): boolean => crowds[row] === 0 && !inRange(areaOf(row), all)
  // Most files have none: they are looked through in the order of memory.
  let row = 0
  while (row < areas.length && !isBeyond(row)) row++
  if (row === areas.length) return
  for (const row of cells.gtRows) {
    if (!isBeyond(row)) continue
    warnings.add('area-beyond-all', () => `${labels.groundTruth(row)}: area ${areaOf(row)}`)
  }
}

function warnOfMasks(
  dataset: Dataset,
  cells: Cells,
  { gtMaskAreas, dtMaskAreas }: MaskAreas,
  config: Config,
  labels: Labels,
  warnings: WarningList,
): void {
  if (!gtMaskAreas || !dtMaskAreas) return
  const { areas } = dataset.groundTruths
  for (let i = 0; i < cells.gtRows.length; i++) {
    const row = cells.gtRows[i]
    const px = gtMaskAreas[row]
    const stated = areas[row]
    if (px === 0) warnings.add('empty-mask-ground-truth', () => labels.groundTruth(row))
    if (stated === px || Number.isNaN(stated)) continue
    if (config.areas.some(range => inRange(stated, range) !== inRange(px, range))) {
      warnings.add('area-mismatch', () => `${labels.groundTruth(row)}: area ${stated}, mask ${px} px`)
    }
  }
  const { dtRows } = cells
  const isEmpty = (row: number): boolean => dtMaskAreas[row] === 0
  const example = (): string => labels.detection(dtRows.find(isEmpty) ?? -1)
  // Rows outside the cells have no area, so that they are looked at in the order of memory only where there are none.
  const count = dtRows.length === dtMaskAreas.length ? zerosOf(dtMaskAreas) : dtRows.filter(isEmpty).length
  warnings.add('empty-mask-detection', example, count)
}

function zerosOf(values: Uint32Array): number {
  let count = 0
  for (let at = values.indexOf(0); at >= 0; at = values.indexOf(0, at + 1)) count++
  return count
}
