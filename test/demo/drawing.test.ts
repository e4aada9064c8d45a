import { describe, expect, test } from 'vitest'
import { castShadow, createCanvas, fill, SAMPLES } from '../../src/demo/canvas.js'
import { paintOf } from '../../src/demo/colour.js'
import { extentsOf, outlinesOf } from '../../src/demo/contour.js'
import { Random } from '../../src/demo/random.js'
import { box, type Camera, drawSolids, polygonArea, project, solid } from '../../src/demo/solid.js'

const rect = (x0: number, y0: number, x1: number, y1: number): number[] => [x0, y0, x1, y0, x1, y1, x0, y1]

/** Samples that show an object, in px². */
const seenPx = (objects: Uint16Array, object: number): number =>
  objects.filter(value => value === object).length / SAMPLES ** 2

describe('canvas', () => {
  test('a rectangle covers its area, cut at the borders', () => {
    const canvas = createCanvas(20, 10, 0)
    fill(canvas, rect(2, 3, 7, 8), 0xff0000, 1)
    fill(canvas, rect(15, -5, 40, 40), 0x00ff00, 2)
    expect([seenPx(canvas.objects, 1), seenPx(canvas.objects, 2)]).toEqual([25, 50])
  })

  test('a notch stays open', () => {
    const canvas = createCanvas(20, 20, 0)
    fill(canvas, [0, 0, 12, 0, 12, 12, 9, 12, 9, 3, 3, 3, 3, 12, 0, 12], 1, 1)
    expect(seenPx(canvas.objects, 1)).toBe(144 - 54)
  })

  test('shadows that meet darken once and are nobody', () => {
    const canvas = createCanvas(9, 3, 0xffffff)
    castShadow(canvas, rect(0, 0, 6, 3), 0.5)
    castShadow(canvas, rect(3, 0, 9, 3), 0.5)
    expect(new Set(canvas.colours).size).toBe(1)
    expect(canvas.colours[0]).not.toBe(0xffffff)
    expect(extentsOf(canvas, 2).map(extent => extent.samples)).toEqual([0, 0])
  })
})

describe('outlines', () => {
  const outlines = (paint: (canvas: ReturnType<typeof createCanvas>) => void): number[][] => {
    const canvas = createCanvas(40, 30, 0)
    paint(canvas)
    return outlinesOf(canvas, 1, extentsOf(canvas, 2)[1])
  }

  test('a rectangle has its four corners', () => {
    const [points, ...others] = outlines(canvas => fill(canvas, rect(5, 6, 25, 20), 1, 1))
    expect(others).toEqual([])
    expect(points).toHaveLength(8)
    expect(new Set(points)).toEqual(new Set([5, 25, 6, 20]))
    expect(polygonArea(points)).toBe(20 * 14)
  })

  test('an L keeps its inner corner', () => {
    const [points] = outlines(canvas => fill(canvas, [5, 5, 25, 5, 25, 12, 15, 12, 15, 25, 5, 25], 1, 1))
    expect(points).toHaveLength(12)
    expect(polygonArea(points)).toBe(20 * 7 + 10 * 13)
  })

  test('what stands before an object cuts it into parts, the largest first', () => {
    const parts = outlines(canvas => {
      fill(canvas, rect(0, 5, 40, 15), 1, 1)
      fill(canvas, rect(10, 0, 15, 30), 1, 0)
    })
    expect(parts.map(polygonArea)).toEqual([250, 100])
  })

  test('holes are filled, specks left out', () => {
    const parts = outlines(canvas => {
      fill(canvas, rect(0, 0, 20, 20), 1, 1)
      fill(canvas, rect(5, 5, 10, 10), 1, 0)
      fill(canvas, rect(30, 20, 32, 22), 1, 1)
    })
    expect(parts.map(polygonArea)).toEqual([400])
  })
})

describe('solids', () => {
  const camera: Camera = { eyeX: 0, eyeY: 1, focalPx: 100, centreX: 50, centreY: 40 }
  const paint = paintOf(0x808080)

  test('a point twice as far is half as far from the centre', () => {
    expect(project(camera, [1, 0, 2, 1, 0, 4], 1)).toEqual([100, 90, 75, 65])
  })

  test.each([
    ['nearer ones', [0, 0.5, 0, 1, 2, 2.4], [-0.5, 0.5, 0, 1.2, 3, 4]],
    ['those toward the middle', [0.5, 1, 0, 1, 2, 4], [1, 1.5, 0, 1, 2, 4]],
    ['those toward the eye level', [0, 0.5, 0.5, 0.9, 2, 4], [0, 0.5, 0, 0.5, 2, 4]],
  ])('%s cover others in whatever order they come', (_, front, back) => {
    const asSolid = (object: number, [x0, x1, y0, y1, z0, z1]: number[]) =>
      solid(object, [box(x0, x1, y0, y1, z0, z1, paint)])
    const views = [
      [asSolid(1, front), asSolid(2, back)],
      [asSolid(2, back), asSolid(1, front)],
    ].map(solids => {
      const canvas = createCanvas(120, 120, 0)
      drawSolids(canvas, camera, solids, new Float64Array(3))
      return canvas.objects
    })
    expect(Buffer.from(views[1].buffer).equals(Buffer.from(views[0].buffer))).toBe(true)
    const alone = createCanvas(120, 120, 0)
    drawSolids(alone, camera, [asSolid(1, front)], new Float64Array(3))
    expect(seenPx(views[0], 1)).toBe(seenPx(alone.objects, 1))
    expect(seenPx(views[0], 2)).toBeGreaterThan(0)
  })

  test('faces add up to what an object covers alone', () => {
    const facesPx = new Float64Array(2)
    const canvas = createCanvas(120, 120, 0)
    drawSolids(canvas, camera, [solid(1, [box(0.2, 0.6, 0, 0.5, 2, 3, paint)])], facesPx)
    const px = seenPx(canvas.objects, 1)
    expect(Math.abs(facesPx[1] - px)).toBeLessThan(0.05 * px)
  })
})

describe('random numbers', () => {
  test('streams and seeds differ, equal ones agree', () => {
    const draw = (seed: number, stream: number): number[] => {
      const random = new Random(seed, stream)
      return Array.from({ length: 4 }, () => random.next())
    }
    expect(draw(1, 2)).toEqual(draw(1, 2))
    const all = [draw(1, 2), draw(1, 3), draw(2, 2), draw(1 + 2 ** 32, 2)].flat()
    expect(new Set(all).size).toBe(16)
  })

  test('mean and spread are those of the uniform and the bell', () => {
    const random = new Random(5, 0)
    const draws = 20_000
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
    const uniform = Array.from({ length: draws }, () => random.next())
    const bell = Array.from({ length: draws }, () => random.bell())
    expect(mean(uniform)).toBeCloseTo(0.5, 2)
    expect(mean(uniform.map(value => (value - 0.5) ** 2))).toBeCloseTo(1 / 12, 2)
    expect(Math.abs(mean(bell))).toBeLessThan(0.03)
    expect(mean(bell.map(value => value ** 2))).toBeCloseTo(1, 1)
  })

  test('whole numbers take both ends', () => {
    const random = new Random(9, 9)
    const seen = new Set(Array.from({ length: 200 }, () => random.whole(2, 4)))
    expect([...seen].sort()).toEqual([2, 3, 4])
  })
})
