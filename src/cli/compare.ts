import { basename } from 'node:path'
import type { Analysis } from '../analyse.js'
import type { ModelComparison } from '../compare-models.js'
import type { Evaluation } from '../data/evaluation.js'
import type { ModelName } from '../metrics/models.js'
import type { EvalOptions } from './eval.js'
import type { Io } from './io.js'

/** The model of `--compare`. */
export interface Compared {
  evaluation: Evaluation
  analysis: Analysis
  comparison: ModelComparison
}

/** Names of the files of detections. */
export const modelNames = ({
  dt,
  compare,
}: Pick<EvalOptions, 'dt' | 'compare'>): Record<ModelName, string> => ({
  A: basename(dt),
  B: basename(compare ?? ''),
})

export async function printComparison(
  comparison: ModelComparison,
  options: EvalOptions,
  io: Io,
): Promise<void> {
  const { comparisonLines } = await import('../report/comparison-tables.js')
  io.out.write(`\n${comparisonLines(comparison, modelNames(options)).join('\n')}\n`)
}
