import { CLOSE_OBJECT, COLON, type Cursor, decoder, OPEN_OBJECT, QUOTE } from './cursor.js'

/** Known keys of an object, found by their bytes. */
export class Keys {
  readonly #names: Uint8Array[]
  /** The name that stood at each place of the last object: records of a file tend to be alike. */
  readonly #order: number[] = []
  #place = 0

  constructor(names: string[]) {
    this.#names = names.map(name => new TextEncoder().encode(name))
  }

  /** Takes an object's opening bracket. False, with its end taken too, when it is empty. */
  open(cursor: Cursor): boolean {
    this.#place = 0
    cursor.expect(OPEN_OBJECT)
    return !cursor.take(CLOSE_OBJECT)
  }

  /** Takes a key and its colon; index among the names, -1 when it is none of them. */
  take(cursor: Cursor): number {
    if (cursor.peek() !== QUOTE) cursor.fail('a key in quotes')
    const place = this.#place++
    const guess = place < this.#order.length ? this.#order[place] : -1
    if (guess >= 0 && this.#takeName(cursor, this.#names[guess])) return guess
    cursor.string()
    const key = this.#find(cursor)
    cursor.expect(COLON)
    this.#order[place] = key
    return key
  }

  /** After a value: true when another key follows, false with the object's end taken. */
  more(cursor: Cursor): boolean {
    return cursor.more(CLOSE_OBJECT)
  }

  #takeName(cursor: Cursor, name: Uint8Array): boolean {
    const { bytes } = cursor
    const start = cursor.at + 1
    let i = 0
    while (i < name.length && bytes[start + i] === name[i]) i++
    if (i < name.length || bytes[start + i] !== QUOTE || bytes[start + i + 1] !== COLON) return false
    cursor.at = start + i + 2
    return true
  }

  #find(cursor: Cursor): number {
    const { bytes, stringStart, stringEnd } = cursor
    if (cursor.stringEscaped) {
      const text = cursor.text()
      return this.#names.findIndex(name => decoder.decode(name) === text)
    }
    const length = stringEnd - stringStart
    for (let k = 0; k < this.#names.length; k++) {
      const name = this.#names[k]
      if (name.length !== length) continue
      let i = 0
      while (i < length && name[i] === bytes[stringStart + i]) i++
      if (i === length) return k
    }
    return -1
  }
}
