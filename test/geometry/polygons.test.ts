import { describe, expect, test } from 'vitest'
import { rasterizePart, rasterizeParts } from '../../src/geometry/polygons.js'
import { spansToCounts } from '../../src/geometry/rle.js'

const raster = (points: number[], height: number, width: number): number[] => {
  const spans = rasterizePart(Float64Array.from(points), 0, Math.floor(points.length / 2), height, width)
  return [...spansToCounts(spans, height * width)]
}

/** Counts of pycocotools 2.0.11 (rleFrPoly), height and width 6. */
const VECTORS: [string, number[], number[]][] = [
  ['square 1..4', [1, 1, 4, 1, 4, 4, 1, 4], [7, 3, 3, 3, 3, 3, 14]],
  ['square 0..6', [0, 0, 6, 0, 6, 6, 0, 6], [0, 36]],
  ['triangle', [1.5, 1.5, 4.5, 1.5, 3, 4.5], [14, 1, 5, 2, 14]],
  ['square -2..3', [-2, -2, 3, -2, 3, 3, -2, 3], [0, 3, 3, 3, 3, 3, 21]],
  ['bow-tie', [0.5, 0.5, 5.5, 0.5, 0.5, 5.5, 5.5, 5.5], [11, 1, 1, 1, 2, 2, 1, 5, 1, 1, 2, 2, 5, 1]],
  ['a vertex twice', [2, 2, 2, 2, 4, 2, 4, 4], [20, 1, 15]],
]

describe('polygons', () => {
  test.each(VECTORS)('%s', (_, points, counts) => {
    expect(raster(points, 6, 6)).toEqual(counts)
  })

  test('fewer than three points cover nothing', () => {
    expect(raster([1, 1, 5, 5], 6, 6)).toEqual([36])
    expect(raster([], 6, 6)).toEqual([36])
  })

  test('a fractional box is rasterised as the reference does: 4 px, not 9', () => {
    // pycocotools 2.0.11: area(frPyObjects([[.5, .5, 2.4, 2.4]], 6, 6)) is 4.
    const [x, y, w, h] = [0.5, 0.5, 2.4, 2.4]
    const counts = raster([x, y, x, y + h, x + w, y + h, x + w, y], 6, 6)
    expect(counts.filter((_, i) => i % 2).reduce((sum, n) => sum + n, 0)).toBe(4)
  })

  test('parts are filled by themselves and united', () => {
    const points = Float64Array.of(1, 1, 4, 1, 4, 4, 1, 4, 2, 2, 6, 2, 6, 6, 2, 6)
    const spans = rasterizeParts(points, Uint32Array.of(0, 4, 8), 6, 6)
    // Column by column: 1..4 in columns 1 to 3, 2..6 in columns 2 to 5.
    expect([...spans]).toEqual([7, 10, 13, 18, 19, 24, 26, 30, 32, 36])
  })

  test('winding does not matter', () => {
    const points = [0.3, 1.7, 5.2, 0.4, 4.9, 5.6, 2.2, 3.1]
    const pairs = [0, 2, 4, 6].map(i => [points[i], points[i + 1]])
    expect(raster(pairs.reverse().flat(), 6, 6)).toEqual(raster(points, 6, 6))
  })
})
