import type { ByteRanges, ByteSource } from '../data/source.js'
import { Document, type DocumentHandlers, type DocumentShape } from './document.js'
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

/** A stretch of a file, of which the records that start there are wanted. */
export interface FilePart {
  from: number
  to: number
  fileBytes: number
  /** A record is known to start at `from`. Else, unless that is 0, the first that seems to start behind it is taken. */
  exact?: boolean
  /** Whether records stand before it, so that its first one is not the file's. */
  isLater: boolean
}

/** Where a part began and ended; it holds if the part before ended where it began. */
export interface PartEnds {
  /** Byte of the first record, or 0. */
  start: number
  /** Byte of the record behind the last, -1 where the document ended. */
  next: number
}

/** Behind a part so much is read with it: mostly enough to see whether another record stands there. */
const BEHIND_BYTES = 1 << 14

/** Reads a part of a document: of its section `cut` the records that start in `part`, of the others those that are met. */
export async function readPart(
  name: string,
  ranges: ByteRanges,
  part: FilePart,
  handlers: DocumentHandlers,
): Promise<PartEnds & { shape: DocumentShape }> {
  const { from, to, fileBytes, exact } = part
  const document = new Document(name, handlers)
  document.stopAt = to
  const room = handlers.bulk?.[handlers.cut ?? '']?.room
  const window = new Window(Math.min(WINDOW_BYTES, fileBytes), from, room, exact)
  const end = Math.min(to + BEHIND_BYTES, fileBytes)
  await readOn(document, window, ranges, from, end)
  if (document.state !== 'stopped') await readOn(document, window, ranges, end, fileBytes)
  document.cursor.final = true
  if (document.state !== 'stopped') window.consume(document)
  return {
    start: from === 0 ? 0 : window.start,
    next: document.state === 'stopped' ? document.cursor.position : -1,
    shape: document.shape,
  }
}

/** The bytes `from .. to`, until the document stops; behind its end they are looked through, too. */
async function readOn(
  document: Document,
  window: Window,
  ranges: ByteRanges,
  from: number,
  to: number,
): Promise<void> {
  for await (const chunk of ranges.read(from, to, () => window.room)) {
    for (let at = 0; at < chunk.length; ) {
      at += window.fill(chunk, at)
      if (window.free === 0) window.consume(document)
      if (document.state === 'stopped') return
    }
  }
  window.consume(document)
}

/** Bytes in memory as a source. */
export const bytesSource = (name: string, bytes: Uint8Array): ByteSource => ({
  name,
  byteLength: bytes.length,
  chunks: async function* () {
    yield bytes
  },
})
