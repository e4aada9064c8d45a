import { basename } from 'node:path'
import type { Analysis } from '../analyse.js'
import type { Objective, Protocol } from '../data/analysis.js'
import type { AreaRange, IouType, PercentileRange } from '../data/config.js'
import type { Evaluation } from '../data/evaluation.js'
import type { ProgressReport } from '../evaluate.js'
import { type BackendChoice, evaluateFiles } from '../node/evaluate-files.js'
import { type FileSource, fileSource } from '../node/files.js'
import { printable } from '../report/table.js'
import { textReport, warningLine } from '../report/text.js'
import { type Compared, printComparison } from './compare.js'
import { interruptible } from './interrupt.js'
import type { Io } from './io.js'
import { checkCompany, scoreChoice, scoreReason, withPreset } from './preset.js'
import { startProgress } from './progress.js'
import type { Results, Written } from './write-results.js'

export interface EvalOptions {
  gt: string
  dt: string
  compare?: string
  iouType?: IouType
  iouThresholds?: number[]
  recallThresholds?: number[]
  maxDets?: number[]
  area?: (AreaRange | PercentileRange)[]
  categoryIds?: number[]
  imageIds?: number[]
  classAgnostic?: boolean
  onUnknown: 'error' | 'warn'
  preset?: 'article'
  protocol?: Protocol
  scoreThreshold?: number
  objective?: Objective
  perClass?: boolean
  report?: string
  images?: string
  gallery?: number
  overlays?: string
  top?: number
  json?: string
  csv?: string
  markdown?: string
  thresholds?: string
  npy?: string
  quiet?: boolean
  backend: BackendChoice
  threads: number
  memory?: number
}

export interface Sources {
  gt: FileSource
  dt: FileSource
  /** Of `--compare`. */
  compare: FileSource | null
}

export const runEval = (given: EvalOptions, io: Io): Promise<void> =>
  interruptible(async signal => {
    const startMs = performance.now()
    const options = withPreset(given)
    checkCompany(options)
    const outputs = await loadOutputs(options)
    const sources = openSources(options, signal)
    outputs?.prepareOutputs(options)
    const { evaluation, analysis } = await evaluateShown(sources, options, io, signal)
    for (const warning of evaluation.warnings) io.err.write(`detscope: ${warningLine(warning)}\n`)
    const compared = analysis && (await compareShown(sources, options, { evaluation, analysis }, io, signal))
    const text = textReport(evaluation, {
      iouTypeReason: iouTypeReason(given, options, evaluation),
      backendNote: noteOn(evaluation, options.backend),
      perClass: options.perClass ?? false,
      quiet: options.quiet ?? false,
      operatingPoint: analysis && { analysis, scoreReason: scoreReason(options) },
      totalMs: performance.now() - startMs,
    })
    io.out.write(text)
    if (compared) await printComparison(compared.comparison, options, io)
    if (!outputs) return
    const results = { evaluation, analysis, compared, sources }
    const written = await writeShown(outputs, options, results, io, signal)
    for (const note of written.notes) io.err.write(`detscope: ${printable(note)}\n`)
    if (written.paths.length > 0 && !options.quiet) io.out.write(`Written   ${written.paths.join(', ')}\n`)
  })

type Outputs = typeof import('./write-results.js')

/** Options that name a place of results. */
const PLACES = ['report', 'images', 'overlays', 'json', 'csv', 'markdown', 'thresholds', 'npy'] as const

/** What writes results, where any are to be written: its modules take longer to load than a small run. */
const loadOutputs = async (options: EvalOptions): Promise<Outputs | null> =>
  PLACES.some(place => options[place] !== undefined) ? import('./write-results.js') : null

/** Fails with InputError where a file cannot be read. */
function openSources(options: EvalOptions, signal: AbortSignal): Sources {
  const { gt, dt, compare, json, report } = options
  const open = (path: string): FileSource =>
    fileSource(path, { digest: json !== undefined || report !== undefined, signal })
  return { gt: open(gt), dt: open(dt), compare: compare === undefined ? null : open(compare) }
}

/** Evaluates with progress shown, and analyses where something asks for it. */
async function evaluateShown(
  { gt, dt }: Pick<Sources, 'gt' | 'dt'>,
  options: EvalOptions,
  io: Io,
  signal: AbortSignal,
): Promise<{ evaluation: Evaluation; analysis: Analysis | null }> {
  const progress = await startProgress(io, options.quiet ?? false, signal)
  const onProgress = (report: ProgressReport): void => progress.report(report)
  const scene = needsAnalysis(options)
  try {
    const evaluation = await evaluateFiles(gt, dt, {
      ...options,
      areas: options.area,
      memoryBytes: options.memory,
      scene,
      signal,
      onProgress,
    })
    if (!scene) return { evaluation, analysis: null }
    onProgress({ stage: 'analysing', done: 0, total: null })
    const fromMs = performance.now()
    const { protocol, objective } = options
    const { score, strict: scoreStrict } = scoreChoice(options)
    const { analyse } = await import('../analyse.js')
    const analysis = analyse(evaluation, { protocol, objective, score, scoreStrict })
    evaluation.timingsMs.analyse = performance.now() - fromMs
    return { evaluation, analysis }
  } finally {
    progress.stop()
  }
}

/** The other model, evaluated as the first was, and the two side by side; null where there is none. */
async function compareShown(
  { compare: dt }: Sources,
  options: EvalOptions,
  first: { evaluation: Evaluation; analysis: Analysis },
  io: Io,
  signal: AbortSignal,
): Promise<Compared | null> {
  if (!dt) return null
  const { iouType } = first.evaluation.config
  // Read again: a source tells the digest of what it has read once.
  const gt = fileSource(options.gt, { signal })
  const { evaluation, analysis } = await evaluateShown({ gt, dt }, { ...options, iouType }, io, signal)
  for (const warning of evaluation.warnings)
    io.err.write(`detscope: ${printable(basename(dt.name))}: ${warningLine(warning)}\n`)
  if (!analysis) throw new TypeError('a comparison needs both analyses')
  const { compareModels } = await import('../compare-models.js')
  return { evaluation, analysis, comparison: compareModels(first.analysis, analysis) }
}

/** Writes what was asked for with progress shown. */
async function writeShown(
  outputs: Outputs,
  options: EvalOptions,
  results: Results,
  io: Io,
  signal: AbortSignal,
): Promise<Written> {
  const progress = await startProgress(io, options.quiet ?? false, signal)
  progress.report({ stage: 'writing', done: 0, total: null })
  try {
    return await outputs.writeOutputs(options, results, signal)
  } finally {
    progress.stop()
  }
}

/** Whether anything is to be said beyond the twelve numbers and the reference's arrays. */
const needsAnalysis = (options: EvalOptions): boolean => {
  const { report, overlays, json, csv, markdown, thresholds, scoreThreshold, preset, objective, compare } =
    options
  const asked = [
    report,
    overlays,
    json,
    csv,
    markdown,
    thresholds,
    scoreThreshold,
    preset,
    objective,
    compare,
  ]
  return options.protocol === 'corrected' || asked.some(value => value !== undefined)
}

const noteOn = ({ config, backend }: Evaluation, choice: BackendChoice): string | undefined =>
  choice === 'auto' && config.iouType === 'segm' && backend.kind === 'cpu' && backend.fallback === undefined
    ? 'auto found no GPU or too little work for one; "detscope doctor" tells more'
    : undefined

function iouTypeReason(given: EvalOptions, used: EvalOptions, { config }: Evaluation): string {
  if (given.iouType !== undefined) return 'as given'
  if (used.iouType !== undefined) return `preset ${used.preset}`
  return config.iouType === 'segm' ? 'found: both files have masks' : 'found: not both files have masks'
}
