// AssemblyScript: columns of a page as few bytes. Twin of src/report/column-codec.ts, where the rules are explained.
//
// The host opens a column and fills it in, has its whole numbers found, and has them written.
import { align, closeRegion, openRegion, take } from './categories/memory'

const F64: u32 = 0
const I32: u32 = 1
const U32: u32 = 2
/** The other type is u8. */

/** Decimals that are tried: 10 to the power of 0 to 6. */
const POWERS: i32 = 7
const MAX_WHOLE: f64 = 2251799813685248

let count: u32 = 0
/** The column as it is. */
let column: u32 = 0
/** i64, [entry]. */
let wholes: u32 = 0
let bytes: u32 = 0

/** Bytes of the values as varints, and of the differences of neighbours. */
export let valueBytes: u32 = 0
export let stepBytes: u32 = 0

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

/** The power of ten with which every entry is a whole number, to the last bit; -1 where none is. */
export function findWholes(type: u32): i32 {
  let power = 0
  if (type === F64) {
    while (power < POWERS && !makeWhole(tenTo(power))) power++
    if (power === POWERS) return -1
  } else {
    for (let i: u32 = 0; i < count; i++) store<i64>(wholes + 8 * i, entryOf(type, i))
  }
  measure()
  return power
}

function entryOf(type: u32, i: u32): i64 {
  if (type === I32) return <i64>load<i32>(column + 4 * i)
  if (type === U32) return <i64>load<u32>(column + 4 * i)
  return <i64>load<u8>(column + i)
}

function tenTo(power: i32): f64 {
  let value: f64 = 1
  for (let i = 0; i < power; i++) value *= 10
  return value
}

/** Writes the whole numbers; false at the first entry that is none. */
function makeWhole(divisor: f64): bool {
  for (let i: u32 = 0; i < count; i++) {
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

function measure(): void {
  valueBytes = 0
  stepBytes = 0
  let last: i64 = 0
  for (let i: u32 = 0; i < count; i++) {
    const value = load<i64>(wholes + 8 * i)
    valueBytes += lengthOf(value)
    stepBytes += lengthOf(value - last)
    last = value
  }
}

/** Writes the whole numbers as varints, or their differences; returns where. */
export function writeVarints(steps: bool): u32 {
  let to = bytes
  let last: i64 = 0
  for (let i: u32 = 0; i < count; i++) {
    const value = load<i64>(wholes + 8 * i)
    let rest = doubled(value - last)
    if (steps) last = value
    for (; rest > 127; rest >>= 7) store<u8>(to++, <u8>rest | 128)
    store<u8>(to++, <u8>rest)
  }
  return bytes
}

/** Writes all first bytes of the entries, then all second ones; returns where. */
export function writePlanes(size: u32): u32 {
  for (let plane: u32 = 0; plane < size; plane++) {
    const to = bytes + plane * count
    for (let i: u32 = 0; i < count; i++) store<u8>(to + i, load<u8>(column + i * size + plane))
  }
  return bytes
}
