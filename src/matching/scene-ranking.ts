import type { Cells } from '../data/evaluation.js'
import type { Scene } from '../data/scene.js'
import { inRanges, type Steps } from '../data/steps.js'
import { compareBoxes } from './box-order.js'
import { grown } from './buffers.js'
import { keyStarts, sortByKey } from './order.js'
import type { SceneKernel } from './scene-kernel.js'
import type { SceneStart } from './scene-start.js'
import { sortTies, TIE_KEYS } from './tie-kernel.js'

/** Detections by descending score; equal ones by category, image and matching order. */
export interface Ranking {
  /** Rows of detections, [rank]. */
  rows: Int32Array
  /** [rank] */
  scores: Float64Array
  /** The same within each category: those of row k of Categories are `offsets[k] .. offsets[k + 1]`. */
  offsets: Uint32Array
  rowsByCategory: Int32Array
  scoresByCategory: Float64Array
}

/** What has moved where equal scores are ordered. */
export interface OrderedTies {
  /** Instead of those of the cells. */
  dtRows: Int32Array
  /** The detection that stands where this one stood, -1 where it has not moved, [detection]; null where none wrote it down. */
  moved: Int32Array | null
  /** Stretches of equal scores with detections that have moved: from and to, positions in matching order. */
  stretches: Int32Array
}

/** Up to here the insertion sort wins. */
const INSERTION_MAX = 16

/**
 * Orders detections of equal score by what they are instead of where the file lists them. Null where none had to move.
 */
export function* orderTies(
  scene: Scene,
  { cells, dtScores }: SceneStart,
  gtIgnores: Uint8Array,
  classAgnostic: boolean,
  kernel: SceneKernel | null,
): Steps<OrderedTies | null> {
  const best = (d: number): number => bestInCell(scene, d, gtIgnores, classAgnostic)
  const inKernel =
    kernel &&
    (yield* sortTies(kernel, cells, dtScores, (ties, keys) =>
      writeKeys(cells.dtRows, ties, scene.dt.boxes, best, keys),
    ))
  if (inKernel) return inKernel.stretches.length > 0 ? { ...inKernel, moved: null } : null
  return orderPlainly(scene, cells, findTies(cells, dtScores), best)
}

type Best = (d: number) => number

function writeKeys(
  dtRows: Int32Array,
  ties: Int32Array,
  boxes: Float64Array,
  best: Best,
  keys: Float64Array,
): void {
  let at = 0
  for (let tie = 0; tie < ties.length; tie += 2) {
    for (let i = ties[tie]; i < ties[tie + 1]; i++) {
      const d = dtRows[i]
      keys[at] = best(d)
      for (let side = 0; side < 4; side++) keys[at + 1 + side] = boxes[4 * d + side]
      at += TIE_KEYS
    }
  }
}

/** Twin of `sortTies`. */
function orderPlainly(scene: Scene, cells: Cells, ties: Int32Array, best: Best): OrderedTies | null {
  const dtRows = cells.dtRows.slice()
  const precedes = (one: number, other: number): number =>
    best(other) - best(one) || compareBoxes(scene.dt.boxes, one, other) || one - other
  const before: number[] = []
  const stretches: number[] = []
  let moved: Int32Array | null = null
  for (let tie = 0; tie < ties.length; tie += 2) {
    const from = ties[tie]
    const to = ties[tie + 1]
    for (let i = from; i < to; i++) before[i - from] = dtRows[i]
    sortRows(dtRows, from, to, precedes)
    for (let i = from; i < to; i++) {
      if (dtRows[i] === before[i - from]) continue
      moved ??= new Int32Array(scene.dt.count).fill(-1)
      moved[before[i - from]] = dtRows[i]
      if (stretches[stretches.length - 1] !== to) stretches.push(from, to)
    }
  }
  return moved && { dtRows, moved, stretches: Int32Array.from(stretches) }
}

/** Most ties are of two or three. */
function sortRows(
  rows: Int32Array,
  from: number,
  to: number,
  precedes: (one: number, other: number) => number,
): void {
  if (to - from > INSERTION_MAX) {
    rows.subarray(from, to).sort(precedes)
    return
  }
  for (let i = from + 1; i < to; i++) {
    const row = rows[i]
    let j = i
    for (; j > from && precedes(row, rows[j - 1]) < 0; j--) rows[j] = rows[j - 1]
    rows[j] = row
  }
}

/** Stretches of equal scores within a cell, from and to, [stretch, 2]. As in kernels/scenes/ranking.ts. */
function findTies({ count, dtOffsets }: Cells, scores: Float64Array): Int32Array {
  let ties = new Int32Array(64)
  let found = 0
  for (let cell = 0; cell < count; cell++) {
    const end = dtOffsets[cell + 1]
    for (let from = dtOffsets[cell]; from < end; ) {
      let to = from + 1
      while (to < end && scores[to] === scores[from]) to++
      if (to - from > 1) {
        ties = grown(ties, found + 2)
        ties[found++] = from
        ties[found++] = to
      }
      from = to
    }
  }
  return ties.subarray(0, found)
}

/** Best similarity of a detection with a regular ground truth of its cell, 0 for none. */
function bestInCell(
  { gt, dt, pairs }: Scene,
  d: number,
  gtIgnores: Uint8Array,
  classAgnostic: boolean,
): number {
  for (let pair = pairs.offsets[d]; pair < pairs.offsets[d + 1]; pair++) {
    const g = pairs.gts[pair]
    if (gtIgnores[g] === 0 && (classAgnostic || gt.categories[g] === dt.categories[d]))
      return pairs.similarities[pair]
  }
  return 0
}

/** An order of detections. */
export interface Ranked {
  ranking: Ranking
  /** Position in the matching order of its cell, [detection]. */
  ranks: Int32Array
}

/** By the order of scores: what both protocols have until ties are ordered. */
const rankings = new WeakMap<SceneStart['order'], Ranked>()

/** The order of a start; computed once. */
export function* rankedOnce(scene: Scene, start: SceneStart, kernel: SceneKernel | null): Steps<Ranked> {
  const known = rankings.get(start.order)
  if (known) return known
  const inKernel = kernel && (yield* kernel.rank(scene, start.cells, start, null))
  const ranked = inKernel ?? (yield* rankPlainly(scene, start))
  yield
  rankings.set(start.order, ranked)
  return ranked
}

/** Twin of `SceneKernel.rank`. */
function* rankPlainly(scene: Scene, { cells, order, scores }: SceneStart): Steps<Ranked> {
  const ranking = yield* rank(scene, cells.dtRows, order, scores)
  return { ranking, ranks: ranksOf(cells, scene.dt.count) }
}

/** `rankedOnce` with detections in the places of those that have `moved`, see `orderTies`. */
export function* rankAgain(
  scene: Scene,
  start: SceneStart,
  { ranking, ranks }: Ranked,
  moved: Int32Array | null,
  classAgnostic: boolean,
  kernel: SceneKernel | null,
): Steps<Ranked> {
  const again = kernel && (yield* kernel.rank(scene, start.cells, start, classAgnostic ? null : ranking))
  if (again) return again
  // When class-agnostic, some have changed places with another class.
  if (classAgnostic || moved === null) return yield* rankPlainly(scene, start)
  const rows = exchange(ranking.rows, moved)
  yield
  const rowsByCategory = exchange(ranking.rowsByCategory, moved)
  yield
  const ownRanks = ranks.slice()
  for (let d = 0; d < moved.length; d++) if (moved[d] >= 0) ownRanks[moved[d]] = ranks[d]
  return { ranking: { ...ranking, rows, rowsByCategory }, ranks: ownRanks }
}

function exchange(rows: Int32Array, moved: Int32Array): Int32Array {
  const exchanged = rows.slice()
  for (let i = 0; i < rows.length; i++) {
    const there = moved[rows[i]]
    if (there >= 0) exchanged[i] = there
  }
  return exchanged
}

function ranksOf({ count, dtOffsets, dtRows }: Cells, dtCount: number): Int32Array {
  const ranks = new Int32Array(dtCount)
  for (let cell = 0; cell < count; cell++) {
    for (let i = dtOffsets[cell]; i < dtOffsets[cell + 1]; i++) ranks[dtRows[i]] = i - dtOffsets[cell]
  }
  return ranks
}

function* rank(
  { categories, dt }: Scene,
  dtRows: Int32Array,
  order: Int32Array,
  scores: Float64Array,
): Steps<Ranking> {
  const rows = new Int32Array(order.length)
  yield* inRanges(rows.length, (from, to) => {
    for (let i = from; i < to; i++) rows[i] = dtRows[order[i]]
  })
  const offsets = keyStarts(rows, dt.categories, categories.count)
  yield
  const rowsByCategory = sortByKey(rows, dt.categories, categories.count)
  yield
  const scoresByCategory = new Float64Array(rows.length)
  yield* inRanges(rows.length, (from, to) => {
    for (let i = from; i < to; i++) scoresByCategory[i] = dt.scores[rowsByCategory[i]]
  })
  return { rows, scores, offsets, rowsByCategory, scoresByCategory }
}
