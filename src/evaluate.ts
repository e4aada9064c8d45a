import type { MaskBackend } from './backends/backend.js'
import { createCpuBackend } from './backends/cpu.js'
import { overlapBoxes } from './categories/kernel-range.js'
import { Clock } from './clock.js'
import { type Dataset, shapesOf } from './data/columns.js'
import type { IouType } from './data/config.js'
import type { Cells, Evaluation } from './data/evaluation.js'
import type { EncodedMasks } from './data/masks.js'
import { type ConfigOptions, resolveConfig } from './data/resolve-config.js'
import type { Scene } from './data/scene.js'
import { share } from './data/shared.js'
import type { ByteSource } from './data/source.js'
import { WarningList } from './data/warnings.js'
import { InputError, MaskError } from './errors.js'
import { type Labels, link, type OnUnknown } from './ingest/link.js'
import { type Input, toSource } from './ingest/objects.js'
import { type Matched, matchCategories, worthThreads } from './match-categories.js'
import { resolveAreas } from './matching/areas.js'
import { groupCells } from './matching/cells.js'
import { groupByImage } from './matching/image-cells.js'
import type { Batch, ImagePlan } from './matching/mask-batches.js'
import {
  type BatchThreads,
  findMaskOverlaps,
  type MaskHooks,
  type MaskOverlaps,
} from './matching/mask-overlaps.js'
import type { BatchResult } from './matching/mask-pairs.js'
import { type MaskWork, measureWork } from './matching/mask-work.js'
import { rememberGrouping } from './matching/scene-start.js'
import { leastSimilarity } from './matching/thresholds.js'
import type { CocoInput } from './metrics/coco.js'
import type { Pool, Session, Tasks } from './pool.js'
import { readTables } from './read-tables.js'
import { resolveSizes } from './resolve-sizes.js'
import { explainRefusal, type MemoryOptions, type PieceLimit, RunMemory } from './run-memory.js'
import { warnOfRun } from './run-warnings.js'
import { createScene, overlapsWithin } from './scene.js'

/** Fewer masks than this are done before a thread has got them. */
const PARALLEL_MASKS = 2000

/** Where the work stands. `total` is null where it is not known beforehand. */
export interface ProgressReport {
  stage: string
  done: number
  total: number | null
}

export interface EvaluateOptions extends ConfigOptions, MemoryOptions {
  /** Default: 'segm' where the first records of both files have masks, else 'bbox'. */
  iouType?: IouType
  /** What to do with records of images or categories that the ground truth does not list. Default 'error'. */
  onUnknown?: OnUnknown
  /** Where masks are intersected, or what opens it when masks are at hand. Default: the CPU. */
  backend?: MaskBackend | 'cpu' | ((work: MaskWork) => Promise<MaskBackend | 'cpu'>)
  /** Also keep the overlaps of all classes, for a report: `Evaluation.scene`. */
  scene?: boolean
  /** Told the scene when it is made, while another thread may still be matching. */
  onScene?: (scene: Scene) => void
  /** Threads to share the work. Default: this one does it all. Does not change the result. */
  pool?: Pool
  signal?: AbortSignal
  onProgress?: (progress: ProgressReport) => void
}

/**
 * Evaluates detections against COCO ground truth by protocol `coco`, bit-equal to pycocotools 2.0.11.
 *
 * Inputs are bytes (JSON), byte sources, or plain objects: {images, categories, annotations} and a list of
 * {image_id, category_id, score, bbox and/or segmentation}, whose masks may also be bit maps {data, width, height}. Fails with InputError on a record or option that
 * cannot be evaluated, and with the signal's reason when aborted.
 */
export async function evaluate(
  groundTruth: Input,
  detections: Input,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  try {
    return await run(groundTruth, detections, options)
  } catch (error) {
    throw explainRefusal(error)
  }
}

async function run(groundTruth: Input, detections: Input, options: EvaluateOptions): Promise<Evaluation> {
  const { signal, pool } = options
  const memory = new RunMemory(options)
  const clock = new Clock()
  const warnings = new WarningList()
  const report = (stage: string) => (done: number, total: number | null) =>
    options.onProgress?.({ stage, done, total })
  resolveConfig(options.iouType ?? 'bbox', options) // a wrong option is told before anything is read
  const { iouType, dataset, labels } = await readDataset(
    toSource('ground truth', groundTruth),
    toSource('detections', detections),
    options,
    { memory, onBytes: report('reading'), onRead: () => clock.lap('read') },
    warnings,
  )
  const draft = resolveConfig(iouType, options)
  const kernel = await memory.grouper(dataset)
  const grouping = groupCells(dataset, draft, kernel)
  const { cells, dtScores, counts, evaluatedCategories } = grouping
  clock.lap('link')
  signal?.throwIfAborted()
  if (options.scene) await memory.beforeScene(dataset, cells)
  const groupEverything = (): Cells => groupByImage(dataset, draft)
  const maskCells = options.scene && iouType === 'segm' ? groupEverything() : cells
  const masks =
    iouType === 'segm'
      ? await overlapMasks(dataset, maskCells, labels, options, {
          ...(await memory.forMasks(dataset, cells)),
          // A report looks at every pair, the numbers only at those that may match.
          least: options.scene ? 0 : leastSimilarity(draft.iouThresholds),
          onProgress: report('intersecting'),
        })
      : null
  clock.lap('intersect')
  signal?.throwIfAborted()
  const config = resolveSizes(draft, dataset, cells, masks?.gtMaskAreas ?? null)
  const input: CocoInput = {
    cells,
    dtScores,
    gtAreas: resolveAreas(dataset.groundTruths.areas, masks?.gtMaskAreas ?? null),
    dtAreas: resolveAreas(dataset.detections.areas, masks?.dtMaskAreas ?? null),
    gtIds: dataset.groundTruths.ids,
    gtCrowds: dataset.groundTruths.crowds,
  }
  const K = evaluatedCategories.length
  const own =
    masks && options.scene
      ? overlapsWithin(dataset, cells, maskCells, masks.overlaps, config.classAgnostic)
      : (masks?.overlaps ?? null)
  const match = (limit: PieceLimit, elsewhere = false): Promise<Matched> => {
    const context = { input, overlaps: own, shapes: shapesOf(dataset), config, ...limit }
    return matchCategories(context, K, { pool, elsewhere, onProgress: report('matching') })
  }
  // Beside the scene where another thread is there, unless memory is to be looked at in between.
  const beside =
    options.scene && pool && worthThreads(input, pool) && !memory.isLimited ? match({}, true) : null
  beside?.catch(() => {}) // told where it is waited for
  let scene: Scene | null = null
  if (options.scene) {
    const everything = masks ? maskCells : groupEverything()
    // Those of boxes are found again while matching, which is faster than to look for them here.
    const { gtAreas, dtAreas, gtIds, gtCrowds } = input
    const overlaps = masks?.overlaps ?? overlapBoxes(config, { cells: everything, gtIds, gtCrowds }, dataset)
    const measures = { ...NO_MASKS, ...masks, overlaps, gtAreas, dtAreas }
    scene = createScene(dataset, config, everything, evaluatedCategories, measures)
    if (pool) scene = share(scene)
    const isWhole = config.imageIds === null && config.categoryIds === null
    if (isWhole && grouping.firstCut === null) rememberGrouping(scene, config.classAgnostic, grouping)
    clock.lap('scene')
    if (options.onScene) {
      options.onScene(scene)
      clock.lap('index')
    }
  }
  const matched = await (beside ?? match(await memory.forMatching(config, K, cells, own, dataset)))
  signal?.throwIfAborted()
  clock.lap('match')
  const maskAreas = { gtMaskAreas: masks?.gtMaskAreas ?? null, dtMaskAreas: masks?.dtMaskAreas ?? null }
  warnOfRun(dataset, grouping, maskAreas, config, labels, warnings)
  return {
    config,
    dataset,
    cells,
    counts,
    overlaps: matched.overlaps,
    ...maskAreas,
    coco: matched.arrays,
    scene,
    evaluatedCategories,
    backend: masks?.use ?? { kind: 'cpu', adapter: null },
    warnings: warnings.list(),
    timingsMs: clock.timingsMs,
  }
}

/** Reads both files and joins them. Apart from `evaluate`, so that the tables are free when it has ended. */
async function readDataset(
  gtSource: ByteSource,
  dtSource: ByteSource,
  { iouType: wanted, onUnknown = 'error', pool, signal }: EvaluateOptions,
  hooks: { memory: RunMemory; onBytes: (done: number, total: number | null) => void; onRead: () => void },
  warnings: WarningList,
): Promise<{ iouType: IouType; dataset: Dataset; labels: Labels }> {
  const tables = await readTables(gtSource, dtSource, {
    iouType: wanted,
    pool,
    signal,
    onBytes: hooks.onBytes,
    limit: await hooks.memory.beforeReading(),
  })
  hooks.onRead()
  await hooks.memory.beforeLinking(tables)
  const iouType = wanted ?? (tables.gt.firstHasMask && tables.dt.firstHasMask ? 'segm' : 'bbox')
  return { iouType, ...link(tables.gt, tables.dt, { iouType, onUnknown }, warnings) }
}

const NO_MASKS = { gtMaskAreas: null, dtMaskAreas: null, gtMaskBoxes: null, dtMaskBoxes: null }

/** Pairs of masks that share pixels. Errors of masks name their records. */
async function overlapMasks(
  dataset: Dataset,
  cells: Cells,
  labels: Labels,
  options: EvaluateOptions,
  hooks: MaskHooks,
): Promise<MaskOverlaps> {
  const { pool, signal } = options
  const cpu = createCpuBackend()
  const wanted = options.backend ?? 'cpu'
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
      { ...hooks, signal, boxes: options.scene },
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
