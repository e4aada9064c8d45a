import type { Protocol, View } from '../../src/data/analysis.js'
import type { Dataset } from '../../src/data/columns.js'
import type { Config } from '../../src/data/config.js'
import type { Scene } from '../../src/data/scene.js'
import { groupCells } from '../../src/matching/cells.js'
import { groupByImage } from '../../src/matching/image-cells.js'
import { findBoxOverlaps } from '../../src/matching/overlaps.js'
import { cocoSizes } from '../../src/metrics/sizes.js'
import { createScene } from '../../src/scene.js'
import { buildDataset, cocoConfig, type Guess, type Surroundings, type Truth } from './columns.js'

/** The scene of a box run over these columns. */
export function sceneOf(dataset: Dataset, config: Config = cocoConfig()): Scene {
  const cells = groupByImage(dataset, config)
  const { evaluatedCategories } = groupCells(dataset, config)
  return createScene(dataset, config, cells, evaluatedCategories, {
    overlaps: findBoxOverlaps(dataset, cells),
    gtMaskAreas: null,
    dtMaskAreas: null,
    gtMaskBoxes: null,
    dtMaskBoxes: null,
    gtAreas: dataset.groundTruths.areas,
    dtAreas: dataset.detections.areas,
  })
}

export const buildScene = (
  truths: Truth[],
  guesses: Guess[],
  surroundings: Surroundings = {},
  changes: Partial<Config> = {},
): Scene => sceneOf(buildDataset(truths, guesses, surroundings), cocoConfig(changes))

/** IoU .5, every score, the reference's sizes, with changes. */
export const viewOf = (protocol: Protocol, changes: Partial<View> = {}): View => ({
  protocol,
  iou: 0.5,
  score: 0,
  scoreStrict: false,
  sizes: cocoSizes(),
  classAgnostic: false,
  ...changes,
})
