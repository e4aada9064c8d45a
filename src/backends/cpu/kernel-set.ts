import type { EncodedMasks } from '../../data/masks.js'
import { inBlocks } from '../../data/wasm.js'
import { appendMask } from '../../geometry/encoded.js'
import { SpanBuffer, spanArea, spanBounds } from '../../geometry/spans.js'
import type { MaskSet, Pairs } from '../backend.js'
import { FULL, type MaskKernel, UNUSUAL } from './kernel.js'
import { copyPolygons, findPolygons } from './polygons.js'
import { copyStrings, findStrings, roomFor, type Strings } from './strings.js'

interface Block {
  at: number
  bytes: number
}

/** Polygons are given this much for each point; they get more when that is not enough. */
const MASK_BYTES_PER_POINT = 64
const SPARE_BYTES = 4096
/** Better code, which V8 makes meanwhile, is only put to use by the next call. */
const MASKS_PER_CALL = 2048
const PAIRS_PER_CALL = 4096

/** At most this much for strings: a span, or a column's word, takes two characters or more and 8 bytes. */
const expandedBytes = (characters: number, strings: number): number => 4 * characters + 8 * strings

/** Masks in the kernel's memory: strings as they stand, polygons as words or spans (kernels/masks.ts). */
export class KernelMaskSet implements MaskSet {
  readonly count: number
  readonly areaPx: Uint32Array
  readonly bounds: Uint32Array
  readonly #kernel: MaskKernel
  readonly #blocks: Block[] = []
  readonly #strings: Strings
  #masks: Block = { at: 0, bytes: 0 }
  /** Where strings that took part in a pair are written out, and where they end so far. */
  #arena: Block | null = null
  #arenaEnd = 0
  /** Addresses of: each string's ends, each mask's ends, its words' first row, height and width, bounds. */
  readonly #starts: number
  readonly #ranges: number
  readonly #bases: number
  readonly #sizes: number
  readonly #bounds: number
  /** Address of these addresses. */
  readonly #columns: number

  constructor(kernel: MaskKernel, masks: EncodedMasks, rows: Uint32Array) {
    const n = rows.length
    this.#kernel = kernel
    this.count = n
    this.#strings = findStrings(masks, rows)
    try {
      this.#starts = this.#take(8 * n).at
      this.#ranges = this.#take(8 * n).at
      this.#bases = this.#take(4 * n).at
      this.#sizes = this.#take(8 * n).at
      this.#bounds = this.#take(16 * n).at
      const columns = [this.#starts, this.#ranges, this.#bases, this.#sizes, this.#bounds]
      this.#columns = this.#take(4 * columns.length).at
      kernel.u32(this.#columns, columns.length).set(columns)
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
    const polygons = findPolygons(masks, rows)
    const kinds = this.#take(rows.length)
    const bytes = this.#take(roomFor(this.#strings))
    const offsets = this.#take(4 * polygons.offsetCount)
    const points = this.#take(16 * polygons.pointCount)
    this.#masks = this.#take(MASK_BYTES_PER_POINT * polygons.pointCount + SPARE_BYTES)
    this.#gather(masks, rows, kinds.at, bytes.at)
    const from = copyPolygons(masks, rows, polygons, kernel, {
      offsets: offsets.at,
      points: points.at,
      starts: this.#starts,
    })
    let end = this.#masks.at
    for (let row = 0; row < rows.length; ) {
      const { at, bytes: room } = this.#masks
      row = kernel.exports.decode(
        row,
        Math.min(rows.length, row + MASKS_PER_CALL),
        kinds.at,
        this.#sizes,
        this.#starts,
        from.offsets,
        from.points,
        end,
        at + room,
        this.#ranges,
        this.#bases,
        areas,
        this.#bounds,
      )
      end = kernel.exports.masksEnd.value >>> 0
      const status = kernel.exports.status.value
      if (status === FULL) end = this.#enlarge(end, row)
      else if (status === UNUSUAL) {
        end = this.#decodeByTwin(masks, rows[row], row, end, areas)
        row++
      }
    }
    for (const block of [kinds, offsets, points]) this.#release(block)
    const used = end - this.#masks.at
    kernel.heap.shrink(this.#masks.at, this.#masks.bytes, used)
    this.#masks.bytes = used
  }

  /** Copies the strings, and what is known of each mask. */
  #gather(masks: EncodedMasks, rows: Uint32Array, kindsAt: number, bytesAt: number): void {
    const kernel = this.#kernel
    const memory = new Uint8Array(kernel.heap.memory.buffer)
    const kinds = kernel.u8(kindsAt, rows.length)
    const sizes = kernel.u32(this.#sizes, 2 * rows.length)
    copyStrings(masks, rows, this.#strings, memory, bytesAt, kernel.u32(this.#starts, 2 * rows.length))
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]
      kinds[i] = masks.kinds[row]
      sizes[2 * i] = masks.sizes[2 * row]
      sizes[2 * i + 1] = masks.sizes[2 * row + 1]
    }
  }

  /** Moves the masks to a block of twice the size; returns where they end there. `rows` masks have been decoded. */
  #enlarge(end: number, rows: number): number {
    const old = this.#masks
    const larger = this.#take(2 * old.bytes)
    const used = end - old.at
    this.#kernel.u8(larger.at, used).set(this.#kernel.u8(old.at, used))
    const ranges = this.#kernel.u32(this.#ranges, 2 * rows)
    for (let i = 0; i < ranges.length; i++) if (ranges[i] > 0) ranges[i] += larger.at - old.at
    this.#masks = larger
    this.#release(old)
    return larger.at + used
  }

  /** A mask that the kernel left: the twin decodes it or says what is wrong with it. */
  #decodeByTwin(masks: EncodedMasks, maskRow: number, row: number, from: number, areas: number): number {
    const buffer = new SpanBuffer()
    appendMask(masks, maskRow, buffer)
    let end = from
    while (end + 4 * buffer.length > this.#masks.at + this.#masks.bytes) end = this.#enlarge(end, row)
    const kernel = this.#kernel
    kernel.u32(end, buffer.length).set(buffer.values.subarray(0, buffer.length))
    kernel.u32(this.#ranges, 2 * this.count).set([end, end + 4 * buffer.length], 2 * row)
    kernel.i32(this.#bases, this.count)[row] = -1
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
    const scratch = this.#take(expandedBytes(this.#strings.longest, 1))
    let end = other.#expandedEnd()
    kernel.u32(dts.at, n).set(pairs.dt)
    kernel.u32(gts.at, n).set(pairs.gt)
    const both = [this.#columns, other.#columns]
    inBlocks(
      n,
      (from, to) => {
        const columns = [dts, gts, shared].map(({ at }) => at + 4 * from)
        end = kernel.exports.intersect(to - from, ...columns, scratch.at, end, ...both)
      },
      PAIRS_PER_CALL,
    )
    other.#arenaEnd = end
    const result = kernel.u32(shared.at, n).slice()
    for (const block of [dts, gts, shared, scratch]) this.#release(block)
    return result
  }

  /** Where further strings go: there is room for all. */
  #expandedEnd(): number {
    if (!this.#arena) {
      this.#arena = this.#take(expandedBytes(this.#strings.total, this.#strings.count))
      this.#arenaEnd = this.#arena.at
    }
    return this.#arenaEnd
  }

  free(): void {
    while (this.#blocks.length > 0) this.#release(this.#blocks[0])
  }
}
