import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importsOf, sourceFiles, withoutComments } from './source-files.js'

/** The rooms of the house, in the order in which they may import: each from earlier steps and from itself. */
const STEPS: string[][] = [
  ['errors'],
  ['data'],
  ['geometry', 'backends/backend'],
  ['ingest', 'backends', 'matching'],
  ['metrics'],
  ['categories'],
  ['pipeline'],
  ['report'],
  ['demo'],
  ['browser'],
  ['app'],
  ['index'],
  ['node'],
  ['cli'],
]

/** Rooms in which Node's own modules and packages may be used. */
const NODE_ROOMS = new Set(['node', 'cli'])
/** The page: packages and the DOM, which it is built with, and nothing of Node. */
const PAGE_ROOM = 'app'
/** Rooms in which the DOM may be used. */
const DOM_ROOMS = new Set([PAGE_ROOM, 'browser'])

/**
 * src/backends/webgpu/device.ts is in the room "backends", src/node.ts and src/node/files.ts in "node". src/evaluate.ts
 * and the other files beside it are the pipeline.
 */
function roomOf(path: string): string {
  if (path === 'src/backends/backend.ts') return 'backends/backend'
  const [first, ...rest] = path.replace(/^src\//, '').split('/')
  if (rest.length > 0) return first
  const name = first.replace(/\.ts$/, '')
  return ['errors', 'index', 'node', 'browser'].includes(name) ? name : 'pipeline'
}

const stepOf = (room: string): number => STEPS.findIndex(step => step.includes(room))

/** What is wrong with the imports of the file at `path`, in words. */
function faults(path: string, text: string): string[] {
  const room = roomOf(path)
  if (stepOf(room) < 0) return [`${path}: the room "${room}" has no place in the order of imports`]
  return importsOf(text).flatMap(specifier => {
    if (!specifier.startsWith('.'))
      return NODE_ROOMS.has(room) || (room === PAGE_ROOM && !specifier.startsWith('node:'))
        ? []
        : [`${path}: imports ${specifier}, which not every platform has`]
    if (!specifier.endsWith('.js')) return [`${path}: imports ${specifier} without .js`]
    const target = posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts')
    const other = roomOf(target)
    if (other === PAGE_ROOM && room !== PAGE_ROOM)
      return [`${path}: ${room} may not import app (${specifier})`]
    if (other === room || (stepOf(other) >= 0 && stepOf(other) < stepOf(room))) return []
    return [`${path}: ${room} may not import ${other} (${specifier})`]
  })
}

describe('imports run one way', () => {
  test('there are files to look at', () => {
    expect(sourceFiles.length).toBeGreaterThan(20)
    expect(sourceFiles.flatMap(file => importsOf(file.text)).length).toBeGreaterThan(50)
  })

  test.each(sourceFiles)('$path', ({ path, text }) => {
    expect(faults(path, text)).toEqual([])
  })

  test.each([
    ['src/data/masks.ts', "import { x } from '../geometry/rle.js'", 'data may not import geometry'],
    ['src/ingest/a.ts', "import type { B } from '../matching/b.js'", 'ingest may not import matching'],
    ['src/geometry/a.ts', "import '../backends/backend.js'", 'geometry may not import backends/backend'],
    ['src/metrics/a.ts', "export { b } from '../report/b.js'", 'metrics may not import report'],
    ['src/evaluate.ts', "const x = await import('./node/files.js')", 'pipeline may not import node'],
    ['src/data/a.ts', "import {\n  b,\n} from\n  '../cli/b.js'", 'data may not import cli'],
    ['src/data/a.ts', "import { readFileSync } from 'node:fs'", 'not every platform has'],
    ['src/metrics/a.ts', "import { Command } from 'commander'", 'not every platform has'],
    ['src/cli/a.ts', "import { b } from './b'", 'without .js'],
    ['src/app/a.tsx', "import { readFileSync } from 'node:fs'", 'not every platform has'],
    ['src/report/a.ts', "import { b } from '../app/b.js'", 'report may not import app'],
    ['src/cli/a.ts', "import { b } from '../app/b.js'", 'cli may not import app'],
    ['src/extra/a.ts', '', 'no place in the order'],
  ])('%s with %j is a fault', (path, text, words) => {
    expect(faults(path, text).join()).toContain(words)
  })

  test.each([
    ['src/backends/cpu.ts', "import type { MaskBackend } from './backend.js'"],
    ['src/node/dawn.ts', "import { x } from '../backends/webgpu/device.js'"],
    ['src/cli/main.ts', "import { Command } from 'commander'"],
    ['src/app/a.tsx', "import { b } from '../report/b.js'\nimport { h } from 'preact'"],
    ['src/metrics/a.ts', "/* import '../cli/a.js' */ // import '../cli/b.js'"],
  ])('%s with %j is fine', (path, text) => {
    expect(faults(path, text)).toEqual([])
  })
})

describe('the core runs anywhere, and only the command line prints', () => {
  const core = sourceFiles.filter(
    file => !NODE_ROOMS.has(roomOf(file.path)) && !DOM_ROOMS.has(roomOf(file.path)),
  )
  const quiet = sourceFiles.filter(file => roomOf(file.path) !== 'cli')

  test.each(core)('$path uses neither Node nor the DOM', ({ text }) => {
    expect(withoutComments(text)).not.toMatch(
      /\b(?:process\.|Buffer\b|require\(|__dirname|document\.(?:body|create|query)|window\.(?:document|location|add)|navigator\.|localStorage)/,
    )
  })

  test.each(quiet)('$path neither prints nor exits', ({ text }) => {
    expect(withoutComments(text)).not.toMatch(/\bconsole\.|\bprocess\.(?:exit|stdout|stderr)\b/)
  })
})
