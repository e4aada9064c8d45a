import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Cursor } from '../../src/ingest/cursor.js'

/** The number that a cursor reads from `text`. */
function read(text: string): number {
  const cursor = new Cursor()
  cursor.bytes = new TextEncoder().encode(`${text},\0`)
  cursor.end = cursor.bytes.length - 1
  cursor.final = true
  return cursor.number()
}

const SPELLINGS = [
  '0', '-0', '0.0', '-0.0', '7', '-12.5', '1e5', '1E-7', '2.5e+3', '0.1', '258.15313720703125',
  '0.9980111718177795', '123456789012345678901234567890', '0.000000000000000000000001',
  '0.00000000000000000000000012345678901234567', '5e-324', '1.7976931348623157e308', '9007199254740993',
  '9007199254740992.9999', '9007199254740993.0000000000000000000001', '0.30000000000000004',
  '179769313486231580793728971405301', '4503599627370497.5', '4503599627370496.5',
] // biome-ignore format: one list

test.each(SPELLINGS)('%s', text => {
  expect(read(text)).toBe(Number(text))
})

test('any float64 in its shortest spelling', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), value => {
      expect(read(JSON.stringify(value))).toBe(JSON.parse(JSON.stringify(value)))
    }),
    { numRuns: 2000 },
  )
})

test('long decimals, also half-way between two float64', () => {
  const digits = fc.array(fc.nat(9), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(fc.nat(10 ** 9), digits, fc.bigInt(2n ** 53n, 2n ** 60n), (whole, fraction, large) => {
      for (const text of [
        `${whole}.${fraction.join('')}`,
        `0.${fraction.join('')}`,
        `${large}`,
        `${large}.5`,
      ]) {
        expect(read(text)).toBe(Number(text))
      }
    }),
    { numRuns: 5000 },
  )
})

test.each(['-', '.5', '+1', 'NaN', 'Infinity', '-Infinity', '1.', 'abc', '1e', '1e999'])(
  '%s is no number',
  text => {
    expect(() => read(text)).toThrow(/expected/)
  },
)

test.each(['01', '-01', '00', '00.9', '0123456789', '00000000000000000001', '01e5'])(
  '%s has leading zeros, which JSON forbids',
  text => {
    expect(() => JSON.parse(text)).toThrow()
    expect(() => read(text)).toThrow('expected a number without leading zeros, got ')
  },
)
