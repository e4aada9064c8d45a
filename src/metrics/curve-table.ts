import type { Curve, OperatingPoint, View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { BEST_F1, bestThreshold } from './operating-point.js'
import { matchesIn } from './outcomes.js'
import { curveOf, precisionsAt, RECALL_GRID, scoresAt } from './pr-curves.js'

/** Whose curve: of one class, or of all pooled (category -1). */
export interface CurveKey {
  iou: number
  /** Name of a size range of the view. */
  size: string
  /** Row in Categories. */
  category: number
}

export interface KeyedCurve extends CurveKey {
  curve: Curve
}

/**
 * The exact curves at each IoU threshold and size of a view: pooled, then of each evaluated class. One at a time, as
 * all of them are large.
 */
export function* curvesOf(
  scene: Scene,
  index: SceneIndex,
  view: View,
  iouThresholds: number[],
): Generator<KeyedCurve> {
  const classes = index.classAgnostic ? [] : Array.from(scene.evaluatedCategories)
  for (const iou of iouThresholds) {
    for (let size = 0; size < view.sizes.length; size++) {
      const { matches, range } = matchesIn(scene, index, view, size, iou)
      for (const category of [-1, ...classes]) {
        const curve = curveOf(scene, index, matches, { range, category: category < 0 ? null : category })
        yield { iou, size: view.sizes[size].name, category, curve }
      }
    }
  }
}

/** A curve at the recall thresholds 0, .01, ... 1. */
export interface SampledCurve extends CurveKey {
  groundTruths: number
  auc: number | null
  apStep: number | null
  ap101: number | null
  maxRecall: number | null
  /** The linear curve, null without ground truths. [recall threshold] */
  precisions: number[] | null
  /** Where each recall is reached, null where it is not. [recall threshold] */
  scores: (number | null)[] | null
  bestF1: OperatingPoint | null
}

export function sampleCurve({ iou, size, category, curve }: KeyedCurve): SampledCurve {
  const { groundTruths, auc, apStep, ap101, maxRecall } = curve
  const some = groundTruths > 0
  return {
    iou,
    size,
    category,
    groundTruths,
    auc,
    apStep,
    ap101,
    maxRecall,
    precisions: some ? precisionsAt(curve, RECALL_GRID) : null,
    scores: some ? scoresAt(curve, RECALL_GRID) : null,
    bestF1: bestThreshold(curve, BEST_F1),
  }
}
