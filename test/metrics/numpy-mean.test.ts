import { describe, expect, test } from 'vitest'
import { numpyMean } from '../../src/metrics/numpy-mean.js'
import { bitsOf } from '../support/columns.js'
import golden from './numpy-means.json' with { type: 'json' }

/** The values that the golden file describes. */
function values(count: number): Float64Array {
  const column = new Float64Array(count)
  let state = count
  for (let i = 0; i < count; i++) {
    state = Number((BigInt(state) * 1664525n + 1013904223n) % 2n ** 32n)
    column[i] = state / 4294967295
  }
  return column
}

describe(`numpyMean as ${golden.tool}`, () => {
  test.each(Object.entries(golden.meanBits))('%s values', (count, bits) => {
    expect(bitsOf(numpyMean(values(Number(count))))).toBe(bits)
  })

  test('the values tell a plain sum from a pairwise one at every length from 9', () => {
    const same = Object.entries(golden.meanBits).filter(([count, bits]) => {
      const sum = values(Number(count)).reduce((total, value) => total + value, 0)
      return bitsOf(sum / Number(count)) === bits
    })
    expect(same.map(([count]) => Number(count)).filter(count => count > 17)).toEqual([])
  })

  test('reads a view from its start', () => {
    const column = values(129)
    const padded = new Float64Array(140).fill(7)
    padded.set(column, 5)
    expect(bitsOf(numpyMean(padded.subarray(5, 134)))).toBe(golden.meanBits[129])
  })
})
