import { type Comparison, compareProtocols } from './compare.js'
import type { Counts, Finding, ImageCounts, Objective, Protocol, View } from './data/analysis.js'
import type { Evaluation } from './data/evaluation.js'
import type { Scene } from './data/scene.js'
import { lazily } from './lazily.js'
import { indexScene, type SceneIndex } from './matching/scene-index.js'
import { matchAhead } from './metrics/ahead.js'
import { type CocoTables, cocoTables } from './metrics/coco-tables.js'
import { type CorrectedMetrics, decimalThresholds } from './metrics/corrected.js'
import type { StrictVersusCorrected } from './metrics/corrections.js'
import { countsByClass, countsBySize, countsTable } from './metrics/counts.js'
import { curvesOf, type KeyedCurve } from './metrics/curve-table.js'
import {
  type Distributions,
  distributionsOf,
  distributionValues,
  type ScoreDistributions,
  scoreDistributions,
} from './metrics/distributions.js'
import { findingsOf } from './metrics/findings.js'
import { BEST_F1, defaultScore, type Thresholds, thresholdsJson } from './metrics/operating-point.js'
import { isKept } from './metrics/outcomes.js'
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
  /** Of the scene, where they are at hand. */
  indices?: Record<Protocol, SceneIndex>
  /** What another thread has found of the protocols by now; null where it is to be computed here. */
  comparison?: () => Comparison | null
}

/** Every section of a report, each computed once and only if it is looked at; undefined quantities are null. */
export interface Analysis {
  scene: Scene
  indices: Record<Protocol, SceneIndex>
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
  compared: StrictVersusCorrected
  /** Both of them, and what a page shows besides. */
  comparison: Comparison
  /** At the view's IoU threshold, [size]. */
  operatingCounts: Counts[]
  /** Detections that the score threshold leaves out. */
  belowScore: number
  /** [IoU threshold][size] */
  counts: Counts[][]
  /** At the view's IoU threshold and over all sizes, by evaluated class; empty when class-agnostic. */
  classes: { category: number; counts: Counts }[]
  /** Exact ones at these IoU thresholds (default: all) and every size, pooled and of each class. */
  curves: (iouThresholds?: number[]) => Generator<KeyedCurve>
  thresholds: Thresholds
  images: readonly ImageCounts[]
  distributions: Distributions & ScoreDistributions
  findings: Record<Protocol, Finding[]>
}

/**
 * What a report says of an evaluation with its scene. The view's IoU threshold is .50, or the first of a run without
 * it.
 */
export function analyse(evaluation: Evaluation, options: AnalyseOptions = {}): Analysis {
  const { scene, coco, config, evaluatedCategories } = evaluation
  if (!scene)
    throw new TypeError('an analysis needs an evaluation with its scene: evaluate(.., { scene: true })')
  const { protocol = 'coco', objective = BEST_F1 } = options
  const indices =
    options.indices ??
    lazily<Record<Protocol, SceneIndex>>({
      coco: () => indexScene(scene, 'coco', config.classAgnostic),
      corrected: () => indexScene(scene, 'corrected', config.classAgnostic),
    })
  const index = indices[protocol]
  const view = startView(scene, index, options)
  const decimals = decimalThresholds(config.iouThresholds)
  const iouThresholds = protocol === 'corrected' ? decimals : config.iouThresholds
  const findings = (other: SceneIndex): Finding[] =>
    findingsOf(scene, other, other === index ? view : startView(scene, other, options))
  const analysis: Analysis = lazily<Analysis>({
    scene: () => scene,
    indices: () => indices,
    index: () => index,
    view: () => view,
    scoreFrom: () => (typeof options.score === 'number' ? 'given' : 'best-f1'),
    iouThresholds: () => iouThresholds,
    sizes: () => sizeTable(scene, view.sizes, protocol),
    coco: () => cocoTables(coco, config, scene.categories, evaluatedCategories),
    corrected: () => analysis.comparison.corrected,
    compared: () => analysis.comparison.compared,
    comparison: () => options.comparison?.() ?? compareProtocols(scene, indices),
    operatingCounts: () => countsBySize(scene, index, view),
    belowScore: () => scene.dt.scores.reduce((sum, score) => sum + (isKept(view, score) ? 0 : 1), 0),
    counts: () => countsTable(scene, index, view, iouThresholds),
    classes: () => classCounts(scene, index, view),
    curves:
      () =>
      (ious = iouThresholds) =>
        curvesOf(scene, index, view, ious),
    thresholds: () => thresholdsJson(scene, index, view, objective),
    images: () => countsByImage(scene, index, view),
    distributions: () => ({
      ...distributionsOf(distributionValues(scene, index, view), view),
      ...scoreDistributions(scene, index, view),
    }),
    findings: () =>
      lazily<Record<Protocol, Finding[]>>({
        coco: () => findings(indices.coco),
        corrected: () => findings(indices.corrected),
      }),
  })
  return analysis
}

/** What a report looks at to begin with. */
function startView(scene: Scene, index: SceneIndex, { score, scoreStrict = false }: AnalyseOptions): View {
  const { config } = scene
  const sizes = sizesOf(scene, config.areas)
  const iou = config.iouThresholds.includes(0.5) ? 0.5 : config.iouThresholds[0]
  matchAhead(scene, index, { sizes, iou })
  return {
    protocol: index.protocol,
    iou,
    score: score ?? defaultScore(scene, index, { sizes }) ?? leastScore(scene),
    scoreStrict: typeof score === 'number' && scoreStrict,
    sizes,
    classAgnostic: config.classAgnostic,
  }
}

/** Where nothing is found at any score no threshold is better than another: all detections count. */
const leastScore = ({ dt }: Scene): number => dt.scores.reduce((least, score) => Math.min(least, score), 0)

function classCounts(scene: Scene, index: SceneIndex, view: View): Analysis['classes'] {
  if (view.classAgnostic) return []
  const counts = countsByClass(scene, index, view)
  return Array.from(scene.evaluatedCategories, category => ({ category, counts: counts[category] }))
}
