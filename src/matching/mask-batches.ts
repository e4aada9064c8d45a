import type { Dataset, Instances } from '../data/columns.js'
import type { Cells } from '../data/evaluation.js'
import { type EncodedMasks, heightOf, MASK_RLE, widthOf } from '../data/masks.js'
import { cellsByImage } from './cells.js'

/** Images `from .. to` of an `ImagePlan`. */
export interface Batch {
  from: number
  to: number
}

/** The cells of a run by image, ascending. Only images that have a cell take part; they are counted from 0. */
export interface ImagePlan {
  count: number
  /** Cells by image, then by category. */
  cells: Int32Array
  /** Into `cells`, [image + 1]. */
  offsets: Uint32Array
  /** Bytes that the image's masks take, [image]. */
  weights: Float64Array
  /** Pairs intersected in one call, about; absent for the usual number. */
  pairsPerCall?: number
}

/** Bytes of the full-frame bit map of a mask, as a GPU may need. */
export const frameBytes = (masks: EncodedMasks, row: number): number =>
  Math.ceil(heightOf(masks, row) / 32) * 4 * widthOf(masks, row)

/** What is kept of every mask: its ends, size, bounds, area. */
const MASK_BYTES = 64
/** Of a string's character: itself, and its share of a span. Of a polygon's point: itself and its share of spans. */
const CHARACTER_BYTES = 5
const POINT_BYTES = 96

/** About what the CPU backend needs for a mask: its text and its spans, of which a column has one or more. */
export function spanBytes(masks: EncodedMasks, row: number): number {
  const length = masks.lengths[row]
  if (masks.kinds[row] === MASK_RLE) return MASK_BYTES + CHARACTER_BYTES * length
  const start = masks.starts[row]
  const points = masks.partOffsets[start + length] - masks.partOffsets[start]
  return MASK_BYTES + POINT_BYTES * points + 8 * widthOf(masks, row)
}

/** `bytesOf` weighs a mask. */
export function planImages(dataset: Dataset, cells: Cells, bytesOf = frameBytes): ImagePlan {
  const order = cellsByImage(cells, { from: 0, to: cells.count })
  const starts: number[] = []
  for (let i = 0; i < order.length; i++) {
    if (i === 0 || cells.images[order[i]] !== cells.images[order[i - 1]]) starts.push(i)
  }
  const count = starts.length
  const offsets = Uint32Array.from([...starts, order.length])
  const weights = new Float64Array(count)
  for (let image = 0; image < count; image++) {
    for (let i = offsets[image]; i < offsets[image + 1]; i++) {
      const cell = order[i]
      weights[image] +=
        weightOf(dataset.groundTruths, cells.gtRows, cells.gtOffsets, cell, bytesOf) +
        weightOf(dataset.detections, cells.dtRows, cells.dtOffsets, cell, bytesOf)
    }
  }
  return { count, cells: order, offsets, weights }
}

function weightOf(
  { masks }: Instances,
  rows: Int32Array,
  offsets: Uint32Array,
  cell: number,
  bytesOf: typeof frameBytes,
): number {
  if (masks === null) throw new Error('mask overlaps need masks')
  const [first, end] = [offsets[cell], offsets[cell + 1]]
  // Masks of an image have its size.
  if (bytesOf === frameBytes) return first < end ? (end - first) * frameBytes(masks, rows[first]) : 0
  let bytes = 0
  for (let i = first; i < end; i++) bytes += bytesOf(masks, rows[i])
  return bytes
}

/** The batch that starts at image `from`: as many images as weigh at most `limitBytes`, at least one. */
export function cutBatch(plan: ImagePlan, from: number, limitBytes: number): Batch {
  let to = from + 1
  let bytes = plan.weights[from]
  while (to < plan.count && bytes + plan.weights[to] <= limitBytes) bytes += plan.weights[to++]
  return { from, to }
}

/** The two halves of a batch of several images. */
export function halve({ from, to }: Batch): [Batch, Batch] {
  const middle = (from + to) >>> 1
  return [
    { from, to: middle },
    { from: middle, to },
  ]
}
