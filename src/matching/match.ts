import type { AreaRange, Config } from '../data/config.js'
import type { Cells, Overlaps } from '../data/evaluation.js'
import { grown } from './buffers.js'
import type { CellRange } from './cells.js'
import { createGreedy, type Greedy, loadCell, loadPairs, markIgnored, matchGreedily } from './greedy.js'
import { packThresholds, type ThresholdWord } from './thresholds.js'

/** What matching reads: the cells and columns of the ground truths by row. */
export interface MatchInput {
  cells: Cells
  /** px without NaN, see `resolveAreas`. */
  gtAreas: Float64Array
  gtIds: Float64Array
  /** 1 for a crowd. */
  gtCrowds: Uint8Array
}

/** A range of cells and what is known of its detections, which count from the first of the range. */
export interface MatchRange {
  range: CellRange
  /** See `sliceOverlaps`. */
  overlaps: Overlaps
  /** Bit a: the detection's own area is outside range a, see `markOutside`. [detection] */
  outside: Uint32Array
}

/**
 * The fate of each detection of a range of cells at each area range and IoU threshold.
 *
 * Most detections reach no threshold: they are false positives in the area ranges that hold them and ignored in the
 * others. The rest are `live` and have sets of thresholds: threshold t is bit t % 32 of word floor(t / 32). A live
 * detection is a true positive where it is matched and not ignored, a false positive where it is neither.
 */
export interface Matches {
  range: CellRange
  /** Position in `cells.dtRows` of the first detection. */
  firstDt: number
  dtCount: number
  /** Area ranges, and words of 32 thresholds. */
  areas: number
  words: number
  /** Bit a: the detection's own area is outside range a. [detection] */
  outside: Uint32Array
  /** -1 where the detection reaches no threshold, [detection]. */
  live: Int32Array
  /** [live, A, word], see `liveAt`. */
  matched: Uint32Array
  ignored: Uint32Array
  liveCount: number
  /** Detections, in the first area range, that took the ground truth with id 0 and so count as unmatched. */
  zeroIdDetections: number
}

/** Index in `matched` and `ignored` of the live detection `live`. */
export const liveAt = (matches: Matches, live: number, a: number, word: number): number =>
  (live * matches.areas + a) * matches.words + word

/**
 * Matches the detections of a range greedily as the reference does (`evaluateImg`), see `matchGreedily`. `reuse`
 * gives its memory to the result.
 */
export function matchCells(input: MatchInput, part: MatchRange, config: Config, reuse?: Matches): Matches {
  const { cells } = input
  const { range, overlaps } = part
  const words = packThresholds(config.iouThresholds)
  const matches = createMatches(cells, part, config.areas.length, words.length, reuse)
  const least = Math.min(...words.map(word => word.ascending[0]))
  const greedy = createGreedy()
  for (let cell = range.from; cell < range.to; cell++) {
    const from = cells.dtOffsets[cell] - matches.firstDt
    const to = cells.dtOffsets[cell + 1] - matches.firstDt
    if (overlaps.offsets[from] === overlaps.offsets[to]) continue
    const first = matches.liveCount
    collectLive(matches, overlaps, from, to, least, greedy)
    if (matches.liveCount === first) continue
    matchCell(input, matches, overlaps, config.areas, words, cell, first, greedy)
  }
  return matches
}

function createMatches(
  cells: Cells,
  { range, outside }: MatchRange,
  areas: number,
  words: number,
  reuse: Matches | undefined,
): Matches {
  const firstDt = cells.dtOffsets[range.from]
  const dtCount = cells.dtOffsets[range.to] - firstDt
  return {
    range,
    firstDt,
    dtCount,
    areas,
    words,
    outside,
    live: grown(reuse?.live ?? new Int32Array(dtCount), dtCount).fill(-1, 0, dtCount),
    matched: reuse?.matched ?? new Uint32Array(0),
    ignored: reuse?.ignored ?? new Uint32Array(0),
    liveCount: 0,
    zeroIdDetections: 0,
  }
}

/** Numbers the detections `from .. to` whose best pair reaches the least threshold. */
function collectLive(
  matches: Matches,
  { offsets, similarities }: Overlaps,
  from: number,
  to: number,
  least: number,
  greedy: Greedy,
): void {
  greedy.dts = grown(greedy.dts, to - from)
  greedy.count = 0
  for (let i = from; i < to; i++) {
    const best = offsets[i]
    if (best === offsets[i + 1] || similarities[best] < least) continue
    greedy.dts[greedy.count++] = i
    matches.live[i] = matches.liveCount++
  }
}

/** Matches the live detections of a cell, numbered from `first`. */
function matchCell(
  input: MatchInput,
  matches: Matches,
  overlaps: Overlaps,
  areas: AreaRange[],
  words: ThresholdWord[],
  cell: number,
  first: number,
  greedy: Greedy,
): void {
  const size = matches.liveCount * matches.areas * matches.words
  matches.matched = grown(matches.matched, size)
  matches.ignored = grown(matches.ignored, size)
  loadCell(greedy, input, cell)
  for (let w = 0; w < words.length; w++) {
    loadPairs(greedy, overlaps, words[w])
    let settled = false
    for (let a = 0; a < areas.length; a++) {
      const ignoredGts = markIgnored(greedy, areas[a])
      // All regular and all ignored come to the same pairs, so such ranges share one matching.
      const uniform = ignoredGts === 0 || ignoredGts === greedy.gtCount
      if (!uniform || !settled) matchGreedily(greedy)
      settled = uniform
      if (a === 0 && greedy.zeroId >= 0) noteZeroId(greedy, w)
      store(matches, greedy, first, a, w, words[w].all, uniform ? ignoredGts > 0 : null)
    }
  }
  if (greedy.zeroId >= 0) {
    for (let i = 0; i < greedy.count; i++) if (greedy.lostToZeroId[i] !== 0) matches.zeroIdDetections++
  }
}

function noteZeroId({ count, wonZeroId, lostToZeroId }: Greedy, w: number): void {
  if (w === 0) lostToZeroId.fill(0, 0, count)
  for (let i = 0; i < count; i++) lostToZeroId[i] |= wonZeroId[i]
}

/** Writes what `greedy` found; `ignored` is null where it differs from pair to pair. */
function store(
  matches: Matches,
  greedy: Greedy,
  first: number,
  a: number,
  w: number,
  all: number,
  ignored: boolean | null,
): void {
  for (let i = 0; i < greedy.count; i++) {
    const at = liveAt(matches, first + i, a, w)
    const won = greedy.won[i]
    const matched = won & ~greedy.wonZeroId[i]
    const onIgnored = ignored === null ? greedy.wonIgnored[i] : ignored ? won : 0
    const outside = ((matches.outside[greedy.dts[i]] >>> a) & 1) === 1
    matches.matched[at] = matched
    matches.ignored[at] = outside ? onIgnored | (all & ~matched) : onIgnored
  }
}
