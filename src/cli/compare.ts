import { basename, resolve, sep } from 'node:path'
import type { Analysis } from '../analyse.js'
import type { ModelComparison } from '../compare-models.js'
import type { Evaluation } from '../data/evaluation.js'
import type { ModelName } from '../metrics/models.js'
import type { Beside } from './beside.js'
import type { EvalOptions } from './eval.js'
import type { Io } from './io.js'

/** The model of `--compare`. */
export interface Compared {
  evaluation: Evaluation
  analysis: Analysis
  beside: Beside | null
  comparison: ModelComparison
}

/** Names of the files of detections, with as many of their folders as tell them apart. */
export function modelNames({ dt, compare }: Pick<EvalOptions, 'dt' | 'compare'>): Record<ModelName, string> {
  if (compare === undefined) return { A: basename(dt), B: '' }
  const [a, b] = [dt, compare].map(path => resolve(path).split(sep))
  let parts = 1
  const last = (path: string[]): string => path.slice(-parts).join('/')
  while (last(a) === last(b) && parts < Math.min(a.length, b.length)) parts++
  // The same file twice.
  if (last(a) === last(b)) parts = 1
  return { A: last(a), B: last(b) }
}

export async function printComparison(
  comparison: ModelComparison,
  options: EvalOptions,
  io: Io,
): Promise<void> {
  const { comparisonLines } = await import('../report/comparison-tables.js')
  io.out.write(`\n${comparisonLines(comparison, modelNames(options)).join('\n')}\n`)
}
