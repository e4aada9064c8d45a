import type { MaskBackend } from '../backends/backend.js'
import { requestAdapter } from '../backends/webgpu/adapter.js'
import { createWebGpuBackend } from '../backends/webgpu/backend.js'
import type { Evaluation } from '../data/evaluation.js'
import type { ByteSource } from '../data/source.js'
import { type EvaluateFilesOptions, evaluateSources, type Platform } from '../evaluate-sources.js'
import { blobSource } from './files.js'
import { createPool, poolSize } from './pool.js'

export type { BackendChoice, EvaluateFilesOptions } from '../evaluate-sources.js'

/** Web workers and `navigator.gpu`. */
export const BROWSER: Platform = {
  createPool,
  poolSize,
  async openGpu(options) {
    const backend = await openGpu(options)
    return backend ? { backend } : { missing: 'this browser gives no GPU adapter' }
  },
}

/**
 * Evaluates two files (JSON, gzip or not) that a person chose or a page holds, with web workers and, where the browser
 * has one, the GPU. Otherwise as `evaluate`; call it in a worker where the page must answer meanwhile. Fails with
 * DeviceError when `backend` is "webgpu" and there is no adapter.
 */
export async function evaluateFiles(
  groundTruth: Blob | ByteSource,
  detections: Blob | ByteSource,
  options: EvaluateFilesOptions = {},
): Promise<Evaluation> {
  const open = async (file: Blob | ByteSource): Promise<ByteSource> =>
    file instanceof Blob ? blobSource(file) : file
  const [gt, dt] = await Promise.all([open(groundTruth), open(detections)])
  return evaluateSources(gt, dt, options, BROWSER)
}

/** Opens the GPU that the browser gives; null where it gives none. Fails with DeviceError where it gives no device. */
export async function openGpu(options: { software: boolean }): Promise<MaskBackend | null> {
  // The types say that it is always there.
  const gpu = navigator.gpu as GPU | undefined
  const adapter = gpu ? await requestAdapter(gpu, options) : null
  return adapter && createWebGpuBackend(adapter)
}
