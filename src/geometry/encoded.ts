import { type EncodedMasks, heightOf, MASK_RLE, pointsOf, widthOf } from '../data/masks.js'
import { MaskError } from '../errors.js'
import { rasterizeParts } from './polygons.js'
import { appendRle, RleFault } from './rle.js'
import { SpanBuffer, spanArea, spanBounds } from './spans.js'

/** Appends the spans of mask `row`. Fails with MaskError where it cannot be decoded. */
export function appendMask(masks: EncodedMasks, row: number, into: SpanBuffer): void {
  const height = heightOf(masks, row)
  const width = widthOf(masks, row)
  const start = masks.starts[row]
  const end = start + masks.lengths[row]
  if (masks.kinds[row] !== MASK_RLE) {
    const first = masks.partOffsets[start]
    const points = pointsOf(masks.points, first, masks.partOffsets[end])
    const offsets = masks.partOffsets.slice(start, end + 1).map(offset => offset - first)
    into.append(rasterizeParts(points, offsets, height, width))
    return
  }
  try {
    appendRle(masks.chunks[masks.chunk[row]], start, end, height * width, into)
  } catch (fault) {
    if (fault instanceof RleFault) throw new MaskError(masks, row, fault.message)
    throw fault
  }
}

/** Pixels of mask `row`, and its bounds (x0 y0 x1 y1 px, half-open, 0 when empty) written to `bounds` at `at`. */
export function measureMask(masks: EncodedMasks, row: number, bounds: Uint32Array, at = 0): number {
  const buffer = new SpanBuffer()
  appendMask(masks, row, buffer)
  bounds.fill(0, at, at + 4)
  spanBounds(buffer.values, 0, buffer.length, heightOf(masks, row), bounds, at)
  return spanArea(buffer.values, 0, buffer.length)
}
