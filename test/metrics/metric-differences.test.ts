import { describe, expect, test } from 'vitest'
import type { Protocol } from '../../src/data/analysis.js'
import type { Config } from '../../src/data/config.js'
import { finish } from '../../src/data/steps.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { cocoAverages } from '../../src/metrics/coco-summary.js'
import { correctedMetrics } from '../../src/metrics/corrected.js'
import { metricDifferences } from '../../src/metrics/metric-differences.js'
import { drawImages, resampleAverages } from '../../src/metrics/resampled-averages.js'
import { cocoSizes } from '../../src/metrics/sizes.js'
import { buildDataset, cocoConfig, type Guess, type Truth } from '../support/columns.js'
import { evaluateColumns } from '../support/evaluate-columns.js'
import { pairOf, twoScenes } from '../support/models.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene } from '../support/scene.js'

const PROTOCOLS: Protocol[] = ['coco', 'corrected']
const IMAGES = [1, 2, 3]
const CATEGORIES = [1, 2]

/** AP, AP50, AP75 and AR by the pipeline, where image i is there `times[i]` times. */
function literally(
  protocol: Protocol,
  { truths, guesses }: { truths: Truth[]; guesses: Guess[] },
  times: ArrayLike<number>,
  changes: Partial<Config>,
): number[] {
  const copies = <T extends { image?: number }>(records: T[]): T[] =>
    records.flatMap(record => {
      const image = record.image ?? 1
      return Array.from({ length: times[image - 1] }, (_, copy) => ({
        ...record,
        image: 1000 * image + copy,
      }))
    })
  const images = IMAGES.flatMap(image =>
    Array.from({ length: times[image - 1] }, (_, copy) => 1000 * image + copy),
  )
  const surroundings = { images, categories: CATEGORIES }
  const [own, others] = [copies(truths), copies(guesses)]
  if (protocol === 'coco') {
    const config = cocoConfig(changes)
    const { coco } = evaluateColumns(buildDataset(own, others, surroundings), config)
    const at = (iou?: number) => cocoAverages(coco, config, 'all', iou === undefined ? {} : { iou })
    return [at().AP, at(0.5).AP, at(0.75).AP, at().AR].map(value => value ?? Number.NaN)
  }
  const scene = buildScene(own, others, surroundings, changes)
  const [{ mAP, mAP50, mAP75, mAR }] = correctedMetrics(
    scene,
    indexScene(scene, protocol, scene.config.classAgnostic),
    cocoSizes(),
  ).sizes
  return [mAP.auc, mAP50.auc, mAP75.auc, mAR].map(value => value ?? Number.NaN)
}

describe.each(PROTOCOLS)('averages of resampled images, protocol %s', protocol => {
  test.each([
    ['by class', {}],
    ['class-agnostic', { classAgnostic: true }],
    ['with few detections an image', { maxDets: [1, 2, 3] }],
  ])('are those of an evaluation in which images stand as often as they are drawn, %s', (_, changes) => {
    for (let seed = 1; seed <= 40; seed++) {
      const records = randomRecords(seed)
      const truths = records.truths.map(truth => ({ ...truth, ignore: false }))
      // Where an image is drawn twice, the reference mixes equal scores of its two copies.
      const guesses =
        protocol === 'corrected'
          ? records.guesses
          : records.guesses.map((guess, i) => ({ ...guess, score: guess.score + i / 1000 }))
      const scene = buildScene(truths, guesses, { images: IMAGES, categories: CATEGORIES }, changes)
      const { A } = pairOf([scene, scene], protocol)
      const draws = drawImages(3, 6, seed)
      const { overall } = finish(resampleAverages(A, draws))
      for (let draw = 0; draw < draws.count; draw++) {
        const times = draws.weights.subarray(3 * draw, 3 * draw + 3)
        const expected = literally(protocol, { truths, guesses }, times, changes)
        const found = [overall.AP, overall.AP50, overall.AP75, overall.AR].map(values => values[draw])
        found.forEach((value, i) => {
          const where = `seed ${seed}, draw ${draw}, ${i}, ${times}`
          if (Number.isNaN(expected[i])) expect(value, where).toBeNaN()
          else expect(value, where).toBeCloseTo(expected[i], 12)
        })
      }
    }
  })
})

describe.each(PROTOCOLS)('differences, protocol %s', protocol => {
  test('a model against itself', () => {
    const [scene] = twoScenes(1)
    const { overall, classes } = metricDifferences(pairOf([scene, scene], protocol), { draws: 20 })
    for (const averages of [overall, ...classes]) {
      expect(averages.AP).toMatchObject({ difference: 0, interval: [0, 0], certain: false })
    }
  })

  test('a model that finds more is better for certain, over all and in the class', () => {
    const missing = (chance: number) => ({ misses: (category: number) => (category === 2 ? chance : 0.2) })
    const { overall, classes } = metricDifferences(
      pairOf(twoScenes(5, [missing(0.4), missing(0.02)]), protocol),
      {
        draws: 200,
      },
    )
    expect(overall.AR.certain).toBe(true)
    expect(classes.map(({ AR }) => AR.certain && (AR.difference ?? 0) > 0.1)).toEqual([false, true, false])
    const { A, B, difference } = classes[1].AP
    expect(difference).toBe((B ?? 0) - (A ?? 0))
  })
})
