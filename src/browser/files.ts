import type { ByteRanges, ByteSource } from '../data/source.js'
import { InputError } from '../errors.js'

/** Bytes that are read from a file at a time. */
const CHUNK_BYTES = 4 << 20

/** Bytes from any place of a File or Blob, which other threads open by the same object. */
export function blobRanges(ref: unknown, name = 'file'): ByteRanges {
  const blob = ref as Blob
  return {
    ref,
    async *read(from, to) {
      for (let at = from; at < to; at += CHUNK_BYTES)
        yield bytesOf(blob.slice(at, Math.min(to, at + CHUNK_BYTES)), name)
    },
  }
}

/** Fails with InputError where the file went away or changed since it was chosen. */
async function bytesOf(blob: Blob, name: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer())
  } catch (error) {
    throw new InputError(`${name}: cannot be read any more; was it moved or changed? Choose it again`, {
      cause: error,
    })
  }
}

/**
 * A File or Blob as a source of bytes; gzip, which is told by its first two bytes and not by its name, is unpacked.
 * `name` is what messages call it. Reading fails with InputError when the file cannot be read or its gzip data is
 * damaged.
 */
export async function blobSource(blob: Blob, name = nameOf(blob)): Promise<ByteSource> {
  const [a, b] = await bytesOf(blob.slice(0, 2), name)
  const ranges = blobRanges(blob, name)
  const chunks = (): AsyncIterable<Uint8Array> => ranges.read(0, blob.size)
  const isGzip = a === 0x1f && b === 0x8b
  return isGzip
    ? { name, byteLength: null, chunks: () => unpacked(chunks(), name) }
    : { name, byteLength: blob.size, chunks, ranges }
}

const nameOf = (blob: Blob): string => (blob as Partial<File>).name ?? 'file'

async function* unpacked(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const reader = throughStream(chunks, new DecompressionStream('gzip')).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(error => {
        throw error instanceof InputError ? error : damaged(name, error)
      })
      if (done) return
      yield value
    }
  } finally {
    // Where nobody reads on, what is left need not be unpacked.
    reader.cancel().catch(() => {})
  }
}

/** Browsers do not say whether a byte is wrong or the end is missing. */
const damaged = (name: string, cause: unknown): InputError =>
  new InputError(`${name}: the gzip data is damaged or cut short`, { cause })

function throughStream(
  chunks: AsyncIterable<Uint8Array>,
  stream: DecompressionStream,
): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  const source = new ReadableStream<BufferSource>({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(value as Uint8Array<ArrayBuffer>)
    },
  })
  return source.pipeThrough(stream)
}
