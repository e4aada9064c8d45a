/** The masks of one image as JSON that a page carries or asks a server for. */

import type { Dataset, Instances } from '../data/columns.js'
import type { ConfigDraft } from '../data/config.js'
import { type EncodedMasks, heightOf, MASK_RLE, rleBytesOf, widthOf } from '../data/masks.js'
import { appendMask } from '../geometry/encoded.js'
import { appendRle, encodeSpans } from '../geometry/rle.js'
import { SpanBuffer, type Spans } from '../geometry/spans.js'
import { firstRows } from '../matching/buffers.js'
import { select } from '../matching/selection.js'

/** Compressed RLE strings by row of the scene, and the [height, width] in px that they are of. */
export interface ImageMasks {
  size: [number, number]
  gts: [row: number, rle: string][]
  dts: [row: number, rle: string][]
}

/** Rows of the dataset by row of its scene. */
export interface SceneRows {
  gts: Int32Array
  dts: Int32Array
}

/** What the masks of a scene are made of: plain data, which threads can share. */
export interface MaskSource {
  shapes: Record<'groundTruths' | 'detections', Pick<Instances, 'masks'>>
  rows: SceneRows
}

/** Rows of the scene, all of one image. */
export interface MaskRows {
  gts: Int32Array
  dts: Int32Array
}

export function sceneRows(dataset: Dataset, config: ConfigDraft): SceneRows {
  const { images, categories } = select(dataset, config)
  return {
    gts: chosenRows(dataset.groundTruths, images, categories),
    dts: chosenRows(dataset.detections, images, categories),
  }
}

function chosenRows(instances: Instances, images: Uint8Array, categories: Uint8Array): Int32Array {
  if (!images.includes(0) && !categories.includes(0)) return firstRows(instances.count)
  const rows = new Int32Array(instances.count)
  let count = 0
  for (let row = 0; row < instances.count; row++) {
    if (images[instances.images[row]] === 1 && categories[instances.categories[row]] === 1)
      rows[count++] = row
  }
  return rows.slice(0, count)
}

/** Masks of these rows of the scene; all of one image. Empty ones, and those of a box run, are left out. */
export function imageMasks(
  { groundTruths, detections }: MaskSource['shapes'],
  rows: SceneRows,
  gts: ArrayLike<number>,
  dts: ArrayLike<number>,
): ImageMasks {
  const masks: ImageMasks = { size: [0, 0], gts: [], dts: [] }
  const add = (to: [number, string][], from: EncodedMasks | null, at: Int32Array, of: ArrayLike<number>) => {
    if (!from) return
    for (const row of Array.from(of)) {
      const mask = at[row]
      const size: [number, number] = [heightOf(from, mask), widthOf(from, mask)]
      if (size[0] * size[1] === 0) continue
      masks.size = size
      to.push([row, rleText(from, mask)])
    }
  }
  add(masks.gts, groundTruths.masks, rows.gts, gts)
  add(masks.dts, detections.masks, rows.dts, dts)
  return masks
}

const encoder = new TextEncoder()

/** The masks of an image as the bytes of a page's block. */
export const maskBytes = ({ shapes, rows }: MaskSource, { gts, dts }: MaskRows): Uint8Array =>
  encoder.encode(JSON.stringify(imageMasks(shapes, rows, gts, dts)))

const ascii = new TextDecoder('latin1')

/** The compressed RLE of a mask; polygons are rasterised. Fails with MaskError where it cannot be decoded. */
function rleText(masks: EncodedMasks, row: number): string {
  // A copy: decoders refuse shared memory.
  if (masks.kinds[row] === MASK_RLE) return ascii.decode(rleBytesOf(masks, row).slice())
  const buffer = new SpanBuffer()
  appendMask(masks, row, buffer)
  const spans = buffer.values.subarray(0, buffer.length)
  return ascii.decode(encodeSpans(spans, heightOf(masks, row) * widthOf(masks, row)))
}

/** The spans of a compressed RLE; null where it is not one of `pixels`. */
export function spansOf(rle: string, pixels: number): Spans | null {
  const buffer = new SpanBuffer()
  const bytes = Uint8Array.from(rle, character => character.charCodeAt(0))
  try {
    appendRle(bytes, 0, bytes.length, pixels, buffer)
  } catch {
    return null
  }
  return buffer.values.slice(0, buffer.length)
}
