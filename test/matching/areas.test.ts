import { describe, expect, test } from 'vitest'
import { COCO_AREAS } from '../../src/data/config.js'
import { InputError } from '../../src/errors.js'
import { countRegular, markOutside, resolveAreas } from '../../src/matching/areas.js'
import { groupCells } from '../../src/matching/cells.js'
import { buildDataset, cocoConfig } from '../support/columns.js'

describe('resolveAreas', () => {
  test('fills in the pixels of the mask where an area is missing', () => {
    const areas = Float64Array.of(5, Number.NaN, 0)
    expect([...resolveAreas(areas, Uint32Array.of(9, 7, 3))]).toEqual([5, 7, 0])
    expect(areas[1]).toBeNaN()
  })

  test('copies nothing where none is', () => {
    const areas = Float64Array.of(5, 6)
    expect(resolveAreas(areas, Uint32Array.of(1, 2))).toBe(areas)
    expect(resolveAreas(areas, null)).toBe(areas)
  })
})

/** Both ends belong to a range. */
const AREAS = [1023, 1024, 1025, 9216, 9217, 1e10, 1e10 + 2]
const dataset = buildDataset(
  [...AREAS.map(area => ({ area })), { area: 50, crowd: true }, { area: 50, category: 2 }],
  AREAS.map((area, i) => ({ area, score: 1 - i / 10 })),
)
const { cells } = groupCells(dataset, cocoConfig())

test('markOutside sets a bit for each area range that an area is outside of', () => {
  const outside = markOutside(cells, dataset.detections.areas, COCO_AREAS, { from: 0, to: 2 })
  const [small, medium, large, all] = [2, 4, 8, 1]
  expect([...outside]).toEqual([
    medium + large,
    large,
    small + large,
    small,
    small + medium,
    small + medium,
    all + small + medium + large,
  ])
})

test('countRegular leaves out crowds and areas outside', () => {
  const count = (from: number, to: number): number[] => [
    ...countRegular(
      {
        cells,
        gtAreas: dataset.groundTruths.areas,
        gtCrowds: dataset.groundTruths.crowds,
        gtIds: dataset.groundTruths.ids,
      },
      COCO_AREAS,
      { from, to },
    ),
  ]
  expect(count(0, 1)).toEqual([6, 2, 3, 3])
  expect(count(1, 2)).toEqual([1, 1, 0, 0])
  expect(count(0, 2)).toEqual([7, 3, 3, 3])
})

test('more area ranges than bits are refused', () => {
  const areas = Array.from({ length: 33 }, (_, i) => ({ name: `a${i}`, lo: 0, hi: i }))
  const mark = (count: number): Uint32Array =>
    markOutside(cells, dataset.detections.areas, areas.slice(0, count), { from: 0, to: 2 })
  expect(() => mark(33)).toThrow(InputError)
  expect(mark(32)[0]).toBe(0xffffffff)
})
