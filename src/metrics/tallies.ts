import { type Counts, FP, IGNORED, type SceneMatches, TP } from '../data/analysis.js'
import type { AreaRange } from '../data/config.js'
import { type RankTallies, type SceneIndex, TALLY_ROWS } from '../matching/scene-index.js'
import { countRegular, keptCount, NOWHERE, type OutcomeQuery, outcomesByRank, rangeKey } from './outcomes.js'

/** Plain tallies, from which `ratios` makes Counts. */
export interface Tally {
  tp: number
  fp: number
  fn: number
  ignored: number
}

export const createTally = (): Tally => ({ tp: 0, fp: 0, fn: 0, ignored: 0 })

/** `a / b`, null where b is 0. */
export const ratio = (a: number, b: number): number | null => (b > 0 ? a / b : null)

export const toCounts = ({ tp, fp, fn, ignored }: Tally): Counts => ({
  groundTruths: tp + fn,
  detections: tp + fp,
  tp,
  fp,
  fn,
  precision: ratio(tp, tp + fp),
  recall: ratio(tp, tp + fn),
  f1: ratio(2 * tp, 2 * tp + fp + fn),
  ignored,
})

export function addDetection(tally: Tally, outcome: number): void {
  if (outcome === TP) tally.tp++
  else if (outcome === FP) tally.fp++
  else if (outcome === IGNORED) tally.ignored++
}

/** Counts of all classes and images. A score threshold moves without looking at every detection again. */
export function countAll(index: SceneIndex, { matches, range, cut }: Omit<OutcomeQuery, 'scope'>): Counts {
  const { before, groundTruths } = rankTallies(index, matches, range)
  const kept = keptCount(index.ranking.scores, cut)
  const outcomes = outcomesByRank(index, matches, range)
  const block = Math.floor(kept / TALLY_ROWS)
  const tally = createTally()
  tally.tp = before[3 * block]
  tally.fp = before[3 * block + 1]
  tally.ignored = before[3 * block + 2]
  for (let i = block * TALLY_ROWS; i < kept; i++) addDetection(tally, outcomes[i])
  tally.fn = groundTruths - tally.tp
  return toCounts(tally)
}

function rankTallies(index: SceneIndex, matches: SceneMatches, range: AreaRange | null): RankTallies {
  const known = index.tallies.get(matches) ?? new Map<string, RankTallies>()
  index.tallies.set(matches, known)
  const key = rangeKey(range)
  const tallies = known.get(key) ?? tallyRanks(index, matches, range)
  known.set(key, tallies)
  return tallies
}

function tallyRanks(index: SceneIndex, matches: SceneMatches, range: AreaRange | null): RankTallies {
  const outcomes = outcomesByRank(index, matches, range)
  const before = new Uint32Array(3 * (Math.floor(outcomes.length / TALLY_ROWS) + 1))
  const counts = new Uint32Array(NOWHERE + 1) // by outcome, without a branch that no one can predict
  for (let i = 0; i <= outcomes.length; i++) {
    if (i % TALLY_ROWS === 0) {
      const block = (3 * i) / TALLY_ROWS
      before[block] = counts[TP]
      before[block + 1] = counts[FP]
      before[block + 2] = counts[IGNORED]
    }
    if (i < outcomes.length) counts[outcomes[i]]++
  }
  return { groundTruths: countRegular(index, matches, range, null), before }
}
