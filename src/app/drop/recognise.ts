/** What a file is, by its content and not by its name. */

import { EXPECTED_DETECTIONS, EXPECTED_GROUND_TRUTH } from '../../ingest/expected.js'
import { pictureType } from '../../report/picture-type.js'

export type Kind = 'groundTruth' | 'detections' | 'picture' | 'zip'

export type Recognised = { kind: Kind } | { kind: null; looksLike: string }

/** Read of a file: the first record of a list and the first keys of an object stand within. */
const HEAD_BYTES = 1 << 20
const FIRST_BYTES = 64

export async function recognise(file: Blob): Promise<Recognised> {
  const first = new Uint8Array(await file.slice(0, FIRST_BYTES).arrayBuffer())
  if (first.length === 0) return { kind: null, looksLike: 'an empty file' }
  if (pictureType(first) !== null) return { kind: 'picture' }
  if (first[0] === 0x50 && first[1] === 0x4b && first[2] < 8) return { kind: 'zip' }
  if (isUtf16(first)) return { kind: null, looksLike: 'text in UTF-16: save it as UTF-8' }
  const isGzip = first[0] === 0x1f && first[1] === 0x8b
  const head = isGzip ? await unpackedHead(file) : await file.slice(0, HEAD_BYTES).arrayBuffer()
  if (head === null) return { kind: null, looksLike: 'damaged gzip data' }
  return recogniseText(new TextDecoder().decode(head))
}

/** By the mark at its beginning: what Windows' own tools may write. */
const isUtf16 = ([a, b]: Uint8Array): boolean => (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)

/** Why a file is not taken, in the words of the command line. */
export const refusal = (name: string, looksLike: string): string =>
  `${name}: expected ${EXPECTED_GROUND_TRUTH}, ${EXPECTED_DETECTIONS}, pictures, or a zip of pictures; this looks like ${looksLike}`

/** The beginning of what gzip holds; null where that is damaged. */
async function unpackedHead(file: Blob): Promise<Uint8Array<ArrayBuffer> | null> {
  const stream = file.stream().pipeThrough(new DecompressionStream('gzip'))
  const reader = stream.getReader()
  const head = new Uint8Array(HEAD_BYTES)
  let length = 0
  try {
    while (length < HEAD_BYTES) {
      const { done, value } = await reader.read()
      if (done) break
      const part = value.subarray(0, HEAD_BYTES - length)
      head.set(part, length)
      length += part.length
    }
  } catch {
    // What is damaged further on is told when the file is read.
    if (length === 0) return null
  }
  reader.cancel().catch(() => {})
  return head.subarray(0, length)
}

const GROUND_TRUTH_KEYS = ['images', 'annotations', 'categories', 'info', 'licenses']
const RECORD_KEYS = ['image_id', 'category_id', 'bbox', 'segmentation']

function recogniseText(text: string): Recognised {
  const start = text.search(/[^\s\ufeff]/)
  const top = text[start]
  if (top === '{') {
    const { keys, isWhole } = keysOf(text, start)
    if (keys.some(key => GROUND_TRUTH_KEYS.includes(key))) return { kind: 'groundTruth' }
    // Behind something that is larger than what was read, everything may follow: reading it will tell.
    if (!isWhole && text.length >= HEAD_BYTES) return { kind: 'groundTruth' }
    if (keys.includes('schemaVersion')) return { kind: null, looksLike: 'a result file of detscope' }
    return { kind: null, looksLike: `an object with ${listed(keys)}` }
  }
  if (top === '[') return recogniseList(text, start + 1)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells a binary file.
  if (start < 0 || /[\u0000-\u0008\ufffd]/.test(text.slice(0, 200)))
    return { kind: null, looksLike: start < 0 ? 'white space' : 'a binary file' }
  return { kind: null, looksLike: `text that begins with ${JSON.stringify(text.slice(start, start + 24))}` }
}

function recogniseList(text: string, from: number): Recognised {
  const at = from + text.slice(from).search(/\S/)
  if (text[at] === ']') return { kind: 'detections' }
  if (text[at] !== '{') return { kind: null, looksLike: 'a list of something else than records' }
  const { keys, isWhole } = keysOf(text, at)
  const isRecord = keys.some(key => RECORD_KEYS.includes(key))
  // A score may stand behind a mask that is larger than what was read.
  if (keys.includes('score') || (isRecord && !isWhole)) return { kind: 'detections' }
  if (isRecord) return { kind: null, looksLike: 'a list of annotations without "score"' }
  return { kind: null, looksLike: `a list of records with ${listed(keys)}` }
}

function listed(keys: string[]): string {
  if (keys.length === 0) return 'no keys'
  const shown = keys.slice(0, 4).map(key => JSON.stringify(key.slice(0, 40)))
  return `the keys ${shown.join(', ')}${keys.length > shown.length ? ', …' : ''}`
}

/** The keys of the object that starts at `at`, as far as the text goes. */
function keysOf(text: string, at: number): { keys: string[]; isWhole: boolean } {
  const keys: string[] = []
  const token = /"((?:[^"\\]|\\.)*)"(\s*:)?|[[\]{}]/gs
  token.lastIndex = at
  let depth = 0
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [whole, string, colon] = found
    if (string !== undefined) {
      if (depth === 1 && colon) keys.push(string)
    } else if (whole === '{' || whole === '[') depth++
    else if (--depth === 0) return { keys, isWhole: true }
  }
  return { keys, isWhole: false }
}
