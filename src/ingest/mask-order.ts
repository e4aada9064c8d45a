import { type EncodedMasks, MASK_RLE } from '../data/masks.js'
import type { WarningList } from '../data/warnings.js'
import { MaskError } from '../errors.js'
import { measureMask } from '../geometry/encoded.js'

/** Masks that are looked at; a file that has the order wrong has it wrong throughout. */
const SAMPLE = 40
/** Fewer that say so tell nothing. */
const ENOUGH = 3
/** A mask's bounds and its box belong together from this IoU on. */
const FITS = 0.5

/**
 * Warns where RLE runs seem to go along the rows of the image instead of down its columns: read that way the masks
 * would fit the boxes of their own records, as they stand they do not. `boxOf` gives x, y, width, height in px, or
 * null where the record has no box.
 */
export function checkMaskOrder(
  masks: EncodedMasks,
  boxOf: (row: number) => Float64Array | null,
  label: (row: number) => string,
  warnings: WarningList,
): void {
  let looked = 0
  let fitting = 0
  const turnedRows: number[] = []
  for (let row = 0; row < masks.count && looked < SAMPLE; row++) {
    const box = masks.kinds[row] === MASK_RLE ? boxOf(row) : null
    if (box === null) continue
    looked++
    if (overlap(boundsOf(masks, row), box) >= FITS) fitting++
    else {
      const [y, x, height, width] = boundsOf(turnedMask(masks, row), 0)
      if (overlap([x, y, width, height], box) >= FITS) turnedRows.push(row)
    }
  }
  if (turnedRows.length >= ENOUGH && turnedRows.length > fitting) {
    warnings.add('masks-look-row-major', () => label(turnedRows[0]), turnedRows.length)
  }
}

/** Mask `row` alone, with height and width exchanged. */
const turnedMask = (masks: EncodedMasks, row: number): EncodedMasks => ({
  ...masks,
  count: 1,
  kinds: masks.kinds.subarray(row, row + 1),
  sizes: Uint32Array.of(masks.sizes[2 * row + 1], masks.sizes[2 * row]),
  chunk: masks.chunk.subarray(row, row + 1),
  starts: masks.starts.subarray(row, row + 1),
  lengths: masks.lengths.subarray(row, row + 1),
})

/** x, y, width, height in px; of a mask that cannot be decoded all 0: the error comes when it is loaded. */
function boundsOf(masks: EncodedMasks, row: number): number[] {
  const bounds = new Uint32Array(4)
  try {
    measureMask(masks, row, bounds)
  } catch (error) {
    if (!(error instanceof MaskError)) throw error
  }
  return [bounds[0], bounds[1], bounds[2] - bounds[0], bounds[3] - bounds[1]]
}

/** IoU of two boxes x, y, width, height; 0 where both are empty. */
function overlap([ax, ay, aw, ah]: ArrayLike<number> & Iterable<number>, b: Float64Array): number {
  const width = Math.max(0, Math.min(ax + aw, b[0] + b[2]) - Math.max(ax, b[0]))
  const height = Math.max(0, Math.min(ay + ah, b[1] + b[3]) - Math.max(ay, b[1]))
  const union = aw * ah + b[2] * b[3] - width * height
  return union > 0 ? (width * height) / union : 0
}
