import { describe, expect, test } from 'vitest'
import { boxContour, type Contours, traceContours } from '../../src/geometry/contours.js'
import { seeded } from '../support/random.js'

/** Spans of a drawing: one string a row, # for the mask. */
function spansOf(...rows: string[]): { spans: Uint32Array; height: number; width: number } {
  const height = rows.length
  const width = rows[0].length
  const spans: number[] = []
  for (let i = 0; i < width * height; i++) {
    if (rows[i % height][Math.floor(i / height)] !== '#') continue
    if (spans.at(-1) === i) spans[spans.length - 1] = i + 1
    else spans.push(i, i + 1)
  }
  return { spans: Uint32Array.from(spans), height, width }
}

const loopsOf = ({ points, offsets }: Contours): number[][] =>
  Array.from({ length: offsets.length - 1 }, (_, i) => [
    ...points.subarray(2 * offsets[i], 2 * offsets[i + 1]),
  ])

const trace = (...rows: string[]): number[][] => {
  const { spans, height } = spansOf(...rows)
  return loopsOf(traceContours(spans, height))
}

describe('edges of masks', () => {
  test('of one pixel are its four sides, clockwise', () => {
    expect(trace('...', '..#')).toEqual([[2, 1, 3, 1, 3, 2, 2, 2]])
  })

  test('straight sides are one line, also where the run wraps into the next column', () => {
    expect(trace('###', '###')).toEqual([[0, 0, 3, 0, 3, 2, 0, 2]])
  })

  test('a step has a corner', () => {
    expect(trace('#.', '##')).toEqual([[0, 0, 1, 0, 1, 1, 2, 1, 2, 2, 0, 2]])
  })

  test('a hole is a loop of its own, the other way round', () => {
    expect(trace('###', '#.#', '###')).toEqual([
      [0, 0, 3, 0, 3, 3, 0, 3],
      [1, 2, 2, 2, 2, 1, 1, 1],
    ])
  })

  test.each([
    [
      ['#.', '.#'],
      [
        [0, 0, 1, 0, 1, 1, 0, 1],
        [1, 1, 2, 1, 2, 2, 1, 2],
      ],
    ],
    [
      ['.#', '#.'],
      [
        [0, 1, 1, 1, 1, 2, 0, 2],
        [1, 0, 2, 0, 2, 1, 1, 1],
      ],
    ],
  ])('pixels that touch at a corner stay apart: %j', (rows, loops) => {
    expect(trace(...rows)).toEqual(loops)
  })

  test('a ring that closes at a corner only is open there: one loop', () => {
    expect(trace('###', '#.#', '##.')).toEqual([[0, 0, 3, 0, 3, 2, 2, 2, 2, 1, 1, 1, 1, 2, 2, 2, 2, 3, 0, 3]])
  })

  test('of an empty mask are none', () => {
    expect(loopsOf(traceContours(new Uint32Array(0), 5))).toEqual([])
  })

  test('columns without a pixel lie between', () => {
    expect(trace('#..#').length).toBe(2)
  })

  // An independent statement of what they are: a pixel is in the mask where a ray from its centre crosses an odd number.
  test('enclose just the pixels of random masks, and each corner is a turn', () => {
    const random = seeded(7)
    for (let round = 0; round < 200; round++) {
      const height = 1 + Math.floor(random() * 9)
      const width = 1 + Math.floor(random() * 9)
      const density = random()
      const rows = Array.from({ length: height }, () =>
        Array.from({ length: width }, () => (random() < density ? '#' : '.')).join(''),
      )
      const loops = trace(...rows)
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const inside = loops.reduce((sum, loop) => sum + windings(loop, x + 0.5, y + 0.5), 0)
          expect(inside, `${x},${y} of\n${rows.join('\n')}`).toBe(rows[y][x] === '#' ? 1 : 0)
        }
      }
      for (const loop of loops) expect(turnsEverywhere(loop), rows.join('\n')).toBe(true)
    }
  })
})

/** How often a loop of horizontal and vertical lines winds clockwise around a point. */
function windings(loop: number[], x: number, y: number): number {
  let count = 0
  for (let i = 0; i < loop.length; i += 2) {
    const j = (i + 2) % loop.length
    const [x0, y0, x1, y1] = [loop[i], loop[i + 1], loop[j], loop[j + 1]]
    if (x0 !== x1 || x0 < x) continue
    if (y0 < y && y1 > y) count++
    if (y1 < y && y0 > y) count--
  }
  return count
}

function turnsEverywhere(loop: number[]): boolean {
  for (let i = 0; i < loop.length; i += 2) {
    const j = (i + 2) % loop.length
    const isHorizontal = (i / 2) % 2 === 0
    if (isHorizontal ? loop[i + 1] !== loop[j + 1] || loop[i] === loop[j] : loop[i] !== loop[j]) return false
  }
  return true
}

test('the outline of a box; none of an empty one', () => {
  expect(loopsOf(boxContour(1.5, 2, 3, 4))).toEqual([[1.5, 2, 4.5, 2, 4.5, 6, 1.5, 6]])
  expect(loopsOf(boxContour(1, 1, 0, 4))).toEqual([])
})
