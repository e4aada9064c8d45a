/** Columns as few bytes, before a general compression: what is a whole or short decimal number is stored as one. */

import type { ColumnKernel } from './column-kernel.js'

export type Column = Float64Array | Int32Array | Uint32Array | Uint8Array

/** How to read the bytes of a column. */
export interface ColumnForm {
  type: 'f64' | 'i32' | 'u32' | 'u8'
  length: number
  /**
   * `values`: whole numbers as varints; `steps`: the differences of neighbours as varints; `planes`: the bytes of
   * the array, all first bytes first, then all second ones. Varints hold 7 bits a byte, low ones first, of 2n or,
   * for negative n, of -2n - 1.
   */
  coding: 'values' | 'steps' | 'planes'
  /** What the whole numbers are divided by: 100 for values with two decimals. */
  divisor: number
}

const TYPES = { f64: Float64Array, i32: Int32Array, u32: Uint32Array, u8: Uint8Array }

const typeOf = (column: Column): ColumnForm['type'] =>
  column instanceof Float64Array
    ? 'f64'
    : column instanceof Int32Array
      ? 'i32'
      : column instanceof Uint32Array
        ? 'u32'
        : 'u8'

/** Decimals that are tried, as a power of ten. */
export const DIVISORS = [1, 10, 100, 1000, 1e4, 1e5, 1e6]
/** Whole numbers and their differences stay exact in float64, doubled too. */
const MAX_WHOLE = 2 ** 51

/** `kernel` does it faster, where there is one. */
export function encodeColumn(
  column: Column,
  kernel: ColumnKernel | null = null,
): { form: ColumnForm; bytes: Uint8Array } {
  const form = { type: typeOf(column), length: column.length }
  const encoded = kernel?.encode(column, form.type)
  if (encoded) return encoded
  const divisor = column instanceof Float64Array ? divisorOf(column) : 1
  if (divisor === null) return { form: { ...form, coding: 'planes', divisor: 1 }, bytes: planesOf(column) }
  const values = divisor === 1 ? column : whole(column as Float64Array, divisor)
  const [inValues, inSteps] = varintLengths(values)
  return inSteps < inValues
    ? { form: { ...form, coding: 'steps', divisor }, bytes: varintsOf(values, 1, inSteps) }
    : { form: { ...form, coding: 'values', divisor }, bytes: varintsOf(values, 0, inValues) }
}

export function decodeColumn(form: ColumnForm, bytes: Uint8Array): Column {
  const column = new TYPES[form.type](form.length)
  if (form.coding === 'planes') {
    readPlanes(column, bytes)
    return column
  }
  const { divisor } = form
  const sum = form.coding === 'steps' ? 1 : 0
  let at = 0
  let value = 0
  for (let i = 0; i < column.length; i++) {
    let doubled = 0
    let scale = 1
    let byte = bytes[at++]
    for (; byte > 127; byte = bytes[at++]) {
      doubled += (byte & 127) * scale
      scale *= 128
    }
    doubled += byte * scale
    value = sum * value + (doubled % 2 === 0 ? doubled / 2 : -(doubled + 1) / 2)
    column[i] = value / divisor
  }
  return column
}

/** The smallest divisor with which every value is a whole number, to the last bit; null where none is. */
const divisorOf = (column: Float64Array): number | null =>
  DIVISORS.find(divisor => areWhole(column, divisor)) ?? null

function areWhole(column: Float64Array, divisor: number): boolean {
  for (let i = 0; i < column.length; i++) if (!isWhole(column[i], divisor)) return false
  return true
}

function isWhole(value: number, divisor: number): boolean {
  const rounded = Math.round(value * divisor)
  return rounded / divisor === value && Math.abs(rounded) < MAX_WHOLE && !Object.is(value, -0)
}

function whole(column: Float64Array, divisor: number): Float64Array {
  const values = new Float64Array(column.length)
  for (let i = 0; i < column.length; i++) values[i] = Math.round(column[i] * divisor)
  return values
}

const doubled = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value)

/** Bytes of the values as varints, and of the differences of neighbours. */
function varintLengths(values: Column): [number, number] {
  let inValues = 0
  let inSteps = 0
  let last = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    inValues += varintLength(doubled(value))
    inSteps += varintLength(doubled(value - last))
    last = value
  }
  return [inValues, inSteps]
}

function varintLength(number: number): number {
  if (number < 2 ** 7) return 1
  if (number < 2 ** 14) return 2
  if (number < 2 ** 21) return 3
  let length = 4
  for (let rest = Math.floor(number / 2 ** 28); rest > 0; rest = Math.floor(rest / 128)) length++
  return length
}

/** The values less `step` times the one before each. */
function varintsOf(values: Column, step: 0 | 1, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let at = 0
  let last = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    let rest = doubled(value - step * last)
    last = value
    while (rest >= 2 ** 28) {
      bytes[at++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    for (; rest > 127; rest >>>= 7) bytes[at++] = rest | 128
    bytes[at++] = rest
  }
  return bytes
}

function planesOf(column: Column): Uint8Array {
  const from = new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
  const size = column.BYTES_PER_ELEMENT
  const bytes = new Uint8Array(from.length)
  for (let plane = 0; plane < size; plane++) {
    for (let i = 0; i < column.length; i++) bytes[plane * column.length + i] = from[i * size + plane]
  }
  return bytes
}

function readPlanes(column: Column, bytes: Uint8Array): void {
  const to = new Uint8Array(column.buffer)
  const size = column.BYTES_PER_ELEMENT
  for (let plane = 0; plane < size; plane++) {
    for (let i = 0; i < column.length; i++) to[i * size + plane] = bytes[plane * column.length + i]
  }
}
