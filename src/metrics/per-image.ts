import { FP, type ImageCounts, type SceneMatches, TP, type View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { similarityOf } from '../matching/scene-pairs.js'
import { eachOutcome, matchesIn, type OutcomeQuery } from './outcomes.js'
import { addDetection, createTally, ratio, toCounts } from './tallies.js'

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
  const { matches, range } = matchesIn(scene, index, view, size)
  const key = [view.score, view.scoreStrict, range?.lo, range?.hi, category].join(' ')
  const known = latest.get(matches)
  if (known?.key === key) return known.images
  const images = countImages(scene, index, { matches, range, cut: view, scope: { category } })
  latest.set(matches, { key, images })
  return images
}

/** Several sections of a page ask for the same counts one after another. */
const latest = new WeakMap<SceneMatches, { key: string; images: readonly ImageCounts[] }>()

function countImages(scene: Scene, index: SceneIndex, query: OutcomeQuery): ImageCounts[] {
  const { gt, dt, evaluatedImages } = scene
  const { matches } = query
  const count = scene.images.count
  const tallies = Array.from({ length: count }, createTally)
  const overlaps = new Float64Array(count)
  const worstFps = new Int32Array(count).fill(-1)
  const worstFns = new Int32Array(count).fill(-1)
  eachOutcome(
    scene,
    index,
    query,
    (d, outcome) => {
      const image = dt.images[d]
      addDetection(tallies[image], outcome)
      if (outcome === TP) overlaps[image] += similarityOf(scene, d, matches.gtOfDt[d])
      if (outcome === FP && worstFps[image] < 0) worstFps[image] = d // they come by descending score
    },
    g => {
      const image = gt.images[g]
      tallies[image].fn++
      const worst = worstFns[image]
      if (worst < 0 || index.gtAreas[g] > index.gtAreas[worst]) worstFns[image] = g
    },
  )
  return Array.from(evaluatedImages, image => ({
    image,
    ...toCounts(tallies[image]),
    meanIou: ratio(overlaps[image], tallies[image].tp),
    worstFp: worstFps[image],
    worstFn: worstFns[image],
  }))
}
