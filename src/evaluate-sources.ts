import type { MaskBackend } from './backends/backend.js'
import type { Evaluation } from './data/evaluation.js'
import type { ByteSource } from './data/source.js'
import { DeviceError } from './errors.js'
import { type EvaluateOptions, evaluate } from './evaluate.js'
import { estimateCpuMs, type MaskWork } from './matching/mask-work.js'
import type { ProcessMemory } from './memory-budget.js'
import type { Pool } from './pool.js'

/** Where masks are intersected: "auto" takes a GPU where the work is worth one, never a software adapter. */
export type BackendChoice = 'auto' | 'cpu' | 'webgpu'
type GpuChoice = Exclude<BackendChoice, 'cpu'>

export interface EvaluateFilesOptions extends Omit<EvaluateOptions, 'backend' | 'pool' | 'processMemory'> {
  /** Default "auto". */
  backend?: BackendChoice
  /**
   * Threads (Node's worker threads, web workers). 0, the default: one a core, but no more than have enough to do, for
   * masks in large files, else none, as they have not been seen to pay (bench/NOTES.md). Does not change the result.
   */
  threads?: number
  /** In place of `threads`; not closed at the end. */
  pool?: Pool
}

/** What Node and browsers have, each in its own way. */
export interface Platform {
  /** `threads` of them; 0 for one a core. */
  createPool: (threads: number) => Pool | Promise<Pool>
  /** How many `createPool` gives. */
  poolSize: (threads: number) => number | Promise<number>
  /** Absent where a platform cannot tell. */
  processMemory?: ProcessMemory
  /** A backend, or what is missing for one. Fails with DeviceError where an adapter gives no device. */
  openGpu: (options: { software: boolean }) => Promise<GpuResult>
}

export type GpuResult = { backend: MaskBackend } | { missing: string }

/**
 * Where the CPU needs less than this, opening a GPU cannot pay: a device, its kernels and their first run take about a
 * second. An estimate on the safe side, not a measurement; see docs/gpu.md.
 */
const GPU_FROM_MS = 2000
/** Inputs smaller than this are read before threads have started. */
const THREADS_FROM_BYTES = 8 << 20
/** From here on threads that nobody asked for make mask runs faster. */
const THREADS_PAY_FROM_BYTES = 100 << 20
/** What a thread should have to do: with masks it works on that for some 150 ms, and starts in 36. */
const BYTES_PER_THREAD = 16 << 20

/** A thread with its own code, kernels and their memories: measured, see bench/NOTES.md. */
const THREAD_BYTES = 72 << 20
/** What reading makes of the bytes of two files, at most. */
const HELD_OF_FILES = 1.2
/** The same with a report, of boxes, and what a report takes of any files. */
const REPORT_OF_FILES = 6.2
const REPORT_BYTES = 110 << 20
/** Parts of a report are done by one thread beside the one at hand. */
const REPORT_THREADS = 2

/** `evaluate` with the threads and the GPU of a platform where they pay, or where they are asked for. */
export async function evaluateSources(
  groundTruth: ByteSource,
  detections: ByteSource,
  { backend: choice = 'auto', threads, pool: given, ...options }: EvaluateFilesOptions,
  platform: Platform,
): Promise<Evaluation> {
  const size = given
    ? given.size
    : await threadsFor(groundTruth, detections, { ...options, threads }, platform)
  const pool = given ?? (size > 1 ? await platform.createPool(size) : undefined)
  const opened: MaskBackend[] = []
  const openBackend = async (wanted: GpuChoice, work: MaskWork): Promise<MaskBackend | 'cpu'> => {
    if (wanted === 'auto' && estimateCpuMs(work) / (pool?.size ?? 1) < GPU_FROM_MS) return 'cpu'
    const backend = await chooseBackend(wanted, platform)
    if (backend !== 'cpu') opened.push(backend)
    return backend
  }
  try {
    return await evaluate(groundTruth, detections, {
      ...options,
      processMemory: platform.processMemory,
      pool,
      backend: choice === 'cpu' ? choice : work => openBackend(choice, work),
    })
  } finally {
    if (!given) await pool?.close()
    for (const backend of opened) backend.close()
  }
}

/** What decides how many threads work. */
export interface ThreadWish extends Pick<EvaluateFilesOptions, 'iouType' | 'memoryBytes' | 'threads'> {
  /** Whether they stay for the parts of a report. */
  forReport?: boolean
}

/** As many threads as asked for, or as have enough to do, and as there is memory for beside what the files become. */
export async function threadsFor(
  groundTruth: ByteSource,
  detections: ByteSource,
  { iouType, memoryBytes, threads = 0, forReport = false }: ThreadWish,
  { poolSize, processMemory }: Pick<Platform, 'poolSize' | 'processMemory'>,
): Promise<number> {
  const bytes = (groundTruth.byteLength ?? Number.POSITIVE_INFINITY) + (detections.byteLength ?? 0)
  if (bytes < THREADS_FROM_BYTES || threads === 1) return 1
  const ofMasks =
    iouType !== 'bbox' && bytes >= THREADS_PAY_FROM_BYTES ? Math.ceil(bytes / BYTES_PER_THREAD) : 1
  const wanted = forReport ? Math.max(ofMasks, REPORT_THREADS) : ofMasks
  const size = threads || (wanted > 1 ? Math.min(await poolSize(0), wanted) : 1)
  if (memoryBytes === undefined) return size
  const held = forReport ? REPORT_BYTES + REPORT_OF_FILES * bytes : HELD_OF_FILES * bytes
  const left = memoryBytes - (processMemory?.usedBytes() ?? 0) - held
  return Math.max(1, Math.min(size, 1 + Math.floor(left / THREAD_BYTES)))
}

/** Asked only when masks are to be intersected: loading a GPU's driver takes time. */
async function chooseBackend(choice: GpuChoice, { openGpu }: Platform): Promise<MaskBackend | 'cpu'> {
  if (choice === 'webgpu') {
    const opened = await openGpu({ software: true })
    if ('missing' in opened) throw new DeviceError('lost', `backend "webgpu": ${opened.missing}`)
    return opened.backend
  }
  try {
    const opened = await openGpu({ software: false })
    return 'missing' in opened ? 'cpu' : opened.backend
  } catch (error) {
    if (error instanceof DeviceError) return 'cpu'
    throw error
  }
}
