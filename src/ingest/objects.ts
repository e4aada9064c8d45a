import type { ByteSource } from '../data/source.js'
import { bytesSource } from './records.js'

/** Records of a list that are turned into text at once. */
const RECORDS_PER_CHUNK = 2000

/** Typed arrays become lists; everything else stays as it is. */
const plain = (_key: string, value: unknown): unknown =>
  ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value

function* listText(list: unknown[]): Generator<string> {
  yield '['
  for (let i = 0; i < list.length; i += RECORDS_PER_CHUNK) {
    const part = JSON.stringify(list.slice(i, i + RECORDS_PER_CHUNK), plain).slice(1, -1)
    yield i === 0 ? part : `,${part}`
  }
  yield ']'
}

function* objectText(object: Record<string, unknown>): Generator<string> {
  let separator = '{'
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue
    yield `${separator}${JSON.stringify(key)}:`
    if (Array.isArray(value)) yield* listText(value)
    else yield JSON.stringify(value, plain)
    separator = ','
  }
  yield separator === '{' ? '{}' : '}'
}

/** Plain objects as the bytes they would be in a file, made piece by piece: one way in for everything. */
export function objectSource(name: string, value: object): ByteSource {
  const encoder = new TextEncoder()
  return {
    name,
    byteLength: null,
    chunks: async function* () {
      const text = Array.isArray(value) ? listText(value) : objectText(value as Record<string, unknown>)
      for (const part of text) yield encoder.encode(part)
    },
  }
}

/** What callers may hand over: bytes, a source, or plain objects. */
export type Input = Uint8Array | ByteSource | object

const isSource = (input: Input): input is ByteSource =>
  typeof (input as ByteSource).chunks === 'function' && typeof (input as ByteSource).name === 'string'

export function toSource(name: string, input: Input): ByteSource {
  if (input instanceof Uint8Array) return bytesSource(name, input)
  return isSource(input) ? input : objectSource(name, input)
}
