import type { SizeRange } from '../data/analysis.js'
import { type AreaRange, OPEN_END } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { leastSimilarity } from '../matching/scene-match.js'
import { type RangeBits, rangeBits, strongPairs, sweepThresholds } from '../matching/scene-sweep.js'
import { packWord, type ThresholdWord } from '../matching/thresholds.js'
import {
  CurveWalks,
  type Ranked,
  rankedByClass,
  rankedPooled,
  regularByClass,
  type Steps,
} from './curve-steps.js'
import { RECALL_GRID } from './pr-curves.js'
import { AVERAGES, SweepKernel } from './sweep-kernel.js'

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
  const averages: SizeAverages = { pooled: [], classes: [] }
  const ranges = openRanges(sizes)
  for (let from = 0; from < iouThresholds.length; from += WORD) {
    const ious = iouThresholds.slice(from, from + WORD)
    const word = packWord(ious.map(iou => leastSimilarity(scene, index, iou)))
    const input = { scene, index, ranges, word }
    const { pooled, classes } = (kernel && inKernel(kernel, input)) ?? plainly(input)
    averages.pooled.push(...pooled.map(sizes => sizes.map(([all]) => all)))
    averages.classes.push(...(classes ?? pooled))
  }
  return averages
}

/** What is matched at once. */
interface Input {
  scene: Scene
  index: SceneIndex
  ranges: AreaRange[]
  word: ThresholdWord
}

/** [t][a][class]; without classes where all are one. */
interface WordAverages {
  pooled: CurveAverages[][][]
  classes: CurveAverages[][][] | null
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
  const pooled = averagesInKernel(kernel, rankedPooled(ranking), ALL, word, ranges)
  const classes = classAgnostic
    ? null
    : averagesInKernel(kernel, rankedByClass(ranking), scene.evaluatedCategories, word, ranges)
  return pooled && (classes || classAgnostic) ? { pooled, classes } : null
}

function averagesInKernel(
  kernel: SweepKernel,
  ranked: Ranked,
  classes: Int32Array,
  { ascending }: ThresholdWord,
  ranges: AreaRange[],
): CurveAverages[][][] | null {
  if (!kernel.rank({ ranked, classes, grouped: true })) return null
  const numbers = kernel.averages(RECALL_GRID)
  if (!numbers) return null
  const regular = kernel.regular()
  const curveAt = (t: number, a: number, i: number): CurveAverages => {
    const at = AVERAGES * ((t * ranges.length + a) * classes.length + i)
    const groundTruths = regular(classes[i], a)
    const some = groundTruths > 0
    return {
      groundTruths,
      hasDetections: numbers[at + 4] > 0,
      ap101: some ? numbers[at] : null,
      auc: some ? numbers[at + 1] : null,
      apStep: some ? numbers[at + 2] : null,
      maxRecall: some ? numbers[at + 3] : null,
    }
  }
  return Array.from(ascending, (_, t) =>
    ranges.map((_, a) => Array.from(classes, (_, i) => curveAt(t, a, i))),
  )
}

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

/** [t][a][class]; `groundTruths` are [class][a]. */
function averagesOfClasses(
  walks: CurveWalks,
  classes: Int32Array,
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
