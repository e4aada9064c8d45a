// AssemblyScript: reads detections of the usual form from JSON, many at a time. Twin of src/ingest/detections.ts,
// which reads every form and has the error messages: whatever is unusual here (an exponent, an escaped key, polygons,
// anything wrong) ends the scan before its record, and the twin takes that one.
//
// Positions are addresses in memory. A function that reads a value returns the position behind it, or FAIL.
// The byte after the last is 0, which ends every loop.

const FAIL: i32 = -1

/** What of a record has been seen. */
const IMAGE: i32 = 1
const CATEGORY: i32 = 2
const SCORE: i32 = 4
const BOX: i32 = 8
const MASK: i32 = 16
const REQUIRED: i32 = IMAGE | CATEGORY | SCORE

const QUOTE: i32 = 34
const COMMA: i32 = 44
const MINUS: i32 = 45
const POINT: i32 = 46
const SLASH: i32 = 47
const ZERO: i32 = 48
const COLON: i32 = 58
const OPEN_LIST: i32 = 91
const BACKSLASH: i32 = 92
const CLOSE_LIST: i32 = 93
const OPEN_OBJECT: i32 = 123
const CLOSE_OBJECT: i32 = 125

const MAX_SAFE_ID: f64 = 9007199254740991
const MAX_SIDE: f64 = 2147483647

/** 10^0 to 10^22, which float64 holds exactly. */
const POWERS_OF_TEN = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
  1e20, 1e21, 1e22,
])

/** Memory from here on is the host's. */
export const freeFrom: i32 = <i32>__heap_base

/** Where the columns lie; a scan writes up to `capacity` rows. */
let imageIds: i32 = 0
let categoryIds: i32 = 0
let scores: i32 = 0
let boxes: i32 = 0
let found: i32 = 0
let heights: i32 = 0
let widths: i32 = 0
let lengths: i32 = 0
let text: i32 = 0
let capacity: i32 = 0

/** Where the last scan ended: before a record, or before the comma in front of it. */
export let stoppedAt: i32 = 0
/** End of the RLE strings that the last scan wrote, one after another, from `text` on. */
export let textEnd: i32 = 0

/** The last number that was read, and the end of the last RLE string. */
let value: f64 = 0
let maskEnd: i32 = 0

export function place(
  imageIdsAt: i32,
  categoryIdsAt: i32,
  scoresAt: i32,
  boxesAt: i32,
  foundAt: i32,
  heightsAt: i32,
  widthsAt: i32,
  lengthsAt: i32,
  textAt: i32,
  rows: i32,
): void {
  imageIds = imageIdsAt
  categoryIds = categoryIdsAt
  scores = scoresAt
  boxes = boxesAt
  found = foundAt
  heights = heightsAt
  widths = widthsAt
  lengths = lengthsAt
  text = textAt
  capacity = rows
}

function byteAt(at: i32): i32 {
  return <i32>load<u8>(at)
}

function powerOfTen(exponent: i32): f64 {
  return load<f64>(POWERS_OF_TEN + (exponent << 3))
}

function skipSpace(from: i32): i32 {
  let at = from
  let c = byteAt(at)
  while (c === 32 || c === 10 || c === 13 || c === 9) c = byteAt(++at)
  return at
}

/** Twin of productError in src/ingest/number.ts. */
function productError(a: f64, b: f64, p: f64): f64 {
  const aBig = 134217729.0 * a
  const aHigh = aBig - (aBig - a)
  const aLow = a - aHigh
  const bBig = 134217729.0 * b
  const bHigh = bBig - (bBig - b)
  const bLow = b - bHigh
  return aHigh * bHigh - p + aHigh * bLow + aLow * bHigh + aLow * bLow
}

/** Twin of combine in src/ingest/number.ts. */
function combine(head: f64, tail: f64, tailDigits: i32, scale: i32): f64 {
  const power = powerOfTen(tailDigits)
  const product = head * power
  const sum = product + tail
  const carried = sum - product
  const low = productError(head, power, product) + (product - (sum - carried) + (tail - carried))
  const divisor = powerOfTen(scale)
  const quotient = sum / divisor
  const back = quotient * divisor
  const rest = (sum - back - productError(quotient, divisor, back) + low) / divisor
  const result = quotient + rest
  const open = quotient - result + rest
  return result + open * (1.0 + 9.313225746154785e-10) === result ? result : NaN
}

/** Twin of longDecimal in src/ingest/number.ts. */
function longDecimal(from: i32, to: i32, scale: i32): f64 {
  let head: u64 = 0
  let tail: u64 = 0
  let digits = 0
  for (let i = from; i < to; i++) {
    const digit = byteAt(i) - ZERO
    if (digit < 0) continue
    if (digits === 0 && digit === 0) continue
    if (digits < 15) head = head * 10 + digit
    else tail = tail * 10 + digit
    digits++
  }
  if (digits <= 15) return <f64>head / powerOfTen(scale)
  return digits <= 30 ? combine(<f64>head, <f64>tail, digits - 15, scale) : NaN
}

/** A decimal without exponent, into `value`. */
function readNumber(from: i32): i32 {
  let at = from
  const negative = byteAt(at) === MINUS
  if (negative) at++
  const first = at
  let digits: u64 = 0
  let digit = byteAt(at) - ZERO
  while (<u32>digit <= 9) {
    digits = digits * 10 + digit
    digit = byteAt(++at) - ZERO
  }
  const whole = at - first
  if (whole === 0) return FAIL
  let scale = 0
  if (byteAt(at) === POINT) {
    const fraction = ++at
    digit = byteAt(at) - ZERO
    while (<u32>digit <= 9) {
      digits = digits * 10 + digit
      digit = byteAt(++at) - ZERO
    }
    scale = at - fraction
    if (scale === 0) return FAIL
  }
  if ((byteAt(at) | 32) === 101 || scale > 22) return FAIL
  const positive = whole + scale <= 15 ? <f64>digits / powerOfTen(scale) : longDecimal(first, at, scale)
  if (positive !== positive) return FAIL
  value = negative ? -positive : positive
  return at
}

function readId(from: i32, to: i32): i32 {
  const at = readNumber(from)
  if (at === FAIL || value !== Math.floor(value) || Math.abs(value) > MAX_SAFE_ID) return FAIL
  store<f64>(to, value)
  return at
}

function readSide(from: i32, to: i32): i32 {
  const at = readNumber(skipSpace(from))
  if (at === FAIL || value < 0 || value > MAX_SIDE || value !== Math.floor(value)) return FAIL
  store<u32>(to, <u32>value)
  return skipSpace(at)
}

function readBox(from: i32, to: i32): i32 {
  if (byteAt(from) !== OPEN_LIST) return FAIL
  let at = from
  for (let i = 0; i < 4; i++) {
    at = readNumber(skipSpace(at + 1))
    if (at === FAIL) return FAIL
    store<f64>(to + (i << 3), value)
    at = skipSpace(at)
    if (byteAt(at) !== (i === 3 ? CLOSE_LIST : COMMA)) return FAIL
  }
  const width = load<f64>(to + 16)
  const height = load<f64>(to + 24)
  return width < 0 || height < 0 || width * height === Infinity ? FAIL : at + 1
}

/** Copies an RLE string to `to`. */
function readCounts(from: i32, to: i32): i32 {
  if (byteAt(from) !== QUOTE) return FAIL
  let at = from + 1
  let end = to
  let c = byteAt(at)
  while (c !== QUOTE) {
    if (c === BACKSLASH) {
      c = byteAt(++at)
      if (c !== BACKSLASH && c !== SLASH) return FAIL
    } else if (c < 32) return FAIL
    store<u8>(end++, <u8>c)
    c = byteAt(++at)
  }
  maskEnd = end
  return at + 1
}

/** A compressed RLE {"size": [h, w], "counts": "..."}; its string goes to `to`. */
function readRle(from: i32, row: i32, to: i32): i32 {
  if (byteAt(from) !== OPEN_OBJECT) return FAIL
  let at = from
  let seen = 0
  do {
    const key = skipSpace(at + 1)
    if (byteAt(key) !== QUOTE) return FAIL
    if (load<u32>(key + 1) === 0x657a6973 && byteAt(key + 5) === QUOTE) {
      seen |= 1
      at = readColon(key + 6)
      if (at === FAIL || byteAt(at) !== OPEN_LIST) return FAIL
      at = readSide(at + 1, heights + (row << 2))
      if (at === FAIL || byteAt(at) !== COMMA) return FAIL
      at = readSide(at + 1, widths + (row << 2))
      if (at === FAIL || byteAt(at) !== CLOSE_LIST) return FAIL
      at++
    } else if (
      load<u32>(key + 1) === 0x6e756f63 &&
      load<u16>(key + 5) === 0x7374 &&
      byteAt(key + 7) === QUOTE
    ) {
      if (seen & 2) return FAIL
      seen |= 2
      at = readColon(key + 8)
      if (at !== FAIL) at = readCounts(at, to)
      if (at === FAIL) return FAIL
    } else return FAIL
    at = skipSpace(at)
  } while (byteAt(at) === COMMA)
  if (byteAt(at) !== CLOSE_OBJECT || seen !== 3) return FAIL
  store<u32>(lengths + (row << 2), maskEnd - to)
  return at + 1
}

/** The colon after a key and the space around it. */
function readColon(from: i32): i32 {
  const at = skipSpace(from)
  return byteAt(at) === COLON ? skipSpace(at + 1) : FAIL
}

function skipString(from: i32): i32 {
  let at = from + 1
  let c = byteAt(at)
  while (c !== QUOTE) {
    if (c < 32) return FAIL
    at += c === BACKSLASH ? 2 : 1
    c = byteAt(at)
  }
  return at + 1
}

/** Passes over a string, number, list or object. */
function skipValue(from: i32, end: i32): i32 {
  let at = from
  let depth = 0
  do {
    const c = byteAt(at)
    if (c === QUOTE) {
      at = skipString(at)
      if (at === FAIL) return FAIL
      continue
    }
    if (c === OPEN_LIST || c === OPEN_OBJECT) depth++
    else if (c === CLOSE_LIST || c === CLOSE_OBJECT) depth--
    else if (depth === 0) return readNumber(at)
    else if (c === 0 && at >= end) return FAIL
    at++
  } while (depth > 0)
  return at
}

let keyEnd: i32 = 0

/** The key whose opening quote is at `from`, 0 for one of no interest, FAIL for an unusual one. Sets `keyEnd`. */
function readKey(from: i32): i32 {
  const at = from + 1
  const eight = load<u64>(at)
  if (eight === 0x64695f6567616d69 && byteAt(at + 8) === QUOTE) {
    keyEnd = at + 9
    return IMAGE
  }
  if (eight === 0x79726f6765746163 && load<u32>(at + 8) === 0x2264695f) {
    keyEnd = at + 12
    return CATEGORY
  }
  if (<u32>eight === 0x786f6262 && byteAt(at + 4) === QUOTE) {
    keyEnd = at + 5
    return BOX
  }
  if (<u32>eight === 0x726f6373 && load<u16>(at + 4) === 0x2265) {
    keyEnd = at + 6
    return SCORE
  }
  if (eight === 0x61746e656d676573 && load<u32>(at + 8) === 0x6e6f6974 && byteAt(at + 12) === QUOTE) {
    keyEnd = at + 13
    return MASK
  }
  let end = at
  let c = byteAt(end)
  while (c >= 32 && c !== QUOTE && c !== BACKSLASH) c = byteAt(++end)
  keyEnd = end + 1
  return c === QUOTE ? 0 : FAIL
}

/** One record into `row`; its RLE string, if masks are wanted, to `to`. */
function readRecord(from: i32, end: i32, row: i32, to: i32, masks: bool): i32 {
  if (byteAt(from) !== OPEN_OBJECT) return FAIL
  let at = from
  let seen = 0
  do {
    at = skipSpace(at + 1)
    if (byteAt(at) !== QUOTE) return FAIL
    const key = readKey(at)
    if (key === FAIL || (seen & key) !== 0) return FAIL
    seen |= key
    at = readColon(keyEnd)
    if (at === FAIL) return FAIL
    if (key === IMAGE) at = readId(at, imageIds + (row << 3))
    else if (key === CATEGORY) at = readId(at, categoryIds + (row << 3))
    else if (key === SCORE) {
      at = readNumber(at)
      store<f64>(scores + (row << 3), value)
    } else if (key === BOX) at = readBox(at, boxes + (row << 5))
    else if (key === MASK && masks) at = readRle(at, row, to)
    else at = skipValue(at, end)
    if (at === FAIL) return FAIL
    at = skipSpace(at)
  } while (byteAt(at) === COMMA)
  if (byteAt(at) !== CLOSE_OBJECT || at >= end || (seen & REQUIRED) !== REQUIRED) return FAIL
  if (!(seen & BOX)) memory.fill(boxes + (row << 5), 0, 32)
  store<u8>(found + row, <u8>(masks ? seen : seen & ~MASK))
  return at + 1
}

/**
 * Reads records between `from` and `end` that start before `limit`, until one is unusual, incomplete or beyond, or
 * the columns are full. `first`: no comma stands before the record. Returns how many.
 */
export function scan(from: i32, end: i32, limit: i32, first: bool, masks: bool): i32 {
  let row = 0
  let to = text
  let at = from
  let comma = !first
  while (row < capacity) {
    let record = skipSpace(at)
    if (comma) {
      if (byteAt(record) !== COMMA) break
      record = skipSpace(record + 1)
    }
    if (record >= limit) break
    const next = readRecord(record, end, row, to, masks)
    if (next === FAIL) break
    if (load<u8>(found + row) & MASK) to = maskEnd
    at = next
    comma = true
    row++
  }
  stoppedAt = at
  textEnd = to
  return row
}
