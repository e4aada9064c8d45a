import type { Protocol, SceneMatches } from '../data/analysis.js'
import type { Scene, ScenePairs } from '../data/scene.js'
import { finish, inRanges, type Steps } from '../data/steps.js'
import { compareBoxes } from './box-order.js'
import { SceneKernel } from './scene-kernel.js'

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
  kernel: SceneKernel | null = SceneKernel.create(),
): Steps<LivePairs> {
  const byBoxes = protocol === 'corrected'
  const found = kernel && (yield* kernel.livePairs(scene, dtRows, classAgnostic, byBoxes))
  return found ?? (yield* collectPlainly(scene, dtRows, protocol, classAgnostic))
}

/** Twin of `SceneKernel.livePairs`. */
function* collectPlainly(
  scene: Scene,
  dtRows: Int32Array,
  protocol: Protocol,
  classAgnostic: boolean,
): Steps<LivePairs> {
  const own = yield* ownPairsOf(scene, classAgnostic)
  const total = own.gts.length
  const found: LivePairs = {
    count: 0,
    rows: new Int32Array(own.live),
    offsets: new Uint32Array(own.live + 1),
    gts: new Int32Array(total),
    similarities: new Float64Array(total),
  }
  const order = tieOrder(scene, protocol)
  yield* inRanges(dtRows.length, (from, to) => collectFrom(own, dtRows.subarray(from, to), order, found))
  return found
}

type TieOrder = (one: number, other: number) => number

/** Puts the pairs of some more detections behind those that are `found`. */
function collectFrom(own: OwnPairs, dtRows: Int32Array, order: TieOrder, found: LivePairs): void {
  const { rows, offsets, gts, similarities } = found
  let { count } = found
  let end = offsets[count]
  for (let i = 0; i < dtRows.length; i++) {
    const from = own.offsets[dtRows[i]]
    const to = own.offsets[dtRows[i] + 1]
    if (from === to) continue
    const first = end
    for (let pair = from; pair < to; pair++) {
      gts[end] = own.gts[pair]
      similarities[end] = own.similarities[pair]
      if (end > first && similarities[end - 1] === similarities[end]) moveUp(found, first, end, order)
      end++
    }
    rows[count++] = dtRows[i]
    offsets[count] = end
  }
  found.count = count
}

/** Moves the last of equally similar ground truths to its place among them. */
export function moveUp({ gts, similarities }: LivePairs, first: number, last: number, order: TieOrder): void {
  const gt = gts[last]
  const similarity = similarities[last]
  let to = last
  for (; to > first && similarities[to - 1] === similarity && order(gt, gts[to - 1]) < 0; to--)
    gts[to] = gts[to - 1]
  gts[to] = gt
}

/** A scene's pairs of one class, or all when class-agnostic, as they stand there; and how many detections have one. */
interface OwnPairs extends ScenePairs {
  live: number
}

/** Found once a scene, in the order of memory: every order of detections takes them from here. */
const ownPairs = new WeakMap<ScenePairs, Map<boolean, OwnPairs>>()

function* ownPairsOf(scene: Scene, classAgnostic: boolean): Steps<OwnPairs> {
  const { pairs } = scene
  const known = ownPairs.get(pairs)?.get(classAgnostic)
  if (known) return known
  const own = classAgnostic ? pairs : yield* pairsWithinClasses(scene)
  const found = { ...own, live: countLive(own.offsets) }
  ownPairs.set(pairs, (ownPairs.get(pairs) ?? new Map<boolean, OwnPairs>()).set(classAgnostic, found))
  return found
}

const pairsWithinClasses = (scene: Scene): Steps<ScenePairs> =>
  pairsWhere(scene, (d, g) => scene.gt.categories[g] === scene.dt.categories[d])

/** The pairs of which `keeps` says so, in their order; it gets rows of the scene's detections and ground truths. */
export function* pairsWhere(
  { dt, pairs }: Scene,
  keeps: (d: number, g: number) => boolean,
): Steps<ScenePairs> {
  const offsets = new Uint32Array(dt.count + 1)
  const gts = new Int32Array(pairs.gts.length)
  const similarities = new Float64Array(pairs.gts.length)
  yield* inRanges(dt.count, (from, to) => {
    let end = offsets[from]
    for (let d = from; d < to; d++) {
      for (let pair = pairs.offsets[d]; pair < pairs.offsets[d + 1]; pair++) {
        const g = pairs.gts[pair]
        if (!keeps(d, g)) continue
        gts[end] = g
        similarities[end++] = pairs.similarities[pair]
      }
      offsets[d + 1] = end
    }
  })
  const end = offsets[dt.count]
  return { offsets, gts: gts.slice(0, end), similarities: similarities.slice(0, end) }
}

function countLive(offsets: Uint32Array): number {
  let live = 0
  for (let d = 0; d + 1 < offsets.length; d++) if (offsets[d + 1] > offsets[d]) live++
  return live
}

/** Negative where ground truth `one` is preferred to the equally similar `other`. */
export function tieOrder({ gt }: Scene, protocol: Protocol): TieOrder {
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
