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
  points: Points
}

/** Points of polygons in pieces, one after another; those of a mask never lie in two. */
export interface Points {
  /** x, y in px, [point, 2]. */
  pieces: Float64Array[]
  /** The first point of each piece, ascending. */
  starts: number[]
}

/** Points that stand in one array. */
export const pointsIn = (values: Float64Array): Points => ({ pieces: [values], starts: [0] })

/** The row of the piece that holds `point`: the last that begins there or before and is not empty. */
function pieceWith({ starts }: Points, point: number): number {
  let low = 0
  for (let high = starts.length; high - low > 1; ) {
    const middle = (low + high) >>> 1
    if (starts[middle] <= point) low = middle
    else high = middle
  }
  return low
}

/** The points `from .. to` of one mask: a view. */
export function pointsOf(points: Points, from: number, to: number): Float64Array {
  const piece = pieceWith(points, from)
  const start = points.starts[piece]
  return points.pieces[piece].subarray(2 * (from - start), 2 * (to - start))
}

/** Copies the points `from .. to`, of any masks, to `out`. */
export function copyPoints(points: Points, from: number, to: number, out: Float64Array): void {
  const { pieces, starts } = points
  for (let piece = pieceWith(points, from), at = from; at < to; piece++) {
    const end = Math.min(to, starts[piece] + pieces[piece].length / 2)
    out.set(pieces[piece].subarray(2 * (at - starts[piece]), 2 * (end - starts[piece])), 2 * (at - from))
    at = end
  }
}

/** The bytes of RLE mask i: a view, not a copy. */
export const rleBytesOf = (masks: EncodedMasks, i: number): Uint8Array =>
  masks.chunks[masks.chunk[i]].subarray(masks.starts[i], masks.starts[i] + masks.lengths[i])

export const heightOf = (masks: EncodedMasks, i: number): number => masks.sizes[2 * i]
export const widthOf = (masks: EncodedMasks, i: number): number => masks.sizes[2 * i + 1]
