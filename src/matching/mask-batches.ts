import type { Dataset, Instances } from '../data/columns.js'
import type { Cells } from '../data/evaluation.js'
import { heightOf, widthOf } from '../data/masks.js'
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
  /** Bytes of the full-frame bit maps of the image's masks, [image]. */
  weights: Float64Array
}

export function planImages(dataset: Dataset, cells: Cells): ImagePlan {
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
        weightOf(dataset.groundTruths, cells.gtRows, cells.gtOffsets[cell], cells.gtOffsets[cell + 1]) +
        weightOf(dataset.detections, cells.dtRows, cells.dtOffsets[cell], cells.dtOffsets[cell + 1])
    }
  }
  return { count, cells: order, offsets, weights }
}

function weightOf({ masks }: Instances, rows: Int32Array, from: number, to: number): number {
  if (masks === null) throw new Error('mask overlaps need masks')
  let bytes = 0
  for (let i = from; i < to; i++) {
    bytes += Math.ceil(heightOf(masks, rows[i]) / 32) * 4 * widthOf(masks, rows[i])
  }
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
