import { basename } from 'node:path'
import type { Analysis } from '../analyse.js'
import type { Evaluation } from '../data/evaluation.js'
import { markdownBody, markdownSummary } from '../report/markdown.js'
import { markdownComparison } from '../report/markdown-comparison.js'
import { type Compared, modelNames } from './compare.js'
import type { EvalOptions } from './eval.js'
import { scoreReason } from './preset.js'

/** What `--markdown` writes: of one model, or of two what differs and then each. */
export function markdownText(
  options: EvalOptions,
  evaluation: Evaluation,
  analysis: Analysis,
  compared: Compared | null,
): string {
  const names = modelNames(options)
  const context = { groundTruthName: basename(options.gt), scoreReason: scoreReason(options) }
  const own = { ...context, detectionsName: names.A }
  if (!compared) return markdownSummary(evaluation, analysis, own)
  const summaries = {
    A: markdownBody(evaluation, analysis, own),
    B: markdownBody(compared.evaluation, compared.analysis, { ...context, detectionsName: names.B }),
  }
  return markdownComparison(compared.comparison, { ...context, names, summaries })
}
