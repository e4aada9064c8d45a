import type { Cells, Overlaps } from '../data/evaluation.js'
import type { Scene, ScenePairs } from '../data/scene.js'
import { sharedCopy } from '../data/shared.js'
import { inRanges, type Steps } from '../data/steps.js'
import { Arena, BLOCK_ROWS, compileKernel, instantiate } from '../data/wasm.js'
import { firstRows } from './buffers.js'
import type { BestOverlaps, GroupedGts } from './scene-index.js'
import type { LivePairs } from './scene-pairs.js'
import type { Ranked, Ranking } from './scene-ranking.js'
import { scenesWasm } from './scenes.generated.js'

/** What kernels/scenes.ts exports; arguments are addresses and counts. */
interface SceneExports {
  scratchBytes(count: number): number
  openOrder(...args: number[]): void
  readWords(from: number, to: number): void
  openPass(pass: number): number
  distribute(from: number, to: number, pass: number): void
  closePass(): void
  gather(from: number, to: number): void
  settle(to: number): void
  orderAt(): number
  rankRows(from: number, to: number, ...columns: number[]): void
  groupByCategory(from: number, to: number, ...columns: number[]): void
  rankInCells(from: number, to: number, ...columns: number[]): void
  findTies(from: number, to: number, ...columns: number[]): number
  openTies(): void
  sortTies(from: number, to: number, ...columns: number[]): number
  openReorder(): void
  reorder(from: number, to: number, ...columns: number[]): void
  orderEqual(from: number, to: number, ...columns: number[]): void
  usePairs(...args: number[]): void
  keepOwn(from: number, to: number): void
  collect(from: number, to: number, ...columns: number[]): number
  pickPairs(from: number, to: number, ...columns: number[]): void
  findBest(from: number, to: number, ...columns: number[]): void
  ownPairs: WebAssembly.Global
  ownDts: WebAssembly.Global
  freeFrom: WebAssembly.Global
}

/** With more rows or pairs JavaScript gets warm, and copies of the columns take much memory. */
export const MOST_ROWS = 1 << 22
/** Passes over the upper halves of the scores. */
const SORT_PASSES = 3

/** Pairs of whole images, of which those within a class are wanted. */
export interface WithinInput {
  pairs: ScenePairs
  /** What must be equal, [detection] and [ground truth] of the pairs. */
  dts: Int32Array
  gts: Int32Array
  /** The detections that are wanted, in their order. */
  dtRows: Int32Array
  /** What stands for each ground truth; equal similarities come by descending position. */
  gtPositions: Int32Array
}

/** One piece of work after another, each in a memory that it borrows. */
export class SceneKernel {
  readonly #module: WebAssembly.Module

  /** Null where there is no WebAssembly, or a page's policy forbids it. */
  static create(): SceneKernel | null {
    const module = compileKernel(scenesWasm)
    return module && new SceneKernel(module)
  }

  private constructor(module: WebAssembly.Module) {
    this.#module = module
  }

  /** Positions by descending score, equal ones ascending, and the scores so ordered. Null as for all below. */
  *order(unordered: Float64Array): Steps<{ order: Int32Array; scores: Float64Array } | null> {
    const count = unordered.length
    return yield* this.run(count, function* ({ put, take, arena, exports }) {
      const [from, sorted, scratch] = [put(unordered), take(8 * count), take(exports.scratchBytes(count))]
      exports.openOrder(count, from, sorted, scratch)
      yield* blockSteps(count, exports.readWords)
      for (let pass = 0; pass < SORT_PASSES; pass++) {
        if (exports.openPass(pass) === 0) continue
        yield* blockSteps(count, (from, to) => exports.distribute(from, to, pass))
        exports.closePass()
      }
      yield* blockSteps(count, exports.gather)
      yield* blockSteps(count, (_, to) => exports.settle(to))
      return {
        order: sharedCopy(arena.i32(exports.orderAt(), count)),
        scores: sharedCopy(arena.f64(sorted, count)),
      }
    })
  }

  /** The ranking of `cells` in the order of scores; `known`, which has the same scores, lends what is the same. */
  *rank(
    { categories, dt }: Scene,
    cells: Cells,
    { order, scores }: { order: Int32Array; scores: Float64Array },
    known: Ranking | null,
  ): Steps<Ranked | null> {
    const count = order.length
    return yield* this.run(dt.count, function* ({ put, take, arena, exports }) {
      const [dtRows, byRow] = [put(cells.dtRows), put(dt.categories)]
      const [orderAt, scoresAt, classes] = [put(order), known ? 0 : put(dt.scores), take(4 * count)]
      const [rows, sorted, sortedScores] = [take(4 * count), take(4 * count), take(known ? 0 : 8 * count)]
      const starts = arena.zeros(4 * (categories.count + 1))
      const columns = [dtRows, orderAt, byRow, rows, classes, starts + 4]
      yield* blockSteps(count, (from, to) => exports.rankRows(from, to, ...columns))
      const offsets = sumUp(arena.u32(starts, categories.count + 1))
      const grouping = [rows, scoresAt, classes, starts, sorted, sortedScores]
      yield* blockSteps(count, (from, to) => exports.groupByCategory(from, to, ...grouping))
      const ranking = {
        rows: sharedCopy(arena.i32(rows, count)),
        scores: known?.scores ?? scores,
        offsets: known?.offsets ?? offsets,
        rowsByCategory: sharedCopy(arena.i32(sorted, count)),
        scoresByCategory: known?.scoresByCategory ?? sharedCopy(arena.f64(sortedScores, count)),
      }
      const [dtOffsets, ranks] = [put(cells.dtOffsets), arena.zeros(4 * dt.count)]
      yield* blockSteps(cells.count, (from, to) => exports.rankInCells(from, to, dtOffsets, dtRows, ranks))
      return { ranking, ranks: sharedCopy(arena.i32(ranks, dt.count)) }
    })
  }

  /** Rows by category, of which there are so many. */
  *group(categories: Int32Array, categoryCount: number): Steps<GroupedGts | null> {
    const count = categories.length
    return yield* this.run(count, function* ({ put, take, arena, exports }) {
      const [all, classes] = [put(firstRows(count)), put(categories)]
      const [rows, sorted] = [take(4 * count), take(4 * count)]
      const starts = arena.zeros(4 * (categoryCount + 1))
      const identity = [all, all, classes, rows, classes, starts + 4]
      yield* blockSteps(count, (from, to) => exports.rankRows(from, to, ...identity))
      const offsets = sumUp(arena.u32(starts, categoryCount + 1))
      const columns = [rows, 0, classes, starts, sorted, 0]
      yield* blockSteps(count, (from, to) => exports.groupByCategory(from, to, ...columns))
      return { offsets, rows: sharedCopy(arena.i32(sorted, count)) }
    })
  }

  /** Pairs within cells of `dtRows`; equal ones by boxes, or else by category. */
  *livePairs(
    scene: Scene,
    dtRows: Int32Array,
    classAgnostic: boolean,
    byBoxes: boolean,
  ): Steps<LivePairs | null> {
    return yield* this.run(scene.dt.count + scene.pairs.gts.length, function* (work) {
      const { put, take, arena, exports } = work
      usePairs(work, scene.pairs, scene.dt.categories, scene.gt.categories, classAgnostic)
      const [rowsAt, boxes] = [put(dtRows), byBoxes ? put(scene.gt.boxes) : 0]
      yield* blockSteps(scene.dt.count, exports.keepOwn)
      const [live, total] = [exports.ownDts.value as number, exports.ownPairs.value as number]
      const [rows, offsets] = [take(4 * live), take(4 * live + 4)]
      const [gts, similarities] = [take(4 * total), take(8 * total)]
      arena.u32(offsets, 1)[0] = 0
      yield
      const columns = [rowsAt, boxes, rows, offsets, gts, similarities]
      let count = 0
      yield* blockSteps(dtRows.length, (from, to) => {
        count = exports.collect(from, to, count, ...columns)
      })
      return {
        count,
        rows: sharedCopy(arena.i32(rows, count)),
        offsets: sharedCopy(arena.u32(offsets, count + 1)),
        gts: sharedCopy(arena.i32(gts, total)),
        similarities: sharedCopy(arena.f64(similarities, total)),
      }
    })
  }

  /** The pairs within cells of the detections `dtRows`, see `WithinInput`. */
  *within({ pairs, dts, gts, dtRows, gtPositions }: WithinInput): Steps<Overlaps | null> {
    const count = dtRows.length
    return yield* this.run(dts.length + pairs.gts.length, function* (work) {
      const { put, take, arena, exports } = work
      usePairs(work, pairs, dts, gts, false)
      const [rows, positions] = [put(dtRows), put(gtPositions)]
      yield* blockSteps(dts.length, exports.keepOwn)
      const total = exports.ownPairs.value as number
      const [offsets, gtsAt, similarities] = [take(4 * count + 4), take(4 * total), take(8 * total)]
      arena.u32(offsets, 1)[0] = 0
      const columns = [rows, positions, offsets, gtsAt, similarities]
      yield* blockSteps(count, (from, to) => exports.pickPairs(from, to, ...columns))
      const end = arena.u32(offsets, count + 1)[count]
      return {
        offsets: sharedCopy(arena.u32(offsets, count + 1)),
        gts: sharedCopy(arena.i32(gtsAt, end)),
        similarities: sharedCopy(arena.f64(similarities, end)),
      }
    })
  }

  /** The best partners that are not ignored. */
  *best(scene: Scene, gtIgnores: Uint8Array): Steps<BestOverlaps | null> {
    const [dts, gts] = [scene.dt.count, scene.gt.count]
    return yield* this.run(dts + scene.pairs.gts.length, function* (work) {
      const { put, take, arena, exports } = work
      usePairs(work, scene.pairs, scene.dt.categories, scene.gt.categories, true)
      const ignores = put(gtIgnores)
      const [gtOfDt, dtOfGt] = [take(4 * dts), take(4 * gts)]
      const [dtSimilarities, gtSimilarities] = [arena.zeros(8 * dts), arena.zeros(8 * gts)]
      arena.i32(dtOfGt, gts).fill(-1)
      const columns = [ignores, gtOfDt, dtSimilarities, dtOfGt, gtSimilarities]
      yield* blockSteps(dts, (from, to) => exports.findBest(from, to, ...columns))
      return {
        gtOfDt: sharedCopy(arena.i32(gtOfDt, dts)),
        dtSimilarities: sharedCopy(arena.f64(dtSimilarities, dts)),
        dtOfGt: sharedCopy(arena.i32(dtOfGt, gts)),
        gtSimilarities: sharedCopy(arena.f64(gtSimilarities, gts)),
      }
    })
  }

  /** Work on so many rows in a borrowed memory; null for very many, and where the platform does not give the memory. */
  *run<T>(rows: number, work: (work: SceneWork) => Steps<T>): Steps<T | null> {
    if (rows > MOST_ROWS) return null
    const arena = new Arena()
    try {
      const exports = instantiate<SceneExports>(this.#module, arena.memory)
      arena.start(exports.freeFrom.value)
      return yield* work({
        arena,
        exports,
        put: values => arena.put(values),
        take: bytes => arena.take(bytes),
      })
    } catch (error) {
      if (error instanceof RangeError) return null
      throw error
    } finally {
      arena.giveBack()
    }
  }
}

export interface SceneWork {
  arena: Arena
  exports: SceneExports
  put: Arena['put']
  take: Arena['take']
}

function usePairs(
  { put, exports }: SceneWork,
  { offsets, gts, similarities }: ScenePairs,
  dtCategories: Int32Array,
  gtCategories: Int32Array,
  classAgnostic: boolean,
): void {
  const columns = [offsets, gts, similarities, dtCategories, gtCategories].map(put)
  exports.usePairs(...columns, Number(classAgnostic))
}

/** `work` on rows 0 .. count in ranges of a call, with a rest now and then. */
export const blockSteps = (count: number, work: (from: number, to: number) => void): Steps<void> =>
  inRanges(count, (from, to) => {
    for (let row = from; row < to; row += BLOCK_ROWS) work(row, Math.min(to, row + BLOCK_ROWS))
  })

/** Turns counts, the first of which is 0, into starts; returns a copy. */
function sumUp(counts: Uint32Array): Uint32Array {
  for (let i = 1; i < counts.length; i++) counts[i] += counts[i - 1]
  return sharedCopy(counts)
}
