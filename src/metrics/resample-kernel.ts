import { compileKernel, instantiate } from '../data/wasm.js'
import type { ImageSums } from './bootstrap.js'
import { resampleWasm } from './resample.generated.js'

/** What kernels/resample.ts exports. Addresses and counts are u32; an address of 0 stands for no room. */
interface ResampleExports {
  openSums(images: number, columns: number, entries: number): number
  resample(lanes: number): number
}

/** Draws resamples of images and adds them up in WebAssembly, with a memory of its own. */
export class ResampleKernel {
  readonly #exports: ResampleExports
  readonly #memory = new WebAssembly.Memory({ initial: 1 })
  #columns = 0

  /** Null where there is no WebAssembly, or a page's policy forbids it. */
  static create(): ResampleKernel | null {
    const module = compileKernel(resampleWasm)
    return module && new ResampleKernel(module)
  }

  private constructor(module: WebAssembly.Module) {
    this.#exports = instantiate<ResampleExports>(module, this.#memory)
  }

  /** Takes sums and the state of a generator (`Random`); false for no room. */
  open({ imageCount, columns, offsets, images, values }: ImageSums, state: Uint32Array): boolean {
    this.#columns = columns
    let at = this.#exports.openSums(imageCount, columns, values.length) >>> 0
    if (at === 0) return false
    const memory = new Uint8Array(this.#memory.buffer)
    for (const column of [values, images, offsets, state]) {
      memory.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at)
      at += column.byteLength
    }
    return true
  }

  /** Sums of the next `lanes` resamples, at most 8: [column, 8]. A view until the next ones. */
  draw(lanes: number): Float64Array {
    return new Float64Array(this.#memory.buffer, this.#exports.resample(lanes) >>> 0, 8 * this.#columns)
  }
}
