import type { ModelComparison } from '../compare-models.js'
import type { CountDifferences, Difference } from '../metrics/model-differences.js'
import type { ModelName } from '../metrics/models.js'
import { betterOf, comparedNumbers, gaps, isAnyCertain, NO_FINDING, verdict } from './comparison-words.js'
import { MAX_CLASSES, scoreWord, value } from './markdown.js'
import { markdownName, markdownProse, markdownTable } from './markdown-text.js'
import { pythonFixed } from './python-format.js'
import { grouped } from './table.js'

export interface ComparisonContext {
  groundTruthName: string
  /** Of the files of detections. */
  names: Record<ModelName, string>
  /** Why the score thresholds are what they are, in words. */
  scoreReason: string
  /** The summary of each model, see `markdownBody`. */
  summaries: Record<ModelName, string>
}

/** Two models for a pull request: what differs, with intervals, and the summary of each folded below. */
export function markdownComparison(
  comparison: Pick<ModelComparison, 'pair' | 'metrics' | 'operating'>,
  { groundTruthName, names, scoreReason, summaries }: ComparisonContext,
): string {
  const { pair, metrics, operating } = comparison
  const { findings } = operating
  const blocks = [
    '## detscope: two models',
    `A ${markdownName(names.A)}, B ${markdownName(names.B)}, on ${markdownName(groundTruthName)}.`,
    `**${markdownProse(verdict(metrics, operating))}**`,
    numbersTable(comparison),
    scoresLine(comparison, scoreReason),
    ...gaps({ A: pair.A.scene, B: pair.B.scene }).map(markdownProse),
    ...(findings.length > 0 ? [findings.map(({ text }) => `- ${markdownProse(text)}`).join('\n')] : []),
    ...(findings.length === 0 && isAnyCertain(metrics, operating) ? [markdownProse(NO_FINDING)] : []),
    ...sizeBlocks(comparison),
    ...classBlocks(comparison),
    ...(['A', 'B'] as const).map(name =>
      folded(`${name} ${markdownName(names[name])} alone`, summaries[name].trimEnd()),
    ),
  ]
  return `${blocks.join('\n\n')}\n`
}

const folded = (title: string, body: string): string =>
  `<details><summary>${title}</summary>\n\n${body}\n\n</details>`

const signed = (number: number | null): string => {
  if (number === null) return '–'
  const text = pythonFixed(Math.abs(number), 3)
  return text === '0.000' ? '0' : `${number < 0 ? '−' : '+'}${text}`
}

const signedCount = (number: number): string =>
  number === 0 ? '0' : `${number < 0 ? '−' : '+'}${grouped(Math.abs(number))}`

/** Bold where the interval excludes 0. */
const change = ({ difference, certain }: Difference): string =>
  certain ? `**${signed(difference)}**` : signed(difference)

const intervalWords = ({ interval }: Difference): string =>
  interval ? `${signed(interval[0])} to ${signed(interval[1])}` : '–'

const judgement = (each: Difference): string => {
  const { interval, difference } = each
  if (difference === null || difference === 0) return ''
  if (!interval) return 'too few images to tell'
  const better = betterOf(each)
  return better ? `${better} is better` : 'may be chance'
}

function numbersTable({ metrics, operating }: Pick<ModelComparison, 'metrics' | 'operating'>): string {
  const { counts, found } = operating.whole
  const count = (name: string, a: number, b: number): string[] => [
    name,
    grouped(a),
    grouped(b),
    signedCount(b - a),
    '',
    '',
  ]
  return markdownTable(
    ['', 'A', 'B', 'B − A', '95 % interval', ''],
    [
      ...comparedNumbers(metrics, operating).map(([name, each]) => [
        name,
        value(each.A),
        value(each.B),
        change(each),
        intervalWords(each),
        judgement(each),
      ]),
      ...(['tp', 'fp', 'fn'] as const).map(name => count(name.toUpperCase(), counts.A[name], counts.B[name])),
      count('found by it alone', found.A, found.B),
    ],
  )
}

function scoresLine(
  { pair: { A, B }, operating }: Pick<ModelComparison, 'pair' | 'operating'>,
  scoreReason: string,
): string {
  const { both, neither } = operating.whole.found
  const from = A.view.scoreStrict ? 'above' : 'from'
  return (
    `Precision and what follows at IoU ${value(A.view.iou)} and scores ${from} **${scoreWord(A.view.score)}** (A) and ` +
    `**${scoreWord(B.view.score)}** (B) (${scoreReason}), all by protocol \`${A.view.protocol}\`. ` +
    `Both find ${grouped(both)} objects, neither ${grouped(neither)}.`
  )
}

const RECALLS = ['recall A', 'recall B', 'B − A', '95 % interval']
const COUNTS = ['A alone', 'B alone', 'FP A', 'FP B']

const recallCells = ({ recall }: CountDifferences): string[] => [
  value(recall.A),
  value(recall.B),
  change(recall),
  intervalWords(recall),
]

const countCells = ({ found, counts }: CountDifferences): string[] =>
  [found.A, found.B, counts.A.fp, counts.B.fp].map(grouped)

function sizeBlocks({ operating: { sizes } }: Pick<ModelComparison, 'operating'>): string[] {
  if (sizes.length === 0) return []
  const rows = sizes.map(each => [markdownName(each.name), ...recallCells(each), ...countCells(each)])
  return [markdownTable(['size', ...RECALLS, ...COUNTS], rows)]
}

/** The classes, those with most flips first. */
function classBlocks({
  pair,
  metrics,
  operating: { classes },
}: Pick<ModelComparison, 'pair' | 'metrics' | 'operating'>): string[] {
  if (classes.length < 2) return []
  const { ids, names } = pair.A.scene.categories
  const flips = ({ found }: CountDifferences): number => found.A + found.B
  const rows = classes
    .map((each, k) => ({ each, AP: metrics.classes[k].AP }))
    .sort((a, b) => flips(b.each) - flips(a.each))
    .slice(0, MAX_CLASSES)
    .map(({ each, AP }) => [
      markdownName(names[each.category] || `id ${ids[each.category]}`),
      value(AP.A),
      value(AP.B),
      change(AP),
      intervalWords(AP),
      ...recallCells(each).slice(0, 3),
      ...countCells(each),
    ])
  const header = ['class', 'AP A', 'AP B', 'B − A', '95 % interval', ...RECALLS.slice(0, 3), ...COUNTS]
  const of = classes.length > MAX_CLASSES ? ` (${MAX_CLASSES} of ${grouped(classes.length)})` : ''
  return [folded(`Classes, most objects found by one alone first${of}`, markdownTable(header, rows))]
}
