// AssemblyScript: the masks of records, and the sizes and names of images. Twin of src/ingest/segmentation.ts and
// ground-truth.ts, which take what is unusual here: RLE as a list of run lengths, polygons of fewer than three points
// or of an odd count of numbers, escapes in names, anything wrong.

import {
  BACKSLASH,
  byteAt,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COMMA,
  FAIL,
  isNull,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  readColon,
  readNumber,
  SLASH,
  skipSpace,
  skipValue,
  stringBreaks,
  value,
} from './json'

/** As in src/data/masks.ts and src/ingest/mask-columns.ts. */
const RLE: i32 = 0
const POLYGONS: i32 = 1
const NONE: i32 = 255

const MAX_SIDE: f64 = 2147483647
const MAX_COORDINATE: f64 = 1e8

/**
 * Where the columns of rows lie: kind; height and width; bytes or parts; first byte or part. Of images: height and
 * width; bytes of the name.
 */
let kinds: i32 = 0
let sizes: i32 = 0
let lengths: i32 = 0
let starts: i32 = 0
/** Where strings, points of each part and coordinates lie, of one mask after another. */
let text: i32 = 0
let parts: i32 = 0
let coordinates: i32 = 0

/** Ends of what was written, by the records that are kept and by the one at hand. */
let textEnd: i32 = 0
let partsEnd: i32 = 0
let coordinatesEnd: i32 = 0
let textAt: i32 = 0
let partsAt: i32 = 0
let coordinatesAt: i32 = 0

export function placeMasks(
  kindsAt: i32,
  sizesAt: i32,
  lengthsAt: i32,
  startsAt: i32,
  textFrom: i32,
  partsFrom: i32,
  coordinatesFrom: i32,
): void {
  kinds = kindsAt
  sizes = sizesAt
  lengths = lengthsAt
  starts = startsAt
  text = textFrom
  parts = partsFrom
  coordinates = coordinatesFrom
}

/** Before the first row of a scan. */
export function beginMasks(): void {
  textEnd = text
  partsEnd = parts
  coordinatesEnd = coordinates
}

/** What the rows of a scan hold. */
export function textBytes(): i32 {
  return textEnd - text
}

export function partCount(): i32 {
  return (partsEnd - parts) >> 2
}

export function pointCount(): i32 {
  return (coordinatesEnd - coordinates) >> 4
}

/**
 * Where the first `count` rows of a scan begin, if its strings, parts and points come to stand behind so many bytes,
 * parts and points; points of each part become where it ends.
 */
export function startRows(count: i32, bytesBefore: i32, partsBefore: i32, pointsBefore: i32): void {
  let byte = bytesBefore
  let part = partsBefore
  for (let row = 0; row < count; row++) {
    const kind = <i32>load<u8>(kinds + row)
    const length = load<i32>(lengths + (row << 2))
    store<i32>(starts + (row << 2), kind === RLE ? byte : kind === POLYGONS ? part : 0)
    if (kind === RLE) byte += length
    else part += length
  }
  let point = pointsBefore
  for (let at = parts; at < partsEnd; at += 4) {
    point += load<i32>(at)
    store<i32>(at, point)
  }
}

/** Before each record. */
export function beginMask(row: i32): void {
  store<u8>(kinds + row, NONE)
  store<u64>(sizes + (row << 3), 0)
  store<u32>(lengths + (row << 2), 0)
  textAt = textEnd
  partsAt = partsEnd
  coordinatesAt = coordinatesEnd
}

/** After a record that is kept. */
export function keepMask(): void {
  textEnd = textAt
  partsEnd = partsAt
  coordinatesEnd = coordinatesAt
}

/** A "segmentation": polygons, none of them, or a compressed RLE. */
export function readMask(from: i32, row: i32): i32 {
  const c = byteAt(from)
  if (c === OPEN_LIST) return readPolygons(from, row)
  return c === OPEN_OBJECT ? readRle(from, row) : FAIL
}

function readPolygons(from: i32, row: i32): i32 {
  let at = skipSpace(from + 1)
  if (byteAt(at) === CLOSE_LIST) return at + 1
  at = from
  do {
    at = readPart(skipSpace(at + 1))
    if (at === FAIL) return FAIL
    at = skipSpace(at)
  } while (byteAt(at) === COMMA)
  if (byteAt(at) !== CLOSE_LIST) return FAIL
  store<u8>(kinds + row, POLYGONS)
  store<u32>(lengths + (row << 2), (partsAt - partsEnd) >> 2)
  return at + 1
}

/** A part [x0, y0, x1, y1, x2, y2, ...]. */
function readPart(from: i32): i32 {
  if (byteAt(from) !== OPEN_LIST) return FAIL
  const first = coordinatesAt
  let at = from
  do {
    at = readNumber(skipSpace(at + 1))
    if (at === FAIL || Math.abs(value) > MAX_COORDINATE) return FAIL
    store<f64>(coordinatesAt, value)
    coordinatesAt += 8
    at = skipSpace(at)
  } while (byteAt(at) === COMMA)
  const numbers = (coordinatesAt - first) >> 3
  if (byteAt(at) !== CLOSE_LIST || numbers < 6 || (numbers & 1) !== 0) return FAIL
  store<u32>(partsAt, numbers >> 1)
  partsAt += 4
  return at + 1
}

/** {"size": [h, w], "counts": "..."} */
function readRle(from: i32, row: i32): i32 {
  const size = sizes + (row << 3)
  let at = from
  let seen = 0
  do {
    const key = skipSpace(at + 1)
    if (byteAt(key) !== QUOTE) return FAIL
    if (load<u32>(key + 1) === 0x657a6973 && byteAt(key + 5) === QUOTE) {
      seen |= 1
      at = readColon(key + 6)
      if (at === FAIL || byteAt(at) !== OPEN_LIST) return FAIL
      at = readSide(at + 1, size)
      if (at === FAIL || byteAt(at) !== COMMA) return FAIL
      at = readSide(at + 1, size + 4)
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
      if (at !== FAIL) at = copyString(at)
      if (at === FAIL) return FAIL
    } else return FAIL
    at = skipSpace(at)
  } while (byteAt(at) === COMMA)
  if (byteAt(at) !== CLOSE_OBJECT || seen !== 3) return FAIL
  store<u8>(kinds + row, RLE)
  store<u32>(lengths + (row << 2), textAt - textEnd)
  return at + 1
}

/** A side of an image, px; 0 for null. */
function readImageSide(from: i32, to: i32): i32 {
  return isNull(from) ? from + 4 : readSide(from, to)
}

export function readHeight(from: i32, row: i32): i32 {
  return readImageSide(from, sizes + (row << 3))
}

export function readWidth(from: i32, row: i32): i32 {
  return readImageSide(from, sizes + (row << 3) + 4)
}

/** A file's name; none where another value stands. */
export function readName(from: i32, end: i32, row: i32): i32 {
  if (byteAt(from) !== QUOTE) return skipValue(from, end)
  const at = copyString(from)
  store<u32>(lengths + (row << 2), textAt - textEnd)
  return at
}

function readSide(from: i32, to: i32): i32 {
  const at = readNumber(skipSpace(from))
  if (at === FAIL || value < 0 || value > MAX_SIDE || value !== Math.floor(value)) return FAIL
  store<u32>(to, <u32>value)
  return skipSpace(at)
}

/** A string without other escapes than those of backslashes and slashes. */
function copyString(from: i32): i32 {
  if (byteAt(from) !== QUOTE) return FAIL
  let at = from + 1
  let to = textAt
  while (true) {
    // What is copied beyond the piece is overwritten by the next.
    const bytes = v128.load(at)
    v128.store(to, bytes)
    const breaks = stringBreaks(bytes)
    const length = breaks === 0 ? 16 : ctz(breaks)
    at += length
    to += length
    if (breaks === 0) continue
    if (byteAt(at) === QUOTE) break
    const escaped = byteAt(at + 1)
    if (byteAt(at) !== BACKSLASH || (escaped !== BACKSLASH && escaped !== SLASH)) return FAIL
    store<u8>(to++, <u8>escaped)
    at += 2
  }
  textAt = to
  return at + 1
}
