import type { Evaluation } from '../data/evaluation.js'
import { type EvaluateFilesOptions, evaluateSources, type Platform } from '../evaluate-sources.js'
import { type FileSource, fileSource } from './files.js'
import { processMemory } from './process-memory.js'

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
