import { InputError } from '../errors.js'
import { CLOSE_LIST, CLOSE_OBJECT, COLON, Cursor, INCOMPLETE, OPEN_LIST, OPEN_OBJECT } from './cursor.js'

/** Parses one record: the cursor stands before it and must end behind it. May be called again for the same record. */
export type RecordHandler = (cursor: Cursor, index: number) => void

/** Reads records of a list many at a time, as far as it can. */
export interface BulkReader {
  /** Where the bytes at hand may lie, with one more behind them, so that `load` need not copy them. */
  readonly room?: Uint8Array
  /** The bytes at hand are new since the last `read`. */
  load(cursor: Cursor): void
  /**
   * Reads records that start before `limit` (a position in the cursor's bytes) and moves the cursor behind the last;
   * `first` where no comma stands before the record. Returns how many; the next is for the record handler.
   */
  read(cursor: Cursor, limit: number, first: boolean): number
}

/** What to do with a document's records. A handler that is absent passes them over. */
export interface DocumentHandlers {
  /** Elements of a list at the top. */
  list?: RecordHandler
  /** Elements of the lists in an object at the top, by key. */
  sections?: Record<string, RecordHandler>
  /** Help with a section, or the list at the top (key ''); they never get the first record. */
  bulk?: Record<string, BulkReader | null>
  /** The section that is read in parts (key '' for the list at the top): where `stopAt` and `enterAtRecord` belong. */
  cut?: string
  /** What the file should be, for the message when its top is neither. */
  expected: string
}

/** What stands at the top of a document, and which lists of it were met. */
export interface DocumentShape {
  top: 'list' | 'object'
  sections: Set<string>
}

type State = 'top' | 'firstElement' | 'nextElement' | 'firstKey' | 'nextKey' | 'end' | 'stopped'

/** First byte of gzip data. */
const GZIP = 0x1f
/** First bytes of UTF-16, either way round. */
const UTF_16 = [0xff, 0xfe]

const skipRecord: RecordHandler = cursor => cursor.skip()

/** Walks a document step by step; each step is whole or is done again with more bytes. */
export class Document {
  readonly cursor = new Cursor()
  readonly shape: DocumentShape = { top: 'list', sections: new Set() }
  state: State = 'top'
  /** Reading ends before the first record of the section `cut` that starts at or after this byte of the file. */
  stopAt = Number.POSITIVE_INFINITY
  #handlers: DocumentHandlers
  #name: string
  #section = ''
  #record: RecordHandler = skipRecord
  #bulkReader: BulkReader | null = null
  /** The bulk reader has not seen the bytes at hand. */
  #stale = true
  #index = 0
  /** The record at hand was left over by the bulk reader. */
  #leftOver = false

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
    if (c === GZIP)
      throw new InputError(`${this.#name}: this looks like gzip data or another binary file, not JSON`)
    if (UTF_16.includes(c) && UTF_16.includes(cursor.bytes[cursor.at + 1]))
      throw new InputError(
        `${this.#name}: the text is UTF-16, as ">" in PowerShell writes it; save it as UTF-8`,
      )
    if (c !== OPEN_LIST && c !== OPEN_OBJECT) cursor.fail(this.#handlers.expected)
    cursor.at++
    this.shape.top = c === OPEN_LIST ? 'list' : 'object'
    if (c === OPEN_LIST) this.#enterList('', this.#handlers.list ?? skipRecord)
    else this.state = 'firstKey'
  }

  /** Goes on in the midst of the section `cut`, before one of its records. */
  enterAtRecord(): void {
    const { cut = '', list, sections } = this.#handlers
    this.shape.top = cut === '' ? 'list' : 'object'
    if (cut !== '') this.shape.sections.add(cut)
    this.#enterList(cut, (cut === '' ? list : sections?.[cut]) ?? skipRecord)
  }

  /** Whether the next record, which seems to be one, is left to the part behind. */
  #stops(): boolean {
    const { cursor } = this
    if (this.#stopAt === Number.POSITIVE_INFINITY) return false
    return cursor.peek() === OPEN_OBJECT && cursor.position >= this.#stopAt
  }

  /** Byte of the file from which on records of the section at hand are left to the part behind. */
  get #stopAt(): number {
    return this.#section === (this.#handlers.cut ?? '') ? this.stopAt : Number.POSITIVE_INFINITY
  }

  #enterList(section: string, record: RecordHandler): void {
    this.#section = section
    this.#record = record
    this.#bulkReader = this.#handlers.bulk?.[section] ?? null
    this.#stale = true
    this.#index = 0
    this.state = 'firstElement'
  }

  /** Records in bulk, a step of their own; false where there are none. */
  #bulk(): boolean {
    const { cursor } = this
    const bulk = this.#bulkReader
    if (!bulk || this.#index === 0 || this.#leftOver) return false
    if (this.#stale) bulk.load(cursor)
    this.#stale = false
    const limit = Math.min(cursor.end, this.#stopAt - cursor.base)
    const count = bulk.read(cursor, limit, this.state === 'firstElement')
    this.#leftOver = true
    if (count === 0) return false
    this.#index += count
    this.state = 'nextElement'
    return true
  }

  /** The cursor has new bytes. */
  loaded(): void {
    this.#leftOver = false
    this.#stale = true
  }

  #element(): void {
    if (this.#bulk()) return
    const { cursor } = this
    const over = this.state === 'firstElement' ? cursor.take(CLOSE_LIST) : !cursor.more(CLOSE_LIST)
    if (over) {
      this.state = this.shape.top === 'list' ? 'end' : 'nextKey'
      return
    }
    if (this.#stops()) {
      this.state = 'stopped'
      return
    }
    this.#record(cursor, this.#index)
    this.#index++
    this.#leftOver = false
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
export function run(document: Document): void {
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
