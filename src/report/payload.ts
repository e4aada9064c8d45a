/** Bytes as text that a page can carry: deflated, then base64. Runs in Node and in browsers alike. */

import { joined } from '../matching/buffers.js'

const ALPHABET = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
const PADDING = 61
/** Values of the alphabet's characters, [character code]. */
const VALUES = new Uint8Array(128)
for (let value = 0; value < 64; value++) VALUES[ALPHABET[value]] = value

/** Text of characters below 128, a byte each: so it moves between threads and into files without being copied. */
export type AsciiText = Uint8Array<ArrayBuffer>

export const deflate = (bytes: Uint8Array): Promise<Uint8Array> =>
  throughStream(bytes, new CompressionStream('deflate'))

/** Bytes as the text that a page carries; the first `plain` of them (default 0) are not compressed. */
export type Pack = (bytes: Uint8Array, plain?: number) => Promise<AsciiText>

export const pack: Pack = async (bytes, plain = 0) =>
  toBase64(joined(Uint8Array, [bytes.subarray(0, plain), await deflate(bytes.subarray(plain))]))

export const inflate = (bytes: Uint8Array): Promise<Uint8Array> =>
  throughStream(bytes, new DecompressionStream('deflate'))

/** What was packed, from the bytes of its text. */
export const unpack = async (packed: Uint8Array, plain: number): Promise<Uint8Array> =>
  joined(Uint8Array, [packed.subarray(0, plain), await inflate(packed.subarray(plain))])

/** Piece by piece by hand: `Response` would do it, but Node loads its whole client of HTTP for that. */
async function throughStream(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter()
  const written = writer.write(bytes as Uint8Array<ArrayBuffer>).then(() => writer.close())
  const [pieces] = await Promise.all([readAll(stream.readable), written])
  return joined(Uint8Array, pieces)
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = []
  const reader = stream.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) pieces.push(next.value)
  return pieces
}

export function toBase64(bytes: Uint8Array): AsciiText {
  const text = new Uint8Array(4 * Math.ceil(bytes.length / 3))
  let to = 0
  for (let from = 0; from < bytes.length; from += 3) {
    const left = bytes.length - from
    const triple = (bytes[from] << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0)
    text[to++] = ALPHABET[triple >> 18]
    text[to++] = ALPHABET[(triple >> 12) & 63]
    text[to++] = left > 1 ? ALPHABET[(triple >> 6) & 63] : PADDING
    text[to++] = left > 2 ? ALPHABET[triple & 63] : PADDING
  }
  return text
}

/** The inverse of `toBase64`, of its text as a string; text of that origin is trusted. */
export function fromBase64(text: string): Uint8Array {
  let characters = text.length
  while (characters > 0 && text.charCodeAt(characters - 1) === PADDING) characters--
  const bytes = new Uint8Array(Math.floor((3 * characters) / 4))
  let at = 0
  for (let from = 0; from < characters; from += 4) {
    const triple =
      (VALUES[text.charCodeAt(from)] << 18) |
      (VALUES[text.charCodeAt(from + 1)] << 12) |
      ((from + 2 < characters ? VALUES[text.charCodeAt(from + 2)] : 0) << 6) |
      (from + 3 < characters ? VALUES[text.charCodeAt(from + 3)] : 0)
    bytes[at++] = triple >> 16
    // Beyond the end nothing is written: a typed array ignores it.
    bytes[at++] = triple >> 8
    bytes[at++] = triple
  }
  return bytes
}
