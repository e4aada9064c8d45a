import type { ByteRanges, ByteSource } from '../data/source.js'
import {
  type BulkReader,
  Document,
  type DocumentHandlers,
  type DocumentShape,
  type RecordHandler,
} from './document.js'
import { Window } from './window.js'

export interface ReadHooks {
  signal?: AbortSignal
  /** Bytes read so far. */
  onBytes?: (bytes: number) => void
  /** Bytes of the columns that hold what was read. */
  onHeld?: (bytes: number) => void
  /** Default: WINDOW_BYTES. */
  windowBytes?: number
  /** Large columns are for threads, which see them without a copy. */
  shared?: boolean
}

/** The hooks of a reader into `table`. */
export const heldBy = (table: { heldBytes: number }, hooks: ReadHooks): ReadHooks =>
  hooks.onHeld === undefined
    ? hooks
    : {
        ...hooks,
        onBytes: bytes => {
          hooks.onBytes?.(bytes)
          hooks.onHeld?.(table.heldBytes)
        },
      }

/** Small enough to stay in a processor's cache while it is read. */
export const WINDOW_BYTES = 1 << 20

/** How long to work without letting timers and signals through. */
const TURN_MS = 30

const nextTurn = (): Promise<void> => new Promise(resolve => setTimeout(resolve))

/**
 * Reads a JSON document of lists of records in windows of some MB, never as a whole. Fails with InputError where
 * it is not JSON, not of the expected form, or cut short.
 */
export async function readDocument(
  source: ByteSource,
  handlers: DocumentHandlers,
  hooks: ReadHooks = {},
): Promise<DocumentShape> {
  const document = new Document(source.name, handlers)
  const { cursor } = document
  const { windowBytes = WINDOW_BYTES } = hooks
  const room = Object.values(handlers.bulk ?? {}).find(bulk => bulk !== null)?.room
  const window = new Window(Math.min(windowBytes, source.byteLength ?? windowBytes), 0, room)
  let read = 0
  let turnMs = performance.now()
  for await (const chunk of source.chunks(() => window.room)) {
    hooks.signal?.throwIfAborted()
    for (let from = 0; from < chunk.length; ) {
      from += window.fill(chunk, from)
      if (window.free === 0) window.consume(document)
      if (performance.now() - turnMs < TURN_MS) continue
      await nextTurn()
      turnMs = performance.now()
      hooks.signal?.throwIfAborted()
      hooks.onBytes?.(read + from)
    }
    read += chunk.length
    hooks.onBytes?.(read)
  }
  cursor.final = true
  window.consume(document)
  return document.shape
}

/** The records of a list that start within a part of its file. */
export interface PartEnds {
  /** Byte of the first record that was read, -1 where the part has none. */
  first: number
  /** Byte of the record after the last that was read, -1 where the list ended. */
  next: number
}

/**
 * Reads the records of a list at the top of a document that start in the bytes `from .. to`. Where the first of
 * them starts is a guess, unless `from` is 0: it holds if the part before ends there.
 */
export async function readListPart(
  name: string,
  ranges: ByteRanges,
  part: { from: number; to: number; fileBytes: number },
  record: RecordHandler,
  bulk: BulkReader | null = null,
): Promise<PartEnds> {
  let first = -1
  const handler: RecordHandler = (cursor, index) => {
    cursor.peek()
    if (first < 0) first = cursor.position
    record(cursor, index)
  }
  const document = new Document(name, { list: handler, bulk: { '': bulk }, expected: 'a list' })
  document.stopAt = part.to
  const window = new Window(Math.min(WINDOW_BYTES, part.fileBytes), part.from, bulk?.room)
  for await (const chunk of ranges.read(part.from, part.fileBytes, () => window.room)) {
    for (let at = 0; at < chunk.length && !document.over; ) {
      at += window.fill(chunk, at)
      if (window.free === 0) window.consume(document)
    }
    if (document.over) break
  }
  document.cursor.final = true
  if (!document.over) window.consume(document)
  return { first, next: document.state === 'stopped' ? document.cursor.position : -1 }
}

/** Bytes in memory as a source. */
export const bytesSource = (name: string, bytes: Uint8Array): ByteSource => ({
  name,
  byteLength: bytes.length,
  chunks: async function* () {
    yield bytes
  },
})
