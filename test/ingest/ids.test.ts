import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstRepeated, IdIndex, sortById } from '../../src/ingest/ids.js'

const anyId = fc.oneof(
  fc.integer({ min: -3, max: 12 }),
  fc.integer({ min: 2 ** 31 - 2, max: 2 ** 31 - 1 }),
  fc.bigInt(-(2n ** 53n) + 1n, 2n ** 53n - 1n).map(Number),
)

test('an index finds each id, and no other, close together or far apart', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyId), fc.array(anyId), (listed, asked) => {
      const ids = Float64Array.from(listed).sort()
      const index = new IdIndex(ids)
      for (const id of [...listed, ...asked]) expect(index.rowOf(id)).toBe(ids.indexOf(id))
    }),
  )
})

test('a table as large as it may be, and one id too far', () => {
  for (const far of [2 ** 22 - 1, 2 ** 22, 2 ** 22 + 1, 2 ** 40]) {
    const index = new IdIndex(Float64Array.of(0, far))
    expect([index.rowOf(0), index.rowOf(1), index.rowOf(far), index.rowOf(far + 1), index.rowOf(-1)]).toEqual(
      [0, -1, 1, -1, -1],
    )
  }
})

test('records by id: the last of each, and which stand more than once', () => {
  fc.assert(
    fc.property(fc.array(anyId), list => {
      const ids = Float64Array.from(list)
      const { records, repeated } = sortById(ids)
      const distinct = [...new Set(list)].sort((a, b) => a - b)
      expect(Array.from(records, record => ids[record])).toEqual(distinct)
      for (const record of records) expect(list.lastIndexOf(ids[record])).toBe(record)
      expect(repeated.length).toBe(list.length - distinct.length)
      const twice = firstRepeated(ids)
      expect(twice === null).toBe(repeated.length === 0)
      if (twice) {
        expect(twice[0]).toBeLessThan(twice[1])
        expect(list[twice[0]]).toBe(list[twice[1]])
      }
    }),
  )
})
