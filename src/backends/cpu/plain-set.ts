import { type EncodedMasks, heightOf, MASK_RLE, widthOf } from '../../data/masks.js'
import { appendMask } from '../../geometry/encoded.js'
import { SpanBuffer, sharedPixels, spanArea, spanBounds } from '../../geometry/spans.js'
import type { MaskSet, Pairs } from '../backend.js'

/** Room for the spans of the RLE masks: a count takes a character or more. */
function spansOfRle(masks: EncodedMasks, rows: Uint32Array): number {
  let room = 0
  for (const row of rows) if (masks.kinds[row] === MASK_RLE) room += masks.lengths[row] + 1
  return room
}

/** Masks as spans in typed arrays. */
export class PlainMaskSet implements MaskSet {
  readonly count: number
  readonly areaPx: Uint32Array
  readonly bounds: Uint32Array
  #sizes: Uint32Array
  #spans: Uint32Array
  /** [mask + 1] into #spans. */
  #offsets: Uint32Array

  constructor(masks: EncodedMasks, rows: Uint32Array) {
    this.count = rows.length
    this.areaPx = new Uint32Array(rows.length)
    this.bounds = new Uint32Array(4 * rows.length)
    this.#sizes = new Uint32Array(2 * rows.length)
    this.#offsets = new Uint32Array(rows.length + 1)
    const buffer = new SpanBuffer(spansOfRle(masks, rows))
    for (let i = 0; i < rows.length; i++) {
      const from = buffer.length
      appendMask(masks, rows[i], buffer)
      this.#offsets[i + 1] = buffer.length
      this.areaPx[i] = spanArea(buffer.values, from, buffer.length)
      const height = heightOf(masks, rows[i])
      spanBounds(buffer.values, from, buffer.length, height, this.bounds, 4 * i)
      this.#sizes[2 * i] = height
      this.#sizes[2 * i + 1] = widthOf(masks, rows[i])
    }
    this.#spans = buffer.values
  }

  async intersect(other: MaskSet, pairs: Pairs): Promise<Uint32Array> {
    if (!(other instanceof PlainMaskSet)) throw new TypeError('both mask sets must be of one backend')
    const shared = new Uint32Array(pairs.dt.length)
    for (let p = 0; p < shared.length; p++) shared[p] = this.#shared(pairs.dt[p], other, pairs.gt[p])
    return shared
  }

  #shared(d: number, other: PlainMaskSet, g: number): number {
    const height = this.#sizes[2 * d]
    if (height !== other.#sizes[2 * g] || this.#sizes[2 * d + 1] !== other.#sizes[2 * g + 1]) return 0
    const x0 = Math.max(this.bounds[4 * d], other.bounds[4 * g])
    const x1 = Math.min(this.bounds[4 * d + 2], other.bounds[4 * g + 2])
    return sharedPixels(
      this.#spans,
      this.#offsets[d],
      this.#offsets[d + 1],
      other.#spans,
      other.#offsets[g],
      other.#offsets[g + 1],
      x0 * height,
      x1 * height,
    )
  }

  free(): void {
    this.#spans = new Uint32Array(0)
    this.#offsets = new Uint32Array(0)
  }
}
