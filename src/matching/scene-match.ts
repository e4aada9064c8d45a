import { CUT, FN, FP, IGNORED, type SceneMatches, TP } from '../data/analysis.js'
import type { AreaRange } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex, Unmatched } from './scene-index.js'
import type { LivePairs } from './scene-pairs.js'
import { packThresholds } from './thresholds.js'

/** Protocol `corrected` forgives a box IoU this much: a box with itself can miss 1 by some ulps. */
const BOX_SLACK = 1e-12

export interface MatchOptions {
  iou: number
  /** Protocol `coco`: the size range whose ignore rules apply; null for none. `corrected` has none. */
  range: AreaRange | null
  /** Protocol `coco`: detections kept a cell. Default: the largest cap of the configuration. */
  maxDet?: number
}

/**
 * Matches a scene at one IoU threshold. Detections choose in the order of the index: each takes the most similar free
 * regular ground truth at or above the threshold; failing that it may go to an ignored one.
 *
 * Protocol `coco` is the reference's greedy rule (`evaluateImg`): ground truths outside the range are ignored and,
 * unlike crowds, taken once; unmatched detections outside it are ignored; what lies beyond the cap is CUT. A ground
 * truth with id 0 is used up but counts as no match: its detection is FP (or IGNORED), and still `gtOfDt` names it.
 *
 * Protocol `corrected`: every ignored ground truth takes any number of detections; no cap, sizes play no part.
 */
export function matchScene(scene: Scene, index: SceneIndex, options: MatchOptions): SceneMatches {
  const { gt, dt } = scene
  const coco = index.protocol === 'coco'
  const range = coco ? options.range : null
  const cap = coco ? (options.maxDet ?? largestCap(scene)) : Number.POSITIVE_INFINITY
  const unmatched = unmatchedIn(index, range, cap)
  const matches: SceneMatches = {
    dtOutcomes: unmatched.dtOutcomes.slice(),
    gtOfDt: new Int32Array(dt.count).fill(-1),
    gtOutcomes: unmatched.gtOutcomes.slice(),
    dtOfGt: new Int32Array(gt.count).fill(-1),
  }
  const least = leastSimilarity(scene, index, options.iou)
  takeInTurn(matches, index, least, coco ? gt.crowds : index.gtIgnores)
  if (coco) forgetZeroId(matches, scene, unmatched)
  return matches
}

/** `matchScene` with the largest cap, remembered by the index: the same object for the same question. */
export function matchesOf(
  scene: Scene,
  index: SceneIndex,
  iou: number,
  range: AreaRange | null,
): SceneMatches {
  const key = matchKey(scene, index, iou, range)
  const known = index.matches.get(key)
  const fromMs = performance.now()
  const found = known ?? matchScene(scene, index, { iou, range })
  index.matchingMs += performance.now() - fromMs
  rememberMatches(index, key, found)
  return found
}

/** What stands for a question of `matchesOf`. */
export function matchKey(scene: Scene, index: SceneIndex, iou: number, range: AreaRange | null): string {
  const coco = index.protocol === 'coco'
  const cap = coco ? `${iou} ${largestCap(scene)}` : `${iou}`
  return coco && range ? `${cap} ${range.lo} ${range.hi}` : cap
}

/** Makes them the latest of those that the index keeps. */
export function rememberMatches(
  { matches, matchesKept }: SceneIndex,
  key: string,
  found: SceneMatches,
): void {
  matches.delete(key) // to come last again
  matches.set(key, found)
  for (const oldest of matches.keys()) {
    if (matches.size <= matchesKept) break
    matches.delete(oldest)
  }
}

export const largestCap = ({ config }: Scene): number => config.maxDets[config.maxDets.length - 1]

/** The least similarity that an IoU threshold asks for by the index's protocol. */
export function leastSimilarity({ config }: Scene, { protocol }: SceneIndex, iou: number): number {
  if (protocol === 'coco') return packThresholds([iou])[0].ascending[0]
  return config.iouType === 'bbox' ? iou - BOX_SLACK : iou
}

/** What the size range and the cap decide before any match; found once, because the IoU threshold plays no part. */
function unmatchedIn(index: SceneIndex, range: AreaRange | null, cap: number): Unmatched {
  const { lo, hi } = range ?? { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY }
  const key = `${lo} ${hi} ${cap}`
  const known = index.unmatched.get(key)
  if (known) return known
  const { dtAreas, gtAreas, gtIgnores } = index
  const dtOutcomes = new Uint8Array(dtAreas.length).fill(FP)
  if (range) {
    for (let d = 0; d < dtAreas.length; d++) if (dtAreas[d] < lo || dtAreas[d] > hi) dtOutcomes[d] = IGNORED
  }
  for (const d of beyondCap(index, cap)) dtOutcomes[d] = CUT
  const gtOutcomes = new Uint8Array(gtAreas.length).fill(FN)
  for (let g = 0; g < gtAreas.length; g++) {
    if (gtIgnores[g] === 1 || gtAreas[g] < lo || gtAreas[g] > hi) gtOutcomes[g] = IGNORED
  }
  const found = { dtOutcomes, gtOutcomes }
  index.unmatched.set(key, found)
  return found
}

/** By index: the detections beyond the cap that was asked for last. */
const beyond = new WeakMap<SceneIndex['unmatched'], { cap: number; rows: Int32Array }>()

function beyondCap({ ranks, unmatched }: SceneIndex, cap: number): Int32Array {
  const known = beyond.get(unmatched)
  if (known?.cap === cap) return known.rows
  const found: number[] = []
  if (cap < Number.POSITIVE_INFINITY)
    for (let d = 0; d < ranks.length; d++) if (ranks[d] >= cap) found.push(d)
  const rows = Int32Array.from(found)
  beyond.set(unmatched, { cap, rows })
  return rows
}

/** By index: positions among the live detections of those that reach the similarity that was asked for last. */
const reaching = new WeakMap<LivePairs, { least: number; positions: Int32Array }>()

/** Few do; every size range and every cap asks for the same. */
function reach(live: LivePairs, least: number): Int32Array {
  const known = reaching.get(live)
  if (known?.least === least) return known.positions
  const { count, offsets, similarities } = live
  const positions = new Int32Array(count)
  let found = 0
  for (let i = 0; i < count; i++) if (similarities[offsets[i]] >= least) positions[found++] = i
  const own = { least, positions: positions.slice(0, found) }
  reaching.set(live, own)
  return own.positions
}

/** `endless` is 1 where a ground truth, being ignored, is never used up. */
function takeInTurn(
  { dtOutcomes, gtOfDt, gtOutcomes, dtOfGt }: SceneMatches,
  { live }: SceneIndex,
  least: number,
  endless: Uint8Array,
): void {
  const { rows, offsets, gts, similarities } = live
  const positions = reach(live, least)
  for (let at = 0; at < positions.length; at++) {
    const i = positions[at]
    const d = rows[i]
    if (dtOutcomes[d] === CUT) continue
    const end = offsets[i + 1]
    let fallback = -1
    let taken = -1
    for (let pair = offsets[i]; pair < end && similarities[pair] >= least; pair++) {
      const g = gts[pair]
      if (dtOfGt[g] >= 0 && endless[g] === 0) continue
      if (gtOutcomes[g] !== IGNORED) {
        taken = g
        break
      }
      if (fallback < 0) fallback = g
    }
    if (taken >= 0) {
      dtOutcomes[d] = TP
      gtOutcomes[taken] = TP
    } else if (fallback >= 0) {
      dtOutcomes[d] = IGNORED
      taken = fallback
    } else continue
    gtOfDt[d] = taken
    if (dtOfGt[taken] < 0) dtOfGt[taken] = d
  }
}

/** The reference keeps the id of the match and takes 0 for none. */
function forgetZeroId(matches: SceneMatches, { gt }: Scene, unmatched: Unmatched): void {
  for (let g = 0; g < gt.count; g++) {
    if (gt.ids[g] !== 0 || matches.gtOutcomes[g] !== TP) continue
    const d = matches.dtOfGt[g]
    matches.gtOutcomes[g] = FN
    matches.dtOutcomes[d] = unmatched.dtOutcomes[d]
  }
}
