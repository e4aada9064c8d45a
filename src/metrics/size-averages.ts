import type { SizeRange } from '../data/analysis.js'
import { type AreaRange, OPEN_END } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import { joined } from '../matching/buffers.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { leastSimilarity } from '../matching/scene-match.js'
import { type RangeBits, rangeBits, strongPairs, sweepThresholds } from '../matching/scene-sweep.js'
import { packWord, type ThresholdWord } from '../matching/thresholds.js'
import { AVERAGE, type CurveTable, curveAt, DETECTIONS, GROUND_TRUTHS } from './curve-averages.js'
import {
  CurveWalks,
  type Ranked,
  rankedByClass,
  rankedPooled,
  regularByClass,
  type Steps,
} from './curve-steps.js'
import { RECALL_GRID } from './pr-curves.js'
import { SweepKernel } from './sweep-kernel.js'

/** By IoU threshold and size range. */
export interface SizeAverages {
  /** All classes as one curve. */
  pooled: CurveTable
  /** Evaluated classes; class-agnostic, `pooled`. */
  classes: CurveTable
}

/** Thresholds that are matched at once. */
const WORD = 32

/**
 * The averages of every curve of protocol `corrected`, in up to MOST_RANGES size ranges, of which the first is the
 * whole. All thresholds are matched at once, and a curve is walked only where it rises. Kernel null leaves all to the
 * twin.
 */
export function averagesBySize(
  scene: Scene,
  index: SceneIndex,
  sizes: SizeRange[],
  iouThresholds: number[],
  kernel: SweepKernel | null = SweepKernel.create(),
): SizeAverages {
  const ranges = openRanges(sizes)
  const words: WordAverages[] = []
  for (let from = 0; from < iouThresholds.length; from += WORD) {
    const ious = iouThresholds.slice(from, from + WORD)
    const word = packWord(ious.map(iou => leastSimilarity(scene, index, iou)))
    const input = { scene, index, ranges, word }
    words.push((kernel && inKernel(kernel, input)) ?? plainly(input))
  }
  const shape = { thresholds: iouThresholds.length, ranges: ranges.length }
  const pooled = {
    ...shape,
    classes: 1,
    numbers: joined(
      Float64Array,
      words.map(word => word.pooled),
    ),
  }
  if (index.classAgnostic) return { pooled, classes: pooled }
  const numbers = joined(
    Float64Array,
    words.map(word => word.classes ?? NO_NUMBERS),
  )
  return { pooled, classes: { ...shape, classes: scene.evaluatedCategories.length, numbers } }
}

const NO_NUMBERS = new Float64Array(0)

/** What is matched at once. */
interface Input {
  scene: Scene
  index: SceneIndex
  ranges: AreaRange[]
  word: ThresholdWord
}

/** Numbers of CurveTable; without classes where all are one. */
interface WordAverages {
  pooled: Float64Array
  classes: Float64Array | null
}

function plainly({ scene, index, ranges, word }: Input): WordAverages {
  const { live, ranking, ranks, gtIgnores, classAgnostic } = index
  const bits = bitsOf(index, ranges)
  const strong = strongPairs(live, word)
  const swept = sweepThresholds(scene, {
    strong,
    bits,
    apart: false,
    endless: gtIgnores,
    ranks,
    cap: Number.POSITIVE_INFINITY,
    zeroIdIsNone: false,
  })
  const curves = (ranked: Ranked, classes: Int32Array, groundTruths: Uint32Array[]) =>
    averagesOfClasses(
      new CurveWalks(ranked, strong, swept, bits, true),
      classes,
      groundTruths,
      word.ascending.length,
      ranges.length,
    )
  const regular = (categories: Int32Array | null) =>
    regularByClass(bits, categories, categories ? scene.categories.count : 1)
  return {
    pooled: curves(rankedPooled(ranking), ALL, regular(null)),
    classes: classAgnostic
      ? null
      : curves(rankedByClass(ranking), scene.evaluatedCategories, regular(scene.gt.categories)),
  }
}

/** The one class of all. */
const ALL = Int32Array.of(0)

/** Null where the kernel cannot. */
function inKernel(kernel: SweepKernel, { scene, index, ranges, word }: Input): WordAverages | null {
  const { live, ranking, ranks, gtIgnores, gtAreas, dtAreas, classAgnostic } = index
  const matched = kernel.match({
    gts: { areas: gtAreas, classes: scene.gt.categories, flags: gtIgnores },
    dts: { areas: dtAreas, ranks },
    live,
    word,
    ranges,
    closed: false,
    once: false,
    apart: false,
    cap: Number.POSITIVE_INFINITY,
  })
  if (!matched) return null
  // All at once last: by then V8 has made better code of what its one class is a single call of.
  const classes = classAgnostic
    ? null
    : averagesInKernel(kernel, rankedByClass(ranking), scene.evaluatedCategories)
  const pooled = averagesInKernel(kernel, rankedPooled(ranking), ALL)
  return pooled && (classes || classAgnostic) ? { pooled, classes } : null
}

const averagesInKernel = (kernel: SweepKernel, ranked: Ranked, classes: Int32Array): Float64Array | null =>
  kernel.rank({ ranked, classes, grouped: true }) ? kernel.averages(RECALL_GRID) : null

/** Everything belongs to the whole. */
function openRanges([, ...sizes]: SizeRange[]): AreaRange[] {
  const whole = { name: '', lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY }
  const open = sizes.map(range => (range.hi >= OPEN_END ? { ...range, hi: Number.POSITIVE_INFINITY } : range))
  return [whole, ...open]
}

/** Ignored ground truths are regular nowhere. */
function bitsOf({ gtAreas, dtAreas, gtIgnores }: SceneIndex, ranges: AreaRange[]): RangeBits {
  const gts = rangeBits(gtAreas, ranges, false)
  for (let g = 0; g < gts.length; g++) if (gtIgnores[g] === 1) gts[g] = 0
  return { count: ranges.length, gts, dts: rangeBits(dtAreas, ranges, false) }
}

/** Numbers of CurveTable; `groundTruths` are [class][a]. */
function averagesOfClasses(
  walks: CurveWalks,
  classes: Int32Array,
  groundTruths: Uint32Array[],
  thresholds: number,
  ranges: number,
): Float64Array {
  const shape = { thresholds, ranges, classes: classes.length }
  const numbers = new Float64Array(curveAt(shape, thresholds, 0, 0))
  classes.forEach((k, i) => {
    for (let a = 0; a < ranges; a++) {
      walks.open(k, a)
      for (let t = 0; t < thresholds; t++)
        addUp(walks.at(t), groundTruths[k][a], numbers, curveAt(shape, t, a, i))
    }
  })
  return numbers
}

/** Adds up a curve in the arithmetic of `curveOf`: points between those where recall grows add no area. */
function addUp(
  { count, tps, fps, fpsBefore, tpTotal, fpTotal }: Steps,
  groundTruths: number,
  numbers: Float64Array,
  to: number,
): void {
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
  const isDecided = groundTruths > 0
  numbers[to + AVERAGE.linear] = isDecided ? sum / RECALL_GRID.length : Number.NaN
  numbers[to + AVERAGE.auc] = isDecided ? auc : Number.NaN
  numbers[to + AVERAGE.step] = isDecided ? step : Number.NaN
  numbers[to + AVERAGE.recall] = isDecided ? tpTotal / groundTruths : Number.NaN
  numbers[to + DETECTIONS] = tpTotal + fpTotal
  numbers[to + GROUND_TRUTHS] = groundTruths
}
