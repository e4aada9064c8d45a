import type { MaskBackend } from '../backends/backend.js'
import { requestAdapter } from '../backends/webgpu/adapter.js'
import { createWebGpuBackend } from '../backends/webgpu/backend.js'
import type { Evaluation } from '../data/evaluation.js'
import type { ByteSource } from '../data/source.js'
import { DeviceError } from '../errors.js'
import { type EvaluateOptions, evaluate } from '../evaluate.js'
import { blobSource } from './files.js'
import { createPool } from './pool.js'

/** Where masks are intersected: "auto" takes a GPU where there is one, never a software adapter. */
export type BackendChoice = 'auto' | 'cpu' | 'webgpu'

export interface EvaluateFilesOptions extends Omit<EvaluateOptions, 'backend' | 'pool'> {
  /** Default "auto". */
  backend?: BackendChoice
  /** Web workers; 0, the default, for one a core. Does not change the result. */
  threads?: number
}

/** Inputs smaller than this are read before threads have started. */
const THREADS_FROM_BYTES = 8 << 20

/**
 * Evaluates two files (JSON, gzip or not) that a person chose or a page holds, with web workers and, where the browser
 * has one, the GPU. Otherwise as `evaluate`; call it in a worker where the page must answer meanwhile. Fails with
 * DeviceError when `backend` is "webgpu" and there is no adapter.
 */
export async function evaluateFiles(
  groundTruth: Blob | ByteSource,
  detections: Blob | ByteSource,
  { backend: choice = 'auto', threads = 0, ...options }: EvaluateFilesOptions = {},
): Promise<Evaluation> {
  const open = async (file: Blob | ByteSource): Promise<ByteSource> =>
    file instanceof Blob ? blobSource(file) : file
  const [gt, dt] = await Promise.all([open(groundTruth), open(detections)])
  const large = (gt.byteLength ?? Number.POSITIVE_INFINITY) + (dt.byteLength ?? 0) >= THREADS_FROM_BYTES
  const pool = large && threads !== 1 ? createPool(threads) : undefined
  const opened: MaskBackend[] = []
  const openBackend = async (): Promise<MaskBackend | 'cpu'> => {
    const backend = await chooseBackend(choice)
    if (backend !== 'cpu') opened.push(backend)
    return backend
  }
  try {
    return await evaluate(gt, dt, { ...options, pool, backend: openBackend })
  } finally {
    await pool?.close()
    for (const backend of opened) backend.close()
  }
}

/** Opens the GPU that the browser gives; null where it gives none. Fails with DeviceError where it gives no device. */
export async function openGpu(options: { software: boolean }): Promise<MaskBackend | null> {
  // The types say that it is always there.
  const gpu = navigator.gpu as GPU | undefined
  const adapter = gpu ? await requestAdapter(gpu, options) : null
  return adapter && createWebGpuBackend(adapter)
}

/** Asked only when masks are to be intersected. */
async function chooseBackend(choice: BackendChoice): Promise<MaskBackend | 'cpu'> {
  if (choice === 'cpu') return 'cpu'
  if (choice === 'webgpu') {
    const backend = await openGpu({ software: true })
    if (backend) return backend
    throw new DeviceError('lost', 'backend "webgpu": this browser gives no GPU adapter')
  }
  try {
    return (await openGpu({ software: false })) ?? 'cpu'
  } catch (error) {
    if (error instanceof DeviceError) return 'cpu'
    throw error
  }
}
