import type { SceneMatches } from '../data/analysis.js'
import type { AreaRange } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import type { Steps } from '../data/steps.js'
import { Arena, compileKernel, instantiate } from '../data/wasm.js'
import { type RankTallies, type SceneIndex, TALLY_ROWS } from './scene-index.js'
import { blockSteps, MOST_ROWS } from './scene-kernel.js'
import { largestCap, leastSimilarity } from './scene-match.js'
import { scenesWasm } from './scenes.generated.js'

/** What kernels/scenes/matches.ts exports; arguments are addresses and counts but for sizes and the threshold. */
interface MatchExports {
  openRange(...args: number[]): void
  findBeyond(from: number, to: number, ranks: number, cap: number, found: number): number
  judgeDts(from: number, to: number, areas: number): void
  cut(from: number, to: number, rows: number): void
  judgeGts(from: number, to: number, areas: number, ignores: number): void
  findReaching(from: number, to: number, ...columnsThresholdAndFound: number[]): number
  takeInTurn(from: number, to: number, ...columnsAndThreshold: number[]): void
  forget(gt: number, dtAreas: number): void
  rankOutcomes(from: number, to: number, ...columnsAndRows: number[]): void
  countRegular(): number
  freeFrom: WebAssembly.Global
}

/** The matches of one size range, and what is counted of them. */
export interface RangeMatches {
  matches: SceneMatches
  /** TP, FP, IGNORED or CUT, [rank]. */
  byRank: Uint8Array
  tallies: RankTallies
}

const MAX_U32 = 0xffffffff

/**
 * `matchScene` with the largest cap in several size ranges at one IoU threshold, in WebAssembly: columns of the index
 * are copied once. Protocol `corrected` has no range but null. Null where there is no WebAssembly, for very many rows
 * and without room; `matchScene` does all that this does.
 */
export function* matchRanges(
  scene: Scene,
  index: SceneIndex,
  iou: number,
  ranges: (AreaRange | null)[],
): Steps<RangeMatches[] | null> {
  const module = compileKernel(scenesWasm)
  if (!module || scene.dt.count + scene.gt.count + index.live.gts.length > MOST_ROWS) return null
  const arena = new Arena()
  try {
    const work = openWork(module, arena, scene, index, iou)
    const beyond = work.coco ? yield* findBeyond(work, largestCap(scene)) : 0
    const reaching = yield* findReaching(work)
    const found: RangeMatches[] = []
    for (const range of ranges) found.push(yield* matchRange(work, { beyond, reaching }, range))
    return found
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  } finally {
    arena.giveBack()
  }
}

type Work = ReturnType<typeof openWork>

/** Puts what all ranges have in common into a memory, and makes room for what each gives. */
function openWork(module: WebAssembly.Module, arena: Arena, scene: Scene, index: SceneIndex, iou: number) {
  const exports = instantiate<MatchExports>(module, arena.memory)
  arena.start(exports.freeFrom.value)
  const { live, ranking, protocol } = index
  const coco = protocol === 'coco'
  const counts = { dts: scene.dt.count, gts: scene.gt.count, live: live.count, ranks: ranking.rows.length }
  const tallies = 3 * (Math.floor(counts.ranks / TALLY_ROWS) + 1)
  return {
    arena,
    exports,
    counts: { ...counts, tallies },
    coco,
    threshold: leastSimilarity(scene, index, iou),
    // the reference keeps the id of the match and takes 0 for none
    zeroIds: coco ? rowsOf(scene.gt.ids, 0) : [],
    dtAreas: arena.put(index.dtAreas),
    gtAreas: arena.put(index.gtAreas),
    ranks: coco ? arena.put(index.ranks) : 0,
    ignores: arena.put(index.gtIgnores), // these are the ones that are never used up, too
    live: [live.rows, live.offsets, live.gts, live.similarities].map(column => arena.put(column)),
    rows: arena.put(ranking.rows),
    positions: arena.take(4 * live.count),
    dtOutcomes: arena.take(counts.dts),
    gtOfDt: arena.take(4 * counts.dts),
    gtOutcomes: arena.take(counts.gts),
    dtOfGt: arena.take(4 * counts.gts),
    byRank: arena.take(counts.ranks),
    before: arena.zeros(4 * tallies),
  }
}

/** Puts the rows beyond the cap where the ranks were; returns how many. */
function* findBeyond({ exports, counts, ranks }: Work, cap: number): Steps<number> {
  let found = 0
  yield* blockSteps(counts.dts, (from, to) => {
    found = exports.findBeyond(from, to, ranks, Math.min(cap, MAX_U32), found)
  })
  return found
}

/** Lists the live detections that reach the threshold; returns how many. */
function* findReaching({ exports, counts, live, positions, threshold }: Work): Steps<number> {
  const [, offsets, , similarities] = live
  let found = 0
  yield* blockSteps(counts.live, (from, to) => {
    found = exports.findReaching(from, to, offsets, similarities, threshold, found, positions)
  })
  return found
}

/** How many detections are beyond the cap, and how many live ones reach the threshold. */
interface Listed {
  beyond: number
  reaching: number
}

function* matchRange(work: Work, { beyond, reaching }: Listed, range: AreaRange | null): Steps<RangeMatches> {
  const { arena, exports, counts, dtAreas, gtAreas, ignores, rows, byRank, before } = work
  const { dtOutcomes, gtOfDt, gtOutcomes, dtOfGt } = work
  const { lo, hi } = range ?? { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY }
  exports.openRange(dtOutcomes, gtOfDt, gtOutcomes, dtOfGt, lo, hi, TALLY_ROWS)
  arena.i32(gtOfDt, counts.dts).fill(-1)
  arena.i32(dtOfGt, counts.gts).fill(-1)
  yield* blockSteps(counts.dts, (from, to) => exports.judgeDts(from, to, dtAreas))
  yield* blockSteps(beyond, (from, to) => exports.cut(from, to, work.ranks))
  yield* blockSteps(counts.gts, (from, to) => exports.judgeGts(from, to, gtAreas, ignores))
  const columns = [work.positions, ...work.live, ignores, work.threshold]
  yield* blockSteps(reaching, (from, to) => exports.takeInTurn(from, to, ...columns))
  for (const g of work.zeroIds) exports.forget(g, dtAreas)
  const ranked = [rows, byRank, before, TALLY_ROWS]
  yield* blockSteps(counts.ranks, (from, to) => exports.rankOutcomes(from, to, ...ranked))
  return {
    matches: {
      dtOutcomes: arena.u8(dtOutcomes, counts.dts).slice(),
      gtOfDt: arena.i32(gtOfDt, counts.dts).slice(),
      gtOutcomes: arena.u8(gtOutcomes, counts.gts).slice(),
      dtOfGt: arena.i32(dtOfGt, counts.gts).slice(),
    },
    byRank: arena.u8(byRank, counts.ranks).slice(),
    tallies: { groundTruths: exports.countRegular(), before: arena.u32(before, counts.tallies).slice() },
  }
}

function rowsOf(values: Float64Array, value: number): number[] {
  const rows: number[] = []
  for (let row = values.indexOf(value); row >= 0; row = values.indexOf(value, row + 1)) rows.push(row)
  return rows
}
