// AssemblyScript: JSON values in memory, for the kernels that read records. Twin of src/ingest/cursor.ts, which reads
// every spelling: what is unusual here (an exponent, a wrong value) gives FAIL.
//
// Positions are addresses in memory. A function that reads a value returns the position behind it, or FAIL.
// The byte after the last is 0, which ends every loop.

export const FAIL: i32 = -1

export const QUOTE: i32 = 34
export const COMMA: i32 = 44
export const SLASH: i32 = 47
export const COLON: i32 = 58
export const OPEN_LIST: i32 = 91
export const BACKSLASH: i32 = 92
export const CLOSE_LIST: i32 = 93
export const OPEN_OBJECT: i32 = 123
export const CLOSE_OBJECT: i32 = 125
const MINUS: i32 = 45
const POINT: i32 = 46
const ZERO: i32 = 48
/** Eight times '0'. */
const ZEROS: u64 = 0x3030303030303030

/** The bytes of literals. */
const NULL: u32 = 0x6c6c756e
const TRUE: u32 = 0x65757274
const FALSE: u64 = 0x65736c6166

/** 10^0 to 10^22, which float64 holds exactly. */
const POWERS_OF_TEN = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
  1e20, 1e21, 1e22,
])

/** The last number that was read. */
export let value: f64 = 0

export function byteAt(at: i32): i32 {
  return <i32>load<u8>(at)
}

function powerOfTen(exponent: i32): f64 {
  return load<f64>(POWERS_OF_TEN + (exponent << 3))
}

export function skipSpace(from: i32): i32 {
  let at = from
  let c = byteAt(at)
  while (c === 32 || c === 10 || c === 13 || c === 9) c = byteAt(++at)
  return at
}

/** The colon after a key and the space around it. */
export function readColon(from: i32): i32 {
  const at = skipSpace(from)
  return byteAt(at) === COLON ? skipSpace(at + 1) : FAIL
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

/** How many of 8 bytes are digits, from the first on; `bytes` are the characters less '0'. */
function digitCount(bytes: u64): i32 {
  // A byte above 9 reaches the high bit; what it carries goes to those behind it.
  return <i32>(ctz(((bytes + 0x7676767676767676) | bytes) & 0x8080808080808080) >> 3)
}

/** The number that the first `count` of 8 digits make: pairs, then fours, then all at once. */
function digitsOf(bytes: u64, count: i32): f64 {
  const digits = bytes << (64 - (count << 3))
  const pairs = digits * 10 + (digits >> 8)
  const fours = (pairs & 0x000000ff000000ff) * 0x000f424000000064
  return <f64>(<u32>((fours + ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >> 32))
}

/** The number becomes `value`; returns where it ends. */
function kept(positive: f64, negative: bool, at: i32): i32 {
  value = negative ? -positive : positive
  return at
}

/** A decimal without exponent, into `value`. */
export function readNumber(from: i32): i32 {
  const negative = byteAt(from) === MINUS
  const first = from + <i32>negative
  const whole = load<u64>(first) ^ ZEROS
  const count = digitCount(whole)
  if (count === 0) return FAIL
  if (count === 8) return readLongNumber(from)
  if (count > 1 && <u8>whole === 0) return FAIL // 01 is no number
  let at = first + count
  let positive = digitsOf(whole, count)
  if (byteAt(at) === POINT) {
    const fraction = load<u64>(at + 1) ^ ZEROS
    const scale = digitCount(fraction)
    if (scale === 0) return FAIL
    if (scale === 8) return readLongNumber(from)
    const power = powerOfTen(scale)
    // Up to 14 digits, which float64 holds exactly.
    positive = (positive * power + digitsOf(fraction, scale)) / power
    at += scale + 1
  }
  if ((byteAt(at) | 32) === 101) return FAIL
  return kept(positive, negative, at)
}

/** The same, digit by digit. */
function readLongNumber(from: i32): i32 {
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
  if (whole === 0 || (whole > 1 && byteAt(first) === ZERO)) return FAIL
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
  return kept(positive, negative, at)
}

/** A number or literal as the byte 1, or 0 for 0, false or null. */
export function readFlag(from: i32, to: i32): i32 {
  const literal = skipLiteral(from)
  if (literal !== FAIL) {
    store<u8>(to, load<u32>(from) === TRUE ? 1 : 0)
    return literal
  }
  const at = readNumber(from)
  if (at !== FAIL) store<u8>(to, value === 0 ? 0 : 1)
  return at
}

export function isNull(from: i32): bool {
  return load<u32>(from) === NULL
}

export function skipLiteral(from: i32): i32 {
  const word = load<u32>(from)
  if (word === NULL || word === TRUE) return from + 4
  return (load<u64>(from) & 0xffffffffff) === FALSE ? from + 5 : FAIL
}

/** Bits of the bytes that end or break a plain piece of a string: quotes, backslashes and controls. */
export function stringBreaks(bytes: v128): i32 {
  const quotes = i8x16.eq(bytes, i8x16.splat(<i8>QUOTE))
  const slashes = i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH))
  const controls = i8x16.lt_u(bytes, i8x16.splat(32))
  return i8x16.bitmask(v128.or(controls, v128.or(quotes, slashes)))
}

function skipString(from: i32): i32 {
  let at = from + 1
  while (true) {
    const breaks = stringBreaks(v128.load(at))
    if (breaks === 0) {
      at += 16
      continue
    }
    at += ctz(breaks)
    const c = byteAt(at)
    if (c === QUOTE) return at + 1
    if (c !== BACKSLASH) return FAIL
    at += 2
  }
}

/** First quote, bracket or 0 from `from` on, or a place behind `end`. */
function findBracket(from: i32, end: i32): i32 {
  let at = from
  while (at < end) {
    const bytes = v128.load(at)
    // The two kinds of brackets differ in one bit.
    const folded = v128.or(bytes, i8x16.splat(32))
    const quotes = i8x16.eq(bytes, i8x16.splat(<i8>QUOTE))
    const opens = i8x16.eq(folded, i8x16.splat(<i8>OPEN_OBJECT))
    const closes = i8x16.eq(folded, i8x16.splat(<i8>CLOSE_OBJECT))
    const mask = i8x16.bitmask(v128.or(quotes, v128.or(opens, closes)))
    if (mask !== 0) return at + ctz(mask)
    at += 16
  }
  return at
}

/** Passes over a value: lists and objects by their brackets, what stands between is not looked at, but for strings. */
export function skipValue(from: i32, end: i32): i32 {
  const first = byteAt(from)
  if (first === QUOTE) return skipString(from)
  if (first !== OPEN_LIST && first !== OPEN_OBJECT) {
    const literal = skipLiteral(from)
    return literal === FAIL ? readNumber(from) : literal
  }
  let depth = 0
  let at = from
  do {
    at = findBracket(at, end)
    if (at >= end) return FAIL
    const c = byteAt(at)
    if (c === QUOTE) {
      at = skipString(at)
      if (at === FAIL) return FAIL
      continue
    }
    depth += c === OPEN_LIST || c === OPEN_OBJECT ? 1 : -1
    at++
  } while (depth > 0)
  return at
}
