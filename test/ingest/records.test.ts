import { describe, expect, test } from 'vitest'
import type { ByteSource } from '../../src/data/source.js'
import type { Cursor } from '../../src/ingest/cursor.js'
import { bytesSource, readDocument } from '../../src/ingest/records.js'
import { textSource } from '../support/text-source.js'

/** Reads a document whose records are numbers in lists "a" and "b", or a list of numbers. */
async function read(source: ByteSource) {
  const seen: Record<string, number[]> = { top: [], a: [], b: [] }
  const into = (key: string) => (cursor: Cursor, index: number) => {
    const value = cursor.number()
    seen[key][index] = value
  }
  const handlers = { list: into('top'), sections: { a: into('a'), b: into('b') }, expected: 'numbers' }
  const shape = await readDocument(source, handlers)
  return { top: seen.top, a: seen.a, b: seen.b, shape }
}

const DOCUMENT = `\uFEFF {"info": {"x": [1, "]}", {"y": "\\"{"}], "n": NaN},
  "b":[ ] , "zz": [[1],{"a":[2]},"\\\\"], "a" : [1, 20.5,-300 ], "last": null}\n`

describe('documents', () => {
  test.each([1, 2, 3, 7, 64, 1000])('in chunks of %d bytes', async size => {
    const { a, b, shape } = await read(textSource(DOCUMENT, size))
    expect(a).toEqual([1, 20.5, -300])
    expect(b).toEqual([])
    expect(shape.top).toBe('object')
    expect([...shape.sections]).toEqual(['b', 'zz', 'a'])
  })

  test('a record larger than the window', async () => {
    const large = `{"x": ["${'y'.repeat(300)}"], "a": [5]}`
    expect((await read({ ...textSource(large, 10), byteLength: 20 })).a).toEqual([5])
  })

  test('a list, and an empty one', async () => {
    expect((await read(textSource('[1, 2]', 3))).top).toEqual([1, 2])
    expect((await read(textSource(' [ ] ', 1))).top).toEqual([])
  })

  test.each(['[1, 2', '{"a": [1', '{"a": [1]', '{"a"', '  ', '[1,', '{"info": "abc'])(
    '%j is cut short',
    async text => {
      await expect(read(textSource(text, 2))).rejects.toThrow('cut short')
    },
  )

  test('every prefix of a document is refused', async () => {
    const bytes = new TextEncoder().encode(DOCUMENT.trimEnd())
    for (let n = 0; n < bytes.length; n++) {
      await expect(read(bytesSource('f.json', bytes.subarray(0, n))), `${n} bytes`).rejects.toThrow('f.json')
    }
  })

  test.each([
    ['[1 2]', 'f.json: [1]: expected "," or "]", got 2'],
    ['[1,]', 'f.json: [1]: expected a number, got ]; the comma before it is one too many'],
    ['{"a": 5}', 'f.json: expected "a" to be a list, got 5'],
    ['{"a": [1, x]}', 'f.json: a[1]: expected a number, got x'],
    ['[1] 2', 'f.json: more text stands after the end'],
    ['"text"', 'f.json: expected numbers'],
    ['{"a": [], "a": []}', 'f.json: two lists named "a"'],
    ['{a: 1}', 'f.json: expected a string'],
    ['{"a\nb": 1}', 'f.json: expected a string without line breaks and other control characters, got "a'],
  ])('%s', async (text, message) => {
    await expect(read(textSource(text, 100))).rejects.toThrow(message)
  })
})

test('an empty file, UTF-16 and gzip data are told as what they are', async () => {
  await expect(read(bytesSource('f.json', new Uint8Array(0)))).rejects.toThrow('f.json: the file is empty')
  const gzip = Uint8Array.of(0x1f, 0x8b, 8, 0)
  await expect(read(bytesSource('f.json', gzip))).rejects.toThrow('looks like gzip data')
  for (const mark of [
    [0xff, 0xfe, 0x5b, 0],
    [0xfe, 0xff, 0, 0x5b],
  ])
    await expect(read(bytesSource('f.json', Uint8Array.from(mark)))).rejects.toThrow(
      'f.json: the text is UTF-16',
    )
})
