import type { Dataset } from '../../src/data/columns.js'
import type { Config } from '../../src/data/config.js'
import type { Cells, CocoArrays, Overlaps } from '../../src/data/evaluation.js'
import { groupCells } from '../../src/matching/cells.js'
import { findBoxOverlaps } from '../../src/matching/overlaps.js'
import { type CocoInput, evaluateCategories } from '../../src/metrics/coco.js'
import { cocoStats } from '../../src/metrics/coco-summary.js'

export interface Evaluated {
  cells: Cells
  evaluatedCategories: Int32Array
  overlaps: Overlaps
  input: CocoInput
  coco: CocoArrays
  stats: number[]
  zeroIdDetections: number
}

/** From columns to COCO arrays; `overlaps` where they are not those of the boxes. */
export function evaluateColumns(dataset: Dataset, config: Config, given?: Overlaps): Evaluated {
  const { cells, dtScores, evaluatedCategories } = groupCells(dataset, config)
  const overlaps = given ?? findBoxOverlaps(dataset, cells)
  const input: CocoInput = {
    cells,
    dtScores,
    gtAreas: dataset.groundTruths.areas,
    dtAreas: dataset.detections.areas,
    gtIds: dataset.groundTruths.ids,
    gtCrowds: dataset.groundTruths.crowds,
  }
  const part = evaluateCategories(input, overlaps, config, 0, evaluatedCategories.length)
  return {
    cells,
    evaluatedCategories,
    overlaps,
    input,
    coco: part.arrays,
    stats: cocoStats(part.arrays, config),
    zeroIdDetections: part.zeroIdDetections,
  }
}
