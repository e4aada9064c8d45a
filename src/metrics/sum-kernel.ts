import { Arena, compileKernel, inBlocks, instantiate } from '../data/wasm.js'
import { sumsWasm } from './sums.generated.js'

/** What kernels/sums.ts exports; arguments are addresses and counts. */
interface SumExports {
  tally(from: number, to: number, ...columns: number[]): void
  collectAll(count: number, ...columns: number[]): number
  collect(from: number, to: number, ...columns: number[]): number
  freeFrom: WebAssembly.Global
}

/** With more rows JavaScript gets warm, and copies of the columns take much memory. */
const MOST_ROWS = 1 << 22

/** Counts rows by image in WebAssembly, in a memory that it borrows: columns must stay as they are while it is in use. */
export class SumKernel {
  readonly #exports: SumExports
  readonly #arena = new Arena()
  readonly #imageCount: number
  /** Addresses of the columns that have come. */
  readonly #known = new Map<Int32Array, number>()
  /** Addresses: counts by image, all 0; the entries of a column. */
  #counts = 0
  #images = 0
  #values = 0
  #rows = { at: 0, room: 0 }

  /** For so many images. Null where there is no WebAssembly, or a page's policy forbids it. */
  static create(imageCount: number): SumKernel | null {
    const module = imageCount <= MOST_ROWS ? compileKernel(sumsWasm) : null
    return module && new SumKernel(module, imageCount)
  }

  private constructor(module: WebAssembly.Module, imageCount: number) {
    this.#exports = instantiate<SumExports>(module, this.#arena.memory)
    this.#arena.start(this.#exports.freeFrom.value)
    this.#imageCount = imageCount
  }

  /** `SumCollector.count`: entries that are views until the next column. Null for no room. */
  count(
    rows: Int32Array,
    images: Int32Array,
    positions: Int32Array,
  ): { images: Uint32Array; values: Float64Array } | null {
    if (images.length > MOST_ROWS) return null
    try {
      this.#open(images, positions)
    } catch (error) {
      if (error instanceof RangeError) return null
      throw error
    }
    const { at: rowsAt } = this.#rows
    this.#arena.i32(rowsAt, rows.length).set(rows)
    const columns = [rowsAt, this.#known.get(images) ?? 0, this.#known.get(positions) ?? 0, this.#counts]
    const length = this.#entriesOf(rows.length, columns)
    return { images: this.#arena.u32(this.#images, length), values: this.#arena.f64(this.#values, length) }
  }

  /** Ends its use. */
  giveBack(): void {
    this.#arena.giveBack()
  }

  #entriesOf(count: number, columns: number[]): number {
    const { tally, collect, collectAll } = this.#exports
    inBlocks(count, (from, to) => tally(from, to, ...columns))
    const out = [this.#images, this.#values]
    if (2 * count > this.#imageCount) return collectAll(this.#imageCount, this.#counts, ...out)
    let length = 0
    inBlocks(count, (from, to) => {
      length = collect(from, to, ...columns, ...out, length)
    })
    return length
  }

  /** Room for the rows of a column and what they name. */
  #open(images: Int32Array, positions: Int32Array): void {
    const arena = this.#arena
    if (this.#counts === 0) {
      this.#images = arena.take(4 * this.#imageCount)
      this.#values = arena.take(8 * this.#imageCount)
      this.#counts = arena.zeros(4 * this.#imageCount)
    }
    for (const column of [images, positions])
      if (!this.#known.has(column)) this.#known.set(column, arena.put(column))
    if (this.#rows.room < images.length)
      this.#rows = { at: arena.take(4 * images.length), room: images.length }
  }
}
