import type { Analysis } from '../analyse.js'
import type { ModelComparison } from '../compare-models.js'
import type { Protocol } from '../data/analysis.js'
import type { FlipRow, FlipSide } from '../metrics/flip-rows.js'
import { flipDescriber } from '../metrics/flip-rows.js'
import type { FlipCounts } from '../metrics/flips.js'
import type { AverageDifferences } from '../metrics/metric-differences.js'
import type { CountDifferences, Difference } from '../metrics/model-differences.js'
import type { ModelName } from '../metrics/models.js'
import { type FindingJson, findingJson } from './analysis-json.js'

/** Both models of `--compare`, A the one of the rest of the result file. Differences are B - A. */
export interface ComparisonJson {
  /** Name of each file of detections. */
  detections: Record<ModelName, string>
  protocol: Protocol
  iou: number
  scores: Record<ModelName, { score: number; strict: boolean; from: Analysis['scoreFrom'] }>
  /** By the protocol, over all classes; no score threshold applies. */
  metrics: AverageDifferences
  /** Resamples behind the intervals of the metrics. */
  draws: number
  /** At the operating points, over all sizes. */
  counts: CountDifferences['counts']
  found: FlipCounts
  precision: Difference
  recall: Difference
  f1: Difference
  sizes: ({ size: string } & CountDifferences)[]
  /** Evaluated classes; empty when class-agnostic. */
  classes: ({ id: number; name: string } & AverageDifferences & CountDifferences)[]
  /** Ground truths that one model alone finds. */
  flips: FlipJson[]
  findings: FindingJson[]
}

export interface FlipJson extends Record<ModelName, FlipSideJson> {
  /** Of the ground truth. */
  id: number
  imageId: number
  classId: number
  foundBy: FlipRow['foundBy']
  area: number
  size: string | null
}

/** `record` is the position in the file of detections of what found it or, else, of what is most like it. */
export interface FlipSideJson {
  found: boolean
  record: number | null
  score: number | null
  iou: number
  reason: string
  text: string
}

export function comparisonJson(
  { pair, metrics, operating, flipped }: ModelComparison,
  analyses: Record<ModelName, Pick<Analysis, 'view' | 'scoreFrom'>>,
  detections: Record<ModelName, string>,
): ComparisonJson {
  const { scene, view } = pair.A
  const { categories } = scene
  const scoreOf = ({ view, scoreFrom }: Pick<Analysis, 'view' | 'scoreFrom'>) => ({
    score: view.score,
    strict: view.scoreStrict,
    from: scoreFrom,
  })
  const describe = flipDescriber(pair)
  return {
    detections,
    protocol: view.protocol,
    iou: view.iou,
    scores: { A: scoreOf(analyses.A), B: scoreOf(analyses.B) },
    metrics: metrics.overall,
    draws: metrics.draws,
    ...operating.whole,
    sizes: operating.sizes.map(({ name, ...rest }) => ({ size: name, ...rest })),
    classes: operating.classes.map(({ category, ...rest }, k) => ({
      id: categories.ids[category],
      name: categories.names[category],
      ...metrics.classes[k],
      ...rest,
    })),
    flips: Array.from(flipped, gt => flipJson(pair, describe(gt))),
    findings: operating.findings.map(findingJson(scene)),
  }
}

function flipJson(pair: ModelComparison['pair'], { gt, foundBy, area, size, A, B }: FlipRow): FlipJson {
  const { scene } = pair.A
  const sideOf = (name: ModelName, { found, dt, score, iou, reason }: FlipSide): FlipSideJson => ({
    found,
    record: dt < 0 ? null : pair[name].scene.dt.records[dt],
    score,
    iou,
    reason: reason.code,
    text: reason.text,
  })
  return {
    id: scene.gt.ids[gt],
    imageId: scene.images.ids[scene.gt.images[gt]],
    classId: scene.categories.ids[scene.gt.categories[gt]],
    foundBy,
    area,
    size,
    A: sideOf('A', A),
    B: sideOf('B', B),
  }
}
