import { compileKernel, instantiate } from '../data/wasm.js'
import type { Column, ColumnForm } from './column-codec.js'
import { columnsWasm } from './columns.generated.js'

/** What kernels/columns.ts exports. Addresses and counts are u32; an address of 0 stands for no room. */
interface ColumnExports {
  openColumn(entries: number): number
  findWholes(type: number): number
  valueBytes: WebAssembly.Global
  stepBytes: WebAssembly.Global
  writeVarints(steps: number): number
  writePlanes(size: number): number
}

const TYPES: ColumnForm['type'][] = ['f64', 'i32', 'u32', 'u8']
/** With more entries JavaScript gets warm, and a copy of the column takes much memory. */
const MOST_ENTRIES = 1 << 22

/** Codes columns in WebAssembly, with a memory of its own. */
export class ColumnKernel {
  readonly #exports: ColumnExports
  readonly #memory = new WebAssembly.Memory({ initial: 1 })

  /** Null where there is no WebAssembly, or a page's policy forbids it. */
  static create(): ColumnKernel | null {
    const module = compileKernel(columnsWasm)
    return module && new ColumnKernel(module)
  }

  private constructor(module: WebAssembly.Module) {
    this.#exports = instantiate<ColumnExports>(module, this.#memory)
  }

  /** `encodeColumn`; null for very many entries and for no room. */
  encode(column: Column, type: ColumnForm['type']): { form: ColumnForm; bytes: Uint8Array } | null {
    const { length } = column
    const at = length > MOST_ENTRIES ? 0 : this.#exports.openColumn(length) >>> 0
    if (at === 0) return null
    const whole = new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
    new Uint8Array(this.#memory.buffer).set(whole, at)
    const power = this.#exports.findWholes(TYPES.indexOf(type))
    if (power < 0) {
      const bytes = this.#bytes(this.#exports.writePlanes(column.BYTES_PER_ELEMENT), column.byteLength)
      return { form: { type, length, coding: 'planes', divisor: 1 }, bytes }
    }
    const inValues = this.#exports.valueBytes.value as number
    const inSteps = this.#exports.stepBytes.value as number
    const steps = inSteps < inValues
    const bytes = this.#bytes(this.#exports.writeVarints(Number(steps)), steps ? inSteps : inValues)
    return { form: { type, length, coding: steps ? 'steps' : 'values', divisor: 10 ** power }, bytes }
  }

  #bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, at >>> 0, length).slice()
  }
}
