import type { Dataset } from './data/columns.js'
import { type AreaRange, COCO_AREAS, type Config } from './data/config.js'
import type { Cells } from './data/evaluation.js'
import type { WarningList } from './data/warnings.js'
import type { Labels } from './ingest/link.js'
import { countEvaluated } from './matching/cells.js'

interface MaskAreas {
  gtMaskAreas: Uint32Array | null
  dtMaskAreas: Uint32Array | null
}

/** Warnings that only the run can tell: what the reference leaves out or believes without a word. */
export function warnOfRun(
  dataset: Dataset,
  cells: Cells,
  evaluatedCategories: Int32Array,
  areas: MaskAreas,
  config: Config,
  labels: Labels,
  warnings: WarningList,
): void {
  warnOfMasks(dataset, cells, areas, config, labels, warnings)
  warnOfAreas(dataset, cells, areas, config, labels, warnings)
  const { detections } = countEvaluated(dataset, config)
  const evaluated = detections.reduce((sum, n) => sum + n, 0)
  const cap = config.maxDets[config.maxDets.length - 1]
  warnings.add('beyond-cap', () => firstCut(dataset, cells, cap, config), evaluated - cells.dtRows.length)
  if (!config.classAgnostic) warnOfAbsentClasses(dataset, cells, evaluatedCategories, detections, warnings)
}

/** The first image and category with more detections than `cap`. */
function firstCut(dataset: Dataset, cells: Cells, cap: number, config: Config): string {
  const { images, categories } = dataset.detections
  const evaluated = config.categoryIds && new Set(config.categoryIds)
  const keyOf = (row: number): number =>
    (config.classAgnostic ? 0 : categories[row] * dataset.images.count) + images[row]
  const counts = new Map<number, number>()
  for (let row = 0; row < images.length; row++) {
    if (evaluated && !evaluated.has(dataset.categories.ids[categories[row]])) continue
    counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1)
  }
  const row = cells.dtRows.find(row => (counts.get(keyOf(row)) ?? 0) > cap) ?? 0
  const what = config.classAgnostic ? '' : ` of category "${nameOf(dataset, categories[row])}"`
  return `image ${dataset.images.ids[images[row]]} has ${counts.get(keyOf(row))}${what}, the cap is ${cap}`
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
  for (const row of cells.gtRows) {
    if (!dataset.groundTruths.crowds[row]) regular[dataset.groundTruths.categories[row]]++
  }
  for (const category of evaluatedCategories) {
    if (regular[category] > 0) continue
    const count = detections[category]
    warnings.add(
      'no-ground-truth-category',
      () => `${count} of category "${nameOf(dataset, category)}"`,
      count,
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
  for (const row of cells.gtRows) {
    const area = Number.isNaN(areas[row]) && gtMaskAreas ? gtMaskAreas[row] : areas[row]
    if (crowds[row] || inRange(area, all)) continue
    warnings.add('area-beyond-all', () => `${labels.groundTruth(row)}: area ${area}`)
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
  for (const row of cells.gtRows) {
    const px = gtMaskAreas[row]
    const stated = dataset.groundTruths.areas[row]
    const known = !Number.isNaN(stated)
    if (px === 0) warnings.add('empty-mask-ground-truth', () => labels.groundTruth(row))
    if (known && config.areas.some(range => inRange(stated, range) !== inRange(px, range))) {
      warnings.add('area-mismatch', () => `${labels.groundTruth(row)}: area ${stated}, mask ${px} px`)
    }
  }
  for (const row of cells.dtRows) {
    if (dtMaskAreas[row] === 0) warnings.add('empty-mask-detection', () => labels.detection(row))
  }
}
