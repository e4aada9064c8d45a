import { expect, test } from 'vitest'
import { indexScene } from '../../src/matching/scene-index.js'
import { matchesOf } from '../../src/matching/scene-match.js'
import { type CorrectedMetrics, correctedBySet, correctedMetrics } from '../../src/metrics/corrected.js'
import {
  AVERAGE,
  type CurveTable,
  curveAt,
  DETECTIONS,
  GROUND_TRUTHS,
} from '../../src/metrics/curve-averages.js'
import { curveOf } from '../../src/metrics/pr-curves.js'
import { averagesBySize } from '../../src/metrics/size-averages.js'
import { cocoSizes, percentileSizes } from '../../src/metrics/sizes.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene } from '../support/scene.js'

function curveIn(table: CurveTable, t: number, a: number, k: number) {
  const at = curveAt(table, t, a, k)
  const number = (i: number) => (Number.isNaN(table.numbers[at + i]) ? null : table.numbers[at + i])
  return {
    groundTruths: number(GROUND_TRUTHS),
    hasDetections: table.numbers[at + DETECTIONS] > 0,
    ap101: number(AVERAGE.linear),
    auc: number(AVERAGE.auc),
    apStep: number(AVERAGE.step),
    maxRecall: number(AVERAGE.recall),
  }
}

test.each(Array.from({ length: 40 }, (_, seed) => seed))(
  'one walk for all sizes gives the averages of the exact curves to the bit, seed %d',
  seed => {
    const { truths, guesses } = randomRecords(seed)
    const scene = buildScene(truths, guesses)
    const index = indexScene(scene, 'corrected', seed % 4 === 0)
    const sizes = percentileSizes(scene)
    const classes = Array.from(scene.evaluatedCategories)
    const ious = [0.5, 0.9, 0.75]
    const averages = averagesBySize(scene, index, sizes, ious)
    ious.forEach((iou, t) => {
      const matches = matchesOf(scene, index, iou, null)
      const expected = (category: number | null) =>
        sizes.map((size, a) => {
          const curve = curveOf(scene, index, matches, { range: a ? size : null, category })
          const { groundTruths, ap101, auc, apStep, maxRecall, scores } = curve
          return { groundTruths, hasDetections: scores.length > 0, ap101, auc, apStep, maxRecall }
        })
      const found = (table: CurveTable, k: number) => sizes.map((_, a) => curveIn(table, t, a, k))
      expect(found(averages.pooled, 0)).toEqual(expected(null))
      const each = index.classAgnostic ? [null] : classes
      expect(each.map((_, k) => found(averages.classes, k))).toEqual(each.map(expected))
    })
  },
)

test('several sets of sizes share a walk and get what each would get alone', () => {
  const { truths, guesses } = randomRecords(7)
  const scene = buildScene(truths, guesses)
  const index = indexScene(scene, 'corrected', false)
  const own = [cocoSizes()[0], { name: 'small', lo: 0, hi: 500, percentiles: null }]
  const many = Array.from({ length: 32 }, (_, i) => ({
    name: `${i}`,
    lo: 100 * i,
    hi: 1000,
    percentiles: null,
  }))
  const sets = [cocoSizes(), percentileSizes(scene), own]
  for (const asked of [sets, [own], [...sets, many]]) {
    const [first, ...others] = asked.map(sizes => correctedMetrics(scene, index, sizes))
    expect(correctedBySet(scene, index, asked)).toEqual([first, ...others.map(withoutThresholds)])
  }
})

const withoutThresholds = (metrics: CorrectedMetrics) => ({
  ...metrics,
  perClass: metrics.perClass.map(each => ({
    ...each,
    bySize: each.bySize.map(({ mAP, mAR }) => ({ mAP, mAR })),
  })),
})
