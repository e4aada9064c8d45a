import { expect, test } from 'vitest'
import { packColumn } from '../../src/node/pack-column.js'
import { fromBase64, inflate } from '../../src/report/payload.js'
import { integer, seeded } from '../support/random.js'

test.each([0, 1, 2, 70_000])('a column of %d bytes is read as it was', async length => {
  const random = seeded(length)
  const bytes = Uint8Array.from({ length }, (_, i) => (i % 3 === 0 ? integer(random, 256) : 7))
  expect(await inflate(fromBase64(await packColumn(bytes)))).toEqual(bytes)
})
