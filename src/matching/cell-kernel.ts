import { sharedCopy } from '../data/shared.js'
import type { Steps } from '../data/steps.js'
import { Arena, compileKernel, instantiate } from '../data/wasm.js'
import { cellsWasm } from './cells.generated.js'
import type { Grouped, Grouper, GroupInput } from './cells.js'

/** What kernels/cells.ts exports; arguments are addresses and counts. */
interface CellExports {
  sortRows(...args: number[]): void
  longestRun(...args: number[]): number
  scratchBytes(count: number): number
  rankRuns(...args: number[]): number
  mergeRuns(...args: number[]): number
  keptRows: WebAssembly.Global
  cutRun: WebAssembly.Global
  cutCount: WebAssembly.Global
  cutCell: WebAssembly.Global
  freeFrom: WebAssembly.Global
}

/** Rows sorted and cut into runs of one cell; numbers are addresses. */
interface Side {
  rows: number
  scores: number
  kept: number
  runs: number
  majors: number
  images: number
  offsets: number
  counts: Uint32Array
}

const NO_CAP = 2 ** 31 - 1
/** With more rows JavaScript gets warm, and the memory of the columns' copies is not worth the sixth that is won. */
const MOST_ROWS = 1 << 22

/** Groups cells in WebAssembly. */
export class CellKernel implements Grouper {
  readonly #module: WebAssembly.Module

  /** Null where there is no WebAssembly, or a page's policy forbids it. */
  static create(): CellKernel | null {
    const module = compileKernel(cellsWasm)
    return module && new CellKernel(module)
  }

  private constructor(module: WebAssembly.Module) {
    this.#module = module
  }

  /** Null for very many rows, and where the platform does not give the memory. */
  *group(input: GroupInput): Steps<Grouped | null> {
    if (input.groundTruths.images.length + input.detections.images.length > MOST_ROWS) return null
    const arena = new Arena()
    try {
      return yield* new Work(this.#module, arena, input).run()
    } catch (error) {
      if (error instanceof RangeError) return null
      throw error
    } finally {
      arena.giveBack()
    }
  }
}

/** One grouping. */
class Work {
  readonly #exports: CellExports
  readonly #arena: Arena
  readonly #input: GroupInput
  readonly #wanted: number
  readonly #axis: number

  constructor(module: WebAssembly.Module, arena: Arena, input: GroupInput) {
    this.#arena = arena
    this.#exports = instantiate<CellExports>(module, arena.memory)
    arena.start(this.#exports.freeFrom.value)
    this.#input = input
    this.#wanted = this.#arena.put(input.images)
    this.#axis = this.#arena.put(input.axis)
  }

  *run(): Steps<Grouped> {
    const exports = this.#exports
    const arena = this.#arena
    const gt = yield* this.#side(this.#input.groundTruths, null)
    const dt = yield* this.#side(this.#input.detections, this.#input.detections.scores)
    const most = gt.runs + dt.runs
    const [categories, images] = [arena.take(4 * most), arena.take(4 * most)]
    const [gtOffsets, dtOffsets] = [arena.take(4 * most + 4), arena.take(4 * most + 4)]
    const sides = [gt, dt].flatMap(side => [side.runs, side.majors, side.images, side.offsets])
    const count = exports.mergeRuns(...sides, categories, images, gtOffsets, dtOffsets)
    const cell = exports.cutCell.value as number
    yield
    return {
      cells: {
        count,
        images: sharedCopy(arena.i32(images, count)),
        categories: sharedCopy(arena.i32(categories, count)),
        gtOffsets: sharedCopy(arena.u32(gtOffsets, count + 1)),
        gtRows: sharedCopy(arena.i32(gt.rows, gt.kept)),
        dtOffsets: sharedCopy(arena.u32(dtOffsets, count + 1)),
        dtRows: sharedCopy(arena.i32(dt.rows, dt.kept)),
      },
      dtScores: sharedCopy(arena.f64(dt.scores, dt.kept)),
      counts: { groundTruths: gt.counts, detections: dt.counts },
      firstCut: cell < 0 ? null : { cell, detections: exports.cutCount.value as number },
    }
  }

  /** Sorts one side's rows, ranks them where there are scores, and finds the runs. */
  *#side({ images, categories }: GroupInput['groundTruths'], scores: Float64Array | null): Steps<Side> {
    const exports = this.#exports
    const arena = this.#arena
    const { classAgnostic, axisLength } = this.#input
    const n = images.length
    const agnostic = classAgnostic ? 1 : 0
    const [imageCount, categoryCount] = [this.#input.images.length, this.#input.axis.length]
    const [majors, minors] = classAgnostic ? [imageCount, categoryCount] : [axisLength, imageCount]
    const columns = [arena.put(images), arena.put(categories), scores ? arena.put(scores) : 0]
    const counts = arena.zeros(4 * categoryCount)
    const [ends, starts] = [arena.zeros(4 * majors), arena.zeros(4 * minors)]
    const order = arena.take(4 * n + 4)
    const sorted = [arena.take(4 * n), arena.take(4 * n), scores ? arena.take(8 * n) : 0]
    const chosen = [this.#wanted, this.#axis, agnostic]
    yield
    exports.sortRows(n, ...columns, ...chosen, counts, ends, majors, starts, minors, order, ...sorted)
    yield
    const longest = scores ? exports.longestRun(ends, majors, sorted[1]) : 0
    const scratch = arena.take(exports.scratchBytes(longest))
    const cap = Math.min(this.#input.cap, NO_CAP)
    // The runs lie over columns that are done with.
    const [runImages, runMajors] = columns
    const runs = exports.rankRuns(
      ends,
      majors,
      agnostic,
      ...sorted,
      cap,
      scratch,
      runMajors,
      runImages,
      order,
    )
    yield
    return {
      rows: sorted[0],
      scores: sorted[2],
      kept: exports.keptRows.value as number,
      runs,
      majors: runMajors,
      images: runImages,
      offsets: order,
      counts: arena.u32(counts, categoryCount).slice(),
    }
  }
}
