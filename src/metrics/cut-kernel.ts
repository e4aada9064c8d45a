import { Arena, compileKernel, instantiate } from '../data/wasm.js'
import type { CutGroup, CutInput, Cuts } from './cross-validation.js'
import { cutsWasm } from './cuts.generated.js'
import type { Choices } from './finding-thresholds.js'

/** What kernels/cuts.ts exports; arguments are addresses and counts. */
interface CutExports {
  open(): void
  add(count: number, ...columns: number[]): number
  close(): void
  judge(first: number, count: number, kept: number, imageCount: number, ...columns: number[]): void
  truthsAt: WebAssembly.Global
  foundAt: WebAssembly.Global
  freeFrom: WebAssembly.Global
}

/** Detections of a call: between two of them better code is put to use, and it is seen whether the best are found. */
const BLOCK = 2048

/** Finds score thresholds in WebAssembly, in a memory that it borrows from `open` to `close`. */
export class CutKernel {
  readonly #module: WebAssembly.Module
  #work: { exports: CutExports; arena: Arena } | null = null
  /** Addresses: rows and scores of a block, then outcomes, images, folds. */
  #columns: number[] = []

  /** Null where there is no WebAssembly, or a page's policy forbids it. */
  static create(): CutKernel | null {
    const module = compileKernel(cutsWasm)
    return module && new CutKernel(module)
  }

  private constructor(module: WebAssembly.Module) {
    this.#module = module
  }

  /** Takes what all groups share; false for no room, and then it is closed. */
  open({ outcomes, images, folds }: CutInput): boolean {
    this.close()
    const arena = new Arena()
    const exports = instantiate<CutExports>(this.#module, arena.memory)
    this.#work = { exports, arena }
    arena.start(exports.freeFrom.value)
    try {
      const block = [arena.take(4 * BLOCK), arena.take(8 * BLOCK)]
      this.#columns = [...block, arena.put(outcomes), arena.put(images), arena.put(folds)]
      return true
    } catch (error) {
      this.close()
      if (error instanceof RangeError) return false
      throw error
    }
  }

  close(): void {
    this.#work?.arena.giveBack()
    this.#work = null
  }

  get #opened(): { exports: CutExports; arena: Arena } {
    if (this.#work === null) throw new Error('the kernel is not open')
    return this.#work
  }

  /** `CutSearch` of one group. */
  find({ rows, scores, truths }: CutGroup): Cuts {
    const { exports, arena } = this.#opened
    const [rowsAt, scoresAt] = this.#columns
    arena.f64(exports.truthsAt.value, truths.length).set(truths)
    exports.open()
    const blockRows = arena.i32(rowsAt, BLOCK)
    const blockScores = arena.f64(scoresAt, BLOCK)
    for (let from = 0; from < rows.length; from += BLOCK) {
      const end = Math.min(rows.length, from + BLOCK)
      blockRows.set(rows.subarray(from, end))
      blockScores.set(scores.subarray(from, end))
      if (exports.add(end - from, ...this.#columns)) break
    }
    exports.close()
    const folds = truths.length
    const found = arena.f64(exports.foundAt.value, 2 * folds + 4)
    return {
      outside: found.slice(folds + 1, 2 * folds + 1),
      all: found[2 * folds + 1],
      f1: found[folds],
      tp: found[2 * folds + 2],
      fp: found[2 * folds + 3],
    }
  }

  /** `countChoices` over the detections that `open` took; null for no room. */
  judge({
    rows,
    scores,
    kept,
    end,
    imageCount,
    positions,
    categories,
    one,
    ofClasses,
  }: Choices): Uint32Array | null {
    const { exports, arena } = this.#opened
    const [rowsAt, scoresAt] = this.#columns
    try {
      const columns = [
        ...this.#columns,
        ...[positions, categories, one, ofClasses].map(own => arena.put(own)),
      ]
      const counts = arena.zeros(4 * 6 * imageCount)
      const blockRows = arena.i32(rowsAt, BLOCK)
      const blockScores = arena.f64(scoresAt, BLOCK)
      for (let from = 0; from < end; from += BLOCK) {
        const to = Math.min(end, from + BLOCK)
        blockRows.set(rows.subarray(from, to))
        blockScores.set(scores.subarray(from, to))
        exports.judge(from, to - from, kept, imageCount, ...columns, counts)
      }
      return arena.u32(counts, 6 * imageCount).slice()
    } catch (error) {
      if (error instanceof RangeError) return null
      throw error
    }
  }
}
