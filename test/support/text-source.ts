import type { ByteSource } from '../../src/data/source.js'

/** `text` as a file that comes in chunks of so many bytes. */
export function textSource(text: string, chunkBytes: number, name = 'f.json'): ByteSource {
  const bytes = new TextEncoder().encode(text)
  return {
    name,
    byteLength: bytes.length,
    chunks: async function* () {
      for (let i = 0; i < bytes.length; i += chunkBytes) yield bytes.subarray(i, i + chunkBytes)
    },
  }
}
