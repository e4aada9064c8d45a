import { FP, type Histogram, TP, type View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import { joined } from '../matching/buffers.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { matchedSimilarities } from '../matching/scene-pairs.js'
import { countEdges, evenEdges, histogramOf, powerEdges } from './histogram.js'
import { eachOutcome, matchesIn, type OutcomeQuery } from './outcomes.js'
import { tallyImages } from './per-image.js'

/** What is distributed, at the operating point of a view. Areas are px as the protocol measures them. */
export interface DistributionValues {
  /** Of true positives with their ground truths. */
  ious: Float64Array
  tpScores: Float64Array
  fpScores: Float64Array
  /** Of ground truths that are found and missed. */
  matchedAreas: Float64Array
  missedAreas: Float64Array
  /** Of detections by themselves. */
  tpAreas: Float64Array
  fpAreas: Float64Array
  /** Of each evaluated image, TP + FN and TP + FP. */
  imageGroundTruths: Float64Array
  imageDetections: Float64Array
}

/** A histogram of each; those of scores share their edges, so do those of areas. */
export type Distributions = Record<keyof DistributionValues, Histogram>

/** Raw values in the size range `size` of the view; of one class where `category` (row in Categories) is given. */
export function distributionValues(
  scene: Scene,
  index: SceneIndex,
  view: View,
  size = 0,
  category?: number,
): DistributionValues {
  const { dt } = scene
  const { gtAreas, dtAreas } = index
  const { matches, range } = matchesIn(scene, index, view, size)
  const query: OutcomeQuery = { matches, range, cut: view, scope: { category } }
  const tps = new RowList(dt.count)
  const fps = new RowList(dt.count)
  const missed = new RowList(scene.gt.count)
  const onDt = (d: number, outcome: number): void => {
    if (outcome === TP) tps.add(d)
    else if (outcome === FP) fps.add(d)
  }
  eachOutcome(scene, index, query, onDt, g => missed.add(g))
  const images = tallyImages(scene, index, view, size, category)
  return {
    ious: tps.pick(matchedSimilarities(scene, matches)),
    tpScores: tps.pick(dt.scores),
    fpScores: fps.pick(dt.scores),
    matchedAreas: tps.through(matches.gtOfDt).pick(gtAreas),
    missedAreas: missed.pick(gtAreas),
    tpAreas: tps.pick(dtAreas),
    fpAreas: fps.pick(dtAreas),
    imageGroundTruths: imageSums(scene.evaluatedImages, images.tp, images.fn),
    imageDetections: imageSums(scene.evaluatedImages, images.tp, images.fp),
  }
}

/** `one[row] + other[row]` of each row. */
export function imageSums(rows: Int32Array, one: Uint32Array, other: Uint32Array): Float64Array {
  const found = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) found[i] = one[rows[i]] + other[rows[i]]
  return found
}

/** Scores whatever the score threshold, in bins of .02 over 0 to 1. */
export type ScoreDistributions = Record<'allTpScores' | 'allFpScores', Histogram>

/** Of true and false positives at the view's IoU threshold, of every detection that counts. */
export function scoreDistributions(
  scene: Scene,
  index: SceneIndex,
  view: View,
  size = 0,
  category?: number,
): ScoreDistributions {
  const { scores } = scene.dt
  const { matches, range } = matchesIn(scene, index, view, size)
  const cut = { score: Number.NEGATIVE_INFINITY, scoreStrict: false }
  const tps = new RowList(scores.length)
  const fps = new RowList(scores.length)
  const onDt = (d: number, outcome: number): void => {
    if (outcome === TP) tps.add(d)
    else if (outcome === FP) fps.add(d)
  }
  eachOutcome(scene, index, { matches, range, cut, scope: { category } }, onDt, () => {})
  const tpScores = tps.pick(scores)
  const fpScores = fps.pick(scores)
  const edges = edgesOfScores({ tpScores, fpScores }, 0)
  return { allTpScores: histogramOf(tpScores, edges), allFpScores: histogramOf(fpScores, edges) }
}

/** Rows in a typed array: half the time of a list for 100,000 of them. */
class RowList {
  #count = 0
  readonly #rows: Int32Array

  constructor(most: number) {
    this.#rows = new Int32Array(most)
  }

  add(row: number): void {
    this.#rows[this.#count++] = row
  }

  /** Entries of a column. */
  pick(column: Float64Array): Float64Array {
    const rows = this.#rows
    const values = new Float64Array(this.#count)
    for (let i = 0; i < values.length; i++) values[i] = column[rows[i]]
    return values
  }

  /** The rows that a column names. */
  through(column: Int32Array): RowList {
    const others = new RowList(this.#count)
    for (let i = 0; i < this.#count; i++) others.add(column[this.#rows[i]])
    return others
  }
}

/**
 * Histograms at the view's IoU threshold and score: IoU in bins of .05 from .5 (or from below the threshold, if that is
 * less), scores in bins of .02 from the score threshold to 1, areas in octaves, objects and detections an image by
 * number. Scores beyond 0 .. 1 come in 50 bins of equal width.
 */
export function distributionsOf(
  values: DistributionValues,
  view: Pick<View, 'iou' | 'score'>,
): Distributions {
  const overlaps = iouEdges(view)
  const scoreEdges = edgesOfScores(values, view.score)
  const areas = [values.matchedAreas, values.missedAreas, values.tpAreas, values.fpAreas]
  const areaEdges = powerEdges(joined(Float64Array, areas))
  return {
    ious: histogramOf(values.ious, overlaps),
    tpScores: histogramOf(values.tpScores, scoreEdges),
    fpScores: histogramOf(values.fpScores, scoreEdges),
    matchedAreas: histogramOf(values.matchedAreas, areaEdges),
    missedAreas: histogramOf(values.missedAreas, areaEdges),
    tpAreas: histogramOf(values.tpAreas, areaEdges),
    fpAreas: histogramOf(values.fpAreas, areaEdges),
    imageGroundTruths: histogramOf(values.imageGroundTruths, countEdges(values.imageGroundTruths)),
    imageDetections: histogramOf(values.imageDetections, countEdges(values.imageDetections)),
  }
}

export const iouEdges = ({ iou }: Pick<View, 'iou'>): number[] =>
  evenEdges(Math.min(0.5, Math.floor(iou * 20) / 20), 1, 20)

function edgesOfScores(
  { tpScores, fpScores }: Pick<DistributionValues, 'tpScores' | 'fpScores'>,
  threshold: number,
): number[] {
  let least = Number.POSITIVE_INFINITY
  let greatest = Number.NEGATIVE_INFINITY
  for (const scores of [tpScores, fpScores]) {
    for (const score of scores) {
      if (score < least) least = score
      if (score > greatest) greatest = score
    }
  }
  const areProportions = !(least < 0) && !(greatest > 1)
  if (areProportions) return evenEdges(Math.min(1, Math.max(0, threshold)), 1, 50)
  const width = (greatest - least || 1) / 50
  return Array.from({ length: 51 }, (_, i) => least + i * width)
}
