import { describe, expect, test } from 'vitest'
import type { Histogram, InstanceFilter } from '../../src/data/analysis.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { countDistributions } from '../../src/metrics/count-distributions.js'
import {
  type Distributions,
  distributionsOf,
  distributionValues,
  scoreDistributions,
} from '../../src/metrics/distributions.js'
import { countEdges, evenEdges, histogramOf, powerEdges, rangeOfBin } from '../../src/metrics/histogram.js'
import { selectInstances } from '../../src/metrics/select.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene, viewOf } from '../support/scene.js'

const floats = (...values: number[]): Float64Array => Float64Array.from(values)

describe('bins', () => {
  test('hold their lower edge; the first and the last what lies beyond', () => {
    const { counts } = histogramOf(floats(0.4, 0.5, 0.549, 0.55, 0.6, 0.65, 1, 1.0001), [0.5, 0.55, 0.6, 1])
    expect(counts).toEqual([3, 1, 4])
  })

  test('are even from the threshold to 1, at decimal edges', () => {
    expect(evenEdges(0.5, 1, 20)).toEqual([0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1])
    expect(evenEdges(0.93, 1, 50)).toEqual([0.93, 0.94, 0.96, 0.98, 1])
    expect(evenEdges(0.94, 1, 50)).toEqual([0.94, 0.96, 0.98, 1])
    expect(evenEdges(1, 1, 50)).toEqual([1, 1.02])
  })

  test('of areas are octaves', () => {
    expect(powerEdges(floats(5, 100))).toEqual([4, 8, 16, 32, 64, 128])
    expect(powerEdges(floats(4, 8))).toEqual([4, 8, 16])
    expect(powerEdges(floats(0, 3))).toEqual([0, 1, 2, 4])
    expect(powerEdges(floats(0))).toEqual([0, 1])
    expect(powerEdges(floats())).toEqual([1, 2])
  })

  test('of numbers are whole, and wider for many', () => {
    expect(countEdges(floats(0, 3))).toEqual([0, 1, 2, 3, 4])
    expect(countEdges(floats())).toEqual([0, 1])
    expect(countEdges(floats(99)).slice(0, 3)).toEqual([0, 3, 6])
    expect(countEdges(floats(99)).at(-1)).toBeGreaterThan(99)
  })
})

describe('values worked by hand', () => {
  const scene = buildScene(
    [
      { box: [0, 0, 100, 100] },
      { box: [200, 0, 50, 50] },
      { box: [300, 0, 10, 10], image: 2 },
      { box: [0, 0, 900, 900], image: 2, crowd: true },
    ],
    [
      { box: [0, 0, 100, 60], score: 0.9 },
      { box: [600, 0, 20, 20], score: 0.7 },
      { box: [200, 0, 50, 50], score: 0.2 },
      { box: [500, 500, 50, 50], image: 2, score: 0.95 },
    ],
    { images: [3] },
  )
  const index = indexScene(scene, 'corrected', false)

  test('at the operating point', () => {
    const values = distributionValues(scene, index, viewOf('corrected', { score: 0.5 }))
    expect(values).toEqual({
      ious: floats(0.6),
      tpScores: floats(0.9),
      fpScores: floats(0.7),
      matchedAreas: floats(10000),
      missedAreas: floats(2500, 100),
      tpAreas: floats(6000),
      fpAreas: floats(400),
      imageGroundTruths: floats(2, 1, 0),
      imageDetections: floats(2, 0, 0),
    })
  })

  test('of one size, and of one class', () => {
    const medium = distributionValues(scene, index, viewOf('corrected'), 2)
    expect([medium.matchedAreas, medium.missedAreas, medium.fpAreas]).toEqual([
      floats(2500),
      floats(),
      floats(),
    ])
    const { ious } = distributionValues(scene, index, viewOf('corrected'), 0, 0)
    expect(ious).toEqual(floats(0.6, 1))
  })

  test('in bins', () => {
    const view = viewOf('corrected', { score: 0.5 })
    const found = distributionsOf(distributionValues(scene, index, view), view)
    expect(found.ious.edges).toHaveLength(11)
    expect(found.ious.counts).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    expect(found.tpScores.edges).toHaveLength(26)
    expect(found.fpScores.counts.indexOf(1)).toBe(10)
    expect(found.imageGroundTruths).toEqual({ edges: [0, 1, 2, 3], counts: [1, 1, 1] })
    expect(found.missedAreas.edges).toEqual([64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384])
    expect(found.missedAreas.counts).toEqual([1, 0, 0, 0, 0, 1, 0, 0])
  })
})

test('scores whatever the threshold: bins of .02 over 0 to 1', () => {
  const box = [0, 0, 50, 50]
  const scene = buildScene(
    [{ box }],
    [0.9, 0.8, 0.79, 0.01].map(score => ({ box, score })),
  )
  const index = indexScene(scene, 'corrected', false)
  const { allTpScores, allFpScores } = scoreDistributions(scene, index, viewOf('corrected', { score: 0.85 }))
  expect([allTpScores.edges[0], allTpScores.edges[1], allTpScores.edges[50]]).toEqual([0, 0.02, 1])
  expect(allFpScores.edges).toEqual(allTpScores.edges)
  const filled = ({ counts }: Histogram) => counts.flatMap((count, bin) => (count > 0 ? [[bin, count]] : []))
  expect(filled(allTpScores)).toEqual([[45, 1]])
  expect(filled(allFpScores)).toEqual([
    [0, 1],
    [39, 1],
    [40, 1],
  ])
  const { allFpScores: small } = scoreDistributions(scene, index, viewOf('corrected'), 1)
  expect(filled(small)).toEqual([])
})

test('scores that are no proportions get 50 bins of their own', () => {
  const box = [0, 0, 50, 50]
  const scene = buildScene(
    [{ box }],
    [-3, 0, 7].map(score => ({ box, score })),
  )
  const view = viewOf('corrected', { score: -10 })
  const { tpScores, fpScores } = distributionsOf(
    distributionValues(scene, indexScene(scene, 'corrected', false), view),
    view,
  )
  expect(tpScores.edges).toHaveLength(51)
  expect([tpScores.edges[0], tpScores.edges[50]]).toEqual([-3, 7])
  expect([tpScores.counts[49], fpScores.counts[0], fpScores.counts[15]]).toEqual([1, 1, 1])
})

test('nothing to distribute leaves empty bins', () => {
  const scene = buildScene([], [])
  const view = viewOf('corrected')
  const found = distributionsOf(distributionValues(scene, indexScene(scene, 'corrected', false), view), view)
  for (const { counts } of Object.values(found)) expect(counts.every(count => count === 0)).toBe(true)
})

describe('the promise: a bin holds what its filter selects', () => {
  const FILTERS: [keyof Distributions, (range: [number, number]) => InstanceFilter][] = [
    ['ious', overlap => ({ outcomes: ['TP'], overlap })],
    ['tpScores', score => ({ outcomes: ['TP'], score })],
    ['fpScores', score => ({ outcomes: ['FP'], score })],
    ['matchedAreas', gtArea => ({ outcomes: ['TP'], gtArea })],
    ['missedAreas', gtArea => ({ outcomes: ['FN'], gtArea })],
    ['missedAreas', area => ({ outcomes: ['FN'], area })],
    ['tpAreas', area => ({ outcomes: ['TP'], area })],
    ['fpAreas', area => ({ outcomes: ['FP'], area })],
  ]

  test.each(['coco', 'corrected'] as const)('protocol %s', protocol => {
    for (let seed = 0; seed < 40; seed++) {
      const { truths, guesses } = randomRecords(seed)
      const scene = buildScene(truths, guesses, { images: [1, 2, 3], categories: [1, 2] })
      const index = indexScene(scene, protocol, false)
      const view = viewOf(protocol, { score: 0.3 })
      const expectBins = (
        histogram: Histogram,
        filterOf: (range: [number, number]) => InstanceFilter,
      ): void => {
        histogram.counts.forEach((count, bin) => {
          const { dts, gts } = selectInstances(scene, index, view, filterOf(rangeOfBin(histogram, bin)))
          expect(dts.length + gts.length).toBe(count)
        })
      }
      for (const size of [0, 1]) {
        const found = distributionsOf(distributionValues(scene, index, view, size), view)
        for (const [name, filterOf] of FILTERS) {
          expectBins(found[name], range => ({ ...filterOf(range), size: view.sizes[size].name }))
        }
      }
    }
  })

  test('areas of ground truths are those of found and missed ones, not of ignored ones', () => {
    const truths = [
      { box: [0, 0, 50, 50], crowd: true },
      { box: [200, 0, 50, 50] },
      { box: [300, 0, 50, 50] },
    ]
    const guesses = truths.slice(0, 2).map(({ box }) => ({ box, score: 0.9 }))
    const scene = buildScene(truths, guesses)
    const index = indexScene(scene, 'corrected', false)
    const { dts, gts } = selectInstances(scene, index, viewOf('corrected'), { gtArea: [2500, 2501] })
    expect([[...dts], [...gts]]).toEqual([[1], [2]])
  })

  test('images by their numbers of objects and detections', () => {
    const { truths, guesses } = randomRecords(3)
    const scene = buildScene(truths, guesses, { images: [1, 2, 3] })
    const index = indexScene(scene, 'corrected', false)
    const view = viewOf('corrected')
    const found = distributionsOf(distributionValues(scene, index, view), view)
    for (const name of ['imageGroundTruths', 'imageDetections'] as const) {
      found[name].counts.forEach((images, bin) => {
        const { dts, gts } = selectInstances(scene, index, view, { [name]: rangeOfBin(found[name], bin) })
        const rows = [...[...dts].map(d => scene.dt.images[d]), ...[...gts].map(g => scene.gt.images[g])]
        if (bin > 0) expect(new Set(rows).size).toBe(images)
      })
    }
  })
})

describe.each(['coco', 'corrected'] as const)(
  'counted as they come, they are those of the values: %s',
  protocol => {
    test.each([0, 1])('in size range %i', size => {
      for (let seed = 0; seed < 60; seed++) {
        const { truths, guesses } = randomRecords(seed)
        const scene = buildScene(truths, guesses, { images: [1, 2, 3], categories: [1, 2] })
        const index = indexScene(scene, protocol, seed % 3 === 0)
        for (const [score, iou] of [
          [0, 0.5],
          [0.3, 0.75],
          [0.52, 0.41],
          [1, 0.9],
        ]) {
          const view = viewOf(protocol, { score, iou, scoreStrict: seed % 2 === 0 })
          for (const category of [undefined, 1]) {
            const values = distributionValues(scene, index, view, size, category)
            expect(countDistributions(scene, index, view, size, category)).toEqual(
              distributionsOf(values, view),
            )
          }
        }
      }
    })

    test('of scores beyond 0 to 1, areas below a px, and nothing at all', () => {
      const box = (side: number): number[] => [10 * side, 0, side, side]
      const truths = [0.4, 1, 3, 0].map(side => ({ box: box(side) }))
      for (const scores of [[-3, 7, 0.5], [0.2, 0.5, 0.9], []]) {
        const guesses = scores.map((score, i) => ({ box: box([0.4, 1, 300][i]), score }))
        const scene = buildScene(truths, guesses)
        const index = indexScene(scene, protocol, false)
        const view = viewOf(protocol, { score: 0.3 })
        const values = distributionValues(scene, index, view)
        expect(countDistributions(scene, index, view)).toEqual(distributionsOf(values, view))
      }
    })
  },
)
