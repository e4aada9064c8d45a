import type { Protocol, SceneMatches } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import { finish, inRanges, type Steps } from '../data/steps.js'
import { compareBoxes } from './box-order.js'

/** Detections that overlap a ground truth of their cell, in matching order, and their pairs by preference. */
export interface LivePairs {
  count: number
  /** Row of the detection, [live]. */
  rows: Int32Array
  /** Pairs of live detection i are `offsets[i] .. offsets[i + 1]`, [live + 1]. */
  offsets: Uint32Array
  /** Row of the ground truth, [pair]. */
  gts: Int32Array
  /** Descending within a detection, [pair]. */
  similarities: Float64Array
}

/**
 * The pairs of `dtRows` within a cell. Equal similarities: the later ground truth first, as the reference takes it
 * (`coco`; class by class when class-agnostic), or by x, y, width, height, then file order (`corrected`).
 */
export const collectLivePairs = (
  scene: Scene,
  dtRows: Int32Array,
  protocol: Protocol,
  classAgnostic: boolean,
): LivePairs => finish(livePairSteps(scene, dtRows, protocol, classAgnostic))

/** `collectLivePairs` in steps. */
export function* livePairSteps(
  scene: Scene,
  dtRows: Int32Array,
  protocol: Protocol,
  classAgnostic: boolean,
): Steps<LivePairs> {
  const total = scene.pairs.gts.length
  const found: LivePairs = {
    count: 0,
    rows: new Int32Array(dtRows.length),
    offsets: new Uint32Array(dtRows.length + 1),
    gts: new Int32Array(total),
    similarities: new Float64Array(total),
  }
  const order = tieOrder(scene, protocol)
  yield* inRanges(dtRows.length, (from, to) =>
    collectFrom(scene, dtRows.subarray(from, to), order, classAgnostic, found),
  )
  const { count, rows, offsets, gts, similarities } = found
  const end = offsets[count]
  return {
    count,
    rows: rows.slice(0, count),
    offsets: offsets.slice(0, count + 1),
    gts: gts.slice(0, end),
    similarities: similarities.slice(0, end),
  }
}

type TieOrder = (one: number, other: number) => number

/** Puts the pairs of some more detections behind those that are `found`. */
function collectFrom(
  { gt, dt, pairs }: Scene,
  dtRows: Int32Array,
  order: TieOrder,
  classAgnostic: boolean,
  found: LivePairs,
): void {
  const { rows, offsets, gts, similarities } = found
  let { count } = found
  let end = offsets[count]
  for (let i = 0; i < dtRows.length; i++) {
    const d = dtRows[i]
    const first = end
    for (let pair = pairs.offsets[d]; pair < pairs.offsets[d + 1]; pair++) {
      const g = pairs.gts[pair]
      if (!classAgnostic && gt.categories[g] !== dt.categories[d]) continue
      const similarity = pairs.similarities[pair]
      let to = end++
      for (; to > first && similarities[to - 1] === similarity && order(g, gts[to - 1]) < 0; to--) {
        gts[to] = gts[to - 1]
      }
      gts[to] = g
      similarities[end - 1] = similarity
    }
    if (end === first) continue
    rows[count++] = d
    offsets[count] = end
  }
  found.count = count
}

/** Negative where ground truth `one` is preferred to the equally similar `other`. */
function tieOrder({ gt }: Scene, protocol: Protocol): TieOrder {
  if (protocol === 'corrected') return (one, other) => compareBoxes(gt.boxes, one, other) || one - other
  return (one, other) => gt.categories[other] - gt.categories[one] || other - one
}

/** Similarity of a detection and a ground truth, 0 where they share nothing. */
export function similarityOf({ pairs }: Scene, dt: number, gt: number): number {
  for (let pair = pairs.offsets[dt]; pair < pairs.offsets[dt + 1]; pair++) {
    if (pairs.gts[pair] === gt) return pairs.similarities[pair]
  }
  return 0
}

const similaritiesOf = new WeakMap<SceneMatches, Float64Array>()

/** Similarity of each detection with the ground truth that it took, 0 for none: computed once, in the order of memory. */
export function matchedSimilarities(scene: Scene, matches: SceneMatches): Float64Array {
  const known = similaritiesOf.get(matches)
  if (known) return known
  const { gtOfDt } = matches
  const found = new Float64Array(gtOfDt.length)
  for (let d = 0; d < found.length; d++) if (gtOfDt[d] >= 0) found[d] = similarityOf(scene, d, gtOfDt[d])
  similaritiesOf.set(matches, found)
  return found
}
