import { describe, expect, test } from 'vitest'
import type { Config } from '../../src/data/config.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { collectLivePairs } from '../../src/matching/scene-pairs.js'
import { readAverages } from '../../src/metrics/ap-averages.js'
import type { Way } from '../../src/metrics/ap-readings.js'
import { READINGS, type Reading } from '../../src/metrics/readings.js'
import { averagesBySize } from '../../src/metrics/size-averages.js'
import { percentileSizes } from '../../src/metrics/sizes.js'
import { SweepKernel } from '../../src/metrics/sweep-kernel.js'
import { lendDirtyMemory } from '../support/dirty-memory.js'
import { integer, seeded } from '../support/random.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene } from '../support/scene.js'

const AREAS = [
  { name: 'all', lo: 0, hi: 1e10 },
  { name: 'small', lo: 0, hi: 600 },
  { name: 'large', lo: 600, hi: 1e10 },
  { name: 'none', lo: 3, hi: 2 },
]
const WHOLE_MISSES_SOME = [{ name: 'all', lo: 400, hi: 1600 }, ...AREAS.slice(1)]
const MANY_AREAS = Array.from({ length: 11 }, (_, a) => ({
  name: `${a}`,
  lo: 100 * a,
  hi: 100 * (a + 1 + (a % 3)),
  percentiles: null,
}))
const THRESHOLDS = [undefined, [0.5], [0.75, 0.3, 0.5, 0.5], Array.from({ length: 32 }, (_, t) => t / 32)]
const RECALLS = [undefined, [0.25], [0.9, 0, 1, 0.5], []]
const ALL = Object.keys(READINGS) as Reading[]

function createKernel(blockRows?: number): SweepKernel {
  lendDirtyMemory()
  const kernel = SweepKernel.create(blockRows)
  if (!kernel) throw new Error('this platform has no WebAssembly')
  return kernel
}

/** A scene of random records, some with the id 0, in a random configuration. */
function randomScene(seed: number, changes: Partial<Config> = {}) {
  const { truths, guesses } = randomRecords(seed)
  const random = seeded(seed)
  const scene = buildScene(
    truths.map((truth, i) => (i === 2 && seed % 5 === 0 ? { ...truth, id: 0 } : truth)),
    guesses,
    {},
    {
      areas: seed % 4 === 1 ? WHOLE_MISSES_SOME : AREAS,
      classAgnostic: seed % 3 === 0,
      maxDets: [1, 2, seed % 4 ? 100 : 3],
      ...(seed % 3 === 1 ? { iouThresholds: THRESHOLDS[integer(random, 4)] ?? [0.5] } : {}),
      ...(seed % 7 === 2 ? { recallThresholds: RECALLS[integer(random, 4)] ?? [0.5] } : {}),
      ...changes,
    },
  )
  return { scene, index: indexScene(scene, 'coco', scene.config.classAgnostic) }
}

describe.each(Array.from({ length: 70 }, (_, seed) => seed))('kernel and twin are one, seed %d', seed => {
  const kernel = createKernel()

  test('readings of the reference’s curves', () => {
    const { scene, index } = randomScene(seed)
    const corrected = indexScene(scene, 'corrected', scene.config.classAgnostic)
    const changes: Partial<Way>[] = [
      {},
      { zeroIdCounts: true },
      { once: true },
      { ownAreas: true, zeroIdCounts: true },
      { grouped: true, order: corrected.live.rows },
      { cap: Number.POSITIVE_INFINITY },
      { cap: 1, once: true, grouped: true },
    ]
    for (const change of changes) {
      const way = { scene, index, ranges: scene.config.areas, ...change }
      const firstArea = integer(seeded(seed), 3)
      const plain = readAverages(way, ALL, firstArea, null)
      expect(readAverages(way, ALL, firstArea, kernel)).toEqual(plain)
      expect(readAverages(way, ['step', 'grid'], firstArea, kernel)).toEqual({
        step: plain.step,
        grid: plain.grid,
      })
    }
  })

  test('averages of the exact curves', () => {
    const { scene } = randomScene(seed)
    const index = indexScene(scene, 'corrected', scene.config.classAgnostic)
    const of = (own: SweepKernel | null) =>
      averagesBySize(scene, index, percentileSizes(scene), [0.5, 0.9, 0.75, 0.1], own)
    expect(of(kernel)).toEqual(of(null))
  })
})

/** Many images, scores and size ranges, so that what the kernel does in pieces takes several, as do calls of 64 rows. */
describe.each(Array.from({ length: 6 }, (_, seed) => seed))(
  'kernel and twin are one at large, seed %d',
  seed => {
    const kernel = createKernel(64)
    const random = seeded(1000 + seed)
    const records = Array.from({ length: 100 }, (_, i) => {
      const { truths, guesses } = randomRecords(1000 * seed + i)
      const image = ({ image = 1 }: { image?: number }) => 3 * i + image
      return {
        truths: truths.map(truth => ({ ...truth, image: image(truth) })),
        guesses: guesses.map(guess => {
          const score = seed % 2 ? Math.round(100 * random()) / 100 : guess.score
          return { ...guess, image: image(guess), score }
        }),
      }
    })
    const scene = buildScene(
      records.flatMap(({ truths }) => truths).map((truth, i) => (i % 50 ? truth : { ...truth, id: 0 })),
      records.flatMap(({ guesses }) => guesses),
      {},
      {
        areas: [AREAS[0], ...MANY_AREAS],
        classAgnostic: seed % 3 === 2,
        maxDets: [1, 3, seed > 3 ? 4 : 100],
      },
    )
    const index = indexScene(scene, 'coco', scene.config.classAgnostic)
    const corrected = indexScene(scene, 'corrected', scene.config.classAgnostic)

    test('readings of the reference’s curves', () => {
      const ranges = scene.config.areas
      const changes: Partial<Way>[] = [
        {},
        { once: true },
        { ownAreas: true, ranges: WHOLE_MISSES_SOME },
        { grouped: true, order: corrected.live.rows, zeroIdCounts: true },
        { ranges: WHOLE_MISSES_SOME, once: true, grouped: true },
      ]
      for (const change of changes) {
        const way = { scene, index, ranges, ...change }
        expect(readAverages(way, ALL, 0, kernel)).toEqual(readAverages(way, ALL, 0, null))
      }
    })

    test('averages of the exact curves', () => {
      const of = (own: SweepKernel | null) =>
        averagesBySize(
          scene,
          corrected,
          [{ ...AREAS[0], percentiles: null }, ...MANY_AREAS],
          [0.5, 0.9, 0.75, 0.1],
          own,
        )
      expect(of(kernel)).toEqual(of(null))
    })
  },
)

test('what the rows of one call have holds for those of the next', () => {
  // One crowded image, outside of the whole, then as many detections that are alone in theirs and inside.
  const crowd = Array.from({ length: 64 }, (_, i) => ({
    ...{ image: 1, category: 1, box: [i < 8 ? 300 : 0, 0, 10, 10] },
    score: 0.9 - i / 1000,
  }))
  const alone = Array.from({ length: 64 }, (_, i) => ({
    ...{ image: 2 + i, category: 1, box: [0, 0, 25, 20] },
    score: 0.6 - i / 1000,
  }))
  const scene = buildScene([...crowd.slice(-1), ...alone.slice(0, 40)], [...crowd, ...alone], {}, {})
  const index = indexScene(scene, 'coco', false)
  const kernel = createKernel(64)
  const changes: Partial<Way>[] = [{}, { once: true }, { cap: 1 }, { cap: 1, once: true, grouped: true }]
  for (const change of changes) {
    const way = { scene, index, ranges: WHOLE_MISSES_SOME, ...change }
    expect(readAverages(way, ALL, 0, kernel)).toEqual(readAverages(way, ALL, 0, null))
  }
})

test('pairs in another order are those that are found in that order', () => {
  const kernel = createKernel()
  for (let seed = 0; seed < 40; seed++) {
    const { scene, index } = randomScene(seed)
    const { cells, live: other } = indexScene(scene, 'corrected', scene.config.classAgnostic)
    const live = collectLivePairs(scene, cells.dtRows, 'coco', scene.config.classAgnostic)
    const way = { scene, index, ranges: scene.config.areas }
    const again = { ...way, index: { ...index, live } }
    const ordered = readAverages({ ...way, order: other.rows }, ALL, 0, kernel)
    expect(ordered).toEqual(readAverages(again, ALL, 0, kernel))
  }
})

test('a detection takes one ignored ground truth at a threshold, and leaves the next to others', () => {
  const box = [0, 0, 20, 20]
  const at = { image: 1, category: 1 }
  const scene = buildScene(
    [
      { ...at, box, area: 5000 },
      { ...at, box, area: 5000 },
      { ...at, box: [100, 0, 20, 20] },
    ],
    [
      { ...at, box, score: 0.9 },
      { ...at, box, score: 0.8 },
      { ...at, box: [100, 0, 20, 20], score: 0.7 },
    ],
    {},
    { areas: AREAS },
  )
  const way = { scene, index: indexScene(scene, 'coco', false), ranges: AREAS }
  // Both are ignored in "small", so that nothing false stands before the third.
  for (const kernel of [createKernel(), null])
    expect(readAverages(way, ['reference'], 0, kernel).reference[4]).toBeCloseTo(1, 12)
})

test('means of more numbers than NumPy adds up at once', () => {
  const { scene, index } = randomScene(3, {
    iouThresholds: Array.from({ length: 32 }, (_, t) => t / 32),
    recallThresholds: Array.from({ length: 700 }, (_, r) => r / 700),
  })
  const way = { scene, index, ranges: scene.config.areas }
  expect(readAverages(way, ALL, 0, createKernel())).toEqual(readAverages(way, ALL, 0, null))
})

test('what is too much for a word is left to the twin', () => {
  const { scene, index } = randomScene(4, {
    iouThresholds: Array.from({ length: 33 }, (_, t) => t / 33),
    areas: Array.from({ length: 3 }, (_, a) => ({ name: `${a}`, lo: a, hi: 1e5 })),
  })
  const way = { scene, index, ranges: scene.config.areas }
  const args = [scene, index, percentileSizes(scene), scene.config.iouThresholds] as const
  expect(readAverages(way, ALL, 0, createKernel())).toEqual(readAverages(way, ALL, 0, null))
  expect(averagesBySize(...args, createKernel())).toEqual(averagesBySize(...args, null))
})

test('without room the twin does it', () => {
  const { scene, index } = randomScene(5)
  const kernel = createKernel()
  kernel.match = () => false
  const way = { scene, index, ranges: scene.config.areas }
  expect(readAverages(way, ALL, 0, kernel)).toEqual(readAverages(way, ALL, 0, null))
})
