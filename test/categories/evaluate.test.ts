import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluateInKernel } from '../../src/categories/evaluate.js'
import { CategoryKernel } from '../../src/categories/kernel.js'
import { overlapBoxes } from '../../src/categories/kernel-range.js'
import type { Dataset } from '../../src/data/columns.js'
import type { Config } from '../../src/data/config.js'
import { findBoxOverlaps } from '../../src/matching/overlaps.js'
import { buildDataset, cocoConfig, type Guess, type Truth } from '../support/columns.js'
import { integer, pick, seeded } from '../support/random.js'
import { allCategories, createKernel, expectTwins } from './twins.js'

/** Few sides, so that boxes coincide, overlaps tie and thresholds are met exactly. */
const side = fc.constantFrom(0, 16, 32, 48)
const box = fc
  .tuple(side, side, side, side)
  .map(sides => sides.map((length, i) => (i > 1 ? length + 8 : length)))
const area = fc.constantFrom(undefined, undefined, 1024, 9216, 50, 1e10, Infinity, Number.NaN, 0)
const place = { image: fc.integer({ min: 1, max: 3 }), category: fc.integer({ min: 1, max: 4 }) }
const truth = fc.record({
  ...place,
  box,
  area,
  crowd: fc.constantFrom(false, false, false, true),
  id: fc.constantFrom(1, 1, 2, 3, 4, 0),
})
const score = fc.oneof(
  fc.constantFrom(0, -0, 0.5, 0.9, 1),
  fc.double({ noNaN: true }),
  fc.double({ min: 0.5, max: 0.50001, noNaN: true }),
)
const guess = fc.record({ ...place, box, area, score })
const lists = <T>(...values: T[][]) => fc.constantFrom(...values)
const changes = fc.record({
  iouThresholds: lists(
    cocoConfig().iouThresholds,
    [0.5],
    [0.75, 1, 1 / 3, 0.5, 0.5],
    Array.from({ length: 32 }, (_, i) => 1 - i / 32),
  ),
  recallThresholds: lists(
    cocoConfig().recallThresholds,
    [0.5, 0, 1, 0.25, 1.5, 2 / 3],
    [0.9, 0.1],
    [1 / 3, 1],
    [],
  ),
  areas: lists(
    cocoConfig().areas,
    [{ name: 'all', lo: 0, hi: 1e10 }],
    [
      { name: 'one', lo: 256, hi: 256 },
      { name: 'none', lo: 3, hi: 2 },
      { name: 'open', lo: -1, hi: Infinity },
      { name: 'again', lo: 0, hi: 1024 },
      { name: 'all', lo: 0, hi: 1e10 },
    ],
    Array.from({ length: 32 }, (_, i) => ({ name: `${i}`, lo: 100 * i, hi: 120 * i + 64 })),
  ),
  maxDets: lists([1, 10, 100], [1, 1, 2, 3], [2], [1, 10, 2000]),
  classAgnostic: fc.constantFrom(false, false, true),
})

describe('the kernel equals its twin, to the bit', () => {
  const surroundings = { images: [1, 2, 3], categories: [1, 2, 3, 4] }
  const truths = fc.array(truth, { maxLength: 20 })
  const guesses = fc.array(guess, { maxLength: 60, size: 'max' })

  test('boxes', () => {
    fc.assert(
      fc.property(truths, guesses, changes, (gts, dts, config) => {
        const { context, item } = allCategories(buildDataset(gts, dts, surroundings), cocoConfig(config))
        expectTwins(context, item)
      }),
      { numRuns: 1000 },
    )
  })

  test('overlaps that are known', () => {
    fc.assert(
      fc.property(truths, guesses, changes, (gts, dts, config) => {
        const dataset = buildDataset(gts, dts, surroundings)
        const found = allCategories(dataset, cocoConfig(config))
        const overlaps = findBoxOverlaps(dataset, found.context.input.cells)
        expectTwins({ ...found.context, overlaps }, found.item)
      }),
      { numRuns: 300 },
    )
  })

  test('overlaps of boxes of all classes', () => {
    fc.assert(
      fc.property(truths, guesses, changes, (gts, dts, config) => {
        const dataset = buildDataset(gts, dts, surroundings)
        const agnostic = cocoConfig({ ...config, classAgnostic: true })
        const { input } = allCategories(dataset, agnostic).context
        expect(overlapBoxes(agnostic, input, dataset)).toEqual(findBoxOverlaps(dataset, input.cells))
      }),
      { numRuns: 300 },
    )
  })

  test('some of the categories', () => {
    fc.assert(
      fc.property(truths, guesses, fc.tuple(fc.nat(4), fc.nat(4)), (gts, dts, ends) => {
        const { context } = allCategories(buildDataset(gts, dts, surroundings), cocoConfig())
        const [kFrom, kTo] = ends.sort()
        const { categories, count } = context.input.cells
        const firstOf = (k: number): number => {
          const cell = categories.findIndex(category => category >= k)
          return cell < 0 ? count : cell
        }
        expectTwins(context, { kFrom, kTo, cells: { from: firstOf(kFrom), to: firstOf(kTo) } })
      }),
      { numRuns: 200 },
    )
  })
})

/** A data set of loose boxes around random truths. */
function looseBoxes(
  seed: number,
  sizes: { images: number; categories: number; truths: number; each: number },
) {
  const random = seeded(seed)
  const gts: Truth[] = []
  const dts: Guess[] = []
  for (let i = 0; i < sizes.truths; i++) {
    const where = {
      image: 1 + integer(random, sizes.images),
      category: 1 + integer(random, sizes.categories),
    }
    const around = [600 * random(), 400 * random(), 4 + 100 * random(), 4 + 100 * random()]
    gts.push({ ...where, box: around, crowd: random() < 0.05 })
    for (let copy = 0; copy < sizes.each; copy++) {
      const loose = around.map(value => value + 12 * (random() - 0.5)).map(value => Math.max(0, value))
      const rough = Math.round(random() * 1e3) / 1e3
      dts.push({
        ...where,
        box: loose,
        score: pick(random, [rough, Math.fround(rough), rough + random() / 1e7]),
      })
    }
  }
  return buildDataset(gts, dts)
}

describe('many detections', () => {
  const run = (dataset: Dataset, config: Config) => {
    const { context, item } = allCategories(dataset, config)
    const { input } = allCategories(dataset, { ...config, classAgnostic: true }).context
    expect(overlapBoxes(config, input, dataset)).toEqual(findBoxOverlaps(dataset, input.cells))
    return { context, item, twin: expectTwins(context, item) }
  }

  test('cells come in several parts, ranks by long digits', () => {
    const dataset = looseBoxes(1, { images: 90, categories: 2, truths: 3000, each: 9 })
    const { twin } = run(dataset, cocoConfig({ maxDets: [1, 10, 300] }))
    expect(twin.part.arrays.recall[2]).toBeGreaterThan(0.5)
  })

  test('crowded cells', () => {
    const dataset = looseBoxes(2, { images: 2, categories: 1, truths: 700, each: 4 })
    const { twin } = run(dataset, cocoConfig({ maxDets: [1, 100, 2000], iouThresholds: [0.01, 0.5] }))
    expect(twin.overlaps?.gts.length).toBeGreaterThan(20_000)
  })

  test.each<[string, (random: () => number) => number[]]>([
    ['sizes of all magnitudes', random => [0, 0, 1, 1].map(least => least + 10 ** (5 * random() - 2))],
    ['boxes without an area', random => [0, 0, -8, -8].map(least => least + 40 * random())],
    ['one row', random => [1e5 * random(), 7, 90 * random(), 10]],
    ['far from each other', random => [pick(random, [-1e9, 0, 1e12]), 20 * random(), 30, 30 * random()]],
    [
      'beyond what float64 holds',
      random => [pick(random, [-1e308, 0, 1e308]), 1e308 * (random() - 0.5), 1e308, pick(random, [1, 1e308])],
    ],
    ['one box again and again', () => [3, 4, 5, 6]],
  ])('crowded cells: %s', (_, draw) => {
    const random = seeded(8)
    const gts = Array.from({ length: 300 }, () => ({ box: draw(random), crowd: random() < 0.1 }))
    const dts = Array.from({ length: 300 }, () => ({ box: draw(random), score: random() }))
    run(buildDataset(gts, dts), cocoConfig({ maxDets: [1, 100, 2000] }))
  })

  test('more categories than the arrays hold at once, some of them empty', () => {
    const dataset = looseBoxes(3, { images: 5, categories: 70, truths: 90, each: 3 })
    const iouThresholds = Array.from({ length: 32 }, (_, i) => (i + 1) / 33)
    const { twin } = run(dataset, cocoConfig({ iouThresholds }))
    expect(twin.part.arrays.shape.K).toBeGreaterThan(40)
  })

  test('many equal overlaps', () => {
    const random = seeded(7)
    const box = (): number[] => [integer(random, 3), integer(random, 3), 20, 20]
    const gts = Array.from({ length: 150 }, () => ({ box: box(), crowd: random() < 0.1 }))
    const dts = Array.from({ length: 100 }, () => ({ box: box(), score: integer(random, 9) / 9 }))
    const { twin } = run(buildDataset(gts, dts), cocoConfig())
    expect(twin.overlaps?.gts.length).toBe(15_000)
  })

  test('equal scores throughout', () => {
    const dataset = looseBoxes(4, { images: 40, categories: 1, truths: 1000, each: 5 })
    dataset.detections.scores.fill(0.5)
    run(dataset, cocoConfig())
  })
})

describe('what is left to the twin', () => {
  test.each<[string, Partial<Config>]>([
    [
      'more thresholds than a word has bits',
      { iouThresholds: Array.from({ length: 33 }, (_, i) => 1 - i / 40) },
    ],
    ['no threshold', { iouThresholds: [] }],
    ['more area ranges than a word has bits', { areas: new Array(33).fill(cocoConfig().areas[0]) }],
    ['recall thresholds beyond the memory', { recallThresholds: new Array(2e6).fill(0.5) }],
  ])('%s', (_, config) => {
    expect(CategoryKernel.create(cocoConfig(config))).toBeNull()
  })

  const dataset = looseBoxes(5, { images: 60, categories: 4, truths: 2500, each: 5 })

  test.each(['openArrays', 'openCategory', 'openCells'] as const)('a category with no room: %s', name => {
    const { context, item } = allCategories(dataset, cocoConfig())
    const kernel = createKernel(context.config)
    let calls = 0
    const real = kernel.exports[name] as (...args: number[]) => number
    const sometimes = (...args: number[]): number => (calls++ % 3 === 1 ? 0 : real(...args))
    Object.assign(kernel, {
      exports: { ...kernel.exports, [name]: name === 'openArrays' ? () => 0 : sometimes },
    })
    expectTwins(context, item, kernel)
  })

  test('no room for pairs, found or known', () => {
    const { context, item } = allCategories(dataset, cocoConfig())
    const kernel = createKernel(context.config)
    const { findPairs } = kernel.exports
    let calls = 0
    const broken = {
      findPairs: (...args: [number, number]) => (calls++ % 4 === 2 ? -1 : findPairs(...args)),
      openPairs: () => 0,
    }
    Object.assign(kernel, { exports: { ...kernel.exports, ...broken } })
    expectTwins(context, item, kernel)
    expectTwins({ ...context, overlaps: findBoxOverlaps(dataset, context.input.cells) }, item, kernel)
  })
})

test('one kernel serves many items, and its memory does not grow with their number', () => {
  const dataset = looseBoxes(6, { images: 30, categories: 3, truths: 600, each: 5 })
  const { context, item } = allCategories(dataset, cocoConfig())
  const kernel = createKernel(context.config)
  const first = evaluateInKernel(kernel, context, item)
  const { buffer } = kernel.u8(0, 1)
  for (let round = 0; round < 5; round++) expect(evaluateInKernel(kernel, context, item)).toEqual(first)
  expect(kernel.u8(0, 1).buffer).toBe(buffer)
})
