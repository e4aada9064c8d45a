import type { Protocol, SceneMatches } from '../data/analysis.js'
import type { Cells } from '../data/evaluation.js'
import type { Scene, ScenePairs } from '../data/scene.js'
import { finish, inRanges, type Steps } from '../data/steps.js'
import { firstRows } from './buffers.js'
import { reorderSteps } from './live-order.js'
import { keyStarts, sortByKey } from './order.js'
import { SceneKernel } from './scene-kernel.js'
import { type LivePairs, livePairSteps } from './scene-pairs.js'
import { type OrderedTies, orderTies, type Ranking, rankAgain, rankedOnce } from './scene-ranking.js'
import { type SceneStart, startSteps } from './scene-start.js'

/** Matches are kept up to about so many bytes, but always some. */
const KEPT_BYTES = 128 * 2 ** 20
const FEWEST_KEPT = 32

/** Ground truths of row k of Categories: `rows[offsets[k]] .. rows[offsets[k + 1]]`, ascending. */
export interface GroupedGts {
  offsets: Uint32Array
  rows: Int32Array
}

/** The most similar partner of any class that is neither crowd nor ignored, at any score. */
export interface BestOverlaps {
  /** Row of the ground truth, -1 for none; its similarity, 0 for none. [detection] */
  gtOfDt: Int32Array
  dtSimilarities: Float64Array
  /** Row of the detection, -1 for none; its similarity, 0 for none. [ground truth] */
  dtOfGt: Int32Array
  gtSimilarities: Float64Array
}

/** What matching a scene by one protocol needs at every threshold, computed once. Rows are those of the scene. */
export interface IndexColumns {
  protocol: Protocol
  classAgnostic: boolean
  /** `dtRows` in matching order, without a cap; axis k is the row of Categories, 0 for all when class-agnostic. */
  cells: Cells
  /** Position in the matching order of its cell, [detection]. */
  ranks: Int32Array
  /** Detections with a partner in their cell. */
  live: LivePairs
  ranking: Ranking
  gtsByCategory: GroupedGts
  best: BestOverlaps
  /** px that the protocol compares with size ranges: stated areas (`coco`) or those of the shape (`corrected`). */
  gtAreas: Float64Array
  dtAreas: Float64Array
  /** 1 where ignored in every size range: a crowd, in `corrected` also "ignore" in the file. [ground truth] */
  gtIgnores: Uint8Array
}

/** With what has been found by it so far. */
export interface SceneIndex extends IndexColumns {
  /** By size range and cap: outcomes of instances that nothing matches. */
  unmatched: Map<string, Unmatched>
  /** Matches found lately, see `matchesOf`, and how many are kept. */
  matches: Map<string, SceneMatches>
  matchesKept: number
  /** Time that matching has taken so far. */
  matchingMs: number
  /** Counts found so far, by size range. */
  tallies: WeakMap<SceneMatches, Map<string, RankTallies>>
}

/** Outcomes before any match: FP, IGNORED or CUT, [detection]; FN or IGNORED, [ground truth]. */
export interface Unmatched {
  dtOutcomes: Uint8Array
  gtOutcomes: Uint8Array
}

/** Ranks from one remembered tally to the next. */
export const TALLY_ROWS = 1024

/** Counts of one size range at every `TALLY_ROWS` ranks. */
export interface RankTallies {
  /** Regular ground truths. */
  groundTruths: number
  /** TP, FP and IGNORED before the first rank of each block, [block, 3]. */
  before: Uint32Array
}

/**
 * Orders a scene for matching. Detections of a cell (image and class, or image when class-agnostic) come by
 * descending score; equal scores in file order (`coco`, class by class when class-agnostic), or by descending best
 * similarity with a regular ground truth of the cell, then x, y, width, height, then file order (`corrected`).
 */
export function indexScene(scene: Scene, protocol: Protocol, classAgnostic: boolean): SceneIndex {
  return finish(indexSteps(scene, protocol, classAgnostic))
}

/** `indexScene` in steps of some 10 ms, for a page that must not stand still. `kernel` null leaves all to its twins. */
export function* indexSteps(
  scene: Scene,
  protocol: Protocol,
  classAgnostic: boolean,
  kernel: SceneKernel | null = SceneKernel.create(),
): Steps<SceneIndex> {
  const corrected = protocol === 'corrected'
  const start = yield* startSteps(scene, classAgnostic, kernel)
  yield
  const gtIgnores = corrected ? scene.gt.ignores : scene.gt.crowds
  const plain = yield* rankedOnce(scene, start, kernel)
  const ties = corrected ? yield* orderTies(scene, start, gtIgnores, classAgnostic, kernel) : null
  const cells = ties ? { ...start.cells, dtRows: ties.dtRows } : start.cells
  yield
  const live = yield* livePairsOf(scene, { ...start, cells }, protocol, classAgnostic, ties, kernel)
  yield
  const { ranking, ranks } = ties
    ? yield* rankAgain(scene, { ...start, cells }, plain, ties.moved, classAgnostic, kernel)
    : plain
  const best = yield* bestOnce(scene, gtIgnores, kernel)
  return indexFrom({
    protocol,
    classAgnostic,
    cells,
    ranks,
    live,
    ranking,
    gtsByCategory: yield* groupOnce(scene, kernel),
    best,
    gtAreas: corrected ? scene.gt.ownAreas : scene.gt.areas,
    dtAreas: corrected ? scene.dt.ownAreas : scene.dt.areas,
    gtIgnores,
  })
}

/** By the order of scores: the live pairs of protocol `coco`, from which those of `corrected` differ where there are ties. */
const lives = new WeakMap<SceneStart['order'], { pairs: ScenePairs; live: LivePairs }>()

const NO_STRETCHES = new Int32Array(0)

function* livePairsOf(
  scene: Scene,
  { order, cells }: SceneStart,
  protocol: Protocol,
  classAgnostic: boolean,
  ties: OrderedTies | null,
  kernel: SceneKernel | null,
): Steps<LivePairs> {
  const known = lives.get(order)
  if (protocol === 'corrected' && known?.pairs === scene.pairs)
    return yield* reorderSteps(scene, known.live, cells.dtRows, ties?.stretches ?? NO_STRETCHES, kernel)
  const live = yield* livePairSteps(scene, cells.dtRows, protocol, classAgnostic, kernel)
  if (protocol === 'coco') lives.set(order, { pairs: scene.pairs, live })
  return live
}

/** The index of these columns, which another thread may have found. */
export const indexFrom = (columns: IndexColumns): SceneIndex => ({
  ...columns,
  unmatched: new Map(),
  matches: new Map(),
  matchesKept: Math.max(FEWEST_KEPT, KEPT_BYTES / (5 * (columns.dtAreas.length + columns.gtAreas.length))),
  matchingMs: 0,
  tallies: new WeakMap(),
})

/** What of an index another thread can have. */
export function columnsOf(index: SceneIndex): IndexColumns {
  const { unmatched, matches, matchesKept, matchingMs, tallies, ...columns } = index
  return columns
}

/** Detections by descending score: of one class (row in Categories), or of all where it is null. */
export function rankedOf(
  { ranking }: SceneIndex,
  category: number | null,
): { rows: Int32Array; scores: Float64Array } {
  if (category === null) return ranking
  const [from, to] = [ranking.offsets[category], ranking.offsets[category + 1]]
  return {
    rows: ranking.rowsByCategory.subarray(from, to),
    scores: ranking.scoresByCategory.subarray(from, to),
  }
}

/** By the categories of ground truths, which are those of every protocol. */
const groups = new WeakMap<Int32Array, GroupedGts>()

function* groupOnce({ categories, gt }: Scene, kernel: SceneKernel | null): Steps<GroupedGts> {
  const known = groups.get(gt.categories)
  if (known?.offsets.length === categories.count + 1) return known
  const found =
    (kernel && (yield* kernel.group(gt.categories, categories.count))) ??
    groupPlainly(gt.categories, categories.count)
  groups.set(gt.categories, found)
  return found
}

/** Twin of `SceneKernel.group`. */
function groupPlainly(categories: Int32Array, count: number): GroupedGts {
  const rows = firstRows(categories.length)
  return { offsets: keyStarts(rows, categories, count), rows: sortByKey(rows, categories, count) }
}

/** Ground truths of one class (row in Categories), or of all where it is null. */
export const gtsOf = (
  { gtsByCategory: { offsets, rows } }: SceneIndex,
  category: number | null,
): Int32Array => (category === null ? rows : rows.subarray(offsets[category], offsets[category + 1]))

/** By pairs: what was found last, which both protocols share where they ignore the same ground truths. */
const bests = new WeakMap<ScenePairs, { gtIgnores: Uint8Array; best: BestOverlaps }>()

function* bestOnce(scene: Scene, gtIgnores: Uint8Array, kernel: SceneKernel | null): Steps<BestOverlaps> {
  const known = bests.get(scene.pairs)
  if (known?.gtIgnores.every((ignored, g) => ignored === gtIgnores[g])) return known.best
  const best = (kernel && (yield* kernel.best(scene, gtIgnores))) ?? (yield* bestOverlaps(scene, gtIgnores))
  bests.set(scene.pairs, { gtIgnores, best })
  return best
}

function* bestOverlaps({ gt, dt, pairs }: Scene, gtIgnores: Uint8Array): Steps<BestOverlaps> {
  const best: BestOverlaps = {
    gtOfDt: new Int32Array(dt.count).fill(-1),
    dtSimilarities: new Float64Array(dt.count),
    dtOfGt: new Int32Array(gt.count).fill(-1),
    gtSimilarities: new Float64Array(gt.count),
  }
  yield* inRanges(dt.count, (from, to) => {
    for (let d = from; d < to; d++) {
      for (let pair = pairs.offsets[d]; pair < pairs.offsets[d + 1]; pair++) {
        const g = pairs.gts[pair]
        if (gtIgnores[g] === 1) continue
        const similarity = pairs.similarities[pair]
        if (best.gtOfDt[d] < 0) {
          best.gtOfDt[d] = g
          best.dtSimilarities[d] = similarity
        }
        if (similarity > best.gtSimilarities[g]) {
          best.dtOfGt[g] = d
          best.gtSimilarities[g] = similarity
        }
      }
    }
  })
  return best
}
