import { describe, expect, test } from 'vitest'
import type { Config } from '../../src/data/config.js'
import { InputError } from '../../src/errors.js'
import { categoryOffsets, cellsByImage, groupCells } from '../../src/matching/cells.js'
import { buildDataset, cocoConfig, type Guess, type Truth } from '../support/columns.js'

/** Ids are not rows here: images 3, 5, 9 are rows 0 to 2, categories 2, 7, 8 rows 0 to 2. */
const TRUTHS: Truth[] = [
  { image: 9, category: 7 },
  { image: 3, category: 7 },
  { image: 9, category: 2 },
  { image: 9, category: 7 },
  { image: 5, category: 8 },
]
const GUESSES: Guess[] = [
  { image: 9, category: 7, score: 0.2 },
  { image: 9, category: 7, score: 0.8 },
  { image: 5, category: 2, score: 0.5 },
  { image: 9, category: 2, score: 0.8 },
  { image: 9, category: 7, score: 0.2 },
  { image: 9, category: 7, score: 0.9 },
]
const dataset = buildDataset(TRUTHS, GUESSES)

/** Image, category, ground-truth rows and detection rows of each cell. */
function cellsOf(changes: Partial<Config> = {}): [number, number, number[], number[]][] {
  const { cells, dtScores } = groupCells(dataset, cocoConfig(changes))
  expect([...dtScores]).toEqual([...cells.dtRows].map(row => dataset.detections.scores[row]))
  return Array.from({ length: cells.count }, (_, i) => [
    cells.images[i],
    cells.categories[i],
    [...cells.gtRows.subarray(cells.gtOffsets[i], cells.gtOffsets[i + 1])],
    [...cells.dtRows.subarray(cells.dtOffsets[i], cells.dtOffsets[i + 1])],
  ])
}

describe('groupCells', () => {
  test('cells ascend by category, then image; detections by descending score, ties in file order', () => {
    expect(cellsOf()).toEqual([
      [1, 0, [], [2]],
      [2, 0, [2], [3]],
      [0, 1, [1], []],
      [2, 1, [0, 3], [5, 1, 0, 4]],
      [1, 2, [4], []],
    ])
    expect([...groupCells(dataset, cocoConfig()).evaluatedCategories]).toEqual([0, 1, 2])
  })

  test('class-agnostic lists join the categories in ascending order, which decides ties', () => {
    expect(cellsOf({ classAgnostic: true })).toEqual([
      [0, 0, [1], []],
      [1, 0, [4], [2]],
      [2, 0, [2, 0, 3], [5, 3, 1, 0, 4]],
    ])
    expect([...groupCells(dataset, cocoConfig({ classAgnostic: true })).evaluatedCategories]).toEqual([-1])
  })

  test('each cell keeps as many detections as the largest cap', () => {
    expect(cellsOf({ maxDets: [1, 2] }).map(([, , , dts]) => dts)).toEqual([[2], [3], [], [5, 1], []])
  })

  test('evaluates the ids asked for, in any order; axis k counts these alone', () => {
    expect(cellsOf({ categoryIds: [8, 7, 8], imageIds: [9, 5] })).toEqual([
      [2, 0, [0, 3], [5, 1, 0, 4]],
      [1, 1, [4], []],
    ])
    const { evaluatedCategories } = groupCells(dataset, cocoConfig({ categoryIds: [8, 7, 8] }))
    expect([...evaluatedCategories]).toEqual([1, 2])
  })

  test('evaluates the ids asked for, class-agnostic', () => {
    expect(cellsOf({ categoryIds: [7], imageIds: [9], classAgnostic: true })).toEqual([
      [2, 0, [0, 3], [5, 1, 0, 4]],
    ])
  })

  test('nothing to evaluate', () => {
    const empty = groupCells(buildDataset([], []), cocoConfig())
    expect([empty.cells.count, ...empty.cells.gtOffsets, ...empty.cells.dtOffsets]).toEqual([0, 0, 0])
    expect(empty.evaluatedCategories.length).toBe(0)
    expect(cellsOf({ imageIds: [] })).toEqual([])
  })

  test.each([
    ['image', { imageIds: [3, 4, 9, 11] }, /^image ids.*4, 11 \(2 of 4 unknown\)/],
    ['category', { categoryIds: [1] }, /^category ids.*got 1 \(1 of 1 unknown\)/],
    ['many', { imageIds: Array.from({ length: 30 }, (_, i) => i + 100) }, /108, 109, \.\.\. \(30 of 30/],
  ])('an id that the ground truth lacks is an error: %s', (_, changes, message) => {
    expect(() => groupCells(dataset, cocoConfig(changes))).toThrow(InputError)
    expect(() => groupCells(dataset, cocoConfig(changes))).toThrow(message)
  })
})

test.each([false, true])('counts before the cap, by category; class-agnostic %s', classAgnostic => {
  const config = cocoConfig({ maxDets: [1], imageIds: [9], classAgnostic })
  const { groundTruths, detections } = groupCells(dataset, config).counts
  expect([...groundTruths]).toEqual([1, 2, 0])
  expect([...detections]).toEqual([1, 4, 0])
})

test.each([
  [{ maxDets: [1, 3] }, { cell: 3, detections: 4 }],
  [{ maxDets: [4] }, null],
  [
    { maxDets: [4], classAgnostic: true },
    { cell: 2, detections: 5 },
  ],
])('the first cell that the cap cuts: %j', (changes, cut) => {
  expect(groupCells(dataset, cocoConfig(changes)).firstCut).toEqual(cut)
})

test('categoryOffsets gives the cells of each category on axis k', () => {
  const { cells } = groupCells(dataset, cocoConfig())
  expect([...categoryOffsets(cells, 3)]).toEqual([0, 2, 4, 5])
  expect([...categoryOffsets(cells, 2)]).toEqual([0, 2, 4])
})

test('cellsByImage orders the cells of a range', () => {
  const { cells } = groupCells(dataset, cocoConfig())
  expect([...cellsByImage(cells, { from: 0, to: 5 })]).toEqual([2, 0, 4, 1, 3])
  expect([...cellsByImage(cells, { from: 1, to: 3 })]).toEqual([2, 1])
})
