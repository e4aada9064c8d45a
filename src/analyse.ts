import type { Counts, ImageCounts, Objective, Protocol, View } from './data/analysis.js'
import type { Evaluation } from './data/evaluation.js'
import type { Scene } from './data/scene.js'
import { indexScene, type SceneIndex } from './matching/scene-index.js'
import { type CocoTables, cocoTables } from './metrics/coco-tables.js'
import { type CorrectedMetrics, correctedMetrics, decimalThresholds } from './metrics/corrected.js'
import { countsByClass, countsTable } from './metrics/counts.js'
import { curvesOf, type KeyedCurve } from './metrics/curve-table.js'
import { type Distributions, distributionsOf, distributionValues } from './metrics/distributions.js'
import { BEST_F1, defaultScore, type Thresholds, thresholdsJson } from './metrics/operating-point.js'
import { countsByImage } from './metrics/per-image.js'
import { type SizeRow, sizeTable } from './metrics/size-table.js'
import { sizesOf } from './metrics/sizes.js'

export interface AnalyseOptions {
  /** Governs everything but the metrics, which come by both. Default 'coco'. */
  protocol?: Protocol
  /** Detections count from this score up. Default: the score with the best pooled F1 at IoU .50 over all sizes. */
  score?: number | null
  /** Whether a score equal to `score` is left out. */
  scoreStrict?: boolean
  /** What the thresholds are the best for. Default: F1. */
  objective?: Objective
}

/** Every section of a report, computed once; undefined quantities are null. */
export interface Analysis {
  scene: Scene
  /** By the view's protocol. */
  index: SceneIndex
  view: View
  /** Whether `view.score` was chosen for its F1, or given. */
  scoreFrom: 'best-f1' | 'given'
  /** As protocol `corrected` states them: .9 where the reference's grid has .8999999999999999. */
  iouThresholds: number[]
  sizes: SizeRow[]
  coco: CocoTables
  corrected: CorrectedMetrics
  /** [IoU threshold][size] */
  counts: Counts[][]
  /** At the view's IoU threshold and over all sizes, by evaluated class; empty when class-agnostic. */
  classes: { category: number; counts: Counts }[]
  /** Exact ones at every IoU threshold and size, pooled and of each class; computed on the way. */
  curves: (iouThresholds?: number[]) => Generator<KeyedCurve>
  thresholds: Thresholds
  images: ImageCounts[]
  distributions: Distributions
}

/**
 * Everything that a report says of an evaluation with its scene. The view's IoU threshold is .50, or the first of a
 * run without it.
 */
export function analyse(evaluation: Evaluation, options: AnalyseOptions = {}): Analysis {
  const { scene, coco, config, evaluatedCategories } = evaluation
  if (!scene)
    throw new TypeError('an analysis needs an evaluation with its scene: evaluate(.., { scene: true })')
  const { protocol = 'coco', objective = BEST_F1 } = options
  const index = indexScene(scene, protocol, config.classAgnostic)
  const view = startView(scene, index, options)
  const correctedIndex =
    protocol === 'corrected' ? index : indexScene(scene, 'corrected', config.classAgnostic)
  const decimals = decimalThresholds(config.iouThresholds)
  const iouThresholds = protocol === 'corrected' ? decimals : config.iouThresholds
  const perClass = config.classAgnostic ? [] : countsByClass(scene, index, view)
  return {
    scene,
    index,
    view,
    scoreFrom: typeof options.score === 'number' ? 'given' : 'best-f1',
    iouThresholds,
    sizes: sizeTable(scene, view.sizes, protocol),
    coco: cocoTables(coco, config, scene.categories, evaluatedCategories),
    corrected: correctedMetrics(scene, correctedIndex, view.sizes, decimals),
    counts: countsTable(scene, index, view, iouThresholds),
    classes: Array.from(scene.evaluatedCategories)
      .filter(category => category < perClass.length)
      .map(category => ({ category, counts: perClass[category] })),
    curves: (ious = iouThresholds) => curvesOf(scene, index, view, ious),
    thresholds: thresholdsJson(scene, index, view, objective),
    images: countsByImage(scene, index, view),
    distributions: distributionsOf(distributionValues(scene, index, view), view),
  }
}

/** What a report looks at to begin with. */
function startView(scene: Scene, index: SceneIndex, options: AnalyseOptions): View {
  const { config } = scene
  const sizes = sizesOf(scene, config.areas)
  const [first] = config.iouThresholds
  return {
    protocol: index.protocol,
    iou: config.iouThresholds.includes(0.5) ? 0.5 : first,
    score: options.score ?? defaultScore(scene, index, { sizes }) ?? leastScore(scene),
    scoreStrict: typeof options.score === 'number' && (options.scoreStrict ?? false),
    sizes,
    classAgnostic: config.classAgnostic,
  }
}

/** Where nothing is found at any score no threshold is better than another: all detections count. */
const leastScore = ({ dt }: Scene): number => dt.scores.reduce((least, score) => Math.min(least, score), 0)
