import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonChunks } from '../../src/report/json-text.js'

const textOf = (value: unknown): string => [...jsonChunks(value)].join('')

test('indents objects, and keeps lists of numbers in one line', () => {
  const value = { a: [1, null, true], b: { c: [], d: {} }, e: [{ f: 'x' }, ['y', 2]], g: undefined }
  expect(textOf(value)).toBe(`{
  "a": [1, null, true],
  "b": {
    "c": [],
    "d": {}
  },
  "e": [
    {
      "f": "x"
    },
    [
      "y",
      2
    ]
  ]
}
`)
})

test('what is not finite is null; typed arrays are lists', () => {
  expect(textOf([Number.POSITIVE_INFINITY, Number.NaN, -0])).toBe('[null, null, 0]\n')
  expect(textOf({ a: Float64Array.of(0.1, Number.NaN), b: new Uint8Array(0) })).toBe(
    '{\n  "a": [0.1, null],\n  "b": []\n}\n',
  )
})

test('says what JSON.stringify says', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      expect(JSON.parse(textOf(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('a long document comes in pieces', () => {
  const value = Array.from({ length: 20_000 }, (_, i) => ({ i }))
  const pieces = [...jsonChunks(value)]
  expect(pieces.length).toBeGreaterThan(2)
  expect(JSON.parse(pieces.join(''))).toEqual(value)
})
