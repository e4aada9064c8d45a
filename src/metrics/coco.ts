import type { Config } from '../data/config.js'
import { type Cells, type CocoArrays, type Overlaps, precisionAt, recallAt } from '../data/evaluation.js'
import { countRegular } from '../matching/areas.js'
import { firstRows } from '../matching/buffers.js'
import { type CellRange, categoryOffsets } from '../matching/cells.js'
import { type Matches, type MatchInput, matchAt, matchCells } from '../matching/match.js'
import { createSortScratch, type SortScratch, sortByScore } from '../matching/order.js'
import { sliceOverlaps } from '../matching/overlaps.js'
import { cocoShape, createCocoArrays } from './coco-arrays.js'
import { addDetection, type Curves, closeCurves, createCurves, resetCurves } from './curves.js'

export interface CocoInput extends MatchInput {
  /** By row of Detections. */
  scores: Float64Array
}

/** Some of the categories of a run. `arrays.shape.K` is their number. */
export interface CocoPart {
  arrays: CocoArrays
  /** Sum of `Matches.zeroIdDetections`. */
  zeroIdDetections: number
}

/** Detections of one category, by position from the category's first. */
interface Ranking {
  count: number
  /** Positions by descending score; ties by image, then by position in the cell. */
  order: Int32Array
  scores: Float64Array
  /** The first cap m that keeps the detection. */
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
  const arrays = createCocoArrays(cocoShape(config, kTo - kFrom))
  const firstDt = cells.dtOffsets[offsets[kFrom]]
  const work = createWork(config)
  let matches: Matches | undefined
  let zeroIdDetections = 0
  for (let k = kFrom; k < kTo; k++) {
    const range = { from: offsets[k], to: offsets[k + 1] }
    const from = cells.dtOffsets[range.from] - firstDt
    const to = cells.dtOffsets[range.to] - firstDt
    matches = matchCells(input, sliceOverlaps(overlaps, from, to), config, range, matches)
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
  const ranking = rank(input.cells, input.scores, config.maxDets, range, scratch)
  const topScore = ranking.count > 0 ? ranking.scores[ranking.order[0]] : 0
  const firstDt = input.cells.dtOffsets[range.from]
  for (let a = 0; a < config.areas.length; a++) {
    if (regular[a] === 0) continue
    resetCurves(curves, regular[a], topScore)
    for (let w = 0; w < matches.words; w++) walk(curves, matches, ranking, matchAt(matches, a, w, firstDt), w)
    closeCurves(curves)
    store(curves, config, ranking.count, arrays, k, a)
  }
}

function rank(
  cells: Cells,
  scores: Float64Array,
  maxDets: number[],
  range: CellRange,
  scratch: SortScratch,
): Ranking {
  const firstDt = cells.dtOffsets[range.from]
  const count = cells.dtOffsets[range.to] - firstDt
  const ranking = {
    count,
    order: firstRows(count),
    scores: new Float64Array(count),
    caps: new Uint16Array(count),
  }
  for (let cell = range.from; cell < range.to; cell++) {
    const from = cells.dtOffsets[cell]
    const to = cells.dtOffsets[cell + 1]
    let cap = 0
    for (let dt = from; dt < to; dt++) {
      while (maxDets[cap] <= dt - from) cap++
      ranking.scores[dt - firstDt] = scores[cells.dtRows[dt]]
      ranking.caps[dt - firstDt] = cap
    }
  }
  sortByScore(ranking.order, 0, count, ranking.scores, scratch)
  return ranking
}

/** Adds the detections in order at the thresholds of word `w`, which start at `base` in the bit sets. */
function walk(curves: Curves, matches: Matches, ranking: Ranking, base: number, w: number): void {
  const { seen } = curves
  const { matched, ignored } = matches
  const { count, order, scores, caps } = ranking
  const t0 = 32 * w
  const all = -1 >>> Math.max(0, 32 - (curves.T - t0))
  seen.fill(0)
  for (let i = 0; i < count; i++) {
    const dt = order[i]
    const ignoredAt = ignored[base + dt]
    if (ignoredAt === all) continue
    const matchedAt = matched[base + dt]
    seen[caps[dt]]++
    const bits = matchedAt | ignoredAt
    if (bits !== 0) addDetection(curves, caps[dt], bits, matchedAt & ~ignoredAt, t0, scores[dt])
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
      const curve = m * T + t
      const reached = detections > 0 && config.maxDets[m] > 0 ? curves.reached[curve] : 0
      arrays.recall[recallAt(shape, t, k, a, m)] = curves.truePositives[curve] / curves.regular
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
