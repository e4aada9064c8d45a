import type { MaskBackend } from './backends/backend.js'
import { createCpuBackend } from './backends/cpu.js'
import type { Dataset } from './data/columns.js'
import type { Config, IouType } from './data/config.js'
import type { BackendUse, Evaluation, Overlaps } from './data/evaluation.js'
import { type ConfigOptions, resolveConfig } from './data/resolve-config.js'
import { WarningList } from './data/warnings.js'
import { InputError, MaskError } from './errors.js'
import { type DetectionTable, type MaskWish, readDetections } from './ingest/detections.js'
import { type GroundTruthTable, readGroundTruth } from './ingest/ground-truth.js'
import { type Labels, link, type OnUnknown } from './ingest/link.js'
import { type Input, toSource } from './ingest/objects.js'
import { resolveAreas } from './matching/areas.js'
import { groupCells } from './matching/cells.js'
import { findMaskOverlaps } from './matching/mask-overlaps.js'
import { findBoxOverlaps } from './matching/overlaps.js'
import { evaluateCategories } from './metrics/coco.js'
import { warnOfRun } from './run-warnings.js'

/** Where the work stands. `total` is null where it is not known beforehand. */
export interface ProgressReport {
  stage: string
  done: number
  total: number | null
}

export interface EvaluateOptions extends ConfigOptions {
  /** Default: 'segm' where the first records of both files have masks, else 'bbox'. */
  iouType?: IouType
  /** What to do with records of images or categories that the ground truth does not list. Default 'error'. */
  onUnknown?: OnUnknown
  /** Where masks are intersected. Default: the CPU. */
  backend?: MaskBackend | 'cpu'
  signal?: AbortSignal
  onProgress?: (progress: ProgressReport) => void
}

/**
 * Evaluates detections against COCO ground truth by protocol `coco`, bit-equal to pycocotools 2.0.11.
 *
 * Inputs are bytes (JSON), byte sources, or plain objects: {images, categories, annotations} and a list of
 * {image_id, category_id, score, bbox and/or segmentation}. Fails with InputError on a record or option that
 * cannot be evaluated, and with the signal's reason when aborted.
 */
export async function evaluate(
  groundTruth: Input,
  detections: Input,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const clock = new Clock()
  const warnings = new WarningList()
  const tables = await read(groundTruth, detections, options)
  clock.lap('read')
  const config = resolveConfig(tables.iouType, options)
  const onUnknown = options.onUnknown ?? 'error'
  const { dataset, labels } = link(tables.gt, tables.dt, { iouType: config.iouType, onUnknown }, warnings)
  const { cells, dtScores, evaluatedCategories } = groupCells(dataset, config)
  clock.lap('link')
  options.signal?.throwIfAborted()
  const found = await overlap(dataset, cells, config, options, labels)
  clock.lap('overlap')
  const gtAreas = resolveAreas(dataset.groundTruths.areas, found.gtMaskAreas)
  const dtAreas = resolveAreas(dataset.detections.areas, found.dtMaskAreas)
  const input = {
    cells,
    gtAreas,
    dtAreas,
    gtIds: dataset.groundTruths.ids,
    gtCrowds: dataset.groundTruths.crowds,
    dtScores,
  }
  const { arrays } = evaluateCategories(input, found.overlaps, config, 0, evaluatedCategories.length)
  clock.lap('match')
  warnOfRun(dataset, cells, evaluatedCategories, found, config, labels, warnings)
  return {
    config,
    dataset,
    cells,
    overlaps: found.overlaps,
    gtMaskAreas: found.gtMaskAreas,
    dtMaskAreas: found.dtMaskAreas,
    coco: arrays,
    evaluatedCategories,
    backend: found.use,
    warnings: warnings.list(),
    timingsMs: clock.timingsMs,
  }
}

interface Tables {
  gt: GroundTruthTable
  dt: DetectionTable
  iouType: IouType
}

/** Reads both inputs at once; which masks are needed depends on the IoU type, or on the first records. */
async function read(groundTruth: Input, detections: Input, options: EvaluateOptions): Promise<Tables> {
  const gtSource = toSource('ground truth', groundTruth)
  const dtSource = toSource('detections', detections)
  const total =
    gtSource.byteLength === null || dtSource.byteLength === null
      ? null
      : gtSource.byteLength + dtSource.byteLength
  const done = [0, 0]
  const hooks = (which: number) => ({
    signal: options.signal,
    onBytes: (bytes: number): void => {
      done[which] = bytes
      options.onProgress?.({ stage: 'reading', done: done[0] + done[1], total })
    },
  })
  const wish: MaskWish = { segm: 'all', bbox: 'unless-first-has-box', any: 'if-first-has-one' }[
    options.iouType ?? 'any'
  ] as MaskWish
  const [gt, dt] = await Promise.all([
    readGroundTruth(gtSource, wish, hooks(0)),
    readDetections(dtSource, wish, hooks(1)),
  ])
  return { gt, dt, iouType: options.iouType ?? (gt.firstHasMask && dt.firstHasMask ? 'segm' : 'bbox') }
}

interface Found {
  overlaps: Overlaps
  gtMaskAreas: Uint32Array | null
  dtMaskAreas: Uint32Array | null
  use: BackendUse
}

/** The pairs that share anything. Errors of masks name their records. */
async function overlap(
  dataset: Dataset,
  cells: Evaluation['cells'],
  config: Config,
  options: EvaluateOptions,
  labels: Labels,
): Promise<Found> {
  if (config.iouType === 'bbox') {
    const use: BackendUse = { kind: 'cpu', adapter: null }
    return { overlaps: findBoxOverlaps(dataset, cells), gtMaskAreas: null, dtMaskAreas: null, use }
  }
  const cpu = createCpuBackend()
  const backend = options.backend === undefined || options.backend === 'cpu' ? cpu : options.backend
  const onProgress = (done: number, total: number): void =>
    options.onProgress?.({ stage: 'intersecting', done, total })
  try {
    return await findMaskOverlaps(
      dataset,
      cells,
      { backend, fallback: backend === cpu ? null : cpu },
      { signal: options.signal, onProgress },
    )
  } catch (error) {
    if (!(error instanceof MaskError)) throw error
    const isGt = error.masks === dataset.groundTruths.masks
    const label = isGt ? labels.groundTruth(error.row) : labels.detection(error.row)
    throw new InputError(`${label}.segmentation: ${error.reason}`)
  }
}

/** Wall time of each stage. */
class Clock {
  readonly timingsMs: Record<string, number> = {}
  #last = performance.now()

  lap(stage: string): void {
    const now = performance.now()
    this.timingsMs[stage] = now - this.#last
    this.#last = now
  }
}
