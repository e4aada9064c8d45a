import type { Analysis } from './analyse.js'
import { lazily } from './lazily.js'
import { foundBy, selectFlips } from './metrics/flips.js'
import { type MetricDifferences, metricDifferences } from './metrics/metric-differences.js'
import { type OperatingDifferences, operatingDifferences } from './metrics/model-differences.js'
import { checkSameTruth, type ModelPair } from './metrics/models.js'

/** Two models over the same ground truth; each part is computed once and only if it is looked at. */
export interface ModelComparison {
  pair: ModelPair
  /** What score and IoU threshold do not change. */
  metrics: MetricDifferences
  /** At the IoU threshold and protocol of both views, each at its own score. */
  operating: OperatingDifferences
  /** Who finds each ground truth, see `foundBy`; [ground truth] */
  found: Uint8Array
  /** Ground truths that one model alone finds, ascending. */
  flipped: Int32Array
}

/** Fails with InputError where the analyses are not of the same ground truth. Their protocols and IoU thresholds are the same. */
export function compareModels(a: Analysis, b: Analysis): ModelComparison {
  checkSameTruth(a.scene, b.scene)
  const pair: ModelPair = { A: a, B: b }
  return lazily<ModelComparison>({
    pair: () => pair,
    metrics: () => metricDifferences(pair),
    operating: () => operatingDifferences(pair),
    found: () => foundBy(pair),
    flipped: () => selectFlips(pair, { foundBy: ['A', 'B'] }, 'A'),
  })
}
