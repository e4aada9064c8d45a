import { FP, IGNORED, type SceneMatches, type SizeRange, TP, type View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import { inRanges, type Steps } from '../data/steps.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { isMissed, keptCount, matchesIn, type ScoreCut } from './outcomes.js'
import { inSize } from './sizes.js'

/** Some instances in the order of memory, in which what is known of them is read soonest. */
export interface Instances {
  rows: Int32Array
  /** The position of the image of each among the evaluated images. */
  places: Int32Array
}

/** What is counted at the operating point of a view. */
export interface OperatingRows {
  tp: Instances
  fp: Instances
  fn: Instances
  cut: Instances
}

/** The detections that a score threshold keeps, in the order of memory. */
export interface Kept extends Instances {
  /** Over all sizes. */
  outcomes: Uint8Array
  /** px: that of the ground truth that a true positive found, of any other the detection's own. */
  areas: Float64Array
}

/** True positives, false positives and misses by image: that of place p is `counts[kind * imageCount + p]`. */
export type GroupCounts = Uint32Array

/** Kind of a miss in `GroupCounts`, where TP and FP have their own. */
const MISS = 2

/** In steps. `positions` is [row of Images]. */
export function* keptSteps(
  scene: Scene,
  index: SceneIndex,
  matches: SceneMatches,
  cut: ScoreCut,
  positions: Int32Array,
): Steps<Kept> {
  const count = keptCount(index.ranking.scores, cut)
  const kept: Kept = {
    rows: new Int32Array(count),
    places: new Int32Array(count),
    outcomes: new Uint8Array(count),
    areas: new Float64Array(count),
  }
  let end = 0
  yield* inRanges(scene.dt.count, (from, to) => {
    end = keep(kept, scene, index, matches, cut, positions, from, to, end)
  })
  return kept
}

/** Puts those of the detections `from .. to` that are kept behind the first `end`; returns how many there are then. */
function keep(
  kept: Kept,
  { dt }: Scene,
  { gtAreas, dtAreas }: SceneIndex,
  { dtOutcomes, gtOfDt }: SceneMatches,
  { score, scoreStrict }: ScoreCut,
  positions: Int32Array,
  from: number,
  to: number,
  end: number,
): number {
  const { scores, images } = dt
  const { rows, places, outcomes, areas } = kept
  let count = end
  for (let d = from; d < to; d++) {
    if (scoreStrict ? scores[d] <= score : scores[d] < score) continue // `isKept` without a call for each
    const outcome = dtOutcomes[d]
    rows[count] = d
    places[count] = positions[images[d]]
    outcomes[count] = outcome
    areas[count++] = outcome === TP ? gtAreas[gtOfDt[d]] : dtAreas[d]
  }
  return count
}

/** Those of one outcome. */
export function keptWith({ rows, places, outcomes }: Kept, outcome: number): Instances {
  const found: Instances = { rows: new Int32Array(rows.length), places: new Int32Array(rows.length) }
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    if (outcomes[i] !== outcome) continue
    found.rows[count] = rows[i]
    found.places[count++] = places[i]
  }
  return { rows: found.rows.subarray(0, count), places: found.places.subarray(0, count) }
}

/** The ground truths that some matches miss at a score threshold. */
export function missedBy(
  scene: Scene,
  matches: SceneMatches,
  cut: ScoreCut,
  positions: Int32Array,
): Instances {
  const { gt } = scene
  const missed: Instances = { rows: new Int32Array(gt.count), places: new Int32Array(gt.count) }
  let count = 0
  for (let g = 0; g < gt.count; g++) {
    if (!isMissed(scene, matches, cut, g)) continue
    missed.rows[count] = g
    missed.places[count++] = positions[gt.images[g]]
  }
  return { rows: missed.rows.subarray(0, count), places: missed.places.subarray(0, count) }
}

/** How many instances lie in each image, [place]. */
export function countByImage({ places }: Instances, imageCount: number): Uint32Array {
  const counts = new Uint32Array(imageCount)
  for (let i = 0; i < places.length; i++) counts[places[i]]++
  return counts
}

/** What is counted of a size range, and what of the whole lies outside of it. */
export interface SizeCounts {
  inside: GroupCounts
  outside: GroupCounts
  /** How many instances lie outside. */
  countOutside: number
}

/** Of the size range `size` of a view; `missed` are those of the whole. */
export function countSize(
  scene: Scene,
  index: SceneIndex,
  view: View,
  size: number,
  kept: Kept,
  missed: Instances,
  positions: Int32Array,
): SizeCounts {
  const imageCount = scene.evaluatedImages.length
  const own = matchesIn(scene, index, view, size)
  const range = view.sizes[size]
  const counts: SizeCounts = {
    inside: new Uint32Array(3 * imageCount),
    outside: new Uint32Array(3 * imageCount),
    countOutside: 0,
  }
  const isOwn = own.range === null
  countKept(counts, kept, isOwn ? own.matches.dtOutcomes : null, range, index, imageCount)
  countMissed(counts, missed, range, index, imageCount, isOwn)
  if (isOwn) {
    const { places } = missedBy(scene, own.matches, view, positions)
    for (let i = 0; i < places.length; i++) counts.inside[MISS * imageCount + places[i]]++
  }
  return counts
}

/** `ownOutcomes` are those of matches of the range; null where those of the whole are told apart by it. */
function countKept(
  counts: SizeCounts,
  { rows, places, outcomes, areas }: Kept,
  ownOutcomes: Uint8Array | null,
  range: SizeRange,
  { protocol }: SceneIndex,
  imageCount: number,
): void {
  const { inside, outside } = counts
  let countOutside = 0
  for (let i = 0; i < rows.length; i++) {
    const outcome = outcomes[i]
    const isCounted = outcome === TP || outcome === FP
    const isInside = isCounted && inSize(areas[i], range, protocol)
    if (isCounted && !isInside) {
      outside[outcome * imageCount + places[i]]++
      countOutside++
    }
    const own = ownOutcomes ? ownOutcomes[rows[i]] : isInside ? outcome : IGNORED
    if (own === TP || own === FP) inside[own * imageCount + places[i]]++
  }
  counts.countOutside += countOutside
}

/** Without those inside where matches of the range tell them. */
function countMissed(
  counts: SizeCounts,
  { rows, places }: Instances,
  range: SizeRange,
  { protocol, gtAreas }: SceneIndex,
  imageCount: number,
  isOwn: boolean,
): void {
  const { inside, outside } = counts
  for (let i = 0; i < rows.length; i++) {
    const isInside = inSize(gtAreas[rows[i]], range, protocol)
    const at = MISS * imageCount + places[i]
    if (!isInside) {
      outside[at]++
      counts.countOutside++
    } else if (!isOwn) inside[at]++
  }
}

/** The instances whose value lies below a bound. */
export function instancesBelow({ rows, places }: Instances, values: Float64Array, bound: number): Instances {
  const below: Instances = { rows: new Int32Array(rows.length), places: new Int32Array(rows.length) }
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    if (!(values[i] < bound)) continue
    below.rows[count] = rows[i]
    below.places[count++] = places[i]
  }
  return { rows: below.rows.subarray(0, count), places: below.places.subarray(0, count) }
}
