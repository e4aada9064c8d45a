import { describe, expect, test } from 'vitest'
import {
  around,
  centre,
  enclose,
  isInSight,
  moveInside,
  pan,
  show,
  showAll,
  toImage,
  toScreen,
  zoomAt,
} from '../../src/app/pictures/camera.js'

const image = { width: 400, height: 200 }
const view = { width: 800, height: 600 }

describe('placing', () => {
  test('a point goes to the screen and back', () => {
    const camera = { x: 10, y: 20, scale: 4 }
    expect(toScreen(camera, 11, 25)).toEqual([4, 20])
    expect(toImage(camera, 4, 20)).toEqual([11, 25])
  })

  test('a box is enclosed with its margin, in the middle', () => {
    const camera = enclose({ x: 100, y: 50, width: 100, height: 10 }, view, 200)
    expect(camera.scale).toBe(4)
    expect(toScreen(camera, 100, 55)).toEqual([200, 300])
    expect(toScreen(camera, 200, 55)).toEqual([600, 300])
  })

  test('all of an image is seen, small ones not blown up beyond measure', () => {
    expect(showAll(image, view, 0)).toEqual(centre({ x: 0, y: 0, ...image }, view, 2))
    expect(showAll({ width: 10, height: 10 }, view, 0).scale).toBe(4)
  })
})

describe('zooming', () => {
  test('keeps the point under the pointer', () => {
    const before = showAll(image, view, 0)
    const after = zoomAt(before, 300, 320, 2.5, image, view)
    expect(after.scale).toBe(5)
    const [x, y] = toImage(before, 300, 320)
    const [left, top] = toScreen(after, x, y)
    expect(left).toBeCloseTo(300, 9)
    expect(top).toBeCloseTo(320, 9)
  })

  test('ends at half of the whole and at 64 px a pixel', () => {
    const camera = showAll(image, view, 0)
    expect(zoomAt(camera, 400, 300, 1e-6, image, view).scale).toBe(1)
    expect(zoomAt(camera, 400, 300, 1e6, image, view).scale).toBe(64)
  })

  test('and panning keep the middle of the view on the image', () => {
    const camera = { x: 0, y: 0, scale: 8 }
    const far = pan(camera, -1e5, 1e5, image, view)
    expect(toImage(far, 400, 300)).toEqual([400, 0])
    expect(pan(camera, -80, -16, image, view)).toEqual({ x: 10, y: 2, scale: 8 })
  })
})

describe('turning to an instance', () => {
  test('shows the whole image where it can be seen there', () => {
    const box = { x: 10, y: 10, width: 60, height: 60 }
    expect(show(box, image, view, 0)).toEqual(showAll(image, view, 0))
  })

  test('goes closer to a small one, which is then in sight', () => {
    const box = { x: 300, y: 100, width: 10, height: 5 }
    const camera = show(box, image, view, 0)
    // A quarter of 600 px of height is 150 px, a quarter of the width 200 px: at most 16 px a pixel.
    expect(camera.scale).toBe(16)
    expect(isInSight(camera, box, view)).toBe(true)
    expect(isInSight(showAll(image, view, 0), box, view)).toBe(false)
  })

  test('what is partly outside is not in sight', () => {
    expect(isInSight({ x: 0, y: 0, scale: 2 }, { x: 380, y: 0, width: 40, height: 40 }, view)).toBe(false)
  })
})

describe('crops', () => {
  test('are squares around boxes, with a margin, not smaller than a least side', () => {
    const boxes = [
      { x: 10, y: 10, width: 20, height: 10 },
      { x: 20, y: 0, width: 30, height: 20 },
    ]
    expect(around(boxes, 0.25, 10)).toEqual({ x: 0, y: -20, width: 60, height: 60 })
    expect(around([{ x: 4, y: 4, width: 2, height: 2 }], 0, 10)).toEqual({
      x: 0,
      y: 0,
      width: 10,
      height: 10,
    })
  })

  test('move into the image where they fit', () => {
    expect(moveInside({ x: -10, y: 190, width: 50, height: 50 }, image)).toEqual({
      x: 0,
      y: 150,
      width: 50,
      height: 50,
    })
    expect(moveInside({ x: 0, y: 0, width: 300, height: 300 }, image)).toEqual({
      x: 0,
      y: -50,
      width: 300,
      height: 300,
    })
  })
})
