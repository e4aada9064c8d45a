import { describe, expect, test } from 'vitest'
import { cocoSizes, inSize, percentileOf, percentileSizes, sizesOf } from '../../src/metrics/sizes.js'
import { buildScene } from '../support/scene.js'

const withAreas = (areas: number[]) =>
  buildScene(
    areas.map(area => ({ box: [0, 0, area, 1] })),
    [],
  )

describe('percentiles', () => {
  // numpy.percentile(values, q) of NumPy 1.24
  test.each([
    [[961, 1240], 25, 1030.75],
    [[961, 1240], 75, 1170.25],
    [[961, 1240], 7.5, 981.925],
    [[1, 2, 3, 4, 5], 50, 3],
    [[3, 8, 15], 10, 4],
    [[7], 75, 7],
    [[1, 2], 0, 1],
    [[1, 2], 100, 2],
    [[], 25, 0],
  ])('%j at %d', (values, q, expected) => expect(percentileOf(values, q)).toBeCloseTo(expected, 10))
})

describe('the ranges by percentiles', () => {
  test('of two areas, as worked by hand', () => {
    const sizes = percentileSizes(withAreas([1240, 961]))
    expect(sizes.map(({ name, lo, hi }) => [name, lo, Number(hi.toFixed(9))])).toEqual([
      ['all', 0, 1e10],
      ['small', 0, 1030.75],
      ['medium', 1030.75, 1170.25],
      ['large', 1170.25, 1e10],
      ['smallest', 0, 981.925],
      ['corrected', 981.925, 1e10],
    ])
    expect(sizes[2].percentiles).toEqual([25, 75])
  })

  test('look at the shape, not at the area of the file, and not at ignored ground truths', () => {
    const box = (side: number): number[] => [0, 0, side, 10]
    const scene = buildScene(
      [
        { box: box(10), area: 5 },
        { box: box(20) },
        { box: box(90), crowd: true },
        { box: box(80), ignore: true },
      ],
      [],
    )
    expect(percentileSizes(scene)[1].hi).toBe(125)
  })

  test('without ground truths leave nothing but the whole and the large', () => {
    const sizes = percentileSizes(buildScene([], [{ box: [0, 0, 1, 1], score: 1 }]))
    expect(sizes.filter(range => inSize(500, range, 'corrected')).map(({ name }) => name)).toEqual([
      'all',
      'large',
      'corrected',
    ])
  })

  test('own ranges mix px and percentiles and get the whole in front', () => {
    const sizes = sizesOf(withAreas([0, 100]), [
      { name: 'tiny', lo: 0, hi: 16 },
      { name: 'middle', percentiles: [25, 75] },
    ])
    expect(sizes).toEqual([
      { name: 'all', lo: 0, hi: 1e10, percentiles: null },
      { name: 'tiny', lo: 0, hi: 16, percentiles: null },
      { name: 'middle', lo: 25, hi: 75, percentiles: [25, 75] },
    ])
  })
})

describe('an area on the border', () => {
  const [all, small, medium, large] = cocoSizes()

  test('belongs to both ranges in protocol coco', () => {
    expect(inSize(1024, small, 'coco')).toBe(true)
    expect(inSize(1024, medium, 'coco')).toBe(true)
    expect(inSize(1e10, large, 'coco')).toBe(true)
    expect(inSize(2e10, all, 'coco')).toBe(false)
  })

  test('belongs to the upper one in protocol corrected, which has no end', () => {
    expect(inSize(1024, small, 'corrected')).toBe(false)
    expect(inSize(1024, medium, 'corrected')).toBe(true)
    expect(inSize(9216, medium, 'corrected')).toBe(false)
    expect(inSize(2e10, large, 'corrected')).toBe(true)
    expect(inSize(2e10, all, 'corrected')).toBe(true)
  })
})
