import type { Dataset, Instances } from '../data/columns.js'
import type { ConfigDraft } from '../data/config.js'
import type { Cells } from '../data/evaluation.js'
import { sharedBytes } from '../data/shared.js'
import { type Selection, select } from './selection.js'

/** Evaluated rows of one side by image, in file order; those of an image are `offsets[image] .. offsets[image + 1]`. */
interface RowsByImage {
  rows: Int32Array
  offsets: Uint32Array
}

/**
 * The evaluated rows in one cell an image: every class, in file order, none of them cut. Images without either are
 * absent. Files mostly list their records by image; then nothing is sorted.
 */
export function groupByImage(dataset: Dataset, config: ConfigDraft): Cells {
  const selection = select(dataset, config)
  const imageCount = dataset.images.count
  const gt = rowsByImage(dataset.groundTruths, selection, imageCount)
  const dt = rowsByImage(dataset.detections, selection, imageCount)
  const images = occupiedImages(gt.offsets, dt.offsets)
  return {
    count: images.length,
    images,
    categories: int32s(images.length),
    gtOffsets: offsetsOf(images, gt.offsets),
    gtRows: gt.rows,
    dtOffsets: offsetsOf(images, dt.offsets),
    dtRows: dt.rows,
  }
}

/** In memory that threads see, as all columns of cells. */
const int32s = (length: number): Int32Array => new Int32Array(sharedBytes(4 * length).buffer)

function rowsByImage(
  { count, images, categories }: Pick<Instances, 'count' | 'images' | 'categories'>,
  chosen: Selection,
  imageCount: number,
): RowsByImage {
  const isWhole = !chosen.images.includes(0) && !chosen.categories.includes(0)
  const starts = isWhole ? startsOf(images, count, imageCount) : null
  if (starts) return { rows: everyRow(count), offsets: starts }
  const offsets = new Uint32Array(imageCount + 1)
  for (let row = 0; row < count; row++) {
    const image = images[row]
    if (chosen.images[image] === 1 && chosen.categories[categories[row]] === 1) offsets[image + 1]++
  }
  for (let image = 0; image < imageCount; image++) offsets[image + 1] += offsets[image]
  const rows = int32s(offsets[imageCount])
  const next = offsets.slice()
  for (let row = 0; row < count; row++) {
    const image = images[row]
    if (chosen.images[image] === 1 && chosen.categories[categories[row]] === 1) rows[next[image]++] = row
  }
  return { rows, offsets }
}

/** Where the rows of each image begin, and the end of the last; null where images do not ascend. */
function startsOf(images: Int32Array, count: number, imageCount: number): Uint32Array | null {
  const starts = new Uint32Array(imageCount + 1)
  let last = -1
  for (let row = 0; row < count; row++) {
    if (images[row] === last) continue
    if (images[row] < last) return null
    for (let image = last + 1; image <= images[row]; image++) starts[image] = row
    last = images[row]
  }
  return starts.fill(count, last + 1)
}

function everyRow(count: number): Int32Array {
  const rows = int32s(count)
  for (let row = 0; row < count; row++) rows[row] = row
  return rows
}

function occupiedImages(gtOffsets: Uint32Array, dtOffsets: Uint32Array): Int32Array {
  const images = int32s(gtOffsets.length - 1)
  let count = 0
  for (let image = 0; image < images.length; image++) {
    const isEmpty = gtOffsets[image + 1] === gtOffsets[image] && dtOffsets[image + 1] === dtOffsets[image]
    if (!isEmpty) images[count++] = image
  }
  return images.subarray(0, count)
}

/** Rows of images that are left out are none, so that one cell ends where the next begins. */
function offsetsOf(images: Int32Array, byImage: Uint32Array): Uint32Array {
  const offsets = new Uint32Array(sharedBytes(4 * images.length + 4).buffer)
  for (let cell = 0; cell < images.length; cell++) offsets[cell + 1] = byImage[images[cell] + 1]
  return offsets
}
