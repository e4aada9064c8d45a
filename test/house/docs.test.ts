import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { buildProgram } from '../../src/cli/program.js'
import { WARNING_TEXTS } from '../../src/data/warnings.js'
import { root, sourceFiles } from './source-files.js'

const read = (path: string): string => readFileSync(root + path, 'utf8')

test('docs/protocols.md explains every warning and no other', () => {
  const explained = [...read('docs/protocols.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(match => match[1])
  expect(explained).toEqual(Object.keys(WARNING_TEXTS).sort())
})

test('README lists every option of eval and no other', () => {
  const listed = [...read('README.md').matchAll(/^\| `(--[a-z-]+)/gm)].map(match => match[1])
  const program = buildProgram({ out: process.stdout, err: process.stderr, env: {} })
  const options = program.commands
    .find(command => command.name() === 'eval')
    ?.options.map(option => option.long)
  expect(listed).toEqual(options)
})

test('docs/architecture.md names every folder of src', () => {
  const folders = [
    ...new Set(
      sourceFiles
        .map(file => file.path.split('/'))
        .filter(parts => parts.length > 2)
        .map(parts => parts[1]),
    ),
  ]
  const architecture = read('docs/architecture.md')
  expect(folders.filter(folder => !architecture.includes(`\`src/${folder}/`))).toEqual([])
})

test('links between the documents lead somewhere', () => {
  for (const path of [
    'README.md',
    'docs/architecture.md',
    'docs/protocols.md',
    'docs/app.md',
    'CHANGELOG.md',
  ]) {
    const folder = path.includes('/') ? 'docs/' : ''
    const targets = [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(match => match[1])
    for (const target of targets)
      expect(() => readFileSync(`${root}${folder}${target}`), `${path}: ${target}`).not.toThrow()
  }
})
