import type { Analysis } from '../analyse.js'
import type { Objective, View } from '../data/analysis.js'
import { OPEN_END } from '../data/config.js'
import { pythonFixed } from './python-format.js'
import { alignedTable } from './table.js'

/** What is counted at the operating point, by size, and the thresholds of an objective other than F1. */
export function operatingLines(analysis: Analysis, scoreReason: string): string[] {
  const { view, operatingCounts, thresholds } = analysis
  return [
    `Counts    ${scoreWords(view)} (${scoreReason}), IoU ${pythonFixed(view.iou, 2)}, protocol ${view.protocol}`,
    ...objectiveLine(thresholds.objective, thresholds.overall),
    '',
    ...alignedTable(
      ['size', 'percentiles', 'px', 'GT', 'DT', 'TP', 'FP', 'FN', 'precision', 'recall', 'F1'],
      view.sizes.map(({ name, lo, hi, percentiles }, size) => {
        const { groundTruths, detections, tp, fp, fn, precision, recall, f1 } = operatingCounts[size]
        return [
          name,
          percentiles ? percentileWords(percentiles) : '-',
          pixelWords(lo, hi),
          ...[groundTruths, detections, tp, fp, fn].map(String),
          ...[precision, recall, f1].map(value => (value === null ? '-' : pythonFixed(value, 3))),
        ]
      }),
      3,
    ),
  ]
}

/** A score threshold in words, so that the shown digits are those that count. */
export const scoreWords = ({ score, scoreStrict }: Pick<View, 'score' | 'scoreStrict'>): string =>
  `score ${scoreStrict ? 'above' : 'from'} ${score}`

/** An objective other than F1: where it is reached best. */
function objectiveLine(objective: Objective, best: Analysis['thresholds']['overall']): string[] {
  if (objective.kind === 'f-beta' && objective.beta === 1) return []
  const words = objectiveWords(objective)
  if (best.score === null) return [`Best for  ${words}: no score threshold reaches it`]
  const [precision, recall] = [best.precision, best.recall].map(value => pythonFixed(value ?? 0, 3))
  return [`Best for  ${words}: score from ${best.score}, precision ${precision}, recall ${recall}`]
}

export function objectiveWords(objective: Objective): string {
  switch (objective.kind) {
    case 'f-beta':
      return `F${objective.beta}`
    case 'min-precision':
      return `a precision of at least ${objective.precision}`
    case 'min-recall':
      return `a recall of at least ${objective.recall}`
    case 'cost':
      return `the cost of ${objective.falsePositive} a false positive and ${objective.falseNegative} a miss`
  }
}

export const pixelWords = (lo: number, hi: number): string =>
  hi >= OPEN_END ? `from ${round(lo)} px` : `${round(lo)} to ${round(hi)} px`

export const percentileWords = ([from, to]: [number, number]): string => `P${from} to P${to}`

/** Bounds by percentiles lie between areas; a tenth of a pixel tells them apart. */
const round = (px: number): number => Number(px.toFixed(1))
