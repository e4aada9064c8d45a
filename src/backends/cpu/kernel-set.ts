import { type EncodedMasks, MASK_RLE } from '../../data/masks.js'
import { appendMask } from '../../geometry/encoded.js'
import { SpanBuffer, spanArea, spanBounds } from '../../geometry/spans.js'
import type { MaskSet, Pairs } from '../backend.js'
import { FULL, type MaskKernel, UNUSUAL } from './kernel.js'
import { copyStrings, findStrings, roomFor, type Strings } from './strings.js'

interface Block {
  at: number
  bytes: number
}

/** Polygons are given this much for the spans of a point; they get more when that is not enough. */
const SPAN_BYTES_PER_POINT = 64
const SPARE_BYTES = 4096

/** At most this much for the spans of strings: a span takes two characters or more and 8 bytes. */
const spanBytes = (characters: number, strings: number): number => 4 * characters + 8 * strings

/** Masks in the kernel's memory: strings as they stand, of polygons the spans. */
export class KernelMaskSet implements MaskSet {
  readonly count: number
  readonly areaPx: Uint32Array
  readonly bounds: Uint32Array
  readonly #kernel: MaskKernel
  readonly #blocks: Block[] = []
  readonly #strings: Strings
  #spans: Block = { at: 0, bytes: 0 }
  /** Where the spans of strings that took part in a pair lie, and where they end so far. */
  #arena: Block | null = null
  #arenaEnd = 0
  /** Addresses of: each string's ends, each mask's spans' ends, height and width, bounds. */
  readonly #starts: number
  readonly #ranges: number
  readonly #sizes: number
  readonly #bounds: number

  constructor(kernel: MaskKernel, masks: EncodedMasks, rows: Uint32Array) {
    const n = rows.length
    this.#kernel = kernel
    this.count = n
    this.#strings = findStrings(masks, rows)
    try {
      this.#starts = this.#take(8 * n).at
      this.#ranges = this.#take(8 * n).at
      this.#sizes = this.#take(8 * n).at
      this.#bounds = this.#take(16 * n).at
      const areas = this.#take(4 * n)
      this.#decode(masks, rows, areas.at)
      this.areaPx = kernel.u32(areas.at, n).slice()
      this.bounds = kernel.u32(this.#bounds, 4 * n).slice()
      this.#release(areas)
    } catch (error) {
      this.free()
      throw error
    }
  }

  #take(bytes: number): Block {
    const block = { at: this.#kernel.heap.take(bytes), bytes }
    this.#blocks.push(block)
    return block
  }

  #release(block: Block): void {
    this.#blocks.splice(this.#blocks.indexOf(block), 1)
    this.#kernel.heap.release(block.at, block.bytes)
  }

  #decode(masks: EncodedMasks, rows: Uint32Array, areas: number): void {
    const kernel = this.#kernel
    const { parts, points: pointCount } = countPolygons(masks, rows)
    const kinds = this.#take(rows.length)
    const bytes = this.#take(roomFor(this.#strings))
    const partOffsets = this.#take(4 * (parts + 1))
    const points = this.#take(16 * pointCount)
    this.#spans = this.#take(SPAN_BYTES_PER_POINT * pointCount + SPARE_BYTES)
    this.#gather(masks, rows, kinds.at, bytes.at, partOffsets.at, points.at)
    let end = this.#spans.at
    for (let row = 0; row < rows.length; ) {
      const { at: spans, bytes: room } = this.#spans
      row = kernel.exports.decode(
        row,
        rows.length,
        kinds.at,
        this.#sizes,
        this.#starts,
        partOffsets.at,
        points.at,
        end,
        spans + room,
        this.#ranges,
        areas,
        this.#bounds,
      )
      end = kernel.exports.spansEnd.value >>> 0
      const status = kernel.exports.status.value
      if (status === FULL) end = this.#enlarge(end, row)
      else if (status === UNUSUAL) {
        end = this.#decodeByTwin(masks, rows[row], row, end, areas)
        row++
      }
    }
    for (const block of [kinds, partOffsets, points]) this.#release(block)
    const used = end - this.#spans.at
    kernel.heap.shrink(this.#spans.at, this.#spans.bytes, used)
    this.#spans.bytes = used
  }

  /** Copies what is decoded from. */
  #gather(
    masks: EncodedMasks,
    rows: Uint32Array,
    kindsAt: number,
    bytesAt: number,
    partOffsetsAt: number,
    pointsAt: number,
  ): void {
    const kernel = this.#kernel
    const memory = new Uint8Array(kernel.heap.memory.buffer)
    const kinds = kernel.u8(kindsAt, rows.length)
    const sizes = kernel.u32(this.#sizes, 2 * rows.length)
    const starts = kernel.u32(this.#starts, 2 * rows.length)
    copyStrings(masks, rows, this.#strings, memory, bytesAt, starts)
    let [part, point] = [0, 0]
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]
      kinds[i] = masks.kinds[row]
      sizes[2 * i] = masks.sizes[2 * row]
      sizes[2 * i + 1] = masks.sizes[2 * row + 1]
      if (masks.kinds[row] === MASK_RLE) continue
      const start = masks.starts[row]
      const length = masks.lengths[row]
      starts[2 * i] = part
      const offsets = kernel.u32(partOffsetsAt + 4 * part, length + 1)
      const first = masks.partOffsets[start]
      for (let p = 0; p <= length; p++) offsets[p] = point + masks.partOffsets[start + p] - first
      const last = masks.partOffsets[start + length]
      kernel.f64(pointsAt + 16 * point, 2 * (last - first)).set(masks.points.subarray(2 * first, 2 * last))
      point += last - first
      part += length
      starts[2 * i + 1] = part
    }
  }

  /** Moves the spans to a block of twice the size; returns where they end there. `rows` masks have been decoded. */
  #enlarge(end: number, rows: number): number {
    const old = this.#spans
    const larger = this.#take(2 * old.bytes)
    const used = end - old.at
    this.#kernel.u8(larger.at, used).set(this.#kernel.u8(old.at, used))
    const ranges = this.#kernel.u32(this.#ranges, 2 * rows)
    for (let i = 0; i < ranges.length; i++) if (ranges[i] > 0) ranges[i] += larger.at - old.at
    this.#spans = larger
    this.#release(old)
    return larger.at + used
  }

  /** A mask that the kernel left: the twin decodes it or says what is wrong with it. */
  #decodeByTwin(masks: EncodedMasks, maskRow: number, row: number, from: number, areas: number): number {
    const buffer = new SpanBuffer()
    appendMask(masks, maskRow, buffer)
    let end = from
    while (end + 4 * buffer.length > this.#spans.at + this.#spans.bytes) end = this.#enlarge(end, row)
    const kernel = this.#kernel
    kernel.u32(end, buffer.length).set(buffer.values.subarray(0, buffer.length))
    kernel.u32(this.#ranges, 2 * this.count).set([end, end + 4 * buffer.length], 2 * row)
    end += 4 * buffer.length
    kernel.u32(areas, this.count)[row] = spanArea(buffer.values, 0, buffer.length)
    const bounds = kernel.u32(this.#bounds, 4 * this.count)
    bounds.fill(0, 4 * row, 4 * row + 4)
    spanBounds(buffer.values, 0, buffer.length, masks.sizes[2 * maskRow], bounds, 4 * row)
    return end
  }

  async intersect(other: MaskSet, pairs: Pairs): Promise<Uint32Array> {
    const kernel = this.#kernel
    if (!(other instanceof KernelMaskSet) || other.#kernel !== kernel) {
      throw new TypeError('both mask sets must be of one backend')
    }
    const n = pairs.dt.length
    const [dts, gts, shared] = [0, 1, 2].map(() => this.#take(4 * n))
    const scratch = this.#take(spanBytes(this.#strings.longest, 1))
    const arena = other.#spansEnd()
    kernel.u32(dts.at, n).set(pairs.dt)
    kernel.u32(gts.at, n).set(pairs.gt)
    const addresses = (set: KernelMaskSet): number[] => [set.#starts, set.#ranges, set.#sizes, set.#bounds]
    const both = [...addresses(this), ...addresses(other)]
    other.#arenaEnd = kernel.exports.intersect(n, dts.at, gts.at, shared.at, scratch.at, arena, ...both)
    const result = kernel.u32(shared.at, n).slice()
    for (const block of [dts, gts, shared, scratch]) this.#release(block)
    return result
  }

  /** Where the spans of further strings go: there is room for all. */
  #spansEnd(): number {
    if (!this.#arena) {
      this.#arena = this.#take(spanBytes(this.#strings.total, this.#strings.count))
      this.#arenaEnd = this.#arena.at
    }
    return this.#arenaEnd
  }

  free(): void {
    while (this.#blocks.length > 0) this.#release(this.#blocks[0])
  }
}

/** Parts and points of the polygons among the masks `rows`. */
function countPolygons(masks: EncodedMasks, rows: Uint32Array): { parts: number; points: number } {
  let [parts, points] = [0, 0]
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    if (masks.kinds[row] === MASK_RLE) continue
    const start = masks.starts[row]
    parts += masks.lengths[row]
    points += masks.partOffsets[start + masks.lengths[row]] - masks.partOffsets[start]
  }
  return { parts, points }
}
