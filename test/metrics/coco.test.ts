import { describe, expect, test } from 'vitest'
import type { Dataset } from '../../src/data/columns.js'
import type { Config } from '../../src/data/config.js'
import type { CocoArrays } from '../../src/data/evaluation.js'
import { categoryOffsets } from '../../src/matching/cells.js'
import { sliceOverlaps } from '../../src/matching/overlaps.js'
import { evaluateCategories } from '../../src/metrics/coco.js'
import { joinCategories } from '../../src/metrics/coco-arrays.js'
import { differences } from '../parity/compare.js'
import { bitsOf, buildDataset, cocoConfig, type Guess, type Truth } from '../support/columns.js'
import { evaluateColumns } from '../support/evaluate-columns.js'
import { evaluateLiterally } from '../support/literal-coco.js'
import { integer, pick, seeded } from '../support/random.js'

const truths = (boxes: number[][]): Truth[] => boxes.map(box => ({ box }))

/** Title, ground truths, detections, the twelve numbers of pycocotools 2.0.11. */
const MICRO: [string, Truth[], Guess[], number[]][] = [
  [
    'one object, found',
    truths([[0, 0, 50, 50]]),
    [{ box: [0, 0, 50, 50], score: 0.9 }],
    [
      0.9999999999999998, 0.9999999999999999, 0.9999999999999999, -1, 0.9999999999999998, -1, 1, 1, 1, -1, 1,
      -1,
    ],
  ],
  [
    'seven of ten: recall 0.7 is below the grid',
    truths(Array.from({ length: 10 }, (_, i) => [60 * i, 0, 50, 50])),
    Array.from({ length: 7 }, (_, i) => ({ box: [60 * i, 0, 50, 50], score: 0.9 - 0.01 * i })),
    [
      0.693069306930693, 0.693069306930693, 0.693069306930693, -1, 0.693069306930693, -1, 0.1, 0.7, 0.7, -1,
      0.7, -1,
    ],
  ],
  [
    'a false positive between two true ones',
    truths([
      [0, 0, 50, 50],
      [100, 0, 50, 50],
    ]),
    [
      { box: [0, 0, 50, 50], score: 0.9 },
      { box: [500, 500, 50, 50], score: 0.8 },
      { box: [100, 0, 50, 50], score: 0.7 },
    ],
    [
      0.8349834983498348, 0.834983498349835, 0.834983498349835, -1, 0.8349834983498348, -1, 0.5, 1, 1, -1, 1,
      -1,
    ],
  ],
  [
    'a loose detection',
    truths([
      [10, 10, 20, 20],
      [50, 50, 30, 30],
    ]),
    [
      { box: [14, 10, 20, 20], score: 0.95 },
      { box: [50, 50, 30, 30], score: 0.9 },
    ],
    [0.5514851485148515, 1, 0.2524752475247525, 0.5514851485148515, -1, -1, 0.2, 0.7, 0.7, 0.7, -1, -1],
  ],
  [
    'a crowd that absorbs it',
    [
      ...truths([
        [10, 10, 20, 20],
        [50, 50, 30, 30],
      ]),
      { box: [0, 0, 100, 100], crowd: true },
    ],
    [
      { box: [14, 10, 20, 20], score: 0.95 },
      { box: [50, 50, 30, 30], score: 0.9 },
    ],
    [0.7029702970297029, 1, 0.5049504950495048, 0.7029702970297029, -1, -1, 0.2, 0.7, 0.7, 0.7, -1, -1],
  ],
  [
    'a match in two size ranges',
    truths([
      [0, 0, 31, 31],
      [0, 0, 40, 31],
    ]),
    [{ box: [0, 0, 38, 31], score: 0.9 }],
    [
      0.5049504950495048, 0.5049504950495048, 0.5049504950495048, 0.6999999999999998, 0.9999999999999998, -1,
      0.5, 0.5, 0.5, 0.7, 1, -1,
    ],
  ],
]

test.each(MICRO)('as the reference, to the bit: %s', (_, gts, dts, stats) => {
  const evaluated = evaluateColumns(buildDataset(gts, dts), cocoConfig())
  expect(evaluated.stats.map(bitsOf)).toEqual(stats.map(bitsOf))
})

function expectEqual(actual: CocoArrays, expected: CocoArrays, message = ''): void {
  expect(differences({ ...expected, stats: [] }, { ...actual, stats: [] }), message).toEqual([])
}

/** Few places and scores, so that ties abound; areas on borders; crowds; at times an id 0. */
function randomDataset(random: () => number): Dataset {
  const places = pick(random, [1, 2, 5])
  const span = pick(random, [2, 4])
  const place = () => ({ image: 1 + integer(random, places), category: 1 + integer(random, 3) })
  const box = (): number[] => [
    16 * integer(random, span),
    16 * integer(random, span),
    16 * (1 + integer(random, span)),
    16 * (1 + integer(random, span)),
  ]
  const zeroId = integer(random, 12)
  const gts: Truth[] = Array.from({ length: integer(random, 14) }, (_, i) => ({
    ...place(),
    box: box(),
    area: pick(random, [undefined, undefined, 1024, 9216, 50]),
    crowd: random() < 0.15,
    id: i === zeroId ? 0 : i + 1,
  }))
  const levels = pick(random, [2, 5, 1000])
  const dts: Guess[] = Array.from({ length: integer(random, 40) }, () => ({
    ...place(),
    box: random() < 0.5 && gts.length > 0 ? (pick(random, gts).box as number[]) : box(),
    score: integer(random, levels) / levels - (levels === 5 ? 0.5 : 0),
  }))
  return buildDataset(gts, dts, { images: [1, 2, 3], categories: [1, 2, 3, 4] })
}

const CONFIGS: Record<string, (random: () => number) => Partial<Config>> = {
  'as the reference has it': () => ({ iouThresholds: [0.5, 0.75, 0.8999999999999999] }),
  'small caps, one twice': random => ({ maxDets: pick(random, [[1, 2, 3], [2, 2, 5], [4]]) }),
  'class-agnostic': random => ({
    classAgnostic: true,
    maxDets: pick(random, [
      [1, 4, 9],
      [1, 10, 100],
    ]),
  }),
  'some ids only': random => ({ imageIds: [1, 3], categoryIds: pick(random, [[2], [4, 1]]) }),
  'forty thresholds': () => ({ iouThresholds: Array.from({ length: 40 }, (_, i) => 1 - i / 40) }),
  'recall thresholds in no order': random => ({
    iouThresholds: [0.5],
    recallThresholds: pick(random, [[0.5, 0, 1, 0.25], [0.9, 0.1], [1 / 3, 2 / 3, 0.1, 1, 0], []]),
  }),
  'own areas': () => ({
    iouThresholds: [0.5],
    areas: [
      { name: 'all', lo: 0, hi: 1e10 },
      { name: 'one', lo: 256, hi: 256 },
      { name: 'none', lo: 3, hi: 2 },
    ],
  }),
}

describe('accumulation equals the rule, loop by loop', () => {
  test.each(Object.entries(CONFIGS))('%s', (name, changes) => {
    const random = seeded(name.length)
    for (let round = 0; round < 60; round++) {
      const dataset = randomDataset(random)
      const config = cocoConfig({ areas: cocoConfig().areas.slice(0, 3), ...changes(random) })
      expectEqual(evaluateColumns(dataset, config).coco, evaluateLiterally(dataset, config), `round ${round}`)
    }
  })
})

describe('many detections', () => {
  const random = seeded(3)
  const gts: Truth[] = []
  const dts: Guess[] = []
  for (let i = 0; i < 900; i++) {
    const place = { image: 1 + integer(random, 30), category: 1 + integer(random, 3) }
    const box = [600 * random(), 400 * random(), 10 + 100 * random(), 10 + 100 * random()]
    gts.push({ ...place, box, crowd: random() < 0.05 })
    for (let copy = 0; copy < 6; copy++) {
      const loose = box.map(value => value + 12 * (random() - 0.5))
      dts.push({ ...place, box: loose, score: Math.round(random() * 1e3) / 1e3 })
    }
  }
  const dataset = buildDataset(gts, dts)
  const config = cocoConfig({ maxDets: [1, 10, 50] })
  const { cells, overlaps, input, coco } = evaluateColumns(dataset, config)

  test('equal the rule too', () => {
    expectEqual(coco, evaluateLiterally(dataset, config))
    expect(coco.recall[0]).toBeGreaterThan(0)
  })

  test('categories split among workers join to the whole', () => {
    const offsets = categoryOffsets(cells, 3)
    const parts = [
      [0, 1],
      [1, 1],
      [1, 3],
    ].map(([kFrom, kTo]) => {
      const [from, to] = [cells.dtOffsets[offsets[kFrom]], cells.dtOffsets[offsets[kTo]]]
      return evaluateCategories(input, sliceOverlaps(overlaps, from, to), config, kFrom, kTo).arrays
    })
    expect(parts.map(part => part.shape.K)).toEqual([1, 0, 2])
    expectEqual(joinCategories(parts), coco)
  })
})

describe('empty lists', () => {
  const box = [0, 0, 50, 50]

  test('no detections: nothing is found', () => {
    const { coco, stats } = evaluateColumns(buildDataset([{ box }], []), cocoConfig())
    expect(stats).toEqual([0, 0, 0, -1, 0, -1, 0, 0, 0, -1, 0, -1])
    expect(new Set(coco.scores)).toEqual(new Set([0, -1]))
  })

  test('no ground truths: no number', () => {
    const { stats } = evaluateColumns(buildDataset([], [{ box, score: 0.9 }]), cocoConfig())
    expect(stats).toEqual(new Array(12).fill(-1))
  })

  test('neither', () => {
    expect(evaluateColumns(buildDataset([], []), cocoConfig()).stats).toEqual(new Array(12).fill(-1))
    const agnostic = evaluateColumns(buildDataset([], []), cocoConfig({ classAgnostic: true }))
    expect(agnostic.coco.shape.K).toBe(1)
    expect(agnostic.stats).toEqual(new Array(12).fill(-1))
  })
})

test('a score of -0 keeps its sign', () => {
  const box = [0, 0, 50, 50]
  const { coco } = evaluateColumns(buildDataset([{ box }], [{ box, score: -0 }]), cocoConfig())
  expect(Object.is(coco.scores[0], -0)).toBe(true)
})
