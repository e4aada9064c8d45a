import type { Config } from '../data/config.js'
import type { CocoShape } from '../data/evaluation.js'
import { BorrowedMemory, compileKernel, instantiate } from '../data/wasm.js'
import { packThresholds } from '../matching/thresholds.js'
import { orderRecalls } from '../metrics/curves.js'
import { categoriesWasm } from './categories.generated.js'

/** What kernels/categories.ts exports. Addresses and counts are u32; an address of 0 stands for no room. */
interface CategoryExports {
  configure(thresholds: number, recalls: number, areas: number, caps: number): number
  openArrays(categories: number): number
  openCategory(detections: number): number
  openCells(cells: number, groundTruths: number, detections: number, boxes: number): number
  openPairs(pairs: number): number
  findPairs(base: number, least: number): number
  matchCells(): number
  closeCategory(k: number): void
  similaritiesAt(): number
  gtsAt(): number
  pairOffsetsAt(): number
  zeroIdDetections(): number
}

/** Bits of a word. */
const MAX_THRESHOLDS = 32
const MAX_AREAS = 32
const MAX_CAPS = 65535
const MAX_U32 = 0xffffffff

/** Matching and accumulation in WebAssembly, in a memory that it borrows, for one configuration. */
export class CategoryKernel {
  readonly exports: CategoryExports
  readonly #memory = new BorrowedMemory()

  /** Null where there is no WebAssembly, and for a configuration that is left to the twin. */
  static create(config: Config): CategoryKernel | null {
    const T = config.iouThresholds.length
    if (
      T === 0 ||
      T > MAX_THRESHOLDS ||
      config.areas.length > MAX_AREAS ||
      config.maxDets.length > MAX_CAPS
    ) {
      return null
    }
    const module = compileKernel(categoriesWasm)
    if (module === null) return null
    const kernel = new CategoryKernel(module)
    if (kernel.#configure(config)) return kernel
    kernel.giveBack()
    return null
  }

  private constructor(module: WebAssembly.Module) {
    this.exports = instantiate<CategoryExports>(module, this.#memory.memory)
  }

  #configure({ iouThresholds, recallThresholds, areas, maxDets }: Config): boolean {
    const [{ ascending, reached }] = packThresholds(iouThresholds)
    const recalls = orderRecalls(recallThresholds)
    const los = areas.map(area => area.lo)
    const his = areas.map(area => area.hi)
    const doubles = [...ascending, ...los, ...his, ...recalls.ascending]
    const words = [...reached, ...maxDets.map(cap => Math.min(cap, MAX_U32)), ...recalls.places]
    const at = this.exports.configure(ascending.length, recallThresholds.length, areas.length, maxDets.length)
    if (at === 0) return false
    this.f64(at, doubles.length).set(doubles)
    this.u32(at + 8 * doubles.length, words.length).set(words)
    return true
  }

  /** Ends its use: all views. */
  giveBack(): void {
    this.#memory.giveBack()
  }

  /** Views end with the next growth of the memory: take them anew after every function that opens. */
  u8(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, at >>> 0, length)
  }

  u32(at: number, length: number): Uint32Array {
    return new Uint32Array(this.#memory.buffer, at >>> 0, length)
  }

  f64(at: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, at >>> 0, length)
  }

  /** Arrays of `shape` at `at`, as they lie there: views. */
  arrays(at: number, shape: CocoShape) {
    const { T, R, K, A, M } = shape
    const recall = T * K * A * M
    return {
      shape,
      precision: this.f64(at, R * recall),
      scores: this.f64(at + 8 * R * recall, R * recall),
      recall: this.f64(at + 16 * R * recall, recall),
    }
  }
}
