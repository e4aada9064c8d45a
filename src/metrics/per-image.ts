import { FP, IGNORED, type ImageCounts, type SceneMatches, TP, type View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { matchedSimilarities } from '../matching/scene-pairs.js'
import { listOutcomes, matchesIn, type OutcomeQuery } from './outcomes.js'
import { ratio, toCounts } from './tallies.js'

/**
 * Counts of every evaluated image in the size range `size` of the view, of one class where `category` (row in
 * Categories) is given. They add up to the counts of the whole. Images with nothing have zeros and null ratios.
 */
export function countsByImage(
  scene: Scene,
  index: SceneIndex,
  view: View,
  size = 0,
  category?: number,
): readonly ImageCounts[] {
  const tallies = tallyImages(scene, index, view, size, category)
  tallies.counts ??= Array.from(scene.evaluatedImages, image => countsAt(tallies, image))
  return tallies.counts
}

/** Counts of every image in columns, [image]; images that are not evaluated have none. */
export interface ImageTallies {
  tp: Uint32Array
  fp: Uint32Array
  fn: Uint32Array
  ignored: Uint32Array
  /** Sum over its true positives. */
  overlaps: Float64Array
  /** Row of a detection, -1 for none. */
  worstFp: Int32Array
  /** Row of a ground truth, -1 for none. */
  worstFn: Int32Array
  /** The same as rows, once somebody has asked. */
  counts?: readonly ImageCounts[]
}

/** `countsByImage` in columns. */
export function tallyImages(
  scene: Scene,
  index: SceneIndex,
  view: View,
  size = 0,
  category?: number,
): ImageTallies {
  const { matches, range } = matchesIn(scene, index, view, size)
  const key = [view.score, view.scoreStrict, range?.lo, range?.hi, category].join(' ')
  const known = latest.get(matches)
  if (known?.key === key) return known.tallies
  const tallies = addUp(scene, index, { matches, range, cut: view, scope: { category } })
  latest.set(matches, { key, tallies })
  return tallies
}

/** Several sections of a page ask for the same counts one after another. */
const latest = new WeakMap<SceneMatches, { key: string; tallies: ImageTallies }>()

function addUp(scene: Scene, index: SceneIndex, query: OutcomeQuery): ImageTallies {
  const { gt, dt } = scene
  const { gtAreas } = index
  const similarities = matchedSimilarities(scene, query.matches)
  const { dts, outcomes, missed } = listOutcomes(scene, index, query)
  const tallies = createTallies(scene.images.count)
  const { tp, fp, fn, ignored, overlaps, worstFp, worstFn } = tallies
  for (let i = 0; i < dts.length; i++) {
    const d = dts[i]
    const image = dt.images[d]
    if (outcomes[i] === TP) {
      tp[image]++
      overlaps[image] += similarities[d]
    } else if (outcomes[i] === FP) {
      fp[image]++
      if (worstFp[image] < 0) worstFp[image] = d // they come by descending score
    } else if (outcomes[i] === IGNORED) ignored[image]++
  }
  for (let i = 0; i < missed.length; i++) {
    const g = missed[i]
    const image = gt.images[g]
    fn[image]++
    const worst = worstFn[image]
    if (worst < 0 || gtAreas[g] > gtAreas[worst]) worstFn[image] = g
  }
  return tallies
}

const createTallies = (count: number): ImageTallies => ({
  tp: new Uint32Array(count),
  fp: new Uint32Array(count),
  fn: new Uint32Array(count),
  ignored: new Uint32Array(count),
  overlaps: new Float64Array(count),
  worstFp: new Int32Array(count).fill(-1),
  worstFn: new Int32Array(count).fill(-1),
})

function countsAt(tallies: ImageTallies, image: number): ImageCounts {
  const tp = tallies.tp[image]
  const fp = tallies.fp[image]
  const fn = tallies.fn[image]
  return {
    image,
    ...toCounts({ tp, fp, fn, ignored: tallies.ignored[image] }),
    meanIou: ratio(tallies.overlaps[image], tp),
    worstFp: tallies.worstFp[image],
    worstFn: tallies.worstFn[image],
  }
}
