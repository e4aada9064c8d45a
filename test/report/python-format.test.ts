import { expect, test } from 'vitest'
import { pythonFixed } from '../../src/report/python-format.js'

// Expected texts were printed by Python 3.11: '%.3f' % value.
test.each([
  [0.0625, '0.062'],
  [0.1875, '0.188'],
  [0.3125, '0.312'],
  [0.4375, '0.438'],
  [0.5625, '0.562'],
  [0.9375, '0.938'],
  [-0.0625, '-0.062'],
  [0.5, '0.500'],
  [0.0005, '0.001'],
  [0.0015, '0.002'],
  [0.0025, '0.003'],
  [0.9995, '1.000'],
  [0.9999999999999998, '1.000'],
  [0.5045806987249628, '0.505'],
  [0, '0.000'],
  [1, '1.000'],
  [-1, '-1.000'],
])('%d with three decimals is %s', (value, text) => {
  expect(pythonFixed(value, 3)).toBe(text)
})

test.each([
  [0.5, '0.50'],
  [0.125, '0.12'],
  [0.375, '0.38'],
  [0.8999999999999999, '0.90'],
  [0.95, '0.95'],
])('%d with two decimals is %s', (value, text) => {
  expect(pythonFixed(value, 2)).toBe(text)
})
