import type { MaskBackend } from './backends/backend.js'
import { createCpuBackend } from './backends/cpu.js'
import { type Dataset, shapesOf } from './data/columns.js'
import type { Cells } from './data/evaluation.js'
import type { EncodedMasks } from './data/masks.js'
import { InputError, MaskError } from './errors.js'
import type { Labels } from './ingest/link.js'
import type { Batch, ImagePlan } from './matching/mask-batches.js'
import {
  type BatchThreads,
  findMaskOverlaps,
  type MaskHooks,
  type MaskOverlaps,
} from './matching/mask-overlaps.js'
import type { BatchResult } from './matching/mask-pairs.js'
import { type MaskWork, measureWork } from './matching/mask-work.js'
import type { Pool, Session, Tasks } from './pool.js'

/** Fewer masks than this are done before a thread has got them. */
const PARALLEL_MASKS = 2000

/** Where masks are intersected, or what opens it when masks are at hand. */
export type WantedBackend = MaskBackend | 'cpu' | ((work: MaskWork) => Promise<MaskBackend | 'cpu'>)

/** Of the options of an evaluation, which say what they mean. */
export interface MaskOptions {
  backend?: WantedBackend
  scene?: boolean
  pool?: Pool
  signal?: AbortSignal
}

/** Pairs of masks that share pixels. Errors of masks name their records. */
export async function overlapMasks(
  dataset: Dataset,
  cells: Cells,
  labels: Labels,
  { backend: wanted = 'cpu', pool, signal, scene }: MaskOptions,
  hooks: MaskHooks,
): Promise<MaskOverlaps> {
  const cpu = createCpuBackend()
  const chosen = typeof wanted === 'function' ? await wanted(measureWork(dataset, cells)) : wanted
  const backend = chosen === 'cpu' ? cpu : chosen
  if (typeof backend?.load !== 'function') {
    throw new InputError(
      `backend: expected "cpu" or a backend that was opened, got ${JSON.stringify(chosen)}`,
    )
  }
  const threads =
    pool && pool.size > 1 && cells.dtRows.length >= PARALLEL_MASKS
      ? new MaskThreads(pool, dataset, cells, hooks.least ?? 0)
      : null
  try {
    const fallback = backend === cpu ? null : cpu
    return await findMaskOverlaps(
      dataset,
      cells,
      { backend, fallback, threads },
      { ...hooks, signal, boxes: scene },
    )
  } catch (error) {
    if (!(error instanceof MaskError)) throw error
    const isGt = error.masks === dataset.groundTruths.masks
    const label = isGt ? labels.groundTruth(error.row) : labels.detection(error.row)
    throw new InputError(`${label}.segmentation: ${error.reason}`)
  } finally {
    threads?.close()
  }
}

/** Intersects batches of images on the threads of a pool. */
class MaskThreads implements BatchThreads {
  readonly size: number
  readonly #pool: Pool
  readonly #dataset: Dataset
  readonly #cells: Cells
  readonly #least: number
  #session: Session<Tasks['intersect']> | null = null

  constructor(pool: Pool, dataset: Dataset, cells: Cells, least: number) {
    this.size = pool.size
    this.#pool = pool
    this.#dataset = dataset
    this.#cells = cells
    this.#least = least
  }

  async run(plan: ImagePlan, batch: Batch): Promise<BatchResult> {
    this.#session ??= this.#pool.session('intersect', {
      shapes: shapesOf(this.#dataset),
      cells: this.#cells,
      plan,
      least: this.#least,
    })
    const result = await this.#session.run(batch)
    if (!('fault' in result)) return result
    const { side, row, reason } = result.fault
    throw new MaskError(this.#dataset[side].masks as EncodedMasks, row, reason)
  }

  close(): void {
    this.#session?.close()
  }
}
