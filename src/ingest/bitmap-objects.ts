import { InputError } from '../errors.js'
import { encodeCounts } from '../geometry/rle.js'

/** A mask as a model gives it: one byte a pixel, rows first, anything but 0 inside. [height, width] */
export interface BitmapObject {
  data: Uint8Array | Uint8ClampedArray
  /** px */
  width: number
  height: number
}

const ascii = new TextDecoder()

/** Whether a "segmentation" is meant as a bit map: its `data` is a typed array. */
export const isBitmap = (value: object): value is BitmapObject =>
  'data' in value && ArrayBuffer.isView(value.data)

/**
 * The compressed RLE of a bit map, as a file would state it. Fails with InputError where `data` is not width times
 * height bytes: probabilities have to be compared with a threshold first.
 */
export function rleOfBitmap({ data, width, height }: BitmapObject): { size: number[]; counts: string } {
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) {
    const found = (data as object).constructor.name
    throw new InputError(`segmentation.data: expected a Uint8Array with 0 outside the mask, got a ${found}`)
  }
  const isSide = (side: number): boolean => Number.isInteger(side) && side >= 0
  if (!isSide(width) || !isSide(height) || data.length !== width * height) {
    throw new InputError(
      `segmentation.data: expected width * height = ${width} * ${height} bytes, rows first, got ${data.length}`,
    )
  }
  return { size: [height, width], counts: ascii.decode(encodeCounts(columnRuns({ data, width, height }))) }
}

/** Lengths of runs, columns first, background first. */
function columnRuns({ data, width, height }: BitmapObject): number[] {
  const runs: number[] = []
  let inside = false
  let length = 0
  for (let x = 0; x < width; x++) {
    for (let at = x; at < data.length; at += width) {
      if ((data[at] !== 0) !== inside) {
        runs.push(length)
        inside = !inside
        length = 0
      }
      length++
    }
  }
  if (height > 0) runs.push(length)
  return runs
}
