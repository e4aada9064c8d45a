import type { ByteSource } from '../data/source.js'
import { InputError } from '../errors.js'
import { isBitmap, rleOfBitmap } from './bitmap-objects.js'
import { bytesSource } from './records.js'

/** Records of a list that are turned into text at once. */
const RECORDS_PER_CHUNK = 2000

const ascii = new TextDecoder()

/**
 * A value as JSON can state it. Typed arrays become lists, but the bytes of a compressed RLE its string; bit maps
 * become RLE; numbers that JSON lacks become their names, so that they are refused where a number is needed and not taken for null.
 */
function plain(this: unknown, key: string, value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  if (key === 'segmentation' && isBitmap(value)) return rleOfBitmap(value)
  // `value` is what toJSON made of it, and Node's Buffer has one.
  const original = (this as Record<string, unknown>)[key]
  if (!ArrayBuffer.isView(original)) return value
  if (key === 'counts' && original instanceof Uint8Array) return ascii.decode(original.slice())
  return Array.from(original as unknown as ArrayLike<number>)
}

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
    const text = Array.isArray(value) ? undefined : JSON.stringify(value, plain)
    if (!Array.isArray(value) && text === undefined) continue
    yield `${separator}${JSON.stringify(key)}:`
    if (Array.isArray(value)) yield* listText(value)
    else yield text as string
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
      try {
        for (const part of text) yield encoder.encode(part)
      } catch (error) {
        // JSON.stringify on objects that hold themselves.
        if (!(error instanceof TypeError)) throw error
        throw new InputError(`${name}: expected plain objects as JSON holds them; ${error.message}`)
      }
    },
  }
}

/** What callers may hand over: the bytes of a JSON file, a source of them, or plain objects. */
export type Input = Uint8Array | ArrayBuffer | ByteSource | object

const isSource = (input: object): input is ByteSource =>
  typeof (input as ByteSource).chunks === 'function' && typeof (input as ByteSource).name === 'string'

export function toSource(name: string, input: Input): ByteSource {
  if (input instanceof Uint8Array) return bytesSource(name, input)
  if (input instanceof ArrayBuffer) return bytesSource(name, new Uint8Array(input))
  const found = unusable(input)
  if (found !== null) {
    throw new InputError(
      `${name}: expected the bytes of a JSON file, plain objects or a byte source, got ${found}`,
    )
  }
  return isSource(input) ? input : objectSource(name, input)
}

/** What a caller without a type checker may have handed over instead. */
function unusable(input: unknown): string | null {
  if (typeof input === 'string') return 'a string (a path or a text; read the file to bytes first)'
  if (input === null || input === undefined) return String(input)
  if (typeof input !== 'object') return `a ${typeof input}`
  if (typeof (input as PromiseLike<unknown>).then === 'function') return 'a promise (await it first)'
  return ArrayBuffer.isView(input) ? `a ${input.constructor.name}` : null
}
