import { CLOSE_LIST, type Cursor, OPEN_LIST, QUOTE } from './cursor.js'

const MINUS = 45
const ZERO = 48
const NINE = 57
const INFINITY_I = 73

/** An id: a whole number that float64 holds exactly. Strings are refused with the usual cause. */
export function readId(cursor: Cursor, field: string): number {
  const c = cursor.peek()
  if (c === QUOTE) failOnString(cursor, field)
  if (c !== MINUS && (c < ZERO || c > NINE)) cursor.fail(`${field} as a whole number`)
  const at = cursor.at
  const value = cursor.number()
  if (Number.isSafeInteger(value)) return value
  cursor.at = at
  return cursor.fail(`${field} as a whole number within 2^53`)
}

function failOnString(cursor: Cursor, field: string): never {
  const at = cursor.at
  const text = cursor.stringValue()
  cursor.at = at
  if (/^\d+$/.test(text)) cursor.fail(`${field} as a number without quotes`)
  return cursor.fail(`${field} as a number (a file name or another string is no id)`)
}

export function readNumber(cursor: Cursor, field: string): number {
  const c = cursor.peek()
  const isNumber = c === MINUS ? cursor.bytes[cursor.at + 1] !== INFINITY_I : c >= ZERO && c <= NINE
  if (!isNumber) cursor.fail(`${field} as a finite number`)
  return cursor.number()
}

/**
 * A box [x, y, width, height] in px, written to `out`. False where it is null or an empty list.
 * Sizes below 0 are refused: the reference takes them without a word and matches nothing.
 */
export function readBox(cursor: Cursor, out: Float64Array): boolean {
  if (cursor.takeNull()) return false
  if (cursor.peek() !== OPEN_LIST) cursor.fail('"bbox" as [x, y, width, height]')
  const at = cursor.at
  cursor.expect(OPEN_LIST)
  if (cursor.take(CLOSE_LIST)) return false
  let n = 0
  do {
    const value = readNumber(cursor, 'every entry of "bbox"')
    if (n < 4) out[n] = value
    n++
  } while (cursor.more(CLOSE_LIST))
  if (n !== 4 || out[2] < 0 || out[3] < 0 || !Number.isFinite(out[2] * out[3])) {
    cursor.at = at
    const box = '"bbox" as [x, y, width, height] with'
    if (n !== 4) cursor.fail(`4 numbers in "bbox" [x, y, width, height], not ${n}`)
    if (out[2] < 0 || out[3] < 0) cursor.fail(`${box} a width and height of 0 or more`)
    cursor.fail(`${box} a finite area`)
  }
  return true
}
