import type { EncodedMasks } from '../data/masks.js'
import { InputError } from '../errors.js'
import { encodeCounts } from '../geometry/rle.js'
import { MaskColumns } from './mask-columns.js'

/** A mask as pycocotools hands it around; `counts` compressed (string or its bytes) or as run lengths. */
export interface RleObject {
  /** Height, width in px. */
  size: [number, number] | number[]
  counts: string | Uint8Array | number[] | Uint32Array
}

/** Larger runs do not fit the reference's compressed string. */
const MAX_COUNT = 2 ** 29

const encoder = new TextEncoder()

function countBytes(counts: RleObject['counts'], label: string): Uint8Array {
  if (typeof counts === 'string') return encoder.encode(counts)
  if (counts instanceof Uint8Array) return counts
  if (!Array.isArray(counts) && !(counts instanceof Uint32Array)) {
    throw new InputError(`${label}.counts: expected a string, its bytes, or a list of run lengths`)
  }
  const odd = counts.findIndex(count => !(Number.isInteger(count) && count >= 0 && count < MAX_COUNT))
  if (odd < 0) return encodeCounts(counts)
  throw new InputError(`${label}.counts[${odd}]: expected a whole number from 0, got ${counts[odd]}`)
}

/** A list of RLE objects as masks; `name` is what messages call the list. */
export function masksOf(rles: RleObject[], name: string): EncodedMasks {
  const masks = new MaskColumns()
  rles.forEach((rle, i) => {
    const label = `${name}[${i}]`
    const [height, width] = rle.size ?? []
    const valid = (side: number): boolean => Number.isInteger(side) && side >= 0
    if (!valid(height) || !valid(width) || height * width >= 2 ** 32) {
      throw new InputError(
        `${label}.size: expected [height, width] of less than 2^32 px, got ${JSON.stringify(rle.size)}`,
      )
    }
    const bytes = countBytes(rle.counts, label)
    masks.rle(bytes, 0, bytes.length, height, width)
  })
  return masks.select(Uint32Array.from(rles, (_, i) => i))
}
