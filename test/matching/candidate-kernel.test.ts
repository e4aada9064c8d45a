import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Pairs } from '../../src/backends/backend.js'
import { createCandidateFinder } from '../../src/matching/candidate-kernel.js'
import {
  type CandidateFinder,
  type Choice,
  plainCandidates,
  type Side,
} from '../../src/matching/mask-candidates.js'
import { lendDirtyMemory } from '../support/dirty-memory.js'
import { integer, seeded } from '../support/random.js'

const finder = createCandidateFinder()

type Box = [x: number, y: number, width: number, height: number, filled: number]

/** Masks with these bounds, of which a share of the pixels is filled; cell by cell. */
function sideOf(cells: Box[][]): Side {
  const boxes = cells.flat()
  const offsets = new Uint32Array(cells.length + 1)
  for (const [cell, { length }] of cells.entries()) offsets[cell + 1] = offsets[cell] + length
  const isEmpty = ([, , width, height]: Box): boolean => width * height === 0
  return {
    offsets,
    areaPx: Uint32Array.from(boxes, ([, , w, h, filled]) => Math.ceil(w * h * filled)),
    bounds: Uint32Array.from(
      boxes.flatMap(box =>
        isEmpty(box) ? [0, 0, 0, 0] : [box[0], box[1], box[0] + box[2], box[1] + box[3]],
      ),
    ),
  }
}

/** Pieces with the pairs of each in order: within a detection it may be any. */
const piecesOf = (by: CandidateFinder, choice: Choice, most: number): string[][] =>
  Array.from(by.find(choice, most), ({ dt, gt }: Pairs) =>
    Array.from(dt, (d, p) => `${String(d).padStart(6)} ${String(gt[p]).padStart(6)}`).sort(),
  )

function expectTwins(choice: Choice, most: number): void {
  lendDirtyMemory()
  const pieces = piecesOf(finder, choice, most)
  expect(pieces).toEqual(piecesOf(plainCandidates, choice, most))
}

const box: fc.Arbitrary<Box> = fc.tuple(
  fc.nat(30),
  fc.nat(30),
  fc.nat(12),
  fc.nat(12),
  fc.constantFrom(0.1, 0.5, 1),
)

test('pairs of many small cells are those of the twin, in pieces of any size', () => {
  expect(finder).not.toBe(plainCandidates)
  const cell = fc.tuple(fc.array(box, { maxLength: 8 }), fc.array(box, { maxLength: 8 }))
  const property = fc.property(
    fc.array(cell, { minLength: 1, maxLength: 10 }),
    fc.constantFrom(0, 0.3, 0.5, 1 - 1e-10),
    fc.constantFrom(1, 3, 1000),
    fc.infiniteStream(fc.constantFrom(0, 0, 1)),
    (cells, least, most, crowd) => {
      const gt = sideOf(cells.map(([, gts]) => gts))
      const crowds = Uint8Array.from(gt.areaPx, () => crowd.next().value as number)
      expectTwins({ dt: sideOf(cells.map(([dts]) => dts)), gt, crowds, least }, most)
    },
  )
  fc.assert(property)
})

/** Boxes about as large as each other, or of all sizes, somewhere in a picture. */
function crowd(seed: number, count: number, size: number, spread: number): Box[] {
  const random = seeded(seed)
  return Array.from({ length: count }, () => {
    const side = (): number => Math.floor(size * spread ** (random() * 2 - 1))
    return [integer(random, 2000), integer(random, 1500), side(), side(), random()]
  })
}

test.each([
  { name: 'small boxes', size: 40, spread: 1.5 },
  { name: 'boxes of all sizes', size: 60, spread: 20 },
  { name: 'boxes that cover the picture, and some that are empty', size: 300, spread: 400 },
  { name: 'boxes of one pixel', size: 1, spread: 1 },
])('pairs of crowded cells are those of the twin: $name', ({ size, spread }) => {
  const counts = [300, 0, 70, 500]
  const cells = (seed: number): Box[][] => counts.map((n, i) => crowd(seed + i, n, size, spread))
  const gt = sideOf(cells(1))
  const crowds = gt.areaPx.map((_, i) => (i % 7 === 0 ? 1 : 0))
  for (const least of [0, 0.5]) {
    const choice = { dt: sideOf(cells(10)), gt, crowds: Uint8Array.from(crowds), least }
    for (const most of [100, 1 << 20]) expectTwins(choice, most)
  }
})

test('crowded cells without a ground truth that has pixels', () => {
  const none: Box[] = Array.from({ length: 100 }, () => [5, 5, 0, 3, 1])
  const choice = {
    dt: sideOf([crowd(3, 100, 50, 2)]),
    gt: sideOf([none]),
    crowds: new Uint8Array(100),
    least: 0,
  }
  expect([...finder.find(choice, 10)]).toEqual([])
})
