import { FP, type SceneMatches, TP } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { keptCount, outcomesByRank, type ScoreCut } from './outcomes.js'

/** Scores of the true and the false positives, added up by image. */
export interface ScoreSums {
  /** Whether all of them lie in 0 .. 1, so that they can be probabilities. */
  areShares: boolean
  /** Place of the image among the evaluated ones, and its sum where that is not 0, [entry]. */
  images: Uint32Array
  values: Float64Array
}

/** First the true positives, then the false ones, each by descending score: sums depend on the order. */
export function sumScores(
  { dt }: Scene,
  index: SceneIndex,
  matches: SceneMatches,
  cut: ScoreCut,
  positions: Int32Array,
  imageCount: number,
): ScoreSums {
  const { rows, scores } = index.ranking
  const kept = keptCount(scores, cut)
  const outcomes = outcomesByRank(index, matches, null, kept)
  const sums = new Float64Array(imageCount)
  let areShares = true
  for (const wanted of [TP, FP]) {
    for (let i = 0; i < kept; i++) {
      if (outcomes[i] !== wanted) continue
      if (!(scores[i] >= 0 && scores[i] <= 1)) areShares = false
      sums[positions[dt.images[rows[i]]]] += scores[i]
    }
  }
  const found = { images: new Uint32Array(imageCount), values: new Float64Array(imageCount) }
  let length = 0
  for (const wanted of [TP, FP]) {
    for (let i = 0; i < kept; i++) {
      if (outcomes[i] !== wanted) continue
      const place = positions[dt.images[rows[i]]]
      if (sums[place] === 0) continue // taken already, or nothing
      found.images[length] = place
      found.values[length++] = sums[place]
      sums[place] = 0
    }
  }
  return { areShares, images: found.images.subarray(0, length), values: found.values.subarray(0, length) }
}
