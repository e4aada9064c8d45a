import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ByteSource } from '../../src/data/source.js'
import { InputError } from '../../src/errors.js'
import { fileSource } from '../../src/node/files.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'detscope-files-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const fileWith = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

async function read(source: ByteSource): Promise<{ bytes: Buffer; chunks: number }> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source.chunks()) chunks.push(chunk.slice())
  return { bytes: Buffer.concat(chunks), chunks: chunks.length }
}

/** 9 MB that do not compress away, so that several chunks are needed both ways. */
const large = Buffer.alloc(9_000_000)
for (let i = 0, state = 1; i < large.length; i++) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  large[i] = state >>> 24
}

test('a file streams in large chunks and can be read again', async () => {
  const source = fileSource(fileWith('large.json', large))
  expect(source.byteLength).toBe(large.length)
  for (let turn = 0; turn < 2; turn++) {
    const { bytes, chunks } = await read(source)
    expect(bytes.equals(large)).toBe(true)
    expect(chunks).toBe(9)
  }
})

test('gzip is told by its bytes, whatever the name', async () => {
  const source = fileSource(fileWith('packed.json', gzipSync(large, { level: 1 })))
  expect(source.byteLength).toBeNull()
  expect((await read(source)).bytes.equals(large)).toBe(true)
  const plain = fileSource(fileWith('plain.json.gz', '[]'))
  expect((await read(plain)).bytes.toString()).toBe('[]')
})

test('gzip of several members is one file', async () => {
  const packed = Buffer.concat([gzipSync('[1,'), gzipSync('2]')])
  expect((await read(fileSource(fileWith('members.gz', packed)))).bytes.toString()).toBe('[1,2]')
})

test.each([0, 1, 2])('a file of %d bytes is read as it stands', async length => {
  const { bytes } = await read(fileSource(fileWith(`short${length}`, '[]'.slice(0, length))))
  expect(bytes.toString()).toBe('[]'.slice(0, length))
})

test('the digest is that of the bytes on disk, packed ones included', async () => {
  const packed = gzipSync('[]')
  const source = fileSource(fileWith('digest.json.gz', packed), { digest: true })
  await read(source)
  expect(await source.digest()).toEqual({
    name: source.name,
    bytes: packed.length,
    sha256: createHash('sha256').update(packed).digest('hex'),
  })
})

test('the digest is there without reading, and what was hashed while reading is not read again', async () => {
  // FIPS 180-2, appendix B.1.
  const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  expect((await fileSource(fileWith('abc', 'abc')).digest()).sha256).toBe(sha256)
  const source = fileSource(fileWith('gone', 'abc'), { digest: true })
  await read(source)
  rmSync(source.name)
  expect((await source.digest()).sha256).toBe(sha256)
})

test('a pipe is read, packed or not', async () => {
  for (const body of [Buffer.from('[1,2]'), gzipSync('[1,2]')]) {
    const pipe = join(folder, `pipe${body.length}`)
    const made = spawn('mkfifo', [pipe])
    await new Promise(done => made.on('close', done))
    const writer = spawn('sh', ['-c', `cat '${fileWith('body', body)}' > '${pipe}'`])
    const source = fileSource(pipe, { digest: true })
    expect(source.byteLength).toBeNull()
    expect((await read(source)).bytes.toString()).toBe('[1,2]')
    expect((await source.digest()).sha256).toBe(createHash('sha256').update(body).digest('hex'))
    await new Promise(done => (writer.exitCode === null ? writer.on('close', done) : done(null)))
  }
})

test.each([
  ['cut short', (packed: Buffer) => packed.subarray(0, packed.length - 20), 'the file is cut short'],
  ['cut in the header', (packed: Buffer) => packed.subarray(0, 5), 'the file is cut short'],
  ['damaged', (packed: Buffer) => packed.map((byte, i) => (i === 40 ? byte ^ 0xff : byte)), 'gzip data'],
])('gzip data that is %s is an input error that names the file', async (name, spoil, words) => {
  const packed = gzipSync(Buffer.from(JSON.stringify(Array.from({ length: 500 }, (_, i) => i * i))))
  const source = fileSource(fileWith(`${name}.gz`, spoil(packed)))
  const failure = read(source)
  await expect(failure).rejects.toThrow(InputError)
  await expect(failure).rejects.toThrow(words)
  await expect(failure).rejects.toThrow(source.name)
})

test('a missing file, a folder and a path through a file are told in plain words', () => {
  const missing = join(folder, 'none.json')
  expect(() => fileSource(missing)).toThrow(new InputError(`${missing}: no such file`))
  mkdirSync(join(folder, 'sub'))
  expect(() => fileSource(join(folder, 'sub'))).toThrow('expected a file, found a folder')
  const through = join(fileWith('file', ''), 'deeper.json')
  expect(() => fileSource(through)).toThrow('a part of the path is not a folder')
})

test.skipIf(process.getuid?.() === 0)('a file that may not be read is told in plain words', () => {
  const file = fileWith('locked.json', '[]')
  chmodSync(file, 0)
  expect(() => fileSource(file)).toThrow(new InputError(`${file}: no permission to read this file`))
})

test('a reader that stops early leaves nothing open', async () => {
  const source = fileSource(fileWith('early.json', large))
  for await (const _ of source.chunks()) break
  expect((await read(source)).bytes.length).toBe(large.length)
})

test('another thread may hash a plain file, which is then not hashed while it is read', async () => {
  const path = fileWith('elsewhere.json', '[1,2]')
  const source = fileSource(path, { digest: true })
  const digest = { name: path, bytes: 5, sha256: 'of another thread' }
  source.digestBy(async () => digest)
  await read(source)
  expect(await source.digest()).toEqual(digest)
})

test('what is unpacked, and what has been hashed, is not hashed elsewhere', async () => {
  const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
  const packed = gzipSync('[1,2]')
  for (const [name, bytes] of [['packed-again.gz', packed] as const, ['read.json', '[3]'] as const]) {
    const source = fileSource(fileWith(name, bytes), { digest: true })
    if (name === 'read.json') await read(source)
    source.digestBy(() => Promise.reject(new Error('asked for')))
    if (name !== 'read.json') await read(source)
    expect((await source.digest()).sha256).toBe(sha256(bytes))
  }
})

test('a file that changes before it is hashed has no digest of what was evaluated', async () => {
  for (const changed of ['[1,3]', '[1]']) {
    const path = fileWith('changing.json', '[1,2]')
    utimesSync(path, 1e9, 1e9)
    const source = fileSource(path)
    await read(source)
    writeFileSync(path, changed)
    await expect(source.digest()).rejects.toThrow(`${path}: the file was changed while it was evaluated`)
  }
})
