import type { ByteRanges, ByteSource } from '../data/source.js'
import { InputError } from '../errors.js'
import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  Cursor,
  INCOMPLETE,
  OPEN_LIST,
  OPEN_OBJECT,
} from './cursor.js'

/** Parses one record: the cursor stands before it and must end behind it. May be called again for the same record. */
export type RecordHandler = (cursor: Cursor, index: number) => void

/** What to do with a document's records. A handler that is absent passes them over. */
export interface DocumentHandlers {
  /** Elements of a list at the top. */
  list?: RecordHandler
  /** Elements of the lists in an object at the top, by key. */
  sections?: Record<string, RecordHandler>
  /** What the file should be, for the message when its top is neither. */
  expected: string
}

export interface ReadHooks {
  signal?: AbortSignal
  /** Bytes read so far. */
  onBytes?: (bytes: number) => void
}

/** What stands at the top of a document, and which lists of it were met. */
export interface DocumentShape {
  top: 'list' | 'object'
  sections: Set<string>
}

/** Small enough to stay in a processor's cache while it is read. */
const WINDOW_BYTES = 1 << 20

type State = 'top' | 'firstElement' | 'nextElement' | 'firstKey' | 'nextKey' | 'end' | 'stopped'

const skipRecord: RecordHandler = cursor => cursor.skip()

/** Walks a document step by step; each step is whole or is done again with more bytes. */
class Document {
  readonly cursor = new Cursor()
  readonly shape: DocumentShape = { top: 'list', sections: new Set() }
  state: State = 'top'
  /** Reading ends before the first record that starts at or after this byte of the file. */
  stopAt = Number.POSITIVE_INFINITY
  #handlers: DocumentHandlers
  #name: string
  #section = ''
  #record: RecordHandler = skipRecord
  #index = 0

  constructor(name: string, handlers: DocumentHandlers) {
    this.#handlers = handlers
    this.#name = name
    this.cursor.place = () => this.#place()
  }

  get over(): boolean {
    return this.state === 'end' || this.state === 'stopped'
  }

  #place(): string {
    const inside = this.state === 'firstElement' || this.state === 'nextElement'
    if (!inside) return this.#name
    return `${this.#name}: ${this.#section}[${this.#index}]`
  }

  step(): void {
    if (this.state === 'top') this.#top()
    else if (this.state === 'firstElement' || this.state === 'nextElement') this.#element()
    else this.#key()
  }

  #top(): void {
    const { cursor } = this
    const c = cursor.peek()
    if (c !== OPEN_LIST && c !== OPEN_OBJECT) cursor.fail(this.#handlers.expected)
    cursor.at++
    this.shape.top = c === OPEN_LIST ? 'list' : 'object'
    if (c === OPEN_LIST) this.#enterList('', this.#handlers.list ?? skipRecord)
    else this.state = 'firstKey'
  }

  /** Goes on in the midst of a list at the top, before one of its records. */
  enterAtRecord(): void {
    this.#enterList('', this.#handlers.list ?? skipRecord)
  }

  #enterList(section: string, record: RecordHandler): void {
    this.#section = section
    this.#record = record
    this.#index = 0
    this.state = 'firstElement'
  }

  #element(): void {
    const { cursor } = this
    const over = this.state === 'firstElement' ? cursor.take(CLOSE_LIST) : !cursor.more(CLOSE_LIST)
    if (over) {
      this.state = this.shape.top === 'list' ? 'end' : 'nextKey'
      return
    }
    if (this.stopAt < Number.POSITIVE_INFINITY && cursor.peek() > 0 && cursor.position >= this.stopAt) {
      this.state = 'stopped'
      return
    }
    this.#record(cursor, this.#index)
    this.#index++
    this.state = 'nextElement'
  }

  #key(): void {
    const { cursor } = this
    const over = this.state === 'firstKey' ? cursor.take(CLOSE_OBJECT) : !cursor.more(CLOSE_OBJECT)
    if (over) {
      this.state = 'end'
      return
    }
    const key = cursor.stringValue()
    cursor.expect(COLON)
    const record = this.#handlers.sections?.[key]
    if (cursor.peek() === OPEN_LIST) {
      cursor.at++
      if (this.shape.sections.has(key)) throw new InputError(`${this.#name}: two lists named "${key}"`)
      this.shape.sections.add(key)
      this.#enterList(key, record ?? skipRecord)
      return
    }
    if (record) cursor.fail(`"${key}" to be a list`)
    cursor.skip()
    this.state = 'nextKey'
  }
}

/** Runs steps while the bytes at hand last. Leaves the cursor where the first unfinished step began. */
function run(document: Document): void {
  const { cursor } = document
  let start = cursor.at
  try {
    while (!document.over) {
      start = cursor.at
      document.step()
    }
  } catch (stop) {
    if (stop !== INCOMPLETE) throw stop
    cursor.at = start
  }
}

/** Bytes after a document's end may only be white space. */
function checkTail(document: Document, name: string): void {
  const { cursor } = document
  for (; cursor.at < cursor.end; cursor.at++) {
    const c = cursor.bytes[cursor.at]
    if (c !== 32 && c !== 10 && c !== 13 && c !== 9) {
      throw new InputError(`${name}: more text stands after the end of the JSON document`)
    }
  }
}

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
  const window = new Window(Math.min(WINDOW_BYTES, source.byteLength ?? WINDOW_BYTES))
  let read = 0
  for await (const chunk of source.chunks()) {
    hooks.signal?.throwIfAborted()
    for (let from = 0; from < chunk.length; ) {
      from += window.fill(chunk, from)
      if (window.free === 0) window.consume(document)
    }
    read += chunk.length
    hooks.onBytes?.(read)
  }
  cursor.final = true
  window.consume(document)
  return document.shape
}

/** The bytes at hand: what the last steps left, and what was read since. A 0 stands behind them. */
class Window {
  #bytes: Uint8Array
  #length = 0
  #started = false
  /** Byte of the file that stands first. */
  #base: number

  constructor(size: number, base = 0) {
    this.#base = base
    this.#bytes = new Uint8Array(Math.max(size, 64) + 1)
  }

  get free(): number {
    return this.#bytes.length - 1 - this.#length
  }

  /** Takes as much of `chunk` from `from` as there is room for; returns how much. */
  fill(chunk: Uint8Array, from: number): number {
    const n = Math.min(this.free, chunk.length - from)
    this.#bytes.set(chunk.subarray(from, from + n), this.#length)
    this.#length += n
    return n
  }

  consume(document: Document): void {
    const { cursor } = document
    this.#bytes[this.#length] = 0
    cursor.bytes = this.#bytes
    cursor.end = this.#length
    cursor.base = this.#base
    cursor.at = this.#started ? 0 : this.#firstByte(document)
    this.#started = true
    if (!document.over) run(document)
    if (document.state === 'end') checkTail(document, cursor.place())
    this.#keep(cursor.at)
  }

  /** A file begins behind its byte order mark, a part of one at its first record. */
  #firstByte(document: Document): number {
    if (this.#base > 0) {
      const at = findRecord(this.#bytes, this.#length)
      document.enterAtRecord()
      return at
    }
    const [a, b, c] = this.#bytes
    return this.#length >= 3 && a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0
  }

  /** Moves the bytes from `at` to the front; a record that fills the window gets a larger one. */
  #keep(at: number): void {
    const rest = this.#bytes.subarray(at, this.#length)
    this.#base += at
    const next = at === 0 && this.free === 0 ? new Uint8Array(2 * this.#bytes.length) : this.#bytes
    next.set(rest)
    this.#length = rest.length
    this.#bytes = next
  }
}

/** First object that follows another in a list (`}, {`); `length` where there is none. */
function findRecord(bytes: Uint8Array, length: number): number {
  const space = (c: number): boolean => c === 32 || c === 10 || c === 13 || c === 9
  for (let at = bytes.indexOf(OPEN_OBJECT); at > 0 && at < length; at = bytes.indexOf(OPEN_OBJECT, at + 1)) {
    let before = at - 1
    while (before > 0 && space(bytes[before])) before--
    if (bytes[before] !== COMMA) continue
    before--
    while (before > 0 && space(bytes[before])) before--
    if (bytes[before] === CLOSE_OBJECT) return at
  }
  return length
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
): Promise<PartEnds> {
  let first = -1
  const handler: RecordHandler = (cursor, index) => {
    cursor.peek()
    if (first < 0) first = cursor.position
    record(cursor, index)
  }
  const document = new Document(name, { list: handler, expected: 'a list' })
  document.stopAt = part.to
  const window = new Window(Math.min(WINDOW_BYTES, part.fileBytes), part.from)
  for await (const chunk of ranges.read(part.from, part.fileBytes)) {
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
