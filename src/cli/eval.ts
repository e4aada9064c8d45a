import type { AreaRange, IouType, PercentileRange } from '../data/config.js'
import type { Evaluation } from '../data/evaluation.js'
import { type BackendChoice, evaluateFiles } from '../node/evaluate-files.js'
import { type FileSource, fileSource } from '../node/files.js'
import { checkOutputFile, makeOutputFolder } from '../node/output.js'
import { textReport, warningLine } from '../report/text.js'
import { interruptible } from './interrupt.js'
import type { Io } from './io.js'
import { type ProgressReport, startProgress } from './progress.js'
import { writeArrays, writeJson } from './write-results.js'

export interface EvalOptions {
  gt: string
  dt: string
  iouType?: IouType
  iouThresholds?: number[]
  recallThresholds?: number[]
  maxDets?: number[]
  area?: (AreaRange | PercentileRange)[]
  categoryIds?: number[]
  imageIds?: number[]
  classAgnostic?: boolean
  onUnknown: 'error' | 'warn'
  perClass?: boolean
  json?: string
  npy?: string
  quiet?: boolean
  backend: BackendChoice
  threads: number
}

interface Sources {
  gt: FileSource
  dt: FileSource
}

export const runEval = (options: EvalOptions, io: Io): Promise<void> =>
  interruptible(async signal => {
    const startMs = performance.now()
    const sources = openSources(options, signal)
    const evaluation = await evaluateShown(sources, options, io, signal)
    for (const warning of evaluation.warnings) io.err.write(`detscope: ${warningLine(warning)}\n`)
    const text = textReport(evaluation, {
      iouTypeReason: options.iouType ? 'as given' : foundReason(evaluation.config.iouType),
      backendNote: noteOn(evaluation, options.backend),
      perClass: options.perClass ?? false,
      quiet: options.quiet ?? false,
      totalMs: performance.now() - startMs,
    })
    io.out.write(text)
    if (options.json !== undefined) await writeJson(options.json, evaluation, sources, signal)
    if (options.npy !== undefined) await writeArrays(options.npy, evaluation, signal)
  })

/** Opens the inputs and makes sure that the outputs can be written, before any work. */
function openSources({ gt, dt, json, npy }: EvalOptions, signal: AbortSignal): Sources {
  const options = { digest: json !== undefined, signal }
  const sources = { gt: fileSource(gt, options), dt: fileSource(dt, options) }
  if (json !== undefined) checkOutputFile('--json', json, [gt, dt])
  if (npy !== undefined) makeOutputFolder('--npy', npy)
  return sources
}

/** Evaluates with progress shown. */
async function evaluateShown(
  { gt, dt }: Sources,
  options: EvalOptions,
  io: Io,
  signal: AbortSignal,
): Promise<Evaluation> {
  const progress = await startProgress(io, options.quiet ?? false, signal)
  const onProgress = (report: ProgressReport): void => progress.report(report)
  try {
    return await evaluateFiles(gt, dt, { ...options, areas: options.area, signal, onProgress })
  } finally {
    progress.stop()
  }
}

const noteOn = ({ config, backend }: Evaluation, choice: BackendChoice): string | undefined =>
  choice === 'auto' && config.iouType === 'segm' && backend.kind === 'cpu' && backend.fallback === undefined
    ? 'auto found no GPU; "detscope doctor" tells more'
    : undefined

const foundReason = (iouType: IouType): string =>
  iouType === 'segm' ? 'found: both files have masks' : 'found: not both files have masks'
