import type { Cells } from '../data/evaluation.js'
import type { Scene } from '../data/scene.js'
import { inRanges, type Steps } from '../data/steps.js'
import { compareBoxes } from './box-order.js'
import { keyStarts, sortByKey } from './order.js'
import type { SceneStart } from './scene-start.js'

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

/**
 * Orders detections of equal score by what they are instead of where the file lists them. Returns which one stands
 * where each of those stood that had to move, -1 for the others; null where none had to. [detection]
 */
export function orderTies(
  scene: Scene,
  { cells, dtScores: scores }: SceneStart,
  gtIgnores: Uint8Array,
  classAgnostic: boolean,
): Int32Array | null {
  const { count, dtOffsets, dtRows } = cells
  const best = (d: number): number => bestInCell(scene, d, gtIgnores, classAgnostic)
  const precedes = (one: number, other: number): number =>
    best(other) - best(one) || compareBoxes(scene.dt.boxes, one, other) || one - other
  let moved: Int32Array | null = null
  for (let cell = 0; cell < count; cell++) {
    const end = dtOffsets[cell + 1]
    for (let from = dtOffsets[cell]; from < end; ) {
      let to = from + 1
      while (to < end && scores[to] === scores[from]) to++
      if (to - from > 1) {
        const before = dtRows.slice(from, to)
        dtRows.subarray(from, to).sort(precedes)
        for (let i = from; i < to; i++) {
          if (dtRows[i] === before[i - from]) continue
          moved ??= new Int32Array(scene.dt.count).fill(-1)
          moved[before[i - from]] = dtRows[i]
        }
      }
      from = to
    }
  }
  return moved
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
export function* rankedOnce(scene: Scene, { cells, order, scores }: SceneStart): Steps<Ranked> {
  const known = rankings.get(order)
  if (known) return known
  const ranking = yield* rank(scene, cells.dtRows, order, scores)
  const ranked = { ranking, ranks: ranksOf(cells, scene.dt.count) }
  yield
  rankings.set(order, ranked)
  return ranked
}

/** `rankedOnce` with detections in the places of those that have `moved`, see `orderTies`. */
export function* rankAgain(
  scene: Scene,
  { cells, order, scores }: SceneStart,
  { ranking, ranks }: Ranked,
  moved: Int32Array,
  classAgnostic: boolean,
): Steps<Ranked> {
  if (classAgnostic) {
    // Some have changed places with another class.
    const again = yield* rank(scene, cells.dtRows, order, scores)
    return { ranking: again, ranks: ranksOf(cells, scene.dt.count) }
  }
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
