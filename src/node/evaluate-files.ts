import type { MaskBackend } from '../backends/backend.js'
import type { Evaluation } from '../data/evaluation.js'
import { DeviceError } from '../errors.js'
import { type EvaluateOptions, evaluate } from '../evaluate.js'
import { estimateCpuMs, type MaskWork } from '../matching/mask-work.js'
import { type FileSource, fileSource } from './files.js'
import { createPool } from './pool.js'

/** Where masks are intersected: "auto" takes a GPU where the work is worth one, never a software adapter. */
export type BackendChoice = 'auto' | 'cpu' | 'webgpu'

export interface EvaluateFilesOptions extends Omit<EvaluateOptions, 'backend' | 'pool'> {
  /** Default "auto". */
  backend?: BackendChoice
  /**
   * Worker threads. 0, the default: one a core for masks in large files, else none, as they have not been seen to pay
   * (bench/NOTES.md). Does not change the result.
   */
  threads?: number
}

/**
 * Where the CPU needs less than this, opening a GPU cannot pay: a device, its kernels and their first run take about a
 * second. An estimate on the safe side, not a measurement; see docs/gpu.md.
 */
const GPU_FROM_MS = 2000
/** Inputs smaller than this are read before threads have started. */
const THREADS_FROM_BYTES = 8 << 20
/** From here on threads that nobody asked for make mask runs faster. */
const THREADS_PAY_FROM_BYTES = 100 << 20

/**
 * Evaluates two files (JSON, gzip or not) with the machine's threads and, where there is one, its GPU. Otherwise as
 * `evaluate`. Fails with DeviceError when `backend` is "webgpu" and there is no adapter.
 */
export async function evaluateFiles(
  groundTruth: string | FileSource,
  detections: string | FileSource,
  { backend: choice = 'auto', threads = 0, ...options }: EvaluateFilesOptions = {},
): Promise<Evaluation> {
  const open = (file: string | FileSource): FileSource =>
    typeof file === 'string' ? fileSource(file, { signal: options.signal }) : file
  const gt = open(groundTruth)
  const dt = open(detections)
  const bytes = (gt.byteLength ?? Number.POSITIVE_INFINITY) + (dt.byteLength ?? 0)
  const pays = threads === 0 ? options.iouType !== 'bbox' && bytes >= THREADS_PAY_FROM_BYTES : threads > 1
  const pool = pays && bytes >= THREADS_FROM_BYTES ? createPool(threads) : undefined
  const opened: MaskBackend[] = []
  const openBackend = async (work: MaskWork): Promise<MaskBackend | 'cpu'> => {
    if (choice === 'auto' && estimateCpuMs(work) / (pool?.size ?? 1) < GPU_FROM_MS) return 'cpu'
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

/** Asked only when masks are to be intersected: loading a GPU's driver takes time. */
async function chooseBackend(choice: BackendChoice): Promise<MaskBackend | 'cpu'> {
  if (choice === 'cpu') return 'cpu'
  const { openDawn } = await import('./dawn.js')
  if (choice === 'webgpu') {
    const opened = await openDawn({ software: true })
    if ('missing' in opened) throw new DeviceError('lost', `--backend webgpu: ${opened.missing}`)
    return opened.backend
  }
  try {
    const opened = await openDawn({ software: false })
    return 'missing' in opened ? 'cpu' : opened.backend
  } catch (error) {
    if (error instanceof DeviceError) return 'cpu'
    throw error
  }
}
