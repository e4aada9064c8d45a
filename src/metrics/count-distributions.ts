import { FP, type Histogram, TP, type View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { matchedSimilarities } from '../matching/scene-pairs.js'
import {
  type Distributions,
  distributionsOf,
  distributionValues,
  imageSums,
  iouEdges,
} from './distributions.js'
import { binOf, countEdges, evenEdges, histogramOf } from './histogram.js'
import { eachOutcome, matchesIn } from './outcomes.js'
import { tallyImages } from './per-image.js'

/**
 * `distributionsOf` the values of a view, counted as they come instead of listed first: what a page does at each step of
 * a slider.
 */
export function countDistributions(
  scene: Scene,
  index: SceneIndex,
  view: View,
  size = 0,
  category?: number,
): Distributions {
  if (!areProportions(index)) {
    return distributionsOf(distributionValues(scene, index, view, size, category), view)
  }
  const { matches, range } = matchesIn(scene, index, view, size)
  const { gtOfDt } = matches
  const { scores } = scene.dt
  const similarities = matchedSimilarities(scene, matches)
  const [gtOctaves, dtOctaves] = [octavesOf(index.gtAreas), octavesOf(index.dtAreas)]
  const areas = { matched: octaves(), missed: octaves(), tp: octaves(), fp: octaves() }
  const overlapEdges = iouEdges(view)
  const overlapBounds = Float64Array.from(overlapEdges)
  const ious = new Uint32Array(overlapEdges.length - 1)
  const scoreEdges = evenEdges(Math.min(1, Math.max(0, view.score)), 1, 50)
  const byScore = { tp: new Uint32Array(scoreEdges.length - 1), fp: new Uint32Array(scoreEdges.length - 1) }
  let bin = scoreEdges.length - 2
  eachOutcome(
    scene,
    index,
    { matches, range, cut: view, scope: { category } },
    (d, outcome) => {
      if (outcome !== TP && outcome !== FP) return
      while (bin > 0 && scores[d] < scoreEdges[bin]) bin-- // they come by descending score
      if (outcome === TP) {
        ious[binOf(overlapBounds, similarities[d])]++
        byScore.tp[bin]++
        areas.tp[dtOctaves[d]]++
        areas.matched[gtOctaves[gtOfDt[d]]]++
      } else {
        byScore.fp[bin]++
        areas.fp[dtOctaves[d]]++
      }
    },
    g => {
      areas.missed[gtOctaves[g]]++
    },
  )
  const images = tallyImages(scene, index, view, size, category)
  const groundTruths = imageSums(scene.evaluatedImages, images.tp, images.fn)
  const detections = imageSums(scene.evaluatedImages, images.tp, images.fp)
  const ofAreas = inOctaves(Object.values(areas))
  return {
    ious: { edges: overlapEdges, counts: Array.from(ious) },
    tpScores: { edges: scoreEdges, counts: Array.from(byScore.tp) },
    fpScores: { edges: scoreEdges, counts: Array.from(byScore.fp) },
    matchedAreas: ofAreas(areas.matched),
    missedAreas: ofAreas(areas.missed),
    tpAreas: ofAreas(areas.tp),
    fpAreas: ofAreas(areas.fp),
    imageGroundTruths: histogramOf(groundTruths, countEdges(groundTruths)),
    imageDetections: histogramOf(detections, countEdges(detections)),
  }
}

/** Whether every score lies in 0 .. 1: then the edges of their bins do not depend on which are kept. */
function areProportions({ ranking: { scores } }: SceneIndex): boolean {
  return !(scores[0] > 1) && !(scores[scores.length - 1] < 0)
}

/** Octaves of float64 above 1, after one for all below. */
const OCTAVES = 1025

const octaves = (): Uint32Array => new Uint32Array(OCTAVES)

const octavesByColumn = new WeakMap<Float64Array, Uint16Array>()

/** 0 for areas below 1, k + 1 for those from 2^k; found once a column, whose values stay. */
function octavesOf(areas: Float64Array): Uint16Array {
  const known = octavesByColumn.get(areas)
  if (known) return known
  const found = new Uint16Array(areas.length)
  for (let row = 0; row < areas.length; row++) {
    let octave = 0
    for (let edge = 1; edge <= areas[row] && octave < OCTAVES - 1; edge *= 2) octave++
    found[row] = octave
  }
  octavesByColumn.set(areas, found)
  return found
}

/** Makes histograms over the octaves that some of the counts have, with the edges of `powerEdges`. */
function inOctaves(all: Uint32Array[]): (counts: Uint32Array) => Histogram {
  const isUsed = (octave: number): boolean => all.some(counts => counts[octave] > 0)
  let first = 0
  while (first < OCTAVES && !isUsed(first)) first++
  if (first === OCTAVES) return () => ({ edges: [1, 2], counts: [0] })
  let last = OCTAVES - 1
  while (!isUsed(last)) last--
  const edges = [first === 0 ? 0 : 2 ** (first - 1)]
  for (let octave = first; octave <= last; octave++) edges.push(2 ** octave)
  return counts => ({ edges, counts: Array.from(counts.subarray(first, last + 1)) })
}
