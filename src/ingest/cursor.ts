import { InputError } from '../errors.js'
import { longDecimal, POWERS_OF_TEN } from './number.js'

/** Thrown when the bytes at hand end inside a value: the caller reads more and begins the value again. */
export const INCOMPLETE = Symbol('incomplete')

/** Of a value that a message quotes. */
const SHOWN_BYTES = 40

const TAB = 9
const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const SPACE = 32
export const QUOTE = 34
const PLUS = 43
export const COMMA = 44
const MINUS = 45
const POINT = 46
const ZERO = 48
export const COLON = 58
export const OPEN_LIST = 91
const BACKSLASH = 92
export const CLOSE_LIST = 93
export const OPEN_OBJECT = 123
export const CLOSE_OBJECT = 125

export const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Reads JSON values from bytes, one after another, without making a string of the whole.
 * `bytes[end]` must be 0, so that loops over digits or white space stop without a test.
 */
export class Cursor {
  bytes: Uint8Array = new Uint8Array(1)
  at = 0
  end = 0
  /** Byte of the file that stands at bytes[0]. */
  base = 0
  /** No more bytes will come: an early end is the file's. */
  final = false
  /** Of the last `string()`: its bytes, without quotes, and whether escapes stand among them. */
  stringStart = 0
  stringEnd = 0
  stringEscaped = false
  /** What messages call the place at hand, e.g. `gt.json: annotations[3]`. */
  place: () => string = () => 'input'

  /** Byte of the file at hand. */
  get position(): number {
    return this.base + this.at
  }

  fail(expected: string): never {
    if (this.at >= this.end) this.ended()
    // What a message quotes must not depend on where the bytes at hand end.
    if (!this.final && this.at + SHOWN_BYTES >= this.end) throw INCOMPLETE
    const hint = this.#closesAfterComma() ? '; the comma before it is one too many' : ''
    throw new InputError(`${this.place()}: expected ${expected}, got ${this.#shown()}${hint}`)
  }

  /** Whether a list or an object ends here right behind a comma, which JSON forbids. */
  #closesAfterComma(): boolean {
    const { bytes, at } = this
    if (bytes[at] !== CLOSE_LIST && bytes[at] !== CLOSE_OBJECT) return false
    return /,\s*$/.test(decoder.decode(bytes.subarray(Math.max(0, at - SHOWN_BYTES), at)))
  }

  /** The bytes at hand are used up. */
  ended(): never {
    if (!this.final) throw INCOMPLETE
    const empty = this.base === 0 && this.end === 0
    const what = empty ? 'the file is empty' : 'the file ends too early; it was cut short (truncated)'
    throw new InputError(`${this.place()}: ${what}`)
  }

  /** The value at hand as it stands in the file, cut to a line's length. */
  #shown(): string {
    const text = decoder.decode(this.bytes.subarray(this.at, Math.min(this.end, this.at + SHOWN_BYTES)))
    const string = /^"(?:[^"\\\n]|\\.)*"?/.exec(text)
    const nested = /^\[[^[\]{}\n]*\]|^\{[^[\]{}\n]*\}|^[[{][^\n]*/.exec(text)
    const [shown] = string ?? nested ?? /^[^\s,\]}]+|^./.exec(text) ?? ['']
    return shown.length === text.length && this.at + SHOWN_BYTES < this.end ? `${shown}...` : shown
  }

  /** Skips white space and returns the byte that follows, without taking it. */
  peek(): number {
    const { bytes } = this
    let at = this.at
    let c = bytes[at]
    while (c === SPACE || c === LINE_FEED || c === CARRIAGE_RETURN || c === TAB) c = bytes[++at]
    this.at = at
    if (at >= this.end) this.ended()
    return c
  }

  /** Takes `byte` if it comes next. */
  take(byte: number): boolean {
    if (this.peek() !== byte) return false
    this.at++
    return true
  }

  expect(byte: number): void {
    if (!this.take(byte)) this.fail(`"${String.fromCharCode(byte)}"`)
  }

  /** After a list's or object's element: true for a comma, false for its end. */
  more(close: number): boolean {
    const c = this.peek()
    if (c !== COMMA && c !== close) this.fail(`"," or "${String.fromCharCode(close)}"`)
    this.at++
    return c === COMMA
  }

  /** Takes a string and leaves its place in stringStart, stringEnd, stringEscaped. */
  string(): void {
    if (this.peek() !== QUOTE) this.fail('a string')
    const { bytes } = this
    let at = this.at + 1
    this.stringStart = at
    this.stringEscaped = false
    for (;;) {
      const c = bytes[at]
      if (c === QUOTE) break
      if (c === BACKSLASH) {
        this.stringEscaped = true
        at += 2
        if (at > this.end) this.ended()
      } else if (c < SPACE) {
        if (at >= this.end) this.ended()
        this.at = this.stringStart - 1
        this.fail('a string without line breaks and other control characters')
      } else at++
    }
    this.stringEnd = at
    this.at = at + 1
  }

  /** Text of the last `string()`. */
  text(): string {
    const raw = decoder.decode(this.bytes.subarray(this.stringStart, this.stringEnd))
    if (!this.stringEscaped) return raw
    try {
      return JSON.parse(`"${raw}"`)
    } catch {
      throw new InputError(`${this.place()}: "${raw}" has an escape that JSON does not know`)
    }
  }

  /** A string's value, decoded. */
  stringValue(): string {
    this.string()
    return this.text()
  }

  /** True, with the literal taken, when `null` comes next. */
  takeNull(): boolean {
    if (this.peek() !== 110) return false
    this.#literal('null')
    return true
  }

  #literal(word: string): void {
    for (let i = 0; i < word.length; i++) {
      if (this.at + i >= this.end) this.ended()
      if (this.bytes[this.at + i] !== word.charCodeAt(i)) this.fail('a JSON value')
    }
    this.at += word.length
  }

  /** A finite number. Python's NaN and Infinity are refused by name. */
  number(): number {
    const c = this.peek()
    if (c !== MINUS && (c < ZERO || c > 57)) this.#noNumber(c)
    const { bytes } = this
    const start = this.at
    let at = start
    const negative = c === MINUS
    if (negative) at++
    const firstDigit = at
    let head = 0
    let digit = bytes[at] - ZERO
    while (digit >= 0 && digit <= 9) {
      head = head * 10 + digit
      digit = bytes[++at] - ZERO
    }
    const wholeDigits = at - firstDigit
    if (wholeDigits === 0) {
      if (at >= this.end) this.ended()
      this.fail('a number')
    }
    if (wholeDigits > 1 && bytes[firstDigit] === ZERO) this.fail('a number without leading zeros')
    let scale = 0
    if (bytes[at] === POINT) {
      const fraction = ++at
      digit = bytes[at] - ZERO
      while (digit >= 0 && digit <= 9) {
        head = head * 10 + digit
        digit = bytes[++at] - ZERO
      }
      scale = at - fraction
      if (scale === 0) {
        this.at = at
        this.fail('a digit after the decimal point')
      }
    }
    const exponent = (bytes[at] | 32) === 101
    if (!exponent && scale <= 22) {
      if (at >= this.end) this.ended()
      this.at = at
      if (wholeDigits + scale <= 15) return (negative ? -head : head) / POWERS_OF_TEN[scale]
      const value = longDecimal(bytes, firstDigit, at, scale)
      if (!Number.isNaN(value)) return negative ? -value : value
    }
    return this.#slowNumber(start, at)
  }

  /** Any other spelling: exponents, very long numbers. */
  #slowNumber(start: number, from: number): number {
    const { bytes } = this
    let at = from
    for (;;) {
      const c = bytes[at]
      const part = (c >= ZERO && c <= 57) || c === POINT || c === PLUS || c === MINUS || (c | 32) === 101
      if (!part) break
      at++
    }
    if (at >= this.end) {
      this.at = at
      this.ended()
    }
    const text = decoder.decode(bytes.subarray(start, at))
    const value = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN
    if (!Number.isFinite(value)) {
      this.at = start
      this.fail('a finite number')
    }
    this.at = at
    return value
  }

  #noNumber(c: number): never {
    if (c === 78 || c === 73) this.fail('a finite number')
    this.fail('a number')
  }

  /** 1 for true or a number other than 0, else 0. */
  flag(field: string): number {
    const c = this.peek()
    if (c === QUOTE) this.fail(`${field} as 0 or 1`)
    if (c === 116) {
      this.#literal('true')
      return 1
    }
    if (c === 102) {
      this.#literal('false')
      return 0
    }
    if (c === 110) {
      this.#literal('null')
      return 0
    }
    return this.number() === 0 ? 0 : 1
  }

  /** Passes over any value. */
  skip(): void {
    const c = this.peek()
    if (c === QUOTE) this.string()
    else if (c === OPEN_OBJECT || c === OPEN_LIST) this.#skipNested()
    else if (c === 116) this.#literal('true')
    else if (c === 102) this.#literal('false')
    else if (c === 110) this.#literal('null')
    else if (c === 78) this.#literal('NaN')
    else if (c === 73) this.#literal('Infinity')
    else if (c === MINUS && this.at + 1 < this.end && this.bytes[this.at + 1] === 73)
      this.#literal('-Infinity')
    else this.number()
  }

  /** By brackets: what stands between them is not looked at, but for strings. */
  #skipNested(): void {
    const { bytes } = this
    let depth = 0
    for (;;) {
      const c = bytes[this.at]
      if (c === QUOTE) {
        this.string()
        continue
      }
      if (c === OPEN_OBJECT || c === OPEN_LIST) depth++
      else if (c === CLOSE_OBJECT || c === CLOSE_LIST) depth--
      else if (c === 0 && this.at >= this.end) this.ended()
      this.at++
      if (depth === 0) return
    }
  }
}
