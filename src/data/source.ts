/** Bytes from anywhere: a file, a download, memory. Read once, in order. */
export interface ByteSource {
  /** What messages call it. */
  name: string
  /** null where it is not known beforehand (a compressed file). */
  byteLength: number | null
  /** A chunk is used up before the next is asked for. It may be put into `room`, if there is one, to save a copy. */
  chunks(room?: Room): AsyncIterable<Uint8Array>
  /** Where the bytes can be read from anywhere: what a worker opens them by, and the reading itself. */
  ranges?: ByteRanges
}

/** Bytes that can be read from any place, so that several threads share the work. */
export interface ByteRanges {
  /** Can be sent to a worker, which opens the same bytes by it. */
  ref: unknown
  /** The bytes `from .. to`; see `ByteSource.chunks`. */
  read(from: number, to: number, room?: Room): AsyncIterable<Uint8Array>
}

/** Where the next chunk would be copied to: not empty, and asked for anew for each. */
export type Room = () => Uint8Array
