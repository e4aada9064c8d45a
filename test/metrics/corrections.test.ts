import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compareProtocols } from '../../src/compare.js'
import type { Config, IouType } from '../../src/data/config.js'
import type { Scene } from '../../src/data/scene.js'
import { evaluate } from '../../src/index.js'
import type { StrictVersusCorrected } from '../../src/metrics/corrections.js'
import { summarize } from '../../src/summary.js'
import type { Guess, Truth } from '../support/columns.js'
import { buildScene } from '../support/scene.js'

/** What pycocotools 2.0.11 gives, and what one correction alone makes of it, by metric. */
interface Pair {
  coco: Record<string, number | null>
  alone: Record<string, number | null>
}

const METRICS = [
  'AP',
  'AP50',
  'AP75',
  'AR',
  'AP small',
  'AR small',
  'AP medium',
  'AR medium',
  'AP large',
  'AR large',
]

/** The metrics that `expected` names. */
function check(table: StrictVersusCorrected, id: string, { coco, alone }: Pair): void {
  expect(table.rows.map(({ metric }) => metric)).toEqual(METRICS)
  const correction = table.alone.find(one => one.id === id)
  const near = (value: number | null) => (value === null ? null : expect.closeTo(value, 9))
  for (const [metric, value] of Object.entries(coco)) {
    const row = METRICS.indexOf(metric)
    expect(table.rows[row].coco, `coco ${metric}`).toEqual(near(value))
    expect(correction?.values[row], `${id} ${metric}`).toEqual(near(alone[metric]))
    const change = value === null || alone[metric] === null ? null : alone[metric] - value
    expect(correction?.changes[row], `${id} change of ${metric}`).toEqual(near(change))
  }
}

const tableOf = (truths: Truth[], guesses: Guess[], changes: Partial<Config> = {}): StrictVersusCorrected =>
  compareProtocols(buildScene(truths, guesses, {}, changes)).compared

const SQUARE = [0, 0, 50, 50]
const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))

describe('each correction alone', () => {
  test('D1: id 0', () => {
    const table = tableOf([{ id: 0, box: SQUARE }], [{ box: SQUARE, score: 0.9 }])
    check(table, 'D1', { coco: { AP: 0, AR: 0, 'AP medium': 0 }, alone: { AP: 1, AR: 1, 'AP medium': 1 } })
  })

  test('D15: areas of the file beside areas of boxes', () => {
    const truths = [
      { box: [0, 0, 40, 40], area: 800 },
      { box: [200, 200, 40, 40], area: 1600 },
    ]
    const guesses = [
      { box: [0, 10, 40, 40], score: 0.95 },
      { box: [200, 200, 40, 40], score: 0.9 },
    ]
    const table = tableOf(truths, guesses, { iouThresholds: [0.75] })
    const sizes = ['AP small', 'AP medium']
    const coco = { [sizes[0]]: 0, [sizes[1]]: 0.5 }
    check(table, 'D15', { coco, alone: { [sizes[0]]: null, [sizes[1]]: 0.5 * (51 / 101) } })
  })

  test('D18: areas of boxes beside areas of masks', () => {
    const guesses = [
      { box: [500, 500, 40, 40], area: 1600, score: 0.95 },
      { box: [0, 0, 30, 30], score: 0.9 },
    ]
    const scene = buildScene([{ box: [0, 0, 30, 30] }], guesses, {}, { iouType: 'segm' })
    const dt = { ...scene.dt, ownAreas: Float64Array.of(820, 900) } // a triangle in its box
    check(compareProtocols({ ...scene, dt }).compared, 'D18', {
      coco: { 'AP small': 1 },
      alone: { 'AP small': 0.5 },
    })
  })

  test('D17: borders', () => {
    const table = tableOf([{ box: [0, 0, 32, 32] }], [{ box: [0, 0, 32, 32], score: 0.9 }])
    check(table, 'D17', {
      coco: { AP: 1, 'AP small': 1, 'AP medium': 1 },
      alone: { AP: 1, 'AP small': null, 'AP medium': 1 },
    })
  })

  test('D19: one match', () => {
    const truths = [{ box: [0, 0, 31, 31] }, { box: [0, 0, 40, 31] }]
    check(tableOf(truths, [{ box: [0, 0, 38, 31], score: 0.9 }]), 'D19', {
      coco: { AP: 51 / 101, AR: 0.5, 'AP small': 0.7, 'AR small': 0.7, 'AP medium': 1, 'AR medium': 1 },
      alone: { AP: 51 / 101, AR: 0.5, 'AP small': 0, 'AR small': 0, 'AP medium': 1, 'AR medium': 1 },
    })
  })

  test('D23: recall grid', () => {
    const truths = times(10, i => ({ box: [60 * i, 0, 50, 50] }))
    const guesses = times(7, i => ({ box: [60 * i, 0, 50, 50], score: 0.9 - 0.01 * i }))
    check(tableOf(truths, guesses), 'D23', { coco: { AP: 70 / 101 }, alone: { AP: 71 / 101 } })
  })

  test('D24: samples', () => {
    const truths = [{ box: SQUARE }, { box: [100, 0, 50, 50] }]
    const table = tableOf(truths, [{ box: SQUARE, score: 0.9 }])
    check(table, 'D24', { coco: { AP: 51 / 101 }, alone: { AP: 0.5 } })
  })

  test('D25: envelope', () => {
    // Points (0, 0) and (1, 1/2): the line between them has a mean of 1/4, the envelope is 1/2 throughout.
    const guesses = [
      { box: [500, 0, 50, 50], score: 0.9 },
      { box: SQUARE, score: 0.8 },
    ]
    check(tableOf([{ box: SQUARE }], guesses), 'D25', { coco: { AP: 0.5 }, alone: { AP: 0.25 } })
  })

  describe('D27: ties', () => {
    test.each([
      ['image 1', 1, 1],
      ['image 2', 2, 0.5],
    ])('the ground truth on %s', (_, image, ap) => {
      const guesses = [1, 2].map(own => ({ image: own, box: SQUARE, score: 0.9 }))
      check(tableOf([{ image, box: SQUARE }], guesses), 'D27', { coco: { AP: ap }, alone: { AP: 0.5 } })
    })

    test.each([
      ['worse', [[0, 0, 50, 40], SQUARE], 0.85],
      ['better', [SQUARE, [0, 0, 50, 40]], 1],
    ])('the %s one first', (_, boxes, ap) => {
      const guesses = boxes.map(box => ({ box, score: 0.9 }))
      check(tableOf([{ box: SQUARE }], guesses), 'D27', { coco: { AP: ap }, alone: { AP: 0.5 } })
    })
  })

  test('D27: of equal scores the better fit chooses first', () => {
    // The first takes the ground truth that the second needs: only the other way round are both found.
    const truths = [{ box: SQUARE }, { box: [25, 0, 50, 50] }]
    const guesses = [
      { box: [10, 0, 50, 50], score: 0.9 },
      { box: [-5, 0, 50, 50], score: 0.9 },
    ]
    const table = tableOf(truths, guesses, { iouThresholds: [0.5] })
    check(table, 'D27', { coco: { AP50: 51 / 101, AR: 0.5 }, alone: { AP50: 1, AR: 1 } })
  })

  test('D31: classes without ground truth', () => {
    const guesses = [
      { box: SQUARE, score: 0.9 },
      ...times(50, i => ({ box: [i, 200, 50, 50], score: 0.99, category: 2 })),
    ]
    check(tableOf([{ box: SQUARE }], guesses), 'D31', {
      coco: { AP: 1, AR: 1, 'AP medium': 1 },
      alone: { AP: 0.5, AR: 1, 'AP medium': 0.5 },
    })
  })

  test('D35: cap', () => {
    const guesses = [...times(100, i => ({ box: [600, i, 20, 20], score: 0.9 })), { box: SQUARE, score: 0.5 }]
    const table = tableOf([{ box: SQUARE }], guesses)
    check(table, 'D35', { coco: { AP: 0, AR: 0 }, alone: { AP: 1 / 101, AR: 1 } })
  })
})

test('both protocols, and the readings of the curve', () => {
  // Two ground truths; true .9, false .8, true .7.
  const truths = [{ box: SQUARE }, { box: [100, 0, 50, 50] }]
  const guesses = [
    { box: SQUARE, score: 0.9 },
    { box: [500, 500, 50, 50], score: 0.8 },
    { box: [100, 0, 50, 50], score: 0.7 },
  ]
  const { rows, readings } = tableOf(truths, guesses)
  expect(rows[0]).toEqual({
    metric: 'AP',
    coco: 0.8349834983498348,
    corrected: expect.closeTo(0.791667, 6),
    correctedStep: expect.closeTo(0.833333, 6),
  })
  expect(rows[3]).toEqual({ metric: 'AR', coco: 1, corrected: 1, correctedStep: null })
  expect(rows[4]).toMatchObject({ metric: 'AP small', coco: null, corrected: null })
  expect(readings.envelope).toBeCloseTo(5 / 6, 9)
  expect(readings.step).toBeCloseTo(5 / 6, 9)
  expect(readings.linear).toBeCloseTo(19 / 24, 9)
})

test('what has nothing to correct changes nothing', () => {
  const { alone, rows } = tableOf([{ box: SQUARE }], [{ box: [0, 0, 50, 40], score: 0.9 }])
  for (const id of ['D1', 'D15', 'D17', 'D35']) {
    const changes = alone.find(one => one.id === id)?.changes
    expect(changes, id).toEqual(rows.map(({ coco }) => (coco === null ? null : 0)))
  }
  expect(alone.map(({ id }) => id)).toEqual([
    'D1',
    'D15',
    'D17',
    'D19',
    'D23',
    'D24',
    'D25',
    'D27',
    'D31',
    'D35',
  ])
})

test('class-agnostic', () => {
  const truths = [{ box: SQUARE, category: 1 }]
  const guesses = [{ box: SQUARE, score: 0.9, category: 2 }]
  const { rows } = tableOf(truths, guesses, { classAgnostic: true })
  expect([rows[0].coco, rows[0].corrected]).toEqual([expect.closeTo(1, 9), 1])
  const empty = tableOf([], [])
  expect(empty.rows.map(({ coco, corrected }) => [coco, corrected])).toEqual(METRICS.map(() => [null, null]))
})

const sample = process.env.DETSCOPE_COCO100 ?? join(import.meta.dirname, '../../../shared/data/coco100')

describe.skipIf(!existsSync(join(sample, 'gt.json')))('100 images of COCO val2014', () => {
  // The grid i / 100 in pycocotools 2.0.11; envelope, steps and straight lines in exact fractions, apart from this code.
  test.each<[IouType, number, number, number, number]>([
    ['bbox', 0.504665, 0.50371, 0.48838, 0.46565],
    ['segm', 0.319597, 0.31794, 0.30451, 0.28231],
  ])('%s', async (iouType, grid, envelope, step, linear) => {
    const read = (name: string): Uint8Array => readFileSync(join(sample, name))
    const evaluation = await evaluate(read('gt.json'), read(`dt_${iouType}.json`), { iouType, scene: true })
    const table = compareProtocols(evaluation.scene as Scene).compared
    const { stats } = summarize(evaluation)
    const coco = table.rows.map(row => row.coco)
    expect(coco).toEqual([0, 1, 2, 8, 3, 9, 4, 10, 5, 11].map(i => stats[i])) // to the last bit
    expect(table.alone.find(({ id }) => id === 'D23')?.values[0]).toBeCloseTo(grid, 6)
    expect(table.readings.envelope).toBeCloseTo(envelope, 5)
    expect(table.readings.step).toBeCloseTo(step, 5)
    expect(table.readings.linear).toBeCloseTo(linear, 5)
    expect([table.rows[0].correctedStep, table.rows[0].corrected]).toEqual([
      expect.closeTo(step, 5),
      expect.closeTo(linear, 5),
    ])
  })
})
