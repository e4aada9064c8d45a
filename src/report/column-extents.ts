/** How far the whole numbers of a column reach, and their steps, and which of both a page carries. */

import type { Column, ColumnForm } from './column-codec.js'

/** The range of values or steps, and the bits of all of them. */
export interface Extent {
  least: number
  greatest: number
  bits: number
}

export type Extents = [values: Extent, steps: Extent]

const none = (): Extent => ({ least: Number.POSITIVE_INFINITY, greatest: Number.NEGATIVE_INFINITY, bits: 0 })

export const noExtents = (): Extents => [none(), none()]

/** What the first step starts from: it is as long as the second then, so that equal steps take no byte. */
export const startOf = (first = 0, second = first): number => 2 * first - second

export function measure(wholes: Column, start: number): Extents {
  const extents = noExtents()
  let last = start
  for (let i = 0; i < wholes.length; i++) {
    measureOne(extents, wholes[i], last)
    last = wholes[i]
  }
  return extents
}

/** Counts in a whole number and its step from the `last` one. A step has a sign, which takes a bit. */
export function measureOne([values, steps]: Extents, whole: number, last: number): void {
  add(values, whole, Math.abs(whole))
  add(steps, whole - last, 2 * Math.abs(whole - last))
}

function add(extent: Extent, value: number, size: number): void {
  if (value < extent.least) extent.least = value
  if (value > extent.greatest) extent.greatest = value
  const more = size + 1
  extent.bits += more < 2 ** 32 ? 31 - Math.clz32(more) : 63 - Math.clz32(more / 2 ** 32)
}

/** The form of whole numbers, before their planes are looked at, and in how many planes they are. */
export function layOut(
  { type, length }: Pick<ColumnForm, 'type' | 'length'>,
  divisor: number,
  start: number,
  [values, steps]: Extents,
): { form: ColumnForm; planes: number } {
  const isSteps = steps.bits < values.bits
  const { least, greatest } = isSteps ? steps : values
  const shared = { type, length, divisor, base: length > 0 ? least : 0, plain: 0 }
  return {
    form: isSteps ? { ...shared, coding: 'steps', start } : { ...shared, coding: 'values', start: 0 },
    planes: length > 0 ? bytesOf(greatest - least) : 0,
  }
}

function bytesOf(number: number): number {
  let bytes = 0
  for (let rest = number; rest > 0; rest = Math.floor(rest / 256)) bytes++
  return bytes
}
