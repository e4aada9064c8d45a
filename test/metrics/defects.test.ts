import { describe, expect, test } from 'vitest'
import type { Config } from '../../src/data/config.js'
import { resolveAreas } from '../../src/matching/areas.js'
import { groupCells } from '../../src/matching/cells.js'
import { findMaskOverlaps } from '../../src/matching/mask-overlaps.js'
import { BitmapBackend, drawMasks, type Picture } from '../support/bitmap-backend.js'
import { buildDataset, cocoConfig, type Guess, type Truth } from '../support/columns.js'
import { evaluateColumns } from '../support/evaluate-columns.js'

/**
 * What pycocotools 2.0.11 gets wrong or does surprisingly, and protocol `coco` does too. The numbers are its own,
 * on one image and one class unless said.
 */
const [AP, AP50, AP75, APs, APm, APl, AR1, AR10, AR100, ARs, ARm] = [...Array(12).keys()]

const stats = (truths: Truth[], guesses: Guess[], changes: Partial<Config> = {}): number[] =>
  evaluateColumns(buildDataset(truths, guesses), cocoConfig(changes)).stats

const SQUARE = [0, 0, 50, 50]
const exact = (box: number[], score = 0.9): Guess => ({ box, score })
const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))

describe('a ground truth with id 0 is never found', () => {
  test('alone', () => {
    const zero = evaluateColumns(buildDataset([{ box: SQUARE, id: 0 }], [exact(SQUARE)]), cocoConfig())
    expect([AP, AP50, APm, AR1, AR100, ARm].map(i => zero.stats[i])).toEqual([0, 0, 0, 0, 0, 0])
    expect(zero.zeroIdDetections).toBe(1)
    expect(stats([{ box: SQUARE, id: 1 }], [exact(SQUARE)])[AP]).toBe(0.9999999999999998)
  })

  test('beside another', () => {
    const far = [500, 0, 50, 50]
    const truths = [
      { box: SQUARE, id: 0 },
      { box: far, id: 1 },
    ]
    const found = stats(truths, [exact(SQUARE, 0.9), exact(far, 0.8)])
    expect(found[AP]).toBeCloseTo(0.2525, 4)
    expect(found[AR100]).toBe(0.5)
  })
})

test('size ranges share their borders', () => {
  const small = stats([{ box: [0, 0, 32, 32] }], [exact([0, 0, 32, 32])])
  expect([small[APs], small[APm], small[APl]]).toEqual([0.9999999999999998, 0.9999999999999998, -1])
  const large = stats([{ box: [0, 0, 96, 96] }], [exact([0, 0, 96, 96])])
  expect([large[APs], large[APm], large[APl]]).toEqual([-1, 0.9999999999999998, 0.9999999999999998])
})

describe('mask results that carry a box have the area of the box', () => {
  const draw = (inside: (x: number, y: number) => boolean): Picture =>
    times(80, y => times(80, x => (inside(x, y) ? '#' : '.')).join(''))
  const square = draw((x, y) => x < 30 && y < 30)
  const triangle = draw((x, y) => x >= 40 && y >= 40 && x - 40 + (y - 40) < 40)
  const gt = drawMasks([square])
  const dt = drawMasks([triangle, square])

  async function smallAp(dtAreas: (number | undefined)[]): Promise<number> {
    const guesses = [0.95, 0.9].map((score, i) => ({ score, area: dtAreas[i] }))
    const dataset = buildDataset([{ area: 900 }], guesses, { gtMasks: gt.masks, dtMasks: dt.masks })
    const config = cocoConfig({ iouType: 'segm' })
    const backend = new BitmapBackend([gt, dt])
    const { cells } = groupCells(dataset, config)
    const found = await findMaskOverlaps(dataset, cells, { backend, fallback: null })
    dataset.detections.areas = resolveAreas(dataset.detections.areas, found.dtMaskAreas)
    return evaluateColumns(dataset, config, found.overlaps).stats[APs]
  }

  test('without boxes', async () => expect(await smallAp([undefined, undefined])).toBeCloseTo(0.5, 12))
  test('with boxes', async () => expect(await smallAp([1600, 900])).toBeCloseTo(1, 12))
})

test('one detection is a true positive in two ranges, and either beats the whole', () => {
  const truths = [{ box: [0, 0, 31, 31] }, { box: [0, 0, 40, 31] }]
  const found = stats(truths, [exact([0, 0, 38, 31])])
  expect([AP, APs, APm].map(i => found[i].toFixed(3))).toEqual(['0.505', '0.700', '1.000'])
  expect([AR100, ARs, ARm].map(i => found[i])).toEqual([0.5, 0.7, 1])
})

test('an unmatched detection out of range is ignored: one pixel flips the average', () => {
  const truths = [{ box: [0, 0, 30, 30] }]
  const smallAp = (side: number): number[] => {
    const found = stats(truths, [exact([15, 15, side, side], 0.95), exact([0, 0, 30, 30])])
    return [found[APs], found[APm]]
  }
  expect(smallAp(32)).toEqual([expect.closeTo(0.5, 12), -1])
  expect(smallAp(33)).toEqual([expect.closeTo(1, 12), -1])
})

test('a ground truth out of range absorbs one detection only', () => {
  const truths = [{ box: [0, 0, 40, 40] }, { box: [200, 200, 20, 20] }]
  const first = exact([0, 0, 31, 31], 0.95)
  const second = exact([9, 9, 31, 31], 0.94)
  const small = exact([200, 200, 20, 20], 0.9)
  const smallAp = (guesses: Guess[], iou: number): number =>
    stats(truths, guesses, { iouThresholds: [iou] })[APs]
  expect(smallAp([first, small], 0.5)).toBeCloseTo(1, 12)
  expect(smallAp([first, second, small], 0.5)).toBeCloseTo(0.5, 12)
  expect(smallAp([first, small], 0.75)).toBeCloseTo(0.5, 12)
})

test('"all" ends at 10^10 px', () => {
  const box = [0, 0, 150000, 150000]
  expect(stats([{ box }], [exact(box)])).toEqual(new Array(12).fill(-1))
})

test('false positives below the last true positive are free', () => {
  const false99 = times(99, i => exact([600, i, 20, 20], 0.8))
  const found = stats([{ box: SQUARE }], [exact(SQUARE), ...false99])
  expect([found[AP], found[AR100]]).toEqual([expect.closeTo(1, 12), 1])
})

describe('equal scores', () => {
  const apart = (gtImage: number): number =>
    stats(
      [{ image: gtImage, box: SQUARE }],
      [
        { ...exact(SQUARE), image: 1 },
        { ...exact(SQUARE), image: 2 },
      ],
    )[AP]

  test('go by image id', () => {
    expect(apart(1)).toBeCloseTo(1, 12)
    expect(apart(2)).toBeCloseTo(0.5, 12)
  })

  test('within an image by position in the file', () => {
    const worse = exact([0, 0, 50, 40])
    expect(stats([{ box: SQUARE }], [worse, exact(SQUARE)])[AP]).toBeCloseTo(0.85, 12)
    expect(stats([{ box: SQUARE }], [exact(SQUARE), worse])[AP]).toBeCloseTo(1, 12)
  })

  test('class-agnostic by category', () => {
    const guesses = [2, 1].map(category => ({ ...exact([100 * category, 0, 50, 50]), category }))
    const ap = (category: number): number =>
      stats([{ category, box: [100 * category, 0, 50, 50] }], guesses, { classAgnostic: true })[AP]
    expect(ap(1)).toBeCloseTo(1, 12)
    expect(ap(2)).toBeCloseTo(0.5, 12)
  })
})

test('of equal IoUs the later ground truth wins', () => {
  const boxes = [SQUARE, [20, 0, 50, 50]]
  const guesses = [exact([10, 0, 50, 50], 0.9), exact([20, 0, 50, 50], 0.8)]
  const ap50 = (order: number[][]): number =>
    stats(
      order.map(box => ({ box })),
      guesses,
    )[AP50]
  expect(ap50(boxes)).toBeCloseTo(51 / 101, 12)
  expect(ap50([...boxes].reverse())).toBeCloseTo(1, 12)
})

describe('a crowd', () => {
  const truths = [{ box: [10, 10, 20, 20] }, { box: [50, 50, 30, 30] }]
  const guesses = [exact([14, 10, 20, 20], 0.95), exact([50, 50, 30, 30], 0.9)]
  const crowd = { box: [0, 0, 100, 100], crowd: true }

  test('absorbs what fits a real object badly', () => {
    expect(stats(truths, guesses)[AP75]).toBeCloseTo(0.2525, 4)
    const found = stats([...truths, crowd], guesses)
    expect([found[AP75], found[AP]]).toEqual([expect.closeTo(0.50495, 4), expect.closeTo(0.703, 3)])
  })

  test('of another category absorbs nothing', () => {
    expect(stats([...truths, { ...crowd, category: 2 }], guesses)[AP75]).toBeCloseTo(0.2525, 4)
  })
})

describe('duplicates', () => {
  test('the second detection of an object is a false positive', () => {
    const guesses = [exact(SQUARE, 0.9), exact(SQUARE, 0.8), exact([100, 0, 50, 50], 0.7)]
    const { coco } = evaluateColumns(
      buildDataset([{ box: SQUARE }, { box: [100, 0, 50, 50] }], guesses),
      cocoConfig({ recallThresholds: [1] }),
    )
    expect(coco.precision[2]).toBe(2 / 3)
  })

  test('an object stated twice needs two detections', () => {
    const truths = [{ box: SQUARE }, { box: SQUARE }]
    expect(stats(truths, [exact(SQUARE)])[AP]).toBeCloseTo(51 / 101, 12)
    expect(stats(truths, [exact(SQUARE), exact(SQUARE)])[AP]).toBeCloseTo(1, 12)
  })

  test('class-agnostic: one object in two categories is two, a wrong label is right', () => {
    const agnostic = { classAgnostic: true }
    const truths = [
      { box: SQUARE, category: 1 },
      { box: SQUARE, category: 2 },
    ]
    expect(stats(truths, [exact(SQUARE)], agnostic)[AP]).toBeCloseTo(51 / 101, 12)
    const wrong = { ...exact(SQUARE), category: 2 }
    expect(stats([{ box: SQUARE }], [wrong], agnostic)[AP]).toBeCloseTo(1, 12)
  })
})

describe('the cap', () => {
  const truths = [
    { box: SQUARE, category: 1 },
    { box: [100, 0, 50, 50], category: 2 },
  ]
  const guesses = truths.map(({ box, category }) => ({ ...exact(box), category }))

  test('counts detections of an image and category', () => {
    expect(stats(truths, guesses)[AR1]).toBe(1)
    expect(stats(truths, guesses, { classAgnostic: true })[AR1]).toBe(0.5)
  })

  test('cuts a true positive behind as many false ones', () => {
    const behind = (falses: number): number[] =>
      stats([{ box: SQUARE }], [...times(falses, i => exact([600, i, 20, 20], 0.9)), exact(SQUARE, 0.5)])
    expect([behind(100)[AP], behind(100)[AR100]]).toEqual([0, 0])
    expect([behind(99)[AP], behind(99)[AR10], behind(99)[AR100]]).toEqual([expect.closeTo(0.01, 12), 0, 1])
  })
})
