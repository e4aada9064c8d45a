// AssemblyScript: columns of a page as few bytes. Twin of src/report/column-codec.ts, where the rules are explained.
//
// The host opens a column and fills it in, has its whole numbers found, and has them written, some entries at a time.
import { align, closeRegion, openRegion, take } from './categories/memory'

const F64: u32 = 0
const I32: u32 = 1
const U32: u32 = 2
/** The other type is u8. */

const MAX_WHOLE: f64 = 2251799813685248

let count: u32 = 0
/** The column as it is. */
let column: u32 = 0
/** i64, [entry]. */
let wholes: u32 = 0
let bytes: u32 = 0

/** Bytes of the values so far as varints, and of the differences of neighbours. */
export let valueBytes: u32 = 0
export let stepBytes: u32 = 0
/** The whole number before the next one, and where its bytes belong. */
let last: i64 = 0
let end: u32 = 0

/** Where the `n` entries belong; 0 for no room. */
export function openColumn(n: u32): u32 {
  count = n
  openRegion(__heap_base)
  column = take(8 * <u64>n)
  align()
  wholes = take(8 * <u64>n)
  bytes = take(8 * <u64>n)
  return closeRegion() ? column : 0
}

/** Begins to find whole numbers. */
export function openWholes(): void {
  valueBytes = 0
  stepBytes = 0
  last = 0
}

/** Finds whole numbers of entries times the divisor; false at the first that gives none, to the last bit. */
export function findWholes(from: u32, to: u32, type: u32, divisor: f64): bool {
  if (type === F64) {
    if (!makeWhole(from, to, divisor)) return false
  } else {
    for (let i = from; i < to; i++) store<i64>(wholes + 8 * i, entryOf(type, i))
  }
  measure(from, to)
  return true
}

function entryOf(type: u32, i: u32): i64 {
  if (type === I32) return <i64>load<i32>(column + 4 * i)
  if (type === U32) return <i64>load<u32>(column + 4 * i)
  return <i64>load<u8>(column + i)
}

function makeWhole(from: u32, to: u32, divisor: f64): bool {
  for (let i = from; i < to; i++) {
    const value = load<f64>(column + 8 * i)
    const rounded = Math.round(value * divisor)
    const isNegativeZero = reinterpret<u64>(value) === 0x8000000000000000
    if (!(rounded / divisor === value && Math.abs(rounded) < MAX_WHOLE) || isNegativeZero) return false
    store<i64>(wholes + 8 * i, <i64>rounded)
  }
  return true
}

function doubled(value: i64): u64 {
  return <u64>(value < 0 ? -2 * value - 1 : 2 * value)
}

function lengthOf(value: i64): u32 {
  const bits = 64 - <u32>clz(doubled(value) | 1)
  return (bits + 6) / 7
}

function measure(from: u32, to: u32): void {
  for (let i = from; i < to; i++) {
    const value = load<i64>(wholes + 8 * i)
    valueBytes += lengthOf(value)
    stepBytes += lengthOf(value - last)
    last = value
  }
}

/** Begins to write; returns where. */
export function openBytes(): u32 {
  last = 0
  end = bytes
  return bytes
}

/** Writes whole numbers as varints, or their differences. */
export function writeVarints(from: u32, to: u32, steps: bool): void {
  for (let i = from; i < to; i++) {
    const value = load<i64>(wholes + 8 * i)
    let rest = doubled(value - last)
    if (steps) last = value
    for (; rest > 127; rest >>= 7) store<u8>(end++, <u8>rest | 128)
    store<u8>(end++, <u8>rest)
  }
}

/** Writes the bytes of entries, each to its plane: all first bytes of a column, then all second ones. */
export function writePlanes(from: u32, to: u32, size: u32): void {
  for (let plane: u32 = 0; plane < size; plane++) {
    const out = bytes + plane * count
    for (let i = from; i < to; i++) store<u8>(out + i, load<u8>(column + i * size + plane))
  }
}
