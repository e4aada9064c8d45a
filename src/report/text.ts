import type { Analysis } from '../analyse.js'
import { type AreaRange, COCO_AREAS, type Config } from '../data/config.js'
import type { BackendUse, CocoArrays, Evaluation, Warning } from '../data/evaluation.js'
import { type ClassMetrics, perArea } from '../metrics/coco-summary.js'
import { type Summary, summarize } from '../summary.js'
import { type Counts, countsOf } from './counts.js'
import { operatingLines, percentileWords, pixelWords } from './operating-text.js'
import { pythonFixed } from './python-format.js'
import { familiarLines, summaryLine } from './summary-lines.js'
import { alignedTable, grouped, printable } from './table.js'

export interface TextOptions {
  /** Why the IoU type is what it is, in words: "as given". */
  iouTypeReason: string
  /** Why masks were intersected on the CPU, where a GPU was looked for. */
  backendNote?: string
  perClass: boolean
  /** What a report counts, and why at this score; null or absent where none was asked for. */
  operatingPoint?: { analysis: Analysis; scoreReason: string } | null
  /** The numbers and nothing else. */
  quiet: boolean
  /** Wall time of the whole run. */
  totalMs: number
}

/** What `detscope eval` prints: what was evaluated, the familiar lines, tables on request, where and how long. */
export function textReport(evaluation: Evaluation, options: TextOptions): string {
  const { config, coco, backend, timingsMs } = evaluation
  const summary = summarize(evaluation)
  const blocks = [
    options.quiet ? [] : headLines(config, countsOf(evaluation), options.iouTypeReason),
    familiarLines(config, summary.stats),
    ownCapLines(config, summary),
    ownAreaLines(config, coco),
    options.perClass ? classLines(config, summary.perClass) : [],
    options.operatingPoint && !options.quiet
      ? operatingLines(options.operatingPoint.analysis, options.operatingPoint.scoreReason)
      : [],
    options.quiet
      ? []
      : [backendLine(config, backend, options.backendNote), timeLine(timingsMs, options.totalMs)],
  ]
  return blocks
    .filter(lines => lines.length > 0)
    .map(lines => `${lines.join('\n')}\n`)
    .join('\n')
}

function headLines(config: Config, counts: Counts, iouTypeReason: string): string[] {
  const crowds = counts.crowds > 0 ? ` (${plural(counts.crowds, 'crowd', 'crowds')})` : ''
  const data = [
    plural(counts.images, 'image', 'images'),
    plural(counts.categories, 'category', 'categories'),
    plural(counts.groundTruths, 'ground truth', 'ground truths') + crowds,
    plural(counts.detections, 'detection', 'detections'),
  ]
  if (counts.ignoredRecords > 0)
    data.push(plural(counts.ignoredRecords, 'record left out', 'records left out'))
  const lines = [`IoU type  ${config.iouType} (${iouTypeReason})`, `Data      ${data.join(', ')}`]
  if (config.classAgnostic) lines.push('Matching  without regard to the category (class-agnostic)')
  const own = config.areas.filter(range => !isCocoArea(range))
  if (own.length > 0) lines.push(`Areas     ${own.map(areaWords).join(', ')}`)
  return lines
}

const areaWords = ({ name, lo, hi, percentiles }: AreaRange): string =>
  `${name} ${pixelWords(lo, hi)}${percentiles ? ` (${percentileWords(percentiles)})` : ''}`

const isCocoArea = (range: AreaRange): boolean =>
  COCO_AREAS.some(({ name, lo, hi }) => name === range.name && lo === range.lo && hi === range.hi)

/** The first familiar line asks for 100 detections; where no cap is 100, the AP that was meant follows. */
function ownCapLines(config: Config, summary: Summary): string[] {
  if (config.maxDets.includes(100)) return []
  const maxDets = config.maxDets[config.maxDets.length - 1]
  return [
    `No cap is 100, which the first line asks for. With ${maxDets}:`,
    summaryLine(config, { kind: 'AP', iou: null, area: 'all', maxDets, value: summary.metrics.AP ?? -1 }),
  ]
}

/** AP and AR of the ranges that the familiar lines do not name. */
function ownAreaLines(config: Config, coco: CocoArrays): string[] {
  const maxDets = config.maxDets[config.maxDets.length - 1]
  const isOwn = ({ name }: { name: string }): boolean => !COCO_AREAS.some(range => range.name === name)
  if (!config.areas.some(isOwn)) return []
  const own = perArea(coco, config).filter(isOwn)
  const lines = (kind: 'AP' | 'AR'): string[] =>
    own.map(area =>
      summaryLine(config, { kind, iou: null, area: area.name, maxDets, value: area[kind] ?? -1 }),
    )
  return ['The area ranges of this run:', ...lines('AP'), ...lines('AR')]
}

const classLines = (config: Config, classes: ClassMetrics[]): string[] =>
  config.classAgnostic
    ? ['No table of categories: a class-agnostic run takes all as one.']
    : classTable(classes)

/** A line a category; "-" where a number is undefined, as without a ground truth. */
export function classTable(classes: ClassMetrics[]): string[] {
  const value = (metric: number | null): string => (metric === null ? '-' : pythonFixed(metric, 3))
  return alignedTable(
    ['category', 'id', 'ground truths', 'detections', 'AP', 'AP50', 'AP75', 'AR'],
    classes.map(({ id, name, groundTruths, detections, AP, AP50, AP75, AR }) => [
      printable(name),
      String(id),
      String(groundTruths),
      String(detections),
      ...[AP, AP50, AP75, AR].map(value),
    ]),
    1,
  )
}

export function backendLine(config: Config, backend: BackendUse, note?: string): string {
  if (config.iouType === 'bbox') return 'Backend   cpu (boxes need no GPU)'
  const adapter = backend.adapter === null ? '' : ` on ${backend.adapter}`
  const why = note === undefined ? '' : ` (${note})`
  const fallback = backend.fallback === undefined ? '' : `; went on on the CPU: ${backend.fallback}`
  return `Backend   ${backend.kind}${adapter}${why}${fallback}`
}

export function timeLine(timingsMs: Record<string, number>, totalMs: number): string {
  const stages = Object.entries(timingsMs).map(([stage, ms]) => `${stage} ${seconds(ms)}`)
  return `Time      ${stages.join(', ')}; in all ${seconds(totalMs)}`
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 99_950 ? 2 : 0)} s`

/** One line: what it is called, how often, what it means, and the first occurrence. */
export const warningLine = ({ code, count, example, text }: Warning): string =>
  printable(`warning: ${code} (${count}): ${text}; first: ${example}`)

const plural = (count: number, one: string, many: string): string =>
  `${grouped(count)} ${count === 1 ? one : many}`
