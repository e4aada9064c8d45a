import type { AreaRange, Config } from '../data/config.js'
import type { Cells, Overlaps } from '../data/evaluation.js'
import { grown } from './buffers.js'
import type { CellRange } from './cells.js'
import { packThresholds, type ThresholdWord } from './thresholds.js'

/** What matching reads: the cells, their overlaps, and the columns of the instances by row. */
export interface MatchInput {
  cells: Cells
  /** px without NaN, see `resolveAreas`. */
  gtAreas: Float64Array
  dtAreas: Float64Array
  gtIds: Float64Array
  /** 1 for a crowd. */
  gtCrowds: Uint8Array
}

/**
 * The fate of each detection of a range of cells, as sets of IoU thresholds: threshold t is bit t % 32 of word
 * floor(t / 32). A detection is a true positive where it is matched and not ignored, a false positive where it
 * is neither.
 */
export interface Matches {
  range: CellRange
  /** Position in `cells.dtRows` of the first detection. */
  firstDt: number
  dtCount: number
  /** Words of 32 thresholds. */
  words: number
  /** [A, word, detection], see `matchAt`. */
  matched: Uint32Array
  ignored: Uint32Array
  /** Detections, in the first area range, that took the ground truth with id 0 and so count as unmatched. */
  zeroIdDetections: number
}

/** Index in `matched` and `ignored` of the detection at position `dt` of `cells.dtRows`. */
export const matchAt = (matches: Matches, a: number, word: number, dt: number): number =>
  (a * matches.words + word) * matches.dtCount + dt - matches.firstDt

/** Buffers of the cell at work: its ground truths and the detections that reach a threshold. */
interface CellState {
  /** 1 where the ground truth is ignored in this area range, [ground truth of the cell]. */
  ignores: Uint8Array
  /** Thresholds at which the ground truth is used up. */
  taken: Uint32Array
  /** Position in `cells.dtRows`, [live]. */
  liveDts: Int32Array
  /** Into `pairGts` and `eligible`, [live + 1]. */
  liveOffsets: Uint32Array
  liveCount: number
  /** Ground truth of the cell, from 0, [pair]. */
  pairGts: Int32Array
  /** Thresholds that the pair reaches, [pair]. */
  eligible: Uint32Array
}

/**
 * Matches the detections of `range` greedily as the reference does (`evaluateImg`), for all thresholds at once.
 *
 * At one threshold the reference gives a detection the free regular ground truth of highest similarity at or
 * above it, else such an ignored one; equal similarities go to the later ground truth. `overlaps` lists a
 * detection's pairs in just this order, so each pair takes those thresholds that it reaches, that its ground
 * truth still has, and that no earlier pair took.
 *
 * `overlaps` are those of the range (`sliceOverlaps`). `reuse` gives its memory to the result.
 */
export function matchCells(
  input: MatchInput,
  overlaps: Overlaps,
  config: Config,
  range: CellRange,
  reuse?: Matches,
): Matches {
  const { cells } = input
  const words = packThresholds(config.iouThresholds)
  const matches = createMatches(cells, range, config.areas.length, words.length, reuse)
  const state = createCellState()
  const zeroIds = new Set<number>()
  for (let cell = range.from; cell < range.to; cell++) {
    for (let w = 0; w < words.length; w++) {
      const dense = cells.gtOffsets[cell + 1] > cells.gtOffsets[cell]
      if (dense) collectLive(state, cells, overlaps, matches.firstDt, cell, words[w])
      for (let a = 0; a < config.areas.length; a++) {
        if (dense && state.liveCount > 0) {
          markIgnored(state, input, config.areas[a], cell)
          matchArea(state, input, matches, cell, a, w, a === 0 ? zeroIds : null)
        }
        ignoreOutside(input, matches, config.areas[a], cell, a, w, words[w].all)
      }
    }
  }
  matches.zeroIdDetections = zeroIds.size
  return matches
}

function createMatches(
  cells: Cells,
  range: CellRange,
  areas: number,
  words: number,
  reuse: Matches | undefined,
): Matches {
  const firstDt = cells.dtOffsets[range.from]
  const dtCount = cells.dtOffsets[range.to] - firstDt
  const size = areas * words * dtCount
  const matched = reuse ? grown(reuse.matched, size) : new Uint32Array(size)
  const ignored = reuse ? grown(reuse.ignored, size) : new Uint32Array(size)
  if (reuse) {
    matched.fill(0, 0, size)
    ignored.fill(0, 0, size)
  }
  return { range, firstDt, dtCount, words, matched, ignored, zeroIdDetections: 0 }
}

const createCellState = (): CellState => ({
  ignores: new Uint8Array(64),
  taken: new Uint32Array(64),
  liveDts: new Int32Array(64),
  liveOffsets: new Uint32Array(65),
  liveCount: 0,
  pairGts: new Int32Array(64),
  eligible: new Uint32Array(64),
})

/** Gathers the detections of a cell that reach a threshold of this word, and their pairs that do. */
function collectLive(
  state: CellState,
  cells: Cells,
  overlaps: Overlaps,
  firstDt: number,
  cell: number,
  word: ThresholdWord,
): void {
  const { offsets, gts, similarities } = overlaps
  const { ascending, reached } = word
  const gtFrom = cells.gtOffsets[cell]
  const dtFrom = cells.dtOffsets[cell]
  const dtTo = cells.dtOffsets[cell + 1]
  const gtCount = cells.gtOffsets[cell + 1] - gtFrom
  const pairCount = offsets[dtTo - firstDt] - offsets[dtFrom - firstDt]
  state.ignores = grown(state.ignores, gtCount)
  state.taken = grown(state.taken, gtCount)
  state.liveDts = grown(state.liveDts, dtTo - dtFrom)
  state.liveOffsets = grown(state.liveOffsets, dtTo - dtFrom + 1)
  state.pairGts = grown(state.pairGts, pairCount)
  state.eligible = grown(state.eligible, pairCount)
  let live = 0
  let pairs = 0
  for (let dt = dtFrom; dt < dtTo; dt++) {
    const end = offsets[dt - firstDt + 1]
    const before = pairs
    for (let pair = offsets[dt - firstDt]; pair < end; pair++) {
      const similarity = similarities[pair]
      let count = 0
      while (count < ascending.length && ascending[count] <= similarity) count++
      if (count === 0) break // the rest of its pairs are no more similar
      state.pairGts[pairs] = gts[pair] - gtFrom
      state.eligible[pairs++] = reached[count]
    }
    if (pairs === before) continue
    state.liveDts[live++] = dt
    state.liveOffsets[live] = pairs
  }
  state.liveCount = live
}

function markIgnored(state: CellState, input: MatchInput, range: AreaRange, cell: number): void {
  const { cells, gtAreas, gtCrowds } = input
  const from = cells.gtOffsets[cell]
  const to = cells.gtOffsets[cell + 1]
  for (let i = from; i < to; i++) {
    const row = cells.gtRows[i]
    state.ignores[i - from] =
      gtCrowds[row] === 1 || gtAreas[row] < range.lo || gtAreas[row] > range.hi ? 1 : 0
  }
}

/** Matches the live detections of a cell at the thresholds of word `w`, in the area range `a` of `state.ignores`. */
function matchArea(
  state: CellState,
  input: MatchInput,
  matches: Matches,
  cell: number,
  a: number,
  w: number,
  zeroIds: Set<number> | null,
): void {
  const { ignores, taken, liveDts, liveOffsets, pairGts, eligible } = state
  const { cells, gtIds, gtCrowds } = input
  const from = cells.gtOffsets[cell]
  taken.fill(0, 0, cells.gtOffsets[cell + 1] - from)
  const base = matchAt(matches, a, w, 0)
  for (let live = 0; live < state.liveCount; live++) {
    const end = liveOffsets[live + 1]
    let done = 0
    let matched = 0
    let ignored = 0
    for (let pass = 0; pass < 2; pass++) {
      for (let pair = liveOffsets[live]; pair < end; pair++) {
        const gt = pairGts[pair]
        if (ignores[gt] !== pass) continue // regular ground truths first
        const row = cells.gtRows[from + gt]
        const wanted = eligible[pair] & ~done
        const won = gtCrowds[row] === 1 ? wanted : wanted & ~taken[gt]
        if (won === 0) continue
        taken[gt] |= won
        done |= won
        if (pass === 1) ignored |= won
        if (gtIds[row] !== 0) matched |= won
        else zeroIds?.add(liveDts[live])
      }
    }
    matches.matched[base + liveDts[live]] = matched
    matches.ignored[base + liveDts[live]] = ignored
  }
}

/** Ignores the detections of a cell whose own area is out of range, where they are unmatched. */
function ignoreOutside(
  input: MatchInput,
  matches: Matches,
  range: AreaRange,
  cell: number,
  a: number,
  w: number,
  all: number,
): void {
  const { cells, dtAreas } = input
  const { matched, ignored } = matches
  const base = matchAt(matches, a, w, 0)
  const end = cells.dtOffsets[cell + 1]
  for (let dt = cells.dtOffsets[cell]; dt < end; dt++) {
    const area = dtAreas[cells.dtRows[dt]]
    if (area < range.lo || area > range.hi) ignored[base + dt] |= all & ~matched[base + dt]
  }
}
