/** Bytes from anywhere: a file, a download, memory. Read once, in order. */
export interface ByteSource {
  /** What messages call it. */
  name: string
  /** null where it is not known beforehand (a compressed file). */
  byteLength: number | null
  chunks(): AsyncIterable<Uint8Array>
}
