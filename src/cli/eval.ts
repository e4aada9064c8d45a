import { basename } from 'node:path'
import type { Analysis } from '../analyse.js'
import type { Objective, Protocol } from '../data/analysis.js'
import type { AreaRange, IouType, PercentileRange } from '../data/config.js'
import type { Evaluation } from '../data/evaluation.js'
import type { Scene } from '../data/scene.js'
import type { ProgressReport } from '../evaluate.js'
import { type BackendChoice, evaluateFiles, openReportThreads } from '../node/evaluate-files.js'
import { type FileSource, fileSource } from '../node/files.js'
import type { ReportThreads } from '../node/report-threads.js'
import { printable } from '../report/table.js'
import { textReport, warningLine } from '../report/text.js'
import type { Beside } from './beside.js'
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
    const sources = openSources(options, signal)
    // They start while modules are loaded.
    const threads = needsComparison(options)
      ? await openReportThreads(sources.gt, sources.dt, { ...options, memoryBytes: options.memory })
      : null
    try {
      const outputs = await loadOutputs(options)
      outputs?.prepareOutputs(options)
      await runWith({ given, options, sources, threads, io, signal, startMs }, outputs)
    } finally {
      await threads?.close()
    }
  })

interface Run {
  /** As the user gave them. */
  given: EvalOptions
  options: EvalOptions
  sources: Sources
  /** For the evaluation and the report; null where they do not pay. */
  threads: ReportThreads | null
  io: Io
  signal: AbortSignal
  startMs: number
}

async function runWith(run: Run, outputs: Outputs | null): Promise<void> {
  const { given, options, sources, io } = run
  const first = await evaluateShown(run, sources)
  const { evaluation, analysis, beside } = first
  for (const warning of evaluation.warnings) io.err.write(`detscope: ${warningLine(warning)}\n`)
  const compared = analysis && (await compareShown(run, { evaluation, analysis }))
  const text = textReport(evaluation, {
    iouTypeReason: iouTypeReason(given, options, evaluation),
    backendNote: noteOn(evaluation, options.backend),
    perClass: options.perClass ?? false,
    quiet: options.quiet ?? false,
    operatingPoint: analysis && { analysis, scoreReason: scoreReason(options) },
    totalMs: performance.now() - run.startMs,
  })
  io.out.write(text)
  if (compared) await printComparison(compared.comparison, options, io)
  if (!outputs) return
  const written = await writeShown(outputs, run, { evaluation, analysis, beside, compared, sources })
  for (const note of written.notes) io.err.write(`detscope: ${printable(note)}\n`)
  if (written.paths.length > 0 && !options.quiet) io.out.write(`Written   ${written.paths.join(', ')}\n`)
}

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

interface Shown {
  evaluation: Evaluation
  /** Null where nothing asks for it. */
  analysis: Analysis | null
  /** Null where this thread does all of it. */
  beside: Beside | null
}

/** Evaluates with progress shown, and analyses where something asks for it. */
async function evaluateShown(
  { options, sources, threads, io, signal }: Run,
  { gt, dt }: Pick<Sources, 'gt' | 'dt'>,
): Promise<Shown> {
  const progress = await startProgress(io, options.quiet ?? false, signal)
  const scene = needsAnalysis(options)
  // The second model's ground truth is the first one's.
  const helpers = threads && (await helpersOf(threads, options, gt === sources.gt ? [gt, dt] : [dt]))
  const onProgress = (report: ProgressReport): void => {
    progress.report(report)
    if (report.stage === 'reading' && report.done === report.total) helpers?.onRead()
  }
  let beside: Beside | null = null
  try {
    const evaluation = await evaluateFiles(gt, dt, {
      ...options,
      areas: options.area,
      memoryBytes: options.memory,
      pool: threads?.pool,
      scene,
      onScene: made => {
        beside = helpers?.onScene(made) ?? null
      },
      signal,
      onProgress,
    })
    if (!scene) return { evaluation, analysis: null, beside }
    onProgress({ stage: 'analysing', done: 0, total: null })
    const fromMs = performance.now()
    const { protocol, objective } = options
    const { score, strict: scoreStrict } = scoreChoice(options)
    const { analyse } = await import('../analyse.js')
    const { indices, comparison } = (beside ?? {}) as Partial<Beside>
    const choice = { protocol, objective, score, scoreStrict }
    const analysis = analyse(evaluation, { ...choice, indices, comparison })
    evaluation.timingsMs.analyse = performance.now() - fromMs
    return { evaluation, analysis, beside }
  } finally {
    progress.stop()
  }
}

interface Helpers {
  /** When all has been read: other threads wait meanwhile. */
  onRead(): void
  onScene(scene: Scene): Beside
}

/** What fails here fails again where it is waited for, and is told then. */
const IGNORED = (): void => {}

/** What gives other threads their parts of a report, as soon as they can begin. */
async function helpersOf(
  threads: ReportThreads,
  { json, report }: EvalOptions,
  files: FileSource[],
): Promise<Helpers> {
  const { workBeside } = await import('./beside.js')
  const withPage = report !== undefined
  const namesFiles = json !== undefined || withPage
  return {
    onRead: () => {
      if (namesFiles) for (const file of files) file.digestBy(path => threads.digest(path))
      threads.prepare(withPage).catch(IGNORED)
    },
    onScene: scene => {
      const beside = workBeside(threads, scene, withPage)
      // Loaded while the matching of the other thread is waited for.
      import('../analyse.js').catch(IGNORED)
      if (withPage) import('./write-report.js').catch(IGNORED)
      return beside
    },
  }
}

/** The other model, evaluated as the first was, and the two side by side; null where there is none. */
async function compareShown(
  run: Run,
  first: { evaluation: Evaluation; analysis: Analysis },
): Promise<Compared | null> {
  const { options, sources, io, signal } = run
  const { compare: dt } = sources
  if (!dt) return null
  const { iouType } = first.evaluation.config
  // Read again: a source tells the digest of what it has read once.
  const gt = fileSource(options.gt, { signal })
  const { evaluation, analysis, beside } = await evaluateShown(
    { ...run, options: { ...options, iouType } },
    { gt, dt },
  )
  for (const warning of evaluation.warnings)
    io.err.write(`detscope: ${printable(basename(dt.name))}: ${warningLine(warning)}\n`)
  if (!analysis) throw new TypeError('a comparison needs both analyses')
  const { compareModels } = await import('../compare-models.js')
  return { evaluation, analysis, beside, comparison: compareModels(first.analysis, analysis) }
}

/** Writes what was asked for with progress shown. */
async function writeShown(outputs: Outputs, run: Run, results: Results): Promise<Written> {
  const { options, io, signal } = run
  const progress = await startProgress(io, options.quiet ?? false, signal)
  progress.report({ stage: 'writing', done: 0, total: null })
  try {
    return await outputs.writeOutputs(options, results, signal)
  } finally {
    progress.stop()
  }
}

/** Whether both protocols are set side by side, and findings made: what other threads do their part of. */
const needsComparison = ({ report, json, csv, markdown }: EvalOptions): boolean =>
  [report, json, csv, markdown].some(path => path !== undefined)

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
