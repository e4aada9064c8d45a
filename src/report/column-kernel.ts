import { BorrowedMemory, compileKernel, inBlocks, instantiate } from '../data/wasm.js'
import { type Column, type ColumnForm, DIVISORS } from './column-codec.js'
import { columnsWasm } from './columns.generated.js'

/** What kernels/columns.ts exports. Addresses and counts are u32; an address of 0 stands for no room. */
interface ColumnExports {
  openColumn(entries: number): number
  openWholes(): void
  findWholes(from: number, to: number, type: number, divisor: number): number
  valueBytes: WebAssembly.Global
  stepBytes: WebAssembly.Global
  openBytes(): number
  writeVarints(from: number, to: number, steps: number): void
  writePlanes(from: number, to: number, size: number): void
}

const TYPES: ColumnForm['type'][] = ['f64', 'i32', 'u32', 'u8']
/** With more entries JavaScript gets warm, and a copy of the column takes much memory. */
const MOST_ENTRIES = 1 << 22

/** Codes columns in WebAssembly, in a memory that it borrows. */
export class ColumnKernel {
  readonly #exports: ColumnExports
  readonly #memory = new BorrowedMemory()

  /** Null where there is no WebAssembly, or a page's policy forbids it. */
  static create(): ColumnKernel | null {
    const module = compileKernel(columnsWasm)
    return module && new ColumnKernel(module)
  }

  private constructor(module: WebAssembly.Module) {
    this.#exports = instantiate<ColumnExports>(module, this.#memory.memory)
  }

  /** Ends its use. */
  giveBack(): void {
    this.#memory.giveBack()
  }

  /** `encodeColumn`; null for very many entries and for no room. */
  encode(column: Column, type: ColumnForm['type']): { form: ColumnForm; bytes: Uint8Array } | null {
    const { length } = column
    const at = length > MOST_ENTRIES ? 0 : this.#exports.openColumn(length) >>> 0
    if (at === 0) return null
    const whole = new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
    new Uint8Array(this.#memory.buffer).set(whole, at)
    const divisor = this.#findWholes(type, length)
    if (divisor === null) {
      const size = column.BYTES_PER_ELEMENT
      const bytes = this.#write(length, column.byteLength, (from, to) =>
        this.#exports.writePlanes(from, to, size),
      )
      return { form: { type, length, coding: 'planes', divisor: 1 }, bytes }
    }
    const inValues = this.#exports.valueBytes.value as number
    const inSteps = this.#exports.stepBytes.value as number
    const steps = inSteps < inValues
    const bytes = this.#write(length, steps ? inSteps : inValues, (from, to) =>
      this.#exports.writeVarints(from, to, Number(steps)),
    )
    return { form: { type, length, coding: steps ? 'steps' : 'values', divisor }, bytes }
  }

  /** The divisor with which every entry is a whole number, null where none is one. */
  #findWholes(type: ColumnForm['type'], length: number): number | null {
    const exports = this.#exports
    const number = TYPES.indexOf(type)
    const isFound = (divisor: number): boolean => {
      exports.openWholes()
      let areWhole = true
      inBlocks(length, (from, to) => {
        areWhole &&= exports.findWholes(from, to, number, divisor) !== 0
      })
      return areWhole
    }
    return (type === 'f64' ? DIVISORS : [1]).find(isFound) ?? null
  }

  #write(length: number, byteLength: number, call: (from: number, to: number) => void): Uint8Array {
    const at = this.#exports.openBytes() >>> 0
    inBlocks(length, call)
    return new Uint8Array(this.#memory.buffer, at, byteLength).slice()
  }
}
