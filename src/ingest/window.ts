import { InputError } from '../errors.js'
import { CLOSE_OBJECT, COMMA, OPEN_OBJECT } from './cursor.js'
import { type Document, run } from './document.js'

/** Bytes after a document's end may only be white space. */
function checkTail(document: Document, name: string): void {
  const { cursor } = document
  for (; cursor.at < cursor.end; cursor.at++) {
    const c = cursor.bytes[cursor.at]
    if (c !== 32 && c !== 10 && c !== 13 && c !== 9) {
      throw new InputError(
        `${name}: more text stands after the end of the JSON document; one list or object was expected (JSON Lines is not read)`,
      )
    }
  }
}

/** The bytes at hand: what the last steps left, and what was read since. A 0 stands behind them. */
export class Window {
  #bytes: Uint8Array
  #length = 0
  #started = false
  /** Byte of the file that stands first. */
  #base: number

  /** Byte of the file where its records begin to be read: `base`, or the first that seems to start behind it. */
  start: number
  readonly #exact: boolean

  /**
   * For `size` bytes from byte `base` of the file on, or as many as `room` has, but for one. `exact`: a record is known
   * to start at `base`.
   */
  constructor(size: number, base = 0, room?: Uint8Array, exact = false) {
    this.#base = base
    this.start = base
    this.#exact = exact
    this.#bytes = room ?? new Uint8Array(Math.max(size, 64) + 1)
  }

  /** Where the next bytes belong; what is read there needs no copying. */
  get room(): Uint8Array {
    return this.#bytes.subarray(this.#length, this.#bytes.length - 1)
  }

  get free(): number {
    return this.#bytes.length - 1 - this.#length
  }

  /** Takes as much of `chunk` from `from` as there is room for; returns how much. */
  fill(chunk: Uint8Array, from: number): number {
    const n = Math.min(this.free, chunk.length - from)
    if (!this.#holds(chunk, from)) this.#bytes.set(chunk.subarray(from, from + n), this.#length)
    this.#length += n
    return n
  }

  /** Whether the chunk was put where it belongs. */
  #holds({ buffer, byteOffset }: Uint8Array, from: number): boolean {
    return buffer === this.#bytes.buffer && byteOffset + from === this.#bytes.byteOffset + this.#length
  }

  consume(document: Document): void {
    const { cursor } = document
    this.#bytes[this.#length] = 0
    cursor.bytes = this.#bytes
    cursor.end = this.#length
    cursor.base = this.#base
    cursor.at = this.#started ? 0 : this.#firstByte(document)
    this.#started = true
    document.loaded()
    if (!document.over) run(document)
    if (document.state === 'end') checkTail(document, cursor.place())
    this.#keep(cursor.at)
  }

  /** A file begins behind its byte order mark, a part of one at its first record. */
  #firstByte(document: Document): number {
    if (this.#base > 0) {
      const at = this.#exact ? 0 : findRecord(this.#bytes, this.#length)
      this.start = this.#base + at
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
