import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MUTATIONS } from '../parity/mutations.js'

const root = join(import.meta.dirname, '../..')

test('what `npm run mutate` breaks stands exactly once in its file', () => {
  const stale = MUTATIONS.filter(({ file, from }) => {
    const count = readFileSync(join(root, file), 'utf8').split(from).length - 1
    return count !== 1
  })
  expect(stale.map(({ file, what, from }) => `${file}: ${what}: ${from}`)).toEqual([])
})
