import { expect, test } from 'vitest'
import { indexScene } from '../../src/matching/scene-index.js'
import { matchesOf } from '../../src/matching/scene-match.js'
import { correctedBySet, correctedMetrics } from '../../src/metrics/corrected.js'
import { curveOf } from '../../src/metrics/pr-curves.js'
import { averagesBySize } from '../../src/metrics/size-averages.js'
import { cocoSizes, percentileSizes } from '../../src/metrics/sizes.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene } from '../support/scene.js'

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
      expect(averages.pooled[t]).toEqual(expected(null))
      const each = index.classAgnostic ? [null] : classes
      expect(each.map((_, k) => averages.classes[t].map(curves => curves[k]))).toEqual(each.map(expected))
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
  for (const asked of [sets, [own], [...sets, many]])
    expect(correctedBySet(scene, index, asked)).toEqual(
      asked.map(sizes => correctedMetrics(scene, index, sizes)),
    )
})
