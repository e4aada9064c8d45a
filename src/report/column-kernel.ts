import { BLOCK_ROWS, compileKernel, inBlocks, instantiate } from '../data/wasm.js'
import { type Coded, type Column, type ColumnForm, DIVISORS, formOfBytes } from './column-codec.js'
import { type Extents, layOut, measureOne, noExtents, startOf } from './column-extents.js'
import { columnsWasm } from './columns.generated.js'

/** What kernels/columns.ts exports. Addresses and counts are u32; an address of 0 stands for no room. */
interface ColumnExports {
  openBlocks(): number
  wholesAt(): number
  planesAt(): number
  extentsAt(): number
  findWholes(entries: number, type: number, divisor: number): number
  measure(entries: number, before: number): void
  writeWholes(entries: number, isSteps: number, before: number, base: number, planes: number): void
  writeBytes(entries: number, planes: number): void
}

const TYPES: ColumnForm['type'][] = ['f64', 'i32', 'u32', 'u8']

interface Measured {
  divisor: number
  start: number
  extents: Extents
}

/** Codes columns in WebAssembly, block by block, with a memory of its own for one block. */
export class ColumnKernel {
  readonly #exports: ColumnExports
  readonly #entries: Uint8Array
  readonly #wholes: Float64Array
  readonly #planes: Uint8Array
  /** Of the block that was measured last, as in `Extents`. */
  readonly #extents: Float64Array

  /** Null where there is no WebAssembly, or a page's policy forbids it, and for no room. */
  static create(): ColumnKernel | null {
    const module = compileKernel(columnsWasm)
    if (module === null) return null
    const memory = new WebAssembly.Memory({ initial: 1 })
    const exports = instantiate<ColumnExports>(module, memory)
    const at = exports.openBlocks() >>> 0
    return at === 0 ? null : new ColumnKernel(exports, memory.buffer, at)
  }

  private constructor(exports: ColumnExports, memory: ArrayBuffer, entriesAt: number) {
    this.#exports = exports
    this.#entries = new Uint8Array(memory, entriesAt, 8 * BLOCK_ROWS)
    this.#wholes = new Float64Array(memory, exports.wholesAt(), BLOCK_ROWS)
    this.#planes = new Uint8Array(memory, exports.planesAt(), 8 * BLOCK_ROWS)
    this.#extents = new Float64Array(memory, exports.extentsAt(), 6)
  }

  /** `encodeColumn`, but for the planes that stay plain. */
  encode(column: Column, type: ColumnForm['type']): Coded {
    const { length } = column
    const measured = this.#measure(column, type)
    if (measured === null) {
      const planes = column.BYTES_PER_ELEMENT
      const bytes = this.#write(column, planes, count => this.#exports.writeBytes(count, planes))
      return { form: formOfBytes(type, length), bytes }
    }
    const { divisor, start, extents } = measured
    const { form, planes } = layOut({ type, length }, divisor, start, extents)
    const isSteps = form.coding === 'steps'
    let last = start
    const bytes = this.#write(column, planes, count => {
      this.#exports.findWholes(count, TYPES.indexOf(type), divisor)
      const next = this.#wholes[count - 1]
      this.#exports.writeWholes(count, Number(isSteps), last, form.base, planes)
      last = next
    })
    return { form, bytes }
  }

  /** With the first divisor with which every entry is a whole number; null where none is one. */
  #measure(column: Column, type: ColumnForm['type']): Measured | null {
    for (const divisor of type === 'f64' ? DIVISORS : [1]) {
      const measured = this.#measureWith(divisor, column, type)
      if (measured) return measured
    }
    return null
  }

  #measureWith(divisor: number, column: Column, type: ColumnForm['type']): Measured | null {
    const extents = noExtents()
    let start = 0
    let last = 0
    for (let from = 0; from < column.length; from += BLOCK_ROWS) {
      const count = this.#load(column, from)
      if (this.#exports.findWholes(count, TYPES.indexOf(type), divisor) === 0) return null
      if (from === 0) {
        start = startOf(this.#wholes[0], count > 1 ? this.#wholes[1] : undefined)
        last = start
      }
      this.#measureBlock(extents, count, last)
      last = this.#wholes[count - 1]
    }
    return { divisor, start, extents }
  }

  /** The kernel takes an even number. */
  #measureBlock(extents: Extents, count: number, before: number): void {
    const even = count - (count % 2)
    this.#exports.measure(even, before)
    for (const [i, extent] of extents.entries()) {
      const [least, greatest, bits] = this.#extents.subarray(3 * i)
      extent.least = Math.min(extent.least, least)
      extent.greatest = Math.max(extent.greatest, greatest)
      extent.bits += bits
    }
    if (even < count) measureOne(extents, this.#wholes[even], even > 0 ? this.#wholes[even - 1] : before)
  }

  /** Planes of the column, from those that `write` makes of each block. */
  #write(column: Column, planes: number, write: (count: number) => void): Uint8Array {
    const { length } = column
    const bytes = new Uint8Array(planes * length)
    if (planes === 0) return bytes
    inBlocks(length, (from, to) => {
      write(this.#load(column, from))
      for (let plane = 0; plane < planes; plane++) {
        const at = plane * BLOCK_ROWS
        bytes.set(this.#planes.subarray(at, at + to - from), plane * length + from)
      }
    })
    return bytes
  }

  /** Puts a block of a column in; returns how many entries it has. */
  #load(column: Column, from: number): number {
    const count = Math.min(BLOCK_ROWS, column.length - from)
    const size = column.BYTES_PER_ELEMENT
    this.#entries.set(new Uint8Array(column.buffer, column.byteOffset + size * from, size * count))
    return count
  }
}
