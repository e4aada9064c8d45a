import { copyPoints, type EncodedMasks, MASK_RLE } from '../../data/masks.js'
import type { MaskKernel } from './kernel.js'

/** The stretch is copied whole where no more than this many times the points of the polygons lie in it. */
const MAX_SPARSENESS = 2

/** Where the polygons of a batch lie in their columns. */
export interface Polygons {
  /** Whether all from the first part to the last are copied at once, instead of polygon by polygon. */
  whole: boolean
  /** The first part of any polygon, and its first point; 0 unless copied whole. */
  firstPart: number
  firstPoint: number
  /** Offsets of parts, and points, that `copyPolygons` copies. */
  offsetCount: number
  pointCount: number
}

/** Looks at the polygons among the masks `rows`. */
export function findPolygons(masks: EncodedMasks, rows: Uint32Array): Polygons {
  const { kinds, starts, lengths, partOffsets } = masks
  let [polygons, parts, points] = [0, 0, 0]
  let [first, last] = [Number.POSITIVE_INFINITY, 0]
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    if (kinds[row] === MASK_RLE) continue
    const start = starts[row]
    const end = start + lengths[row]
    if (start < first) first = start
    if (end > last) last = end
    polygons++
    parts += lengths[row]
    points += partOffsets[end] - partOffsets[start]
  }
  if (polygons === 0) return { whole: false, firstPart: 0, firstPoint: 0, offsetCount: 0, pointCount: 0 }
  const stretch = partOffsets[last] - partOffsets[first]
  if (stretch > MAX_SPARSENESS * points || last - first > MAX_SPARSENESS * parts) {
    return { whole: false, firstPart: 0, firstPoint: 0, offsetCount: parts + polygons, pointCount: points }
  }
  return {
    whole: true,
    firstPart: first,
    firstPoint: partOffsets[first],
    offsetCount: last - first + 1,
    pointCount: stretch,
  }
}

interface Addresses {
  offsets: number
  points: number
}

/**
 * Copies what `findPolygons` found to the kernel's memory and writes each polygon's first part and the one behind its
 * last to `starts`, [mask, 2]. Returns the addresses of part 0 and point 0, which may not be there.
 */
export function copyPolygons(
  masks: EncodedMasks,
  rows: Uint32Array,
  polygons: Polygons,
  kernel: MaskKernel,
  to: Addresses & { starts: number },
): Addresses {
  const { firstPart, firstPoint, offsetCount, pointCount } = polygons
  const starts = kernel.u32(to.starts, 2 * rows.length)
  const offsets = kernel.u32(to.offsets, offsetCount)
  const points = kernel.f64(to.points, 2 * pointCount)
  if (!polygons.whole) {
    copyEach(masks, rows, starts, offsets, points)
    return to
  }
  offsets.set(masks.partOffsets.subarray(firstPart, firstPart + offsetCount))
  copyPoints(masks.points, firstPoint, firstPoint + pointCount, points)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    if (masks.kinds[row] === MASK_RLE) continue
    starts[2 * i] = masks.starts[row]
    starts[2 * i + 1] = masks.starts[row] + masks.lengths[row]
  }
  return { offsets: to.offsets - 4 * firstPart, points: to.points - 16 * firstPoint }
}

function copyEach(
  masks: EncodedMasks,
  rows: Uint32Array,
  starts: Uint32Array,
  offsets: Uint32Array,
  points: Float64Array,
): void {
  let [part, point] = [0, 0]
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    if (masks.kinds[row] === MASK_RLE) continue
    const start = masks.starts[row]
    const end = start + masks.lengths[row]
    starts[2 * i] = part
    starts[2 * i + 1] = part + masks.lengths[row]
    const first = masks.partOffsets[start]
    for (let p = start; p <= end; p++) offsets[part++] = point + masks.partOffsets[p] - first
    const last = masks.partOffsets[end]
    copyPoints(masks.points, first, last, points.subarray(2 * point))
    point += last - first
  }
}
