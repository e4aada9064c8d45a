import { describe, expect, test } from 'vitest'
import { evaluate } from '../../src/index.js'

/** Boxes of these areas (px) in one image, one px high; `more` changes single annotations. */
const truthOf = (widths: number[], more: Record<number, object> = {}) => ({
  images: [{ id: 1, width: 10_000, height: 100 }],
  categories: [{ id: 1, name: 'box' }],
  annotations: widths.map((width, i) => ({
    id: i + 1,
    image_id: 1,
    category_id: 1,
    bbox: [0, i, width, 1],
    area: 7, // stated, and not what percentiles are of
    ...more[i],
  })),
})

const areasOf = async (groundTruth: object, areas: object[], options = {}) =>
  (await evaluate(groundTruth, [], { iouType: 'bbox', areas: areas as [], ...options })).config.areas

const quartiles = [
  { name: 'small', percentiles: [0, 25] },
  { name: 'medium', percentiles: [25, 75] },
  { name: 'large', percentiles: [75, 100] },
  { name: 'smallest', percentiles: [0, 7.5] },
]

describe('size ranges by percentiles', () => {
  // The two areas of D19's worked example, and numpy.percentile([961, 1240], [7.5, 25, 75]).
  test('are between the areas of the ground truths, linearly', async () => {
    expect(await areasOf(truthOf([1240, 961]), quartiles)).toEqual([
      { name: 'all', lo: 0, hi: 1e10 },
      { name: 'small', lo: 0, hi: 1030.75, percentiles: [0, 25] },
      { name: 'medium', lo: 1030.75, hi: 1170.25, percentiles: [25, 75] },
      { name: 'large', lo: 1170.25, hi: 1e10, percentiles: [75, 100] },
      { name: 'smallest', lo: 0, hi: 981.925, percentiles: [0, 7.5] },
    ])
  })

  test('are of regular ground truths of the evaluated images and categories', async () => {
    const groundTruth = truthOf([961, 1240, 5, 6, 9000], {
      2: { iscrowd: 1 },
      3: { ignore: 1 },
      4: { category_id: 2 },
    })
    groundTruth.categories.push({ id: 2, name: 'other' })
    const [, small] = await areasOf(groundTruth, quartiles, { categoryIds: [1] })
    expect(small.hi).toBe(1030.75)
    const [, agnostic] = await areasOf(groundTruth, quartiles, { classAgnostic: true })
    // numpy.percentile([961, 1240, 9000], 25)
    expect(agnostic.hi).toBe(1100.5)
  })

  test('are of the pixels of masks in mask runs', async () => {
    const mask = (rows: number) => ({ segmentation: { size: [100, 10_000], counts: [0, rows, 1e6 - rows] } })
    const groundTruth = truthOf([1, 1], { 0: mask(40), 1: mask(80) })
    const [, small] = await areasOf(groundTruth, quartiles, { iouType: 'segm' })
    expect(small.hi).toBe(50)
  })

  test('without ground truths hold nothing', async () => {
    const [, small, medium, large] = await areasOf(truthOf([]), quartiles)
    expect([small.hi, medium.lo, medium.hi, large.lo, large.hi]).toEqual([0, 0, 0, 0, 1e10])
  })

  test('decide the numbers as px do', async () => {
    const groundTruth = truthOf([400, 900, 1600, 2500], { 0: { area: 400 }, 1: { area: 900 } })
    groundTruth.annotations.forEach((annotation, i) => {
      annotation.area = [400, 900, 1600, 2500][i]
    })
    const detections = [{ image_id: 1, category_id: 1, bbox: [0, 0, 400, 1], score: 1 }]
    const run = (areas: object[]) =>
      evaluate(groundTruth, detections, { iouType: 'bbox', areas: areas as [] })
    const byPercentiles = await run(quartiles)
    // numpy.percentile([400, 900, 1600, 2500], [7.5, 25, 75])
    const byPixels = await run([
      { name: 'small', lo: 0, hi: 775 },
      { name: 'medium', lo: 775, hi: 1825 },
      { name: 'large', lo: 1825, hi: 1e10 },
      { name: 'smallest', lo: 0, hi: 512.5 },
    ])
    expect(byPercentiles.coco).toEqual(byPixels.coco)
    expect(byPercentiles.coco.recall.slice(0, 3 * 5)).toContain(1)
  })

  test.each([
    [{ name: 'x', percentiles: [25] }, 'percentiles [from, to] with 0 <= from < to <= 100, got "x" [25]'],
    [{ name: 'x', percentiles: [75, 25] }, 'got "x" 75 to 25'],
    [{ name: 'x', percentiles: [-1, 25] }, 'got "x" -1 to 25'],
    [{ name: 'x', percentiles: [0, 101] }, 'got "x" 0 to 101'],
    [{ name: 'x', percentiles: ['0', '25'] }, 'got "x" ["0","25"]'],
    [{ name: 'x', lo: 0, percentiles: [0, 25] }, 'expected {name, lo, hi}'],
  ])('%j is refused', async (range, words) => {
    await expect(areasOf(truthOf([9]), [range])).rejects.toThrow(words)
  })
})
