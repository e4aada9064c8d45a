import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { InputError } from '../../src/errors.js'
import { checkOutputFile, makeOutputFolder, writeWhole } from '../../src/node/output.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'detscope-output-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const at = (name: string): string => join(folder, name)

test('text and bytes are written one after the other, and nothing else is left', async () => {
  await writeWhole(at('a.json'), ['{', new Uint8Array([0x7d])])
  expect(readFileSync(at('a.json'), 'utf8')).toBe('{}')
  expect(readdirSync(folder)).toEqual(['a.json'])
})

test('chunks of any size come one after the other', async () => {
  const sizes = [0, 1, 300_000, 5, 100_000, 200_000, 262_144, 0, 7, 600_000]
  const chunks = sizes.map((size, i) => (i % 2 === 0 ? new Uint8Array(size).fill(97 + i) : 'é'.repeat(size)))
  await writeWhole(at('a.txt'), chunks)
  const expected = Buffer.concat(chunks.map(chunk => Buffer.from(chunk as string)))
  expect(readFileSync(at('a.txt')).equals(expected)).toBe(true)
})

test('a failure half-way leaves the older file and no trace', async () => {
  writeFileSync(at('a.json'), 'old')
  function* failing() {
    yield 'new'
    // The temporary file stands at this moment, and the final name still holds the old bytes.
    expect(readdirSync(folder)).toHaveLength(2)
    expect(readFileSync(at('a.json'), 'utf8')).toBe('old')
    throw new Error('boom')
  }
  await expect(writeWhole(at('a.json'), failing())).rejects.toThrow('boom')
  expect(readdirSync(folder)).toEqual(['a.json'])
  expect(readFileSync(at('a.json'), 'utf8')).toBe('old')
})

test('an abort half-way leaves no trace', async () => {
  const controller = new AbortController()
  function* chunks() {
    yield 'first'
    controller.abort(new Error('stop'))
    yield 'second'
  }
  await expect(writeWhole(at('a.json'), chunks(), controller.signal)).rejects.toThrow('stop')
  expect(readdirSync(folder)).toEqual([])
  await expect(writeWhole(at('a.json'), ['late'], controller.signal)).rejects.toThrow('stop')
  expect(readdirSync(folder)).toEqual([])
})

test('a replaced file keeps its permissions, and a link stays a link', async () => {
  writeFileSync(at('private.json'), 'old', { mode: 0o600 })
  symlinkSync('private.json', at('link.json'))
  await writeWhole(at('link.json'), ['new'])
  expect(lstatSync(at('link.json')).isSymbolicLink()).toBe(true)
  expect(readFileSync(at('private.json'), 'utf8')).toBe('new')
  expect(statSync(at('private.json')).mode & 0o777).toBe(0o600)
})

test('a device is written in place', async () => {
  await writeWhole('/dev/null', ['gone'])
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
})

test('a path that cannot become a file is told before the work starts', () => {
  mkdirSync(at('sub'))
  writeFileSync(at('gt.json'), '{}')
  const check = (path: string) => () => checkOutputFile('--json', path, [at('gt.json')])
  expect(check(at('new.json'))).not.toThrow()
  expect(check('/dev/null')).not.toThrow()
  expect(check(at('sub'))).toThrow(new InputError(`--json: ${at('sub')} is a folder, expected a file`))
  expect(check(at('none/new.json'))).toThrow(new InputError(`--json: there is no folder ${at('none')}`))
  expect(check(at('gt.json/new.json'))).toThrow('is not a folder')
  expect(check(at('sub/../gt.json'))).toThrow('is an input of this run and would be overwritten')
})

test('an output folder is made with its parents, unless a file is in the way', () => {
  makeOutputFolder('--npy', at('a/b'))
  makeOutputFolder('--npy', at('a/b'))
  expect(statSync(at('a/b')).isDirectory()).toBe(true)
  writeFileSync(at('file'), '')
  expect(() => makeOutputFolder('--npy', at('file'))).toThrow(
    new InputError(`--npy: cannot make the folder ${at('file')}: a file is in the way`),
  )
  expect(() => makeOutputFolder('--npy', at('file/deeper'))).toThrow('a file is in the way')
})
