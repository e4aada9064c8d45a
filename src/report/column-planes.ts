/** Planes of bytes: the first byte of every entry, then the second of every entry, and so on, low bytes first. */

import type { Column, ColumnForm } from './column-codec.js'

/** What whole numbers, or their steps, are above the form's base. */
export function wholePlanes(wholes: Column, { coding, base, start }: ColumnForm, planes: number): Uint8Array {
  const { length } = wholes
  const bytes = new Uint8Array(planes * length)
  let last = coding === 'steps' ? start : 0
  for (let i = 0; i < length; i++) {
    let rest = wholes[i] - last - base
    if (coding === 'steps') last = wholes[i]
    for (let plane = 0; plane < planes; plane++) {
      bytes[plane * length + i] = rest % 256
      rest = Math.floor(rest / 256)
    }
  }
  return bytes
}

export function readWholes(
  to: Column,
  { coding, base, start, divisor, length }: ColumnForm,
  bytes: Uint8Array,
): void {
  const wholes = to instanceof Float64Array ? to : new Float64Array(length)
  wholes.fill(base)
  for (let from = 0, scale = 1; from < bytes.length; from += length, scale *= 256) {
    for (let i = 0; i < length; i++) wholes[i] += scale * bytes[from + i]
  }
  if (coding === 'steps') {
    let last = start
    for (let i = 0; i < length; i++) {
      last += wholes[i]
      wholes[i] = last
    }
  }
  if (divisor !== 1) for (let i = 0; i < length; i++) wholes[i] /= divisor
  if (to !== wholes) to.set(wholes)
}

/** The bytes of an array as they are. */
export function bytePlanes(column: Column): Uint8Array {
  const from = new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
  const size = column.BYTES_PER_ELEMENT
  const bytes = new Uint8Array(from.length)
  for (let plane = 0; plane < size; plane++) {
    for (let i = 0; i < column.length; i++) bytes[plane * column.length + i] = from[i * size + plane]
  }
  return bytes
}

export function readBytes(to: Column, bytes: Uint8Array): void {
  const into = new Uint8Array(to.buffer)
  const size = to.BYTES_PER_ELEMENT
  for (let plane = 0; plane < size; plane++) {
    for (let i = 0; i < to.length; i++) into[i * size + plane] = bytes[plane * to.length + i]
  }
}

/** Bytes of a plane that are looked at: so many, evenly spread, each with the one before it. */
const SAMPLES = 1024
/** Two bytes of noise are equal once in 256 pairs; compression by a sixteenth needs about this. */
const LEAST_EQUAL = 1 / 160
/** Neighbours that are equal more often are runs, which shrink whatever their values are. */
const MOST_REPEATED = 1 / 20

/** How many planes from the first on hardly shrink when they are compressed. */
export function countPlain(bytes: Uint8Array, length: number): number {
  let planes = 0
  while (planes * length < bytes.length && isNoise(bytes.subarray(planes * length, (planes + 1) * length)))
    planes++
  return planes
}

function isNoise(plane: Uint8Array): boolean {
  const stride = Math.max(1, Math.floor(plane.length / SAMPLES))
  const seen = new Uint32Array(256)
  let samples = 0
  let equal = 0
  let repeated = 0
  for (let i = stride; i < plane.length; i += stride, samples++) {
    equal += seen[plane[i]]++
    if (plane[i] === plane[i - 1]) repeated++
  }
  return equal < (LEAST_EQUAL * samples * (samples - 1)) / 2 && repeated < MOST_REPEATED * samples
}
