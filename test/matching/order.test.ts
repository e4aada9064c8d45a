import { describe, expect, test } from 'vitest'
import { createSortScratch, keyStarts, sortByKey, sortByScore } from '../../src/matching/order.js'
import { integer, seeded } from '../support/random.js'

/** Array.prototype.sort is stable. */
const expectedOrder = (scores: number[]): number[] =>
  scores.map((_, i) => i).sort((one, other) => scores[other] - scores[one])

function sorted(scores: number[]): { rows: number[]; scores: number[] } {
  const column = Float64Array.from([99, ...scores, -99])
  const rows = Int32Array.from([-1, ...scores.map((_, i) => i), -2])
  sortByScore(column, rows, 1, scores.length + 1, createSortScratch())
  expect([rows[0], rows[rows.length - 1], column[0], column[column.length - 1]]).toEqual([-1, -2, 99, -99])
  return { rows: [...rows.subarray(1, -1)], scores: [...column.subarray(1, -1)] }
}

/** Sizes on both sides of each change of method. */
const SIZES = [0, 1, 2, 3, 31, 32, 33, 100, 4095, 4096, 20_000]

const KINDS: Record<string, (random: () => number) => number> = {
  'any float': random => (random() - 0.5) * 2 ** integer(random, 100),
  'scores with ties': random => integer(random, 50) / 50,
  'scores of three digits': random => Math.round(random() * 1000) / 1000,
  'neighbouring floats': random => 0.5 + integer(random, 40) * 2 ** -53,
  'zeros of both signs': random => [0, -0, 1e-310, -1e-310][integer(random, 4)],
  'one value': () => 0.25,
  'the largest and smallest': random =>
    [Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -Number.MIN_VALUE, 0][integer(random, 5)],
}

describe.each(Object.entries(KINDS))('sortByScore: %s', (_, draw) => {
  test.each(SIZES)('%i scores', count => {
    const random = seeded(count)
    const scores = Array.from({ length: count }, () => draw(random))
    const rows = expectedOrder(scores)
    expect(sorted(scores)).toStrictEqual({ rows, scores: rows.map(row => scores[row]) })
  })

  test.each(SIZES)('%i ascending scores', count => {
    const random = seeded(count)
    const scores = Array.from({ length: count }, () => draw(random)).sort((one, other) => one - other)
    expect(sorted(scores).rows).toEqual(expectedOrder(scores))
  })
})

test('one scratch serves sorts of any size', () => {
  const scratch = createSortScratch()
  const random = seeded(7)
  for (const count of [40, 9000, 33, 5000]) {
    const scores = Array.from({ length: count }, () => random())
    const rows = Int32Array.from(scores, (_, i) => i)
    sortByScore(Float64Array.from(scores), rows, 0, count, scratch)
    expect([...rows]).toEqual(expectedOrder(scores))
  }
})

describe('sortByKey', () => {
  test('is stable, and takes the rows it is given', () => {
    const keys = Int32Array.of(2, 0, 1, 2, 0, 1)
    expect([...sortByKey(Int32Array.of(5, 4, 3, 1, 0), keys, 3)]).toEqual([4, 1, 5, 3, 0])
  })

  test('leaves sorted rows as they are', () => {
    const rows = Int32Array.of(1, 4, 2)
    expect([...sortByKey(rows, Int32Array.of(9, 0, 1, 9, 1), 10)]).toEqual([1, 4, 2])
  })

  test('no rows', () => expect([...sortByKey(new Int32Array(0), new Int32Array(0), 3)]).toEqual([]))

  test('keyStarts counts where each key begins', () => {
    expect([...keyStarts(Int32Array.of(0, 1, 2, 3), Int32Array.of(3, 1, 1, 0), 5)]).toEqual([
      0, 1, 3, 3, 4, 4,
    ])
  })
})
