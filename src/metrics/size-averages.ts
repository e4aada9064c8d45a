import type { SizeRange } from '../data/analysis.js'
import { OPEN_END } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { leastSimilarity } from '../matching/scene-match.js'
import { type RangeBits, rangeBits, strongPairs, sweepThresholds } from '../matching/scene-sweep.js'
import { packWord } from '../matching/thresholds.js'
import {
  CurveWalks,
  type Ranked,
  rankedByClass,
  rankedPooled,
  regularByClass,
  type Steps,
} from './curve-steps.js'
import { RECALL_GRID } from './pr-curves.js'

/** What averages over classes and IoU thresholds need of an exact curve; the numbers are those of `curveOf`. */
export interface CurveAverages {
  groundTruths: number
  /** Whether it has detections that count. */
  hasDetections: boolean
  ap101: number | null
  auc: number | null
  apStep: number | null
  maxRecall: number | null
}

/** By IoU threshold and size range. */
export interface SizeAverages {
  /** All classes as one curve, [t][a]. */
  pooled: CurveAverages[][]
  /** Evaluated classes; class-agnostic, `pooled` alone. [t][a][class] */
  classes: CurveAverages[][][]
}

/** Thresholds that are matched at once. */
const WORD = 32

/**
 * The averages of every curve of protocol `corrected`, in up to MOST_RANGES size ranges, of which the first is the
 * whole. All thresholds are matched at once, and a curve is walked only where it rises.
 */
export function averagesBySize(
  scene: Scene,
  index: SceneIndex,
  sizes: SizeRange[],
  iouThresholds: number[],
): SizeAverages {
  const { live, ranking, ranks, gtIgnores } = index
  const bits = bitsOf(index, sizes)
  const regular = regularByClass(bits, scene.gt.categories, scene.categories.count)
  const regularPooled = regularByClass(bits, null, 1)
  const averages: SizeAverages = { pooled: [], classes: [] }
  for (let from = 0; from < iouThresholds.length; from += WORD) {
    const ious = iouThresholds.slice(from, from + WORD)
    const strong = strongPairs(live, packWord(ious.map(iou => leastSimilarity(scene, index, iou))))
    const swept = sweepThresholds(scene, {
      strong,
      bits,
      apart: false,
      endless: gtIgnores,
      ranks,
      cap: Number.POSITIVE_INFINITY,
      zeroIdIsNone: false,
    })
    const curves = (ranked: Ranked, classes: Iterable<number>, groundTruths: Uint32Array[]) =>
      averagesOfClasses(
        new CurveWalks(ranked, strong, swept, bits, true),
        classes,
        groundTruths,
        ious.length,
        sizes.length,
      )
    const pooled = curves(rankedPooled(ranking), [0], regularPooled)
    averages.pooled.push(...pooled.map(ranges => ranges.map(([all]) => all)))
    const own = index.classAgnostic
      ? pooled
      : curves(rankedByClass(ranking), scene.evaluatedCategories, regular)
    averages.classes.push(...own)
  }
  return averages
}

/** Everything belongs to the whole; ignored ground truths are regular nowhere. */
function bitsOf({ gtAreas, dtAreas, gtIgnores }: SceneIndex, [, ...sizes]: SizeRange[]): RangeBits {
  const whole = { name: '', lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY }
  const open = sizes.map(range => (range.hi >= OPEN_END ? { ...range, hi: Number.POSITIVE_INFINITY } : range))
  const gts = rangeBits(gtAreas, [whole, ...open], false)
  for (let g = 0; g < gts.length; g++) if (gtIgnores[g] === 1) gts[g] = 0
  return { count: 1 + sizes.length, gts, dts: rangeBits(dtAreas, [whole, ...open], false) }
}

/** [t][a][class]; `groundTruths` are [class][a]. */
function averagesOfClasses(
  walks: CurveWalks,
  classes: Iterable<number>,
  groundTruths: Uint32Array[],
  thresholds: number,
  ranges: number,
): CurveAverages[][][] {
  const averages = Array.from({ length: thresholds }, () =>
    Array.from({ length: ranges }, (): CurveAverages[] => []),
  )
  for (const k of classes) {
    for (let a = 0; a < ranges; a++) {
      walks.open(k, a)
      for (let t = 0; t < thresholds; t++) averages[t][a].push(averagesOf(walks.at(t), groundTruths[k][a]))
    }
  }
  return averages
}

/** Adds up a curve in the arithmetic of `curveOf`: points between those where recall grows add no area. */
function averagesOf(
  { count, tps, fps, fpsBefore, tpTotal, fpTotal }: Steps,
  groundTruths: number,
): CurveAverages {
  let auc = 0
  let step = 0
  let sum = 0
  let next = 0
  let lastTp = 0
  let lastRecall = 0
  for (let i = 0; i < count; i++) {
    const tp = tps[i]
    const recall = tp / groundTruths
    const precision = tp / (tp + fps[i])
    const isFirst = lastTp + fpsBefore[i] === 0
    const lastPrecision = isFirst ? precision : lastTp / (lastTp + fpsBefore[i])
    const width = recall - lastRecall
    auc += (width * (lastPrecision + precision)) / 2
    step += width * precision
    for (; next < RECALL_GRID.length && RECALL_GRID[next] <= recall; next++) {
      const share = (RECALL_GRID[next] - lastRecall) / width
      sum +=
        isFirst || RECALL_GRID[next] === recall
          ? precision
          : lastPrecision + share * (precision - lastPrecision)
    }
    lastTp = tp
    lastRecall = recall
  }
  const some = groundTruths > 0
  return {
    groundTruths,
    hasDetections: tpTotal + fpTotal > 0,
    ap101: some ? sum / RECALL_GRID.length : null,
    auc: some ? auc : null,
    apStep: some ? step : null,
    maxRecall: some ? tpTotal / groundTruths : null,
  }
}
