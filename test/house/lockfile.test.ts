import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { root } from './source-files.js'

interface LockEntry {
  version?: string
  optionalDependencies?: Record<string, string>
}

const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as {
  packages: Record<string, LockEntry>
}

// npm leaves out packages of other platforms when a registry does not serve them, and "npm ci" then refuses the file.
test('the lock file has every optional package, also those of other platforms', () => {
  const missing = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter(
      name => !packages[`${path}/node_modules/${name}`] && !packages[`node_modules/${name}`],
    ),
  )
  expect(Object.keys(packages).length).toBeGreaterThan(50)
  expect(missing).toEqual([])
})
