// AssemblyScript: reads detections, annotations or images of the usual form from JSON, many at a time. Twin of the
// readers in src/ingest/detections.ts and ground-truth.ts, which read every form and have the error messages: whatever
// is unusual here (an exponent, an escaped key, a field that stands twice, anything wrong) ends the scan before its
// record, and the twin takes that one.

import {
  BACKSLASH,
  byteAt,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COMMA,
  FAIL,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  readColon,
  readFlag,
  readNumber,
  skipSpace,
  skipValue,
  value,
} from './json'
import { beginMask, beginMasks, keepMask, readHeight, readMask, readName, readWidth } from './segmentation'

export { partCount, placeMasks, pointCount, startRows, textBytes } from './segmentation'

/** Fields, as bits. Twin of FIELDS in src/ingest/scanner.ts. */
const ID: i32 = 1
const IMAGE: i32 = 2
const CATEGORY: i32 = 4
const SCORE: i32 = 8
const AREA: i32 = 16
const BOX: i32 = 32
const CROWD: i32 = 64
const IGNORE: i32 = 128
const MASK: i32 = 256
const HEIGHT: i32 = 512
const WIDTH: i32 = 1024
const NAME: i32 = 2048
/** What stands in the columns of masks: a mask, or an image. */
const IN_MASKS: i32 = MASK | HEIGHT | WIDTH | NAME

const MAX_SAFE_ID: f64 = 9007199254740991

/** Memory from here on is the host's. */
export const freeFrom: i32 = <i32>__heap_base

/** Where the columns lie. */
let ids: i32 = 0
let imageIds: i32 = 0
let categoryIds: i32 = 0
let scores: i32 = 0
let areas: i32 = 0
let boxes: i32 = 0
let hasBox: i32 = 0
let crowds: i32 = 0
let ignores: i32 = 0

/** Where the last scan ended: before a record, or before the comma in front of it. */
export let stoppedAt: i32 = 0

export function place(
  idsAt: i32,
  imageIdsAt: i32,
  categoryIdsAt: i32,
  scoresAt: i32,
  areasAt: i32,
  boxesAt: i32,
  hasBoxAt: i32,
  crowdsAt: i32,
  ignoresAt: i32,
): void {
  ids = idsAt
  imageIds = imageIdsAt
  categoryIds = categoryIdsAt
  scores = scoresAt
  areas = areasAt
  boxes = boxesAt
  hasBox = hasBoxAt
  crowds = crowdsAt
  ignores = ignoresAt
}

let keyEnd: i32 = 0

/** The field whose key's opening quote is at `from`, 0 for another, FAIL for an unusual one. Sets `keyEnd`. */
function readKey(from: i32): i32 {
  const at = from + 1
  const eight = load<u64>(at)
  const four = <u32>eight
  if (eight === 0x64695f6567616d69 && byteAt(at + 8) === QUOTE) return known(at + 9, IMAGE)
  if (eight === 0x79726f6765746163 && load<u32>(at + 8) === 0x2264695f) return known(at + 12, CATEGORY)
  if (four === 0x786f6262 && byteAt(at + 4) === QUOTE) return known(at + 5, BOX)
  if (four === 0x726f6373 && load<u16>(at + 4) === 0x2265) return known(at + 6, SCORE)
  if (eight === 0x61746e656d676573 && load<u32>(at + 8) === 0x6e6f6974 && byteAt(at + 12) === QUOTE)
    return known(at + 13, MASK)
  if ((four & 0xffffff) === 0x226469) return known(at + 3, ID)
  if (four === 0x61657261 && byteAt(at + 4) === QUOTE) return known(at + 5, AREA)
  if (eight === 0x2264776f72637369) return known(at + 8, CROWD)
  if ((eight & 0xffffffffffffff) === 0x2265726f6e6769) return known(at + 7, IGNORE)
  if ((eight & 0xffffffffffffff) === 0x22746867696568) return known(at + 7, HEIGHT)
  if ((eight & 0xffffffffffff) === 0x226874646977) return known(at + 6, WIDTH)
  if (eight === 0x6d616e5f656c6966 && load<u16>(at + 8) === 0x2265) return known(at + 10, NAME)
  let end = at
  let c = byteAt(end)
  while (c >= 32 && c !== QUOTE && c !== BACKSLASH) c = byteAt(++end)
  return known(end + 1, c === QUOTE ? 0 : FAIL)
}

function known(end: i32, field: i32): i32 {
  keyEnd = end
  return field
}

function readId(from: i32, to: i32): i32 {
  const at = readNumber(from)
  if (at === FAIL || value !== Math.floor(value) || Math.abs(value) > MAX_SAFE_ID) return FAIL
  store<f64>(to, value)
  return at
}

function readDecimal(from: i32, to: i32): i32 {
  const at = readNumber(from)
  if (at !== FAIL) store<f64>(to, value)
  return at
}

function readBox(from: i32, row: i32): i32 {
  if (byteAt(from) !== OPEN_LIST) return FAIL
  const to = boxes + (row << 5)
  let at = from
  for (let i = 0; i < 4; i++) {
    at = readDecimal(skipSpace(at + 1), to + (i << 3))
    if (at === FAIL) return FAIL
    at = skipSpace(at)
    if (byteAt(at) !== (i === 3 ? CLOSE_LIST : COMMA)) return FAIL
  }
  const width = load<f64>(to + 16)
  const height = load<f64>(to + 24)
  if (width < 0 || height < 0 || width * height === Infinity) return FAIL
  store<u8>(hasBox + row, 1)
  return at + 1
}

function readImageField(field: i32, from: i32, end: i32, row: i32): i32 {
  if (field === NAME) return readName(from, end, row)
  return field === HEIGHT ? readHeight(from, row) : readWidth(from, row)
}

function readField(field: i32, from: i32, end: i32, row: i32): i32 {
  if (field === ID) return readId(from, ids + (row << 3))
  if (field === IMAGE) return readId(from, imageIds + (row << 3))
  if (field === CATEGORY) return readId(from, categoryIds + (row << 3))
  if (field === SCORE) return readDecimal(from, scores + (row << 3))
  if (field === AREA) return readDecimal(from, areas + (row << 3))
  if (field === CROWD) return readFlag(from, crowds + row)
  if (field === IGNORE) return readFlag(from, ignores + row)
  if (field === BOX) return readBox(from, row)
  return field === MASK ? readMask(from, row) : readImageField(field, from, end, row)
}

/** What stands in a row where its record does not say. */
function beginRow(row: i32, wanted: i32): void {
  const zeros = i64x2.splat(0)
  v128.store(boxes + (row << 5), zeros)
  v128.store(boxes + (row << 5) + 16, zeros)
  store<u8>(hasBox + row, 0)
  if (wanted & AREA) store<f64>(areas + (row << 3), NaN)
  if (wanted & CROWD) store<u8>(crowds + row, 0)
  if (wanted & IGNORE) store<u8>(ignores + row, 0)
  if (wanted & IN_MASKS) beginMask(row)
}

/** One record into `row`; only the `wanted` fields are looked at. */
function readRecord(from: i32, end: i32, row: i32, wanted: i32, required: i32): i32 {
  if (byteAt(from) !== OPEN_OBJECT) return FAIL
  beginRow(row, wanted)
  let at = from
  let seen = 0
  do {
    at = skipSpace(at + 1)
    if (byteAt(at) !== QUOTE) return FAIL
    const field = readKey(at)
    if (field === FAIL || (seen & field) !== 0) return FAIL
    seen |= field
    at = readColon(keyEnd)
    if (at === FAIL) return FAIL
    at = field & wanted ? readField(field, at, end, row) : skipValue(at, end)
    if (at === FAIL) return FAIL
    at = skipSpace(at)
  } while (byteAt(at) === COMMA)
  if (byteAt(at) !== CLOSE_OBJECT || at >= end || (seen & required) !== required) return FAIL
  if (wanted & IGNORE && load<u8>(crowds + row)) store<u8>(ignores + row, 0)
  if (wanted & IN_MASKS) keepMask()
  return at + 1
}

/**
 * Reads up to `capacity` records between `from` and `end` that start before `limit`, until one is unusual, incomplete
 * or beyond. `first`: no comma stands before the record. Returns how many.
 */
export function scan(
  from: i32,
  end: i32,
  limit: i32,
  first: bool,
  wanted: i32,
  required: i32,
  capacity: i32,
): i32 {
  let row = 0
  let at = from
  let comma = !first
  beginMasks()
  while (row < capacity) {
    let record = skipSpace(at)
    if (comma) {
      if (byteAt(record) !== COMMA) break
      record = skipSpace(record + 1)
    }
    if (record >= limit) break
    const next = readRecord(record, end, row, wanted, required)
    if (next === FAIL) break
    at = next
    comma = true
    row++
  }
  stoppedAt = at
  return row
}
