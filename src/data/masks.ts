/** How a mask is stated in its file. */
export const MASK_RLE = 0
export const MASK_POLYGONS = 1

/**
 * Masks as their files state them; nothing is decoded.
 *
 * A mask of kind MASK_RLE is a COCO compressed RLE string (ASCII 48 to 111) of `lengths[i]` bytes at
 * `chunks[chunk[i]][starts[i]]`. A mask of kind MASK_POLYGONS is the union of the parts
 * `starts[i] .. starts[i] + lengths[i]`, part p being the points `partOffsets[p] .. partOffsets[p + 1]`.
 */
export interface EncodedMasks {
  /** Number of masks. */
  count: number
  /** MASK_RLE or MASK_POLYGONS, [mask]. */
  kinds: Uint8Array
  /** [mask, 2]: height, width in px. */
  sizes: Uint32Array
  /** RLE: row in `chunks`, [mask]. */
  chunk: Uint32Array
  /** RLE: first byte in the chunk; polygons: first part. [mask] */
  starts: Uint32Array
  /** RLE: number of bytes; polygons: number of parts. [mask] */
  lengths: Uint32Array
  /** Bytes that hold the RLE strings. */
  chunks: Uint8Array[]
  /** In points, [parts + 1]. */
  partOffsets: Uint32Array
  /** x, y in px, [point, 2]. */
  points: Float64Array
}

/** The bytes of RLE mask i: a view, not a copy. */
export const rleBytesOf = (masks: EncodedMasks, i: number): Uint8Array =>
  masks.chunks[masks.chunk[i]].subarray(masks.starts[i], masks.starts[i] + masks.lengths[i])

export const heightOf = (masks: EncodedMasks, i: number): number => masks.sizes[2 * i]
export const widthOf = (masks: EncodedMasks, i: number): number => masks.sizes[2 * i + 1]
