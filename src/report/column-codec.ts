/** Columns as few bytes, before a general compression: what is a whole or short decimal number is stored as one. */

import { layOut, measure, startOf } from './column-extents.js'
import type { ColumnKernel } from './column-kernel.js'
import { bytePlanes, countPlain, readBytes, readWholes, wholePlanes } from './column-planes.js'

export type Column = Float64Array | Int32Array | Uint32Array | Uint8Array

/** How to read the bytes of a column, which lie in planes. */
export interface ColumnForm {
  type: 'f64' | 'i32' | 'u32' | 'u8'
  length: number
  /**
   * `values`: whole numbers less `base`; `steps`: differences of neighbours less `base`, the first from `start`; both
   * in as many planes as the greatest needs. `bytes`: those of the array.
   */
  coding: 'values' | 'steps' | 'bytes'
  /** What the whole numbers are divided by: 100 for values with two decimals. */
  divisor: number
  base: number
  start: number
  /** So many planes hardly shrink when they are compressed; those behind them may. */
  plain: number
}

/** A column as bytes. */
export interface Coded {
  form: ColumnForm
  bytes: Uint8Array
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
export function encodeColumn(column: Column, kernel: ColumnKernel | null = null): Coded {
  const type = typeOf(column)
  return keptPlain(kernel?.encode(column, type) ?? encodePlainly(column, type))
}

/** x, y, width and height of boxes, [row, 4], as columns of their own: neighbours are alike then. */
export const encodeSides = (boxes: Float64Array, kernel: ColumnKernel | null = null): Coded[] =>
  (kernel?.encodeSides(boxes) ?? sidesOf(boxes).map(side => encodePlainly(side, 'f64'))).map(keptPlain)

const sidesOf = (boxes: Float64Array): Float64Array[] =>
  [0, 1, 2, 3].map(side => Float64Array.from({ length: boxes.length / 4 }, (_, row) => boxes[4 * row + side]))

const keptPlain = ({ form, bytes }: Coded): Coded => ({
  form: { ...form, plain: countPlain(bytes, form.length) },
  bytes,
})

function encodePlainly(column: Column, type: ColumnForm['type']): Coded {
  const { length } = column
  const divisor = column instanceof Float64Array ? divisorOf(column) : 1
  if (divisor === null) return { form: formOfBytes(type, length), bytes: bytePlanes(column) }
  const wholes = divisor === 1 ? column : whole(column as Float64Array, divisor)
  const start = startOf(wholes[0], wholes[1])
  const { form, planes } = layOut({ type, length }, divisor, start, measure(wholes, start))
  return { form, bytes: wholePlanes(wholes, form, planes) }
}

/** Of a column that no divisor makes whole. */
export const formOfBytes = (type: ColumnForm['type'], length: number): ColumnForm => ({
  type,
  length,
  coding: 'bytes',
  divisor: 1,
  base: 0,
  start: 0,
  plain: 0,
})

export function decodeColumn(form: ColumnForm, bytes: Uint8Array): Column {
  const column = new TYPES[form.type](form.length)
  if (form.coding === 'bytes') readBytes(column, bytes)
  else readWholes(column, form, bytes)
  return column
}

/** Bytes of the planes that stay as they are. */
export const plainBytes = ({ plain, length }: ColumnForm): number => plain * length

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
