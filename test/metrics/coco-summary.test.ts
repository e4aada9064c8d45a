import { describe, expect, test } from 'vitest'
import type { Config } from '../../src/data/config.js'
import { groupCells } from '../../src/matching/cells.js'
import { cocoMetrics, cocoStats, perArea, perClass } from '../../src/metrics/coco-summary.js'
import { buildDataset, cocoConfig } from '../support/columns.js'
import { evaluateColumns } from '../support/evaluate-columns.js'

const SQUARE = [0, 0, 50, 50]
/** Class 1: found twice in image 1, missed in image 2, and a crowd. Class 3: never found. Class 5: no ground truth. */
const dataset = buildDataset(
  [
    { box: SQUARE, category: 1 },
    { box: SQUARE, category: 1, image: 2 },
    { box: [500, 500, 9, 9], category: 1, image: 2, crowd: true },
    { box: SQUARE, category: 3 },
  ],
  [
    { box: SQUARE, category: 1, score: 0.5 },
    { box: [0, 0, 50, 40], category: 1, score: 0.9 },
    { box: [300, 0, 50, 50], category: 5, score: 0.9 },
  ],
)

const evaluate = (changes: Partial<Config> = {}) => {
  const config = cocoConfig(changes)
  const { coco, evaluatedCategories } = evaluateColumns(dataset, config)
  return { coco, config, evaluatedCategories }
}

describe('cocoStats', () => {
  test('the first number asks for a cap of 100, the others for the first three caps', () => {
    const { coco, config } = evaluate({ maxDets: [1, 2, 300] })
    const [ap, ap50, , , apm, , ar1, ar10, ar100] = cocoStats(coco, config)
    expect(ap).toBe(-1)
    expect([ap50, apm].every(value => value > 0)).toBe(true)
    expect(cocoStats(coco, config).slice(6, 9)).toEqual([ar1, ar10, ar100])
    // One of two objects of class 1 up to IoU .8 with one detection, at all ten with two; none of class 3.
    expect([ar1, ar10, ar100].map(value => value.toFixed(6))).toEqual(['0.175000', '0.250000', '0.250000'])
  })

  test('a fourth cap is not asked for', () => {
    const three = evaluate({ maxDets: [1, 1, 1] })
    const four = evaluate({ maxDets: [1, 1, 1, 100] })
    const [, ...rest] = cocoStats(four.coco, four.config)
    expect(rest).toEqual(cocoStats(three.coco, three.config).slice(1))
    expect(cocoStats(four.coco, four.config)[0]).toBeGreaterThan(0.2)
  })

  test('what needs a cap that is not there is -1', () => {
    const { coco, config } = evaluate({ maxDets: [100] })
    const stats = cocoStats(coco, config)
    expect([stats[0], stats[6]].every(value => value > 0)).toBe(true)
    expect([1, 2, 3, 4, 5, 7, 8, 9, 10, 11].map(i => stats[i])).toEqual(new Array(10).fill(-1))
  })

  test('a cap listed twice counts twice in the mean, which changes nothing', () => {
    const once = evaluate({ maxDets: [1, 2, 100] })
    const twice = evaluate({ maxDets: [1, 100, 100] })
    expect(cocoStats(twice.coco, twice.config)[0]).toBeCloseTo(cocoStats(once.coco, once.config)[0], 14)
  })

  test('thresholds are found by exact equality', () => {
    const { coco, config } = evaluate({ iouThresholds: [0.5, 0.7500000000000001] })
    expect(cocoStats(coco, config)[1]).toBeGreaterThan(0)
    expect(cocoStats(coco, config)[2]).toBe(-1)
  })

  test('a size range that is not there is -1', () => {
    const { coco, config } = evaluate({ areas: [{ name: 'all', lo: 0, hi: 1e10 }] })
    const stats = cocoStats(coco, config)
    expect([3, 4, 5, 9, 10, 11].map(i => stats[i])).toEqual(new Array(6).fill(-1))
    expect(stats[0]).toBeGreaterThan(0)
  })
})

describe('cocoMetrics', () => {
  test('uses the largest cap, and null for what is undefined', () => {
    const { coco, config } = evaluate({ maxDets: [1, 2, 300] })
    const metrics = cocoMetrics(coco, config)
    const reference = evaluate({ maxDets: [1, 2, 100] })
    const stats = cocoStats(reference.coco, reference.config)
    expect(metrics).toEqual({
      AP: stats[0],
      AP50: stats[1],
      AP75: stats[2],
      APs: null,
      APm: stats[4],
      APl: null,
      AR1: stats[6],
      AR10: stats[7],
      AR100: stats[8],
      ARs: null,
      ARm: stats[10],
      ARl: null,
    })
  })

  test('the whole is the first area range, whatever its name', () => {
    const { coco, config } = evaluate({ areas: [{ name: 'every', lo: 0, hi: 1e10 }] })
    expect(cocoStats(coco, config)[0]).toBe(-1)
    expect(cocoMetrics(coco, config).AP).toBeGreaterThan(0)
  })
})

test('perClass: counts of the evaluated images, null where nothing decides', () => {
  const { coco, config, evaluatedCategories } = evaluate({ maxDets: [1] })
  const counts = groupCells(dataset, config).counts
  const classes = perClass(coco, config, dataset.categories, evaluatedCategories, counts)
  const none = { AP: null, AP50: null, AP75: null, AR: null }
  const [first, second, third] = classes
  expect(first).toMatchObject({ id: 1, name: 'class 1', groundTruths: 3, detections: 2 })
  expect([first.AP50, first.AP75, first.AR]).toEqual([
    expect.closeTo(51 / 101, 12),
    expect.closeTo(51 / 101, 12),
    expect.closeTo(0.35, 12),
  ])
  expect(first.AP).toBeCloseTo((0.7 * 51) / 101, 12)
  expect(second).toEqual({
    ...{ id: 3, name: 'class 3', groundTruths: 1, detections: 0 },
    ...{ AP: 0, AP50: 0, AP75: 0, AR: 0 },
  })
  expect(third).toEqual({ id: 5, name: 'class 5', groundTruths: 0, detections: 1, ...none })
})

test('perClass: some categories, and none when class-agnostic', () => {
  const some = evaluate({ categoryIds: [3, 5] })
  const counts = groupCells(dataset, some.config).counts
  const classes = perClass(some.coco, some.config, dataset.categories, some.evaluatedCategories, counts)
  expect(classes.map(({ id }) => id)).toEqual([3, 5])
  const agnostic = evaluate({ classAgnostic: true })
  expect(
    perClass(agnostic.coco, agnostic.config, dataset.categories, agnostic.evaluatedCategories, counts),
  ).toEqual([])
})

test('perArea: AP and AR of each range with the largest cap', () => {
  const { coco, config } = evaluate()
  const stats = cocoStats(coco, config)
  expect(perArea(coco, config)).toEqual([
    { name: 'all', AP: stats[0], AR: stats[8] },
    { name: 'small', AP: null, AR: null },
    { name: 'medium', AP: stats[4], AR: stats[10] },
    { name: 'large', AP: null, AR: null },
  ])
})
