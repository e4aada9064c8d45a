import { expect, test } from 'vitest'
import { csvParts } from '../../src/app/download.js'
import {
  formatChange,
  formatCount,
  formatIou,
  formatMetric,
  formatPx,
  formatScore,
  formatShare,
} from '../../src/app/format.js'

test.each([
  [formatMetric, 0.6124, '.612'],
  [formatMetric, 1, '1.000'],
  [formatMetric, 0, '.000'],
  [formatMetric, null, '–'],
  [formatMetric, Number.NaN, '–'],
  [formatScore, 0.5, '.5'],
  [formatScore, 0.47349, '.473'],
  [formatScore, -0.25, '-.25'],
  [formatScore, 12, '12'],
  [formatIou, 0.5, '.50'],
  [formatIou, 0.8999999999999999, '.90'],
  [formatIou, 0.625, '.625'],
  [formatIou, 1, '1.00'],
  [formatPx, 1024, '1,024 px'],
  [formatPx, 7.25, '7.3 px'],
  [formatPx, Number.POSITIVE_INFINITY, '∞'],
  [formatCount, 12345, '12,345'],
  [formatChange, 0.0372, '+.0372'],
  [formatChange, -0.5, '−.5000'],
  [formatChange, 0, '0'],
  [formatChange, -0.00001, '−<.0001'],
  [formatChange, null, '–'],
])('%o of %s is %s', (format, value, text) => {
  expect((format as (value: number | null) => string)(value)).toBe(text)
})

test('a share of nothing is undefined', () => {
  expect([formatShare(1, 3), formatShare(0, 5), formatShare(0, 0)]).toEqual(['33 %', '0 %', '–'])
})

test('CSV files quote what must be, and no cell of text is a formula', async () => {
  const rows = [
    ['a,b', 1.5, null],
    ['say "x"', -2, '=1+1'],
    ['two\nlines', 0, '@x'],
  ]
  const parts = await csvParts(['name', 'n', 'note'], rows.length, place => rows[place])
  expect(parts.join('')).toBe('name,n,note\r\n"a,b",1.5,\r\n"say ""x""",-2,\'=1+1\r\n"two\nlines",0,\'@x\r\n')
})
