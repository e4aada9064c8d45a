import type { Config } from '../data/config.js'
import { type Cells, type CocoArrays, type Overlaps, precisionAt, recallAt } from '../data/evaluation.js'
import { countRegular, markOutside } from '../matching/areas.js'
import { firstRows } from '../matching/buffers.js'
import { type CellRange, categoryOffsets } from '../matching/cells.js'
import { liveAt, type Matches, type MatchInput, matchCells } from '../matching/match.js'
import { createSortScratch, type SortScratch, sortByScore } from '../matching/order.js'
import { sliceOverlaps } from '../matching/overlaps.js'
import { cocoShape, createCocoArrays } from './coco-arrays.js'
import {
  addDetection,
  addFalsePositive,
  type Curves,
  closeCurves,
  createCurves,
  curveAt,
  resetCurves,
} from './curves.js'

/** What the reference's arrays are made from. */
export interface CocoInput extends MatchInput {
  /** Scores of `cells.dtRows`. */
  dtScores: Float64Array
  /** px by row of Detections, without NaN. */
  dtAreas: Float64Array
}

/** Some of the categories of a run. `arrays.shape.K` is their number. */
export interface CocoPart {
  arrays: CocoArrays
  /** Sum of `Matches.zeroIdDetections`. */
  zeroIdDetections: number
}

/** Detections of one category by descending score; ties by image, then by position in the cell. */
interface Ranking {
  count: number
  scores: Float64Array
  /** Position from the category's first, [rank]. */
  dts: Int32Array
  /** The first cap m that keeps the detection, by its position. */
  caps: Uint16Array
}

/**
 * Matches and accumulates the categories `kFrom .. kTo` of axis k, one at a time, so that memory holds the matches
 * of one category. `overlaps` are those of the cells of these categories (`sliceOverlaps`).
 */
export function evaluateCategories(
  input: CocoInput,
  overlaps: Overlaps,
  config: Config,
  kFrom: number,
  kTo: number,
): CocoPart {
  const { cells } = input
  const offsets = categoryOffsets(cells, kTo)
  const outside = markOutside(cells, input.dtAreas, config.areas, { from: offsets[kFrom], to: offsets[kTo] })
  const arrays = createCocoArrays(cocoShape(config, kTo - kFrom))
  const firstDt = cells.dtOffsets[offsets[kFrom]]
  const work = createWork(config)
  let matches: Matches | undefined
  let zeroIdDetections = 0
  for (let k = kFrom; k < kTo; k++) {
    const range = { from: offsets[k], to: offsets[k + 1] }
    const from = cells.dtOffsets[range.from] - firstDt
    const to = cells.dtOffsets[range.to] - firstDt
    const part = {
      range,
      overlaps: sliceOverlaps(overlaps, from, to),
      outside: outside.subarray(from, to),
    }
    matches = matchCells(input, part, config, matches)
    zeroIdDetections += matches.zeroIdDetections
    accumulate(input, matches, config, range, arrays, k - kFrom, work)
  }
  return { arrays, zeroIdDetections }
}

/** Buffers of `accumulate`; keep one for many calls. */
export interface AccumulateWork {
  curves: Curves
  scratch: SortScratch
}

export const createWork = (config: Config): AccumulateWork => ({
  curves: createCurves(config),
  scratch: createSortScratch(),
})

/**
 * Fills column `k` of `arrays` from one category, whose cells are `range` (COCOeval.accumulate). `matches` covers
 * `range`. Leaves -1 where no ground truth is regular.
 */
export function accumulate(
  input: CocoInput,
  matches: Matches,
  config: Config,
  range: CellRange,
  arrays: CocoArrays,
  k: number,
  work: AccumulateWork = createWork(config),
): void {
  const { curves, scratch } = work
  const regular = countRegular(input, config.areas, range)
  if (regular.every(count => count === 0)) return
  const ranking = rank(input.cells, input.dtScores, config.maxDets, range, scratch)
  resetCurves(curves, regular, ranking.count > 0 ? ranking.scores[0] : 0)
  walk(curves, matches, ranking, input.cells.dtOffsets[range.from] - matches.firstDt)
  closeCurves(curves)
  for (let a = 0; a < config.areas.length; a++) {
    if (regular[a] > 0) store(curves, config, ranking.count, arrays, k, a)
  }
}

function rank(
  cells: Cells,
  dtScores: Float64Array,
  maxDets: number[],
  range: CellRange,
  scratch: SortScratch,
): Ranking {
  const firstDt = cells.dtOffsets[range.from]
  const lastDt = cells.dtOffsets[range.to]
  const count = lastDt - firstDt
  const ranking = {
    count,
    scores: dtScores.slice(firstDt, lastDt),
    dts: firstRows(count),
    caps: new Uint16Array(count),
  }
  for (let cell = range.from; cell < range.to; cell++) {
    const from = cells.dtOffsets[cell] - firstDt
    const to = cells.dtOffsets[cell + 1] - firstDt
    let cap = 0
    for (let dt = from; dt < to; dt++) {
      while (maxDets[cap] <= dt - from) cap++
      ranking.caps[dt] = cap
    }
  }
  sortByScore(ranking.scores, ranking.dts, 0, count, scratch)
  return ranking
}

/** Adds the detections in order; `first` is the category's first in `matches`. */
function walk(curves: Curves, matches: Matches, ranking: Ranking, first: number): void {
  const { A } = curves
  const { words, outside, live } = matches
  const { count, scores, dts, caps } = ranking
  for (let i = 0; i < count; i++) {
    const dt = first + dts[i]
    const cap = caps[dts[i]]
    const liveRow = live[dt]
    if (liveRow >= 0) {
      addLive(curves, matches, liveRow, cap, scores[i])
      continue
    }
    const outsideOf = outside[dt]
    for (let a = 0; a < A; a++) {
      if (((outsideOf >>> a) & 1) === 1) continue
      for (let word = 0; word < words; word++) addFalsePositive(curves, word, a, cap)
    }
  }
}

function addLive(curves: Curves, matches: Matches, live: number, cap: number, score: number): void {
  const { matched, ignored, words } = matches
  for (let a = 0; a < curves.A; a++) {
    if (curves.regular[a] === 0) continue
    for (let word = 0; word < words; word++) {
      const at = liveAt(matches, live, a, word)
      const all = -1 >>> Math.max(0, 32 - (curves.T - 32 * word))
      if (ignored[at] === all) continue
      addDetection(curves, word, a, cap, matched[at] | ignored[at], matched[at] & ~ignored[at], score)
    }
  }
}

/** Writes the curves, recall thresholds as configured: the reference stops at the first that is not reached. */
function store(
  curves: Curves,
  config: Config,
  detections: number,
  arrays: CocoArrays,
  k: number,
  a: number,
): void {
  const { M, T, R, places } = curves
  const { shape } = arrays
  for (let m = 0; m < M; m++) {
    for (let t = 0; t < T; t++) {
      const curve = curveAt(curves, a, m, t)
      const reached = detections > 0 && config.maxDets[m] > 0 ? curves.reached[curve] : 0
      arrays.recall[recallAt(shape, t, k, a, m)] = curves.truePositives[curve] / curves.regular[a]
      let stopped = false
      for (let r = 0; r < R; r++) {
        const at = precisionAt(shape, t, r, k, a, m)
        stopped ||= places[r] >= reached
        arrays.precision[at] = stopped ? 0 : curves.precision[curve * R + places[r]]
        arrays.scores[at] = stopped ? 0 : curves.scores[curve * R + places[r]]
      }
    }
  }
}
