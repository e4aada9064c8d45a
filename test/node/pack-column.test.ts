import { expect, test } from 'vitest'
import { packColumn, packMask, packText } from '../../src/node/pack-column.js'
import { fromBase64, inflate, pack, unpack } from '../../src/report/payload.js'
import { textOf } from '../support/ascii.js'
import { integer, seeded } from '../support/random.js'

test.each([0, 1, 2, 70_000])('a column of %d bytes is read as it was', async length => {
  const random = seeded(length)
  const bytes = Uint8Array.from({ length }, (_, i) => (i % 3 === 0 ? integer(random, 256) : 7))
  expect(await inflate(fromBase64(textOf(await packColumn(bytes))))).toEqual(bytes)
})

test.each([0, 1, 2, 70_000, 700_000])('a text of %d bytes is packed as every platform does', async length => {
  const random = seeded(length)
  const bytes = Uint8Array.from({ length }, (_, i) => 48 + integer(random, i % 7 === 0 ? 70 : 4))
  expect(textOf(await packText(bytes))).toBe(textOf(await pack(bytes)))
})

test.each([0, 1, 70_000])('masks of %d bytes are read as they were', async length => {
  const random = seeded(length)
  const bytes = Uint8Array.from({ length }, (_, i) => 48 + integer(random, i % 7 === 0 ? 64 : 4))
  expect(await inflate(fromBase64(textOf(packMask(bytes))))).toEqual(bytes)
})

test.each([0, 1, 500, 1000])('of a column the first %d bytes can stay as they are', async plain => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i >> 6)
  for (const text of [await packColumn(bytes, plain), await pack(bytes, plain)]) {
    const packed = fromBase64(textOf(text))
    expect(packed.subarray(0, plain)).toEqual(bytes.subarray(0, plain))
    expect(packed.length).toBeLessThan(plain + 100)
    expect(await unpack(packed, plain)).toEqual(bytes)
  }
})
