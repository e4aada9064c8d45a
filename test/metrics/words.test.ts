import { expect, test } from 'vitest'
import { className, count, counted, decimal, indefinite, percent, pixels } from '../../src/metrics/words.js'

test.each([
  [0.62, [], '.62'],
  [1, [], '1.00'],
  [0, [], '.00'],
  [0.996, [], '.996'],
  [0.0004, [], '.0004'],
  [0.996, [0.996], '.996'],
  [0.4712, [0.47], '.471'],
  [0.47, [0.4712], '.47'],
  [0.4999, [0.5], '.4999'],
  [0.5, [0.4999], '.50'],
  [-0.25, [], '-.25'],
  [12.345, [], '12.35'],
])('decimal %d beside %j', (value, marks, text) => expect(decimal(value, ...marks)).toBe(text))

test.each([
  [0, '0 %'],
  [0.004, 'under 1 %'],
  [0.714, '71 %'],
  [0.996, 'over 99 %'],
  [1, '100 %'],
])('percent %d', (share, text) => expect(percent(share)).toBe(text))

test('counts, areas and names', () => {
  expect([0, 999, 1000, 9999, 10_000, 1_234_567].map(count)).toEqual([
    '0',
    '999',
    '1,000',
    '9,999',
    '10,000',
    '1,234,567',
  ])
  expect([counted(1, 'miss', 'misses'), counted(0, 'miss', 'misses')]).toEqual(['1 miss', '0 misses'])
  expect([pixels(1020), pixels(1020.54), pixels(0.04)]).toEqual(['1020 px', '1020.5 px', '0 px'])
  const categories = { names: ['pallet', ''], ids: Float64Array.of(4, 9) }
  expect([className(categories, 0), className(categories, 1)]).toEqual(['"pallet"', 'class 9'])
  expect([indefinite('"pallet"'), indefinite('"axle"')]).toEqual(['a "pallet"', 'an "axle"'])
})
