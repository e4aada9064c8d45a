import type { Dataset } from './data/columns.js'
import type { AreaRange, Config } from './data/config.js'
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
  const { detections } = countEvaluated(dataset, config)
  const evaluated = detections.reduce((sum, n) => sum + n, 0)
  const cap = config.maxDets[config.maxDets.length - 1]
  warnings.add('beyond-cap', () => `cap ${cap}`, evaluated - cells.dtRows.length)
  if (!config.classAgnostic) warnOfAbsentClasses(dataset, cells, evaluatedCategories, detections, warnings)
}

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
    const name = dataset.categories.names[category] || `id ${dataset.categories.ids[category]}`
    const count = detections[category]
    warnings.add('no-ground-truth-category', () => `${count} of category "${name}"`, count)
  }
}

const inRange = (area: number, { lo, hi }: AreaRange): boolean => !(area < lo || area > hi)

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
