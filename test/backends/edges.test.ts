import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { needsFloat64 } from '../../src/backends/webgpu/edges.js'
import { edgeCrossings } from '../../src/geometry/polygons.js'

type Edge = [x0: number, y0: number, x1: number, y1: number]

const SIZE = 400

const floorDivide = (a: bigint, b: bigint): bigint => (a % b !== 0n && a < 0n ? a / b - 1n : a / b)

/** start + round(change * t / steps), exactly, halves upwards. */
const roundedAt = (start: number, change: number, steps: number, t: number): number =>
  start + Number(floorDivide(2n * BigInt(change) * BigInt(t) + BigInt(steps), 2n * BigInt(steps)))

const clamp = (row: number): number => Math.min(Math.max(row, 0), SIZE)

/** The row that an edge toggles in each column it crosses, in exact integers: the specification word for word. */
function exactCrossings([x0, y0, x1, y1]: Edge): number[] {
  const [dx, dy] = [Math.abs(x1 - x0), Math.abs(y1 - y0)]
  const steps = Math.max(dx, dy)
  const [ax, ay, bx, by] = (dx >= dy ? x0 < x1 : y0 < y1) ? [x0, y0, x1, y1] : [x1, y1, x0, y0]
  const u = (t: number): number => roundedAt(ax, bx - ax, steps, t)
  const v = (t: number): number => roundedAt(ay, by - ay, steps, t)
  const found: [number, number][] = []
  for (let t = 0; t < steps; t++) {
    const column = (Math.min(u(t), u(t + 1)) - 2) / 5
    if (u(t) === u(t + 1) || !Number.isInteger(column) || column < 0 || column >= SIZE) continue
    found.push([column, clamp(Math.floor((Math.min(v(t), v(t + 1)) + 2) / 5))])
  }
  return found.sort((a, b) => a[0] - b[0]).map(([column, row]) => column * SIZE + row)
}

/** Edges where float64 falls below a half-way point beside a cut, found by search; polygons.json has them in masks. */
const TIES: Edge[] = [
  [238, 10, 84, 294],
  [18, 9, 298, 179],
  [4, 298, 147, 38],
  [335, 381, 110, 1173],
  [15, 872, 1149, 71],
]

describe('edges that integers cannot decide', () => {
  test.each(TIES)('%d,%d to %d,%d', (...edge) => {
    expect([...edgeCrossings(...edge, SIZE, SIZE)]).not.toEqual(exactCrossings(edge))
    expect(needsFloat64(...edge)).toBe(true)
    const [x0, y0, x1, y1] = edge
    expect(needsFloat64(x1, y1, x0, y0)).toBe(true)
  })

  test.each([
    { edge: [0, 0, 2 ** 22 + 1, 1] as Edge, why: 'a coordinate above 2^22' },
    { edge: [0, 0, 2 ** 16, 2 ** 15] as Edge, why: 'a product above 2^31' },
    { edge: [0, 0, Number.NaN, 3] as Edge, why: 'no number' },
    { edge: [0, 0, Number.POSITIVE_INFINITY, 3] as Edge, why: 'infinite' },
  ])('$why', ({ edge }) => {
    expect(needsFloat64(...edge)).toBe(true)
  })
})

describe('edges that integers decide', () => {
  test.each([
    { edge: [3, 5, 3, 90] as Edge, why: 'vertical' },
    { edge: [3, 5, 90, 5] as Edge, why: 'level' },
    { edge: [0, 0, 64, 33] as Edge, why: 'a power of two across' },
    { edge: [0, 0, 45, 22] as Edge, why: 'odd across' },
    { edge: [0, 0, 2 ** 22, 500] as Edge, why: 'far but flat' },
  ])('$why', ({ edge }) => {
    expect(needsFloat64(...edge)).toBe(false)
  })

  test('are the same in float64 and in integers', () => {
    const coordinate = fc.integer({ min: -100, max: 5 * SIZE + 100 })
    let decided = 0
    const law = (x0: number, y0: number, x1: number, y1: number): void => {
      const edge: Edge = [x0, y0, x1, y1]
      if (needsFloat64(...edge)) return
      decided++
      expect([...edgeCrossings(...edge, SIZE, SIZE)]).toEqual(exactCrossings(edge))
    }
    fc.assert(fc.property(coordinate, coordinate, coordinate, coordinate, law), { numRuns: 400 })
    expect(decided).toBeGreaterThan(200)
  })
})
