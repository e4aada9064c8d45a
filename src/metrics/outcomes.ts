import { CUT, FN, FP, IGNORED, type SceneMatches, TP, type View } from '../data/analysis.js'
import type { AreaRange } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
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
  view: View,
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

/** A detection at the operating point: TP, FP, IGNORED or CUT. */
export type VisitDt = (row: number, outcome: number) => void

/**
 * Calls `onDt` for each detection that the score threshold keeps, by descending score, and `onGt` for each missed
 * ground truth (FN), by row. Every count and selection goes through here, so that they agree.
 *
 * In protocol `corrected` a true positive and a missed ground truth belong to the size of the ground truth, a false
 * positive to its own, and an ignored detection to the whole alone.
 */
export function eachOutcome(
  scene: Scene,
  index: SceneIndex,
  query: OutcomeQuery,
  onDt: VisitDt,
  onGt: (row: number) => void,
): void {
  eachDetection(scene, index, query, onDt)
  eachMissed(scene, index, query, onGt)
}

function eachDetection(scene: Scene, index: SceneIndex, query: OutcomeQuery, onDt: VisitDt): void {
  const { gt, dt } = scene
  const { rows, scores } = index.ranking
  const { dtOutcomes, gtOfDt } = query.matches
  const { range, scope = {} } = query
  const { category = -1, image = -1 } = scope
  const kept = keptCount(scores, query.cut)
  for (let i = 0; i < kept; i++) {
    const d = rows[i]
    const outcome = dtOutcomes[d]
    if (image >= 0 && dt.images[d] !== image) continue
    if (category >= 0) {
      const own = outcome === TP ? gt.categories[gtOfDt[d]] : dt.categories[d]
      if (own !== category) continue
    }
    if (range !== null && !isInRange(index, query.matches, range, d)) continue
    onDt(d, outcome)
  }
}

function eachMissed(scene: Scene, index: SceneIndex, query: OutcomeQuery, onGt: (row: number) => void): void {
  const { gt, dt } = scene
  const { gtOutcomes, dtOfGt } = query.matches
  const { range, scope = {} } = query
  const { category = -1, image = -1 } = scope
  for (let g = 0; g < gt.count; g++) {
    const outcome = gtOutcomes[g]
    if (outcome === IGNORED) continue
    if (category >= 0 && gt.categories[g] !== category) continue
    if (image >= 0 && gt.images[g] !== image) continue
    if (range !== null && !inSize(index.gtAreas[g], range, index.protocol)) continue
    if (outcome === FN || !isKept(query.cut, dt.scores[dtOfGt[g]])) onGt(g)
  }
}

/** Whether a detection belongs to a size range by protocol `corrected`. */
export function isInRange(index: SceneIndex, matches: SceneMatches, range: AreaRange, d: number): boolean {
  const outcome = matches.dtOutcomes[d]
  if (outcome === TP) return inSize(index.gtAreas[matches.gtOfDt[d]], range, index.protocol)
  return outcome === FP && inSize(index.dtAreas[d], range, index.protocol)
}

/** Names of outcomes in filters. */
export const OUTCOME_NAMES = {
  [TP]: 'TP',
  [FP]: 'FP',
  [IGNORED]: 'ignored',
  [CUT]: 'cut',
  [FN]: 'FN',
} as const
