import { CUT, FN, FP, IGNORED, type SceneMatches, TP, type View } from '../data/analysis.js'
import type { AreaRange } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import { gtsOf, rankedOf, type SceneIndex } from '../matching/scene-index.js'
import { matchesOf } from '../matching/scene-match.js'
import { inSize } from './sizes.js'

/** Which instances are looked at; a part left out does not restrict. */
export interface Scope {
  /** Row in Categories. A true positive belongs to the class of its ground truth, everything else to its own. */
  category?: number
  /** Row in Images. */
  image?: number
}

/** Where a score threshold lies. */
export type ScoreCut = Pick<View, 'score' | 'scoreStrict'>

export const isKept = ({ score, scoreStrict }: ScoreCut, value: number): boolean =>
  scoreStrict ? value > score : value >= score

/** Whether a ground truth is regular and has no detection that a score threshold keeps. */
export function isMissed(
  { dt }: Scene,
  { gtOutcomes, dtOfGt }: SceneMatches,
  cut: ScoreCut,
  g: number,
): boolean {
  const outcome = gtOutcomes[g]
  return outcome !== IGNORED && (outcome === FN || !isKept(cut, dt.scores[dtOfGt[g]]))
}

/** How many detections of descending `scores` a score threshold keeps. */
export function keptCount(scores: Float64Array, cut: ScoreCut): number {
  let from = 0
  let to = scores.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (isKept(cut, scores[middle])) from = middle + 1
    else to = middle
  }
  return from
}

/**
 * The matches behind a size range of a view at IoU threshold `iou`, and the range by which its outcomes are still to
 * be told apart: null in protocol `coco`, whose matches are those of the range, and for the whole.
 */
export function matchesIn(
  scene: Scene,
  index: SceneIndex,
  view: Pick<View, 'sizes' | 'iou'>,
  size: number,
  iou = view.iou,
): { matches: SceneMatches; range: AreaRange | null } {
  const range = view.sizes[size]
  if (index.protocol === 'coco') return { matches: matchesOf(scene, index, iou, range), range: null }
  return { matches: matchesOf(scene, index, iou, null), range: size === 0 ? null : range }
}

/** What `eachOutcome` looks at. */
export interface OutcomeQuery {
  matches: SceneMatches
  /** Protocol `corrected`: the size range; null for the whole. */
  range: AreaRange | null
  cut: ScoreCut
  scope?: Scope
}

/**
 * The outcome of a detection in a size range: TP, FP, IGNORED, CUT, or -1 where it does not belong to the range. In
 * protocol `corrected` a true positive belongs to the size of its ground truth, a false positive to its own, and an
 * ignored detection to the whole alone (null).
 */
export function outcomeIn(
  index: SceneIndex,
  matches: SceneMatches,
  range: AreaRange | null,
  d: number,
): number {
  const outcome = matches.dtOutcomes[d]
  if (range === null) return outcome
  if (outcome === TP) return inSize(index.gtAreas[matches.gtOfDt[d]], range, index.protocol) ? TP : -1
  return outcome === FP && inSize(index.dtAreas[d], range, index.protocol) ? FP : -1
}

/** Stands for "not in this size range". */
export const NOWHERE = 5

/** Outcomes by rank, of which the first `count` have been found. */
interface RankedOutcomes {
  outcomes: Uint8Array
  count: number
}

const rankedOutcomes = new WeakMap<SceneMatches, Map<string, RankedOutcomes>>()

/** What stands for a range that outcomes are told apart by. */
export const rangeKey = (range: AreaRange | null): string => (range === null ? '' : `${range.lo} ${range.hi}`)

/** Outcomes by rank of all that matched, found elsewhere. */
export const rememberRanked = (matches: SceneMatches, outcomes: Uint8Array): void => {
  rankedOutcomes.set(matches, new Map([[rangeKey(null), { outcomes, count: outcomes.length }]]))
}

/**
 * `outcomeIn` of every detection, NOWHERE for -1, [rank]: a score threshold keeps the first of them, which are read in
 * the order of memory. Found once, for the first `count` at least; those that follow are not to be read.
 */
export function outcomesByRank(
  index: SceneIndex,
  matches: SceneMatches,
  range: AreaRange | null,
  count = index.ranking.rows.length,
): Uint8Array {
  const all = rankedOutcomes.get(matches) ?? new Map<string, RankedOutcomes>()
  rankedOutcomes.set(matches, all)
  const key = rangeKey(range)
  const known = all.get(key) ?? { outcomes: new Uint8Array(index.ranking.rows.length), count: 0 }
  all.set(key, known)
  rankOutcomes(index, matches, range, known, count)
  return known.outcomes
}

function rankOutcomes(
  index: SceneIndex,
  matches: SceneMatches,
  range: AreaRange | null,
  known: RankedOutcomes,
  count: number,
): void {
  const { rows } = index.ranking
  const { dtOutcomes } = matches
  const { outcomes } = known
  for (let i = known.count; i < count; i++) {
    const outcome = range === null ? dtOutcomes[rows[i]] : outcomeIn(index, matches, range, rows[i])
    outcomes[i] = outcome < 0 ? NOWHERE : outcome
  }
  known.count = Math.max(known.count, count)
}

const matchedScoresOf = new WeakMap<SceneMatches, Float64Array>()

/** Score of the detection that a ground truth has, whatever the score threshold; NaN for one that is missed at any. */
function matchedScores({ dt }: Scene, matches: SceneMatches): Float64Array {
  const known = matchedScoresOf.get(matches)
  if (known) return known
  const { gtOutcomes, dtOfGt } = matches
  const found = new Float64Array(gtOutcomes.length)
  for (let g = 0; g < found.length; g++) found[g] = gtOutcomes[g] === FN ? Number.NaN : dt.scores[dtOfGt[g]]
  matchedScoresOf.set(matches, found)
  return found
}

/** Whether a ground truth is regular in a size range; in protocol `corrected` it belongs there by its area. */
export const isRegularIn = (
  index: SceneIndex,
  { gtOutcomes }: SceneMatches,
  range: AreaRange | null,
  g: number,
): boolean => gtOutcomes[g] !== IGNORED && (range === null || inSize(index.gtAreas[g], range, index.protocol))

/** Regular ground truths of one class (row in Categories), or of all where it is null. */
export function countRegular(
  index: SceneIndex,
  matches: SceneMatches,
  range: AreaRange | null,
  category: number | null,
): number {
  const known = category === null ? index.tallies.get(matches)?.get(rangeKey(range)) : undefined
  if (known) return known.groundTruths
  const gts = gtsOf(index, category)
  let count = 0
  for (let i = 0; i < gts.length; i++) if (isRegularIn(index, matches, range, gts[i])) count++
  return count
}

/** Row of Categories that a detection counts for: that of the ground truth it found, else its own. */
export const categoryOf = ({ gt, dt }: Scene, { dtOutcomes, gtOfDt }: SceneMatches, d: number): number =>
  dtOutcomes[d] === TP ? gt.categories[gtOfDt[d]] : dt.categories[d]

/** What a query is about, in columns. */
export interface Outcomes {
  /** Rows of the detections that the score threshold keeps, by descending score. */
  dts: Int32Array
  /** TP, FP, IGNORED or CUT, [dts]. */
  outcomes: Uint8Array
  /** Rows of the ground truths that are missed at the operating point, by class. */
  missed: Int32Array
}

export function listOutcomes(scene: Scene, index: SceneIndex, query: OutcomeQuery): Outcomes {
  const { matches, range, cut, scope = {} } = query
  const { category, image } = scope
  const { images } = scene.dt
  const isAll = category === undefined || index.classAgnostic
  const { rows, scores } = rankedOf(index, isAll ? null : category)
  const kept = keptCount(scores, cut)
  const known = isAll ? outcomesByRank(index, matches, range, kept) : null
  const dts = new Int32Array(kept)
  const outcomes = new Uint8Array(kept)
  let count = 0
  for (let i = 0; i < kept; i++) {
    const d = rows[i]
    const outcome = known ? known[i] : outcomeIn(index, matches, range, d)
    if (outcome < 0 || outcome === NOWHERE) continue
    if (image !== undefined && images[d] !== image) continue
    if (category !== undefined && categoryOf(scene, matches, d) !== category) continue
    dts[count] = d
    outcomes[count++] = outcome
  }
  return {
    dts: dts.subarray(0, count),
    outcomes: outcomes.subarray(0, count),
    missed: listMissed(scene, index, query),
  }
}

function listMissed(scene: Scene, index: SceneIndex, query: OutcomeQuery): Int32Array {
  const { matches, range, cut, scope = {} } = query
  const { images } = scene.gt
  const { gtOutcomes } = matches
  const { gtAreas, protocol } = index
  const { score, scoreStrict } = cut
  const gts = gtsOf(index, scope.category ?? null)
  const foundAt = matchedScores(scene, matches)
  const missed = new Int32Array(gts.length)
  let count = 0
  for (let i = 0; i < gts.length; i++) {
    const g = gts[i]
    // `isRegularIn` and `isKept` without a call for each
    if (gtOutcomes[g] === IGNORED || (scoreStrict ? foundAt[g] > score : foundAt[g] >= score)) continue
    if (scope.image !== undefined && images[g] !== scope.image) continue
    if (range === null || inSize(gtAreas[g], range, protocol)) missed[count++] = g
  }
  return missed.subarray(0, count)
}

/** The detections of one outcome, in the order given. */
export function rowsWith({ dts, outcomes }: Pick<Outcomes, 'dts' | 'outcomes'>, outcome: number): Int32Array {
  const rows = new Int32Array(dts.length)
  let count = 0
  for (let i = 0; i < dts.length; i++) if (outcomes[i] === outcome) rows[count++] = dts[i]
  return rows.subarray(0, count)
}

/** `listOutcomes` one by one: `onDt` for each detection, then `onGt` for each ground truth that is missed. */
export function eachOutcome(
  scene: Scene,
  index: SceneIndex,
  query: OutcomeQuery,
  onDt: (row: number, outcome: number) => void,
  onGt: (row: number) => void,
): void {
  const { dts, outcomes, missed } = listOutcomes(scene, index, query)
  for (let i = 0; i < dts.length; i++) onDt(dts[i], outcomes[i])
  for (let i = 0; i < missed.length; i++) onGt(missed[i])
}

/** Names of outcomes in filters. */
export const OUTCOME_NAMES = {
  [TP]: 'TP',
  [FP]: 'FP',
  [IGNORED]: 'ignored',
  [CUT]: 'cut',
  [FN]: 'FN',
} as const
