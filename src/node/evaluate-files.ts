import type { Evaluation } from '../data/evaluation.js'
import {
  type EvaluateFilesOptions,
  evaluateSources,
  type Platform,
  type ThreadWish,
  threadsFor,
} from '../evaluate-sources.js'
import { type FileSource, fileSource } from './files.js'
import { processMemory } from './process-memory.js'
import type { ReportThreads } from './report-threads.js'

export type { BackendChoice, EvaluateFilesOptions } from '../evaluate-sources.js'

const NODE: Platform = {
  createPool: async threads => (await import('./pool.js')).createPool(threads),
  poolSize: async threads => (await import('./pool.js')).poolSize(threads),
  processMemory,
  openGpu: async options => (await import('./dawn.js')).openDawn(options),
}

/**
 * Evaluates two files (JSON, gzip or not) with the machine's threads and, where there is one, its GPU. Otherwise as
 * `evaluate`. Fails with DeviceError when `backend` is "webgpu" and there is no adapter.
 */
export async function evaluateFiles(
  groundTruth: string | FileSource,
  detections: string | FileSource,
  options: EvaluateFilesOptions = {},
): Promise<Evaluation> {
  const open = (file: string | FileSource): FileSource =>
    typeof file === 'string' ? fileSource(file, { signal: options.signal }) : file
  return evaluateSources(open(groundTruth), open(detections), options, NODE)
}

/** Threads for an evaluation and its report, where they pay or are asked for; whoever gets them closes them. */
export async function openReportThreads(
  groundTruth: FileSource,
  detections: FileSource,
  wish: Omit<ThreadWish, 'forReport'>,
): Promise<ReportThreads | null> {
  const size = await threadsFor(groundTruth, detections, { ...wish, forReport: true }, NODE)
  if (size === 1) return null
  const [{ createPool }, { ReportThreads }] = await Promise.all([
    import('./pool.js'),
    import('./report-threads.js'),
  ])
  return new ReportThreads(createPool(size))
}
