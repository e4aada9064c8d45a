import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openResult } from '../../bench/run/results.js'

const folder = mkdtempSync(join(tmpdir(), 'detscope-results-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Opens the result for one more run, notes a task, and says what the result holds then. */
function note(name: string, versions: Record<string, string>) {
  const { result, entryOf, save } = openResult(join(folder, 'result.json'), { versions })
  Object.assign(entryOf({ target: 'plain', name }), { done: true })
  save()
  return { versions: result.versions, names: result.entries.map((entry: { name: string }) => entry.name) }
}

test('runs against some tools or none add to one result, other versions begin anew', () => {
  note('a', { one: '1.0', two: '2.0' })
  expect(note('b', { one: '1.0' })).toEqual({ versions: { one: '1.0', two: '2.0' }, names: ['a', 'b'] })
  expect(note('c', {})).toEqual({ versions: { one: '1.0', two: '2.0' }, names: ['a', 'b', 'c'] })
  expect(note('d', { one: '1.1' })).toEqual({ versions: { one: '1.1' }, names: ['d'] })
})
