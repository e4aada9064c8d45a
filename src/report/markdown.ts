import type { Analysis } from '../analyse.js'
import type { Evaluation } from '../data/evaluation.js'
import type { CocoMetrics } from '../metrics/coco-summary.js'
import { summarize } from '../summary.js'
import { countsOf } from './counts.js'
import { markdownName, markdownProse, markdownTable } from './markdown-text.js'
import { pythonFixed } from './python-format.js'
import { grouped } from './table.js'

export interface MarkdownContext {
  groundTruthName: string
  detectionsName: string
  /** Why the score threshold is what it is, in words. */
  scoreReason: string
}

/** Classes in the table; a comment on GitHub ends at 65,536 characters. */
export const MAX_CLASSES = 20

export const HEADING = '## detscope\n\n'

/** A summary for a pull request, in GitHub flavoured Markdown. Names of files cannot mark anything up. */
export const markdownSummary = (
  evaluation: Evaluation,
  analysis: Analysis,
  context: MarkdownContext,
): string => HEADING + markdownBody(evaluation, analysis, context)

/** The summary without its heading. */
export function markdownBody(
  evaluation: Evaluation,
  analysis: Analysis,
  { groundTruthName, detectionsName, scoreReason }: MarkdownContext,
): string {
  const { metrics } = summarize(evaluation)
  const blocks = [
    `${markdownName(detectionsName)} on ${markdownName(groundTruthName)}: ${dataWords(evaluation)}`,
    metricsTable(metrics, analysis),
    operatingLine(analysis, scoreReason),
    countsTable(analysis),
    ...findingBlocks(analysis),
    ...classBlocks(analysis),
    ...warningBlocks(evaluation),
  ]
  return `${blocks.join('\n\n')}\n`
}

/** Three decimals as Python prints them, "–" for what is undefined. */
export const value = (metric: number | null): string => (metric === null ? '–' : pythonFixed(metric, 3))

function dataWords(evaluation: Evaluation): string {
  const { images, categories, groundTruths, detections } = countsOf(evaluation)
  const classes = evaluation.config.classAgnostic ? ', class-agnostic' : ''
  return (
    `${grouped(images)} images, ${grouped(categories)} classes, ${grouped(groundTruths)} ground truths, ` +
    `${grouped(detections)} detections; ${evaluation.config.iouType === 'segm' ? 'masks' : 'boxes'}${classes}.`
  )
}

/** Both protocols side by side. */
function metricsTable(metrics: CocoMetrics, { coco, corrected }: Analysis): string {
  const [all] = corrected.sizes
  const others = corrected.sizes.slice(1)
  return markdownTable(
    ['protocol', 'AP', 'AP50', 'AP75', 'AR', ...others.map(({ name }) => `AP ${markdownName(name)}`)],
    [
      [
        '`coco`',
        ...[metrics.AP, metrics.AP50, metrics.AP75, coco.sizes[0].AR].map(value),
        ...coco.sizes.slice(1).map(({ AP }) => value(AP)),
      ],
      [
        '`corrected`, area',
        ...[all.mAP.auc, all.mAP50.auc, all.mAP75.auc, all.mAR].map(value),
        ...others.map(({ mAP }) => value(mAP.auc)),
      ],
      [
        '`corrected`, steps',
        ...[all.mAP.step, all.mAP50.step, all.mAP75.step, null].map(value),
        ...others.map(({ mAP }) => value(mAP.step)),
      ],
    ],
  )
}

function operatingLine(analysis: Analysis, scoreReason: string): string {
  const { view } = analysis
  const { precision, recall, f1 } = analysis.operatingCounts[0]
  return (
    `At score ${view.scoreStrict ? 'above' : 'from'} **${scoreWord(view.score)}** (${scoreReason}) and IoU ${value(view.iou)}, ` +
    `protocol \`${view.protocol}\`: precision **${value(precision)}**, recall **${value(recall)}**, F1 **${value(f1)}**.`
  )
}

/** As many digits as the score has, four at most. */
export const scoreWord = (score: number): string => String(Number(score.toFixed(4)))

function countsTable({ view, operatingCounts }: Analysis): string {
  return markdownTable(
    ['size', 'GT', 'DT', 'TP', 'FP', 'FN', 'precision', 'recall', 'F1'],
    view.sizes.map(({ name }, size) => {
      const { groundTruths, detections, tp, fp, fn, precision, recall, f1 } = operatingCounts[size]
      return [
        markdownName(name),
        ...[groundTruths, detections, tp, fp, fn].map(grouped),
        ...[precision, recall, f1].map(value),
      ]
    }),
  )
}

function findingBlocks({ findings, view }: Analysis): string[] {
  const said = findings[view.protocol]
  return said.length > 0 ? [said.map(({ text }) => `- ${markdownProse(text)}`).join('\n')] : []
}

/** The classes, those with most errors first. */
function classBlocks({ classes, scene: { categories }, coco }: Analysis): string[] {
  if (classes.length < 2) return []
  const byId = new Map(coco.classes.map(({ id, sizes }) => [id, sizes[0].AP]))
  const worst = classes.toSorted((a, b) => b.counts.fp + b.counts.fn - (a.counts.fp + a.counts.fn))
  const table = markdownTable(
    ['class', 'AP', 'GT', 'TP', 'FP', 'FN', 'precision', 'recall'],
    worst.slice(0, MAX_CLASSES).map(({ category, counts }) => {
      const { groundTruths, tp, fp, fn, precision, recall } = counts
      const id = categories.ids[category]
      return [
        markdownName(categories.names[category] || `id ${id}`),
        value(byId.get(id) ?? null),
        ...[groundTruths, tp, fp, fn].map(grouped),
        ...[precision, recall].map(value),
      ]
    }),
  )
  const of = classes.length > MAX_CLASSES ? ` (${MAX_CLASSES} of ${grouped(classes.length)})` : ''
  return [`<details><summary>Classes, most errors first${of}</summary>\n\n${table}\n\n</details>`]
}

function warningBlocks({ warnings }: Evaluation): string[] {
  if (warnings.length === 0) return []
  return [
    warnings
      .map(({ code, count, text }) => `- \`${code}\` (${grouped(count)}): ${markdownProse(text)}`)
      .join('\n'),
  ]
}
