import { overlapBoxes } from './categories/kernel-range.js'
import { Clock } from './clock.js'
import { type Dataset, shapesOf } from './data/columns.js'
import type { Config, IouType } from './data/config.js'
import type { Cells, Evaluation } from './data/evaluation.js'
import { type ConfigOptions, resolveConfig } from './data/resolve-config.js'
import type { Scene } from './data/scene.js'
import { share } from './data/shared.js'
import type { ByteSource } from './data/source.js'
import { WarningList } from './data/warnings.js'
import { type Labels, link, type OnUnknown } from './ingest/link.js'
import { type Input, toSource } from './ingest/objects.js'
import { type Matched, matchCategories, worthThreads } from './match-categories.js'
import { resolveAreas } from './matching/areas.js'
import { type Grouping, groupCells } from './matching/cells.js'
import { groupByImage } from './matching/image-cells.js'
import type { MaskOverlaps } from './matching/mask-overlaps.js'
import { rememberGrouping } from './matching/scene-start.js'
import { leastSimilarity } from './matching/thresholds.js'
import type { CocoInput } from './metrics/coco.js'
import { overlapMasks, type WantedBackend } from './overlap-masks.js'
import type { Pool } from './pool.js'
import { readTables } from './read-tables.js'
import { resolveSizes } from './resolve-sizes.js'
import { explainRefusal, type MemoryOptions, type PieceLimit, RunMemory } from './run-memory.js'
import { warnOfRun } from './run-warnings.js'
import { createScene, overlapsWithin } from './scene.js'

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
  backend?: WantedBackend
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
 * {image_id, category_id, score, bbox and/or segmentation}, whose masks may also be bit maps
 * {data, width, height}. Fails with InputError on a record or option that cannot be evaluated, and with the signal's
 * reason when aborted.
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
  const { cells, counts, evaluatedCategories } = grouping
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
  const input = cocoInput(dataset, grouping, masks)
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
    scene = makeScene(dataset, config, { grouping, everything, input, masks }, pool !== undefined)
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

/** What the numbers are computed from. */
const cocoInput = (
  { groundTruths, detections }: Dataset,
  { cells, dtScores }: Grouping,
  masks: MaskOverlaps | null,
): CocoInput => ({
  cells,
  dtScores,
  gtAreas: resolveAreas(groundTruths.areas, masks?.gtMaskAreas ?? null),
  dtAreas: resolveAreas(detections.areas, masks?.dtMaskAreas ?? null),
  gtIds: groundTruths.ids,
  gtCrowds: groundTruths.crowds,
})

/** What of a run its scene is made of. */
interface SceneParts {
  grouping: Grouping
  /** Every class of an image in one cell. */
  everything: Cells
  input: CocoInput
  masks: MaskOverlaps | null
}

/** Where threads are to see it, in shared memory. */
function makeScene(dataset: Dataset, config: Config, parts: SceneParts, isShared: boolean): Scene {
  const { grouping, everything, masks } = parts
  const { gtAreas, dtAreas, gtIds, gtCrowds } = parts.input
  // Those of boxes are found again while matching, which is faster than to look for them here.
  const overlaps = masks?.overlaps ?? overlapBoxes(config, { cells: everything, gtIds, gtCrowds }, dataset)
  const measures = { ...NO_MASKS, ...masks, overlaps, gtAreas, dtAreas }
  const made = createScene(dataset, config, everything, grouping.evaluatedCategories, measures)
  const scene = isShared ? share(made) : made
  const isWhole = config.imageIds === null && config.categoryIds === null
  if (isWhole && grouping.firstCut === null) rememberGrouping(scene, config.classAgnostic, grouping)
  return scene
}

const NO_MASKS = { gtMaskAreas: null, dtMaskAreas: null, gtMaskBoxes: null, dtMaskBoxes: null }
