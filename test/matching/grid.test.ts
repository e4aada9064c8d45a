import { describe, expect, test } from 'vitest'
import {
  createNeighbours,
  DENSE_MIN,
  findNeighbours,
  indexIfDense,
  type Neighbours,
  resetNeighbours,
} from '../../src/matching/grid.js'
import { pick, seeded } from '../support/random.js'

/** left, top, right, bottom */
type Edges = [number, number, number, number]

function fill(near: Neighbours, boxes: Edges[], questions: number): void {
  resetNeighbours(near, boxes.length)
  boxes.forEach(([left, top, right, bottom], i) => {
    near.lefts[i] = left
    near.tops[i] = top
    near.rights[i] = right
    near.bottoms[i] = bottom
  })
  indexIfDense(near, questions)
}

const overlap = (a: Edges, b: Edges): boolean =>
  Math.min(a[2], b[2]) > Math.max(a[0], b[0]) && Math.min(a[3], b[3]) > Math.max(a[1], b[1])

const expected = (boxes: Edges[], box: Edges): number[] =>
  boxes.flatMap((other, i) => (overlap(box, other) ? [i] : []))

const asked = (near: Neighbours, box: Edges): number[] =>
  Array.from(near.found.subarray(0, findNeighbours(near, ...box))).sort((a, b) => a - b)

const COUNT = 400
const QUESTIONS = 300
const random = seeded(11)
const boxOf = (x: number, y: number, width: number, height: number): Edges => [x, y, x + width, y + height]
const spread = (extent: number, size: number) => (): Edges =>
  boxOf(extent * random(), extent * random(), size * random(), size * random())

const KINDS: Record<string, () => Edges> = {
  'small boxes': spread(1000, 60),
  'boxes that mostly cover each other': spread(100, 5000),
  'boxes of whole numbers that touch': () =>
    boxOf(20 * Math.floor(50 * random()), 20 * Math.floor(50 * random()), 20, 20),
  'sizes of all magnitudes': () =>
    boxOf(1000 * random(), 1000 * random(), 10 ** (6 * random() - 3), 10 ** (6 * random() - 3)),
  'one row': () => boxOf(1e5 * random(), 0, 40 * random(), 10),
  'one box again and again': () => [3, 4, 5, 6],
  'boxes without an area': () => boxOf(100 * random(), 100 * random(), pick(random, [-5, 0, 30]), 10),
  'nothing with an area': () => [5, 5, 5, 5],
  'negative positions and some far away': () =>
    boxOf(pick(random, [-1e9, -50, 0, 1e12]) + 20 * random(), -100 * random(), 30, 30 * random()),
  'beyond what float64 holds': () =>
    boxOf(
      pick(random, [-1e308, 0, 1e308]),
      1e308 * (2 * random() - 1),
      1e308,
      pick(random, [1, 1e308, 1e-300]),
    ),
  'sides that round to the same edge': () => boxOf(1e16 * random(), 1e16 * random(), 3, 1e16 * random()),
}

describe.each(Object.entries(KINDS))('%s', (_, draw) => {
  const boxes = Array.from({ length: COUNT }, draw)
  const questions = [
    ...Array.from({ length: QUESTIONS }, draw),
    ...Array.from({ length: 20 }, spread(1200, 2000)),
    [-Infinity, -Infinity, Infinity, Infinity] as Edges,
    [1e300, 1e300, 1e301, 1e301] as Edges,
  ]

  test.each([
    ['with a grid', DENSE_MIN],
    ['without', 1],
  ])('%s, finds each that overlaps once', (_, count) => {
    const near = createNeighbours()
    fill(near, boxes, count)
    expect(near.columns > 0).toBe(count === DENSE_MIN)
    for (const box of questions) expect(asked(near, box)).toEqual(expected(boxes, box))
  })
})

test('small boxes have many bins, boxes that cover each other few', () => {
  const [small, large] = ['small boxes', 'boxes that mostly cover each other'].map(kind => {
    const near = createNeighbours()
    fill(near, Array.from({ length: COUNT }, KINDS[kind]), DENSE_MIN)
    return near.columns * near.rows
  })
  expect(small).toBeGreaterThan(COUNT / 4)
  expect(large).toBeLessThan(10)
})

test('a few large boxes among many small ones leave room for all entries', () => {
  const large: Edges = [0, 0, 1000, 1000]
  for (const share of [0.02, 0.2, 0.9]) {
    const boxes = Array.from({ length: 2000 }, () => (random() < share ? large : spread(1000, 20)()))
    const near = createNeighbours()
    fill(near, boxes, DENSE_MIN)
    for (const box of boxes.slice(0, 50)) expect(asked(near, box)).toEqual(expected(boxes, box))
  }
})

test('is used again for the next cell', () => {
  const near = createNeighbours()
  for (const [kind, count, questions] of [
    ['small boxes', 300, 1000],
    ['one row', 10, 3],
    ['sizes of all magnitudes', 900, 1000],
    ['one box again and again', 200, 1000],
  ] as const) {
    const boxes = Array.from({ length: count }, KINDS[kind])
    fill(near, boxes, questions)
    for (const box of boxes) expect(asked(near, box)).toEqual(expected(boxes, box))
  }
})
