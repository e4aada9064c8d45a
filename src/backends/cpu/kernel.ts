import { compileKernel, instantiate } from '../../data/wasm.js'
import { masksWasm } from '../masks.generated.js'
import { Heap } from './heap.js'

/** What kernels/masks.ts exports; arguments are addresses and counts. */
interface MaskExports {
  decode(...args: number[]): number
  intersect(...args: number[]): number
  placeScratch(at: number, bytes: number): void
  status: WebAssembly.Global
  masksEnd: WebAssembly.Global
  freeFrom: WebAssembly.Global
}

/** Why `decode` stopped; see kernels/masks.ts. */
export const UNUSUAL = 1
export const FULL = 2

/** Crossings of one polygon part, and the union of an annotation's parts: some 130,000 columns. */
const SCRATCH_BYTES = 3 << 20

/** The mask arithmetic in WebAssembly, with a memory of its own. */
export class MaskKernel {
  readonly heap: Heap
  readonly exports: MaskExports

  /** Null where there is no WebAssembly, or a page's policy forbids it. */
  static create(): MaskKernel | null {
    const module = compileKernel(masksWasm)
    return module && new MaskKernel(module)
  }

  private constructor(module: WebAssembly.Module) {
    const memory = new WebAssembly.Memory({ initial: 1 })
    this.exports = instantiate<MaskExports>(module, memory)
    this.heap = new Heap(memory, this.exports.freeFrom.value)
    this.exports.placeScratch(this.heap.take(SCRATCH_BYTES), SCRATCH_BYTES)
  }

  /** Views end with the next growth of the memory: take them anew after every `take`. */
  u8(at: number, length: number): Uint8Array {
    return new Uint8Array(this.heap.memory.buffer, at, length)
  }

  u32(at: number, length: number): Uint32Array {
    return new Uint32Array(this.heap.memory.buffer, at, length)
  }

  i32(at: number, length: number): Int32Array {
    return new Int32Array(this.heap.memory.buffer, at, length)
  }

  f64(at: number, length: number): Float64Array {
    return new Float64Array(this.heap.memory.buffer, at, length)
  }
}
