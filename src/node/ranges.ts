import { closeSync, openSync, readSync } from 'node:fs'
import type { ByteRanges, Room } from '../data/source.js'

const CHUNK_BYTES = 1 << 20

/** Reads from any place of the file at `ref`, a path. A chunk is valid until the next is asked for. */
export function fileRanges(ref: unknown): ByteRanges {
  const path = ref as string
  return {
    ref,
    async *read(from, to, room) {
      const file = openSync(path, 'r')
      try {
        const next = room ?? ownRoom(Math.min(CHUNK_BYTES, to - from))
        for (let at = from; at < to; ) {
          const chunk = next()
          const n = readSync(file, chunk, 0, Math.min(chunk.length, to - at), at)
          if (n === 0) return
          at += n
          yield chunk.subarray(0, n)
        }
      } finally {
        closeSync(file)
      }
    },
  }
}

function ownRoom(byteLength: number): Room {
  const bytes = new Uint8Array(byteLength)
  return () => bytes
}
