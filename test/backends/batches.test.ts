import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutByWeight, gridOf, tilesOf } from '../../src/backends/webgpu/batches.js'

describe('cutByWeight', () => {
  test.each([
    { weights: [], limit: 10, ranges: [] },
    {
      weights: [4, 4, 4],
      limit: 8,
      ranges: [
        [0, 2],
        [2, 3],
      ],
    },
    { weights: [4, 4], limit: 8, ranges: [[0, 2]] },
    {
      weights: [11, 1, 1],
      limit: 10,
      ranges: [
        [0, 1],
        [1, 3],
      ],
    },
    {
      weights: [1, 11, 1],
      limit: 10,
      ranges: [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    },
    { weights: [0, 0, 0], limit: 0, ranges: [[0, 3]] },
  ])('$weights at most $limit', ({ weights, limit, ranges }) => {
    expect(cutByWeight(weights, limit).map(({ first, end }) => [first, end])).toEqual(ranges)
  })

  test('ranges are whole, in order, and within the limit unless one row is above it', () => {
    const law = (weights: number[], limit: number): void => {
      let next = 0
      for (const { first, end } of cutByWeight(weights, limit)) {
        expect(first).toBe(next)
        expect(end).toBeGreaterThan(first)
        const sum = weights.slice(first, end).reduce((a, b) => a + b)
        expect(sum <= limit || end - first === 1).toBe(true)
        next = end
      }
      expect(next).toBe(weights.length)
    }
    fc.assert(fc.property(fc.array(fc.nat(20)), fc.nat(30), law))
  })
})

describe('gridOf', () => {
  test.each([
    { groups: 1, limit: 65535, grid: [1, 1] },
    { groups: 65535, limit: 65535, grid: [65535, 1] },
    { groups: 65536, limit: 65535, grid: [32768, 2] },
    { groups: 131071, limit: 65535, grid: [43691, 3] },
    { groups: 7, limit: 3, grid: [3, 3] },
  ])('$groups workgroups, $limit a dimension', ({ groups, limit, grid }) => {
    expect(gridOf(groups, limit)).toEqual(grid)
  })

  test('holds every workgroup, with fewer to spare than rows', () => {
    const law = (groups: number, limit: number): void => {
      const [x, y] = gridOf(groups, limit)
      expect(x).toBeLessThanOrEqual(limit)
      expect(x * y).toBeGreaterThanOrEqual(groups)
      expect(x * y - groups).toBeLessThan(y)
    }
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.constantFrom(65535, 2 ** 31 - 1), law))
  })
})

test('tiles cover each owner in steps of 64', () => {
  expect([...tilesOf([0, 1, 64, 65, 130])]).toEqual([1, 0, 2, 0, 3, 0, 3, 64, 4, 0, 4, 64, 4, 128])
})
