import { expect, test } from 'vitest'
import type { Config } from '../../src/data/config.js'
import { averagesBy } from '../../src/metrics/coco-columns.js'
import { cocoAverages } from '../../src/metrics/coco-summary.js'
import { buildDataset, cocoConfig } from '../support/columns.js'
import { evaluateColumns } from '../support/evaluate-columns.js'
import { randomRecords } from '../support/random-scene.js'

const CHANGES: Partial<Config>[] = [
  {},
  { maxDets: [1, 2] },
  { classAgnostic: true },
  { iouThresholds: [0.75, 0.5, 0.3] },
  // Listed twice, what is averaged comes twice.
  { iouThresholds: [0.5, 0.75, 0.5] },
  { maxDets: [1, 2, 2] },
]

test.each(CHANGES.flatMap(change => [1, 2, 3].map(seed => ({ change, seed }))))(
  'averages taken together are those taken one by one, $change, seed $seed',
  ({ change, seed }) => {
    const { truths, guesses } = randomRecords(seed)
    const config = cocoConfig(change)
    const surroundings = { images: [1, 2, 3], categories: [1, 2, 3] }
    const { coco } = evaluateColumns(buildDataset(truths, guesses, surroundings), config)
    const averages = averagesBy(coco, config)
    const categories = [undefined, ...Array.from({ length: coco.shape.K }, (_, k) => k)]
    const thresholds = [undefined, ...config.iouThresholds.keys()]
    config.areas.forEach(({ name }, a) => {
      for (const k of categories) {
        for (const t of thresholds) {
          const iou = t === undefined ? null : config.iouThresholds[t]
          const alone = cocoAverages(coco, config, name, { iou, k: k ?? null })
          expect({ name, ...averages(a, { t, k }) }).toEqual(alone)
        }
      }
    })
    expect(averages(0).AP).toBeGreaterThan(0)
  },
)
