import type { MaskBackend } from './backends/backend.js'
import { createCpuBackend } from './backends/cpu.js'
import type { Shapes } from './data/columns.js'
import type { Config } from './data/config.js'
import type { Cells, Overlaps } from './data/evaluation.js'
import type { ByteRanges } from './data/source.js'
import { MaskError } from './errors.js'
import { type DetectionPart, type MaskWish, readDetectionPart } from './ingest/detections.js'
import { type PlainGroundTruth, readGroundTruth } from './ingest/ground-truth.js'
import type { CellRange } from './matching/cells.js'
import type { Batch, ImagePlan } from './matching/mask-batches.js'
import { type BatchResult, intersectBatch } from './matching/mask-pairs.js'
import { findBoxOverlaps } from './matching/overlaps.js'
import { type CocoInput, type CocoPart, evaluateCategories } from './metrics/coco.js'

/** What a thread has that the core has not. */
export interface TaskEnvironment {
  open(ref: unknown): ByteRanges
}

interface File {
  name: string
  ref: unknown
  byteLength: number
}

export interface ReadContext {
  gt: File
  dt: File
  gtMasks: MaskWish
  dtMasks: MaskWish
}

export type ReadItem = { file: 'gt' } | { file: 'dt'; from: number; to: number }
export type ReadResult = { file: 'gt'; table: PlainGroundTruth } | ({ file: 'dt' } & DetectionPart)

/** Reads the ground truth, or a part of the detections. */
async function read(context: ReadContext, item: ReadItem, environment: TaskEnvironment): Promise<ReadResult> {
  const { gt, dt } = context
  if (item.file === 'gt') {
    const ranges = environment.open(gt.ref)
    const source = { ...gt, chunks: () => ranges.read(0, gt.byteLength) }
    return { file: 'gt', table: (await readGroundTruth(source, context.gtMasks)).plain() }
  }
  const part = { from: item.from, to: item.to, fileBytes: dt.byteLength }
  return {
    file: 'dt',
    ...(await readDetectionPart(dt.name, environment.open(dt.ref), part, context.dtMasks)),
  }
}

export interface IntersectContext {
  shapes: Shapes
  cells: Cells
  plan: ImagePlan
}

/** A MaskError as it crosses threads. */
export interface MaskFault {
  fault: { side: 'groundTruths' | 'detections'; row: number; reason: string }
}

/** One a session: its memory serves all batches. */
const sessionBackends = new WeakMap<IntersectContext, MaskBackend>()

function backendOf(context: IntersectContext): MaskBackend {
  const known = sessionBackends.get(context)
  if (known) return known
  const backend = createCpuBackend()
  sessionBackends.set(context, backend)
  return backend
}

/** Intersects the masks of a batch of images on the CPU. */
async function intersect(context: IntersectContext, batch: Batch): Promise<BatchResult | MaskFault> {
  const { shapes, cells, plan } = context
  try {
    return await intersectBatch(shapes, cells, plan, batch, backendOf(context))
  } catch (error) {
    if (!(error instanceof MaskError)) throw error
    const side = error.masks === shapes.groundTruths.masks ? 'groundTruths' : 'detections'
    return { fault: { side, row: error.row, reason: error.reason } }
  }
}

export interface CategoriesContext {
  input: CocoInput
  /** Of all cells; null to find those of boxes. */
  overlaps: Overlaps | null
  shapes: Shapes
  config: Config
}

/** Categories `kFrom .. kTo` of axis k, whose cells are `cells`. */
export interface CategoriesItem {
  kFrom: number
  kTo: number
  cells: CellRange
}

export interface CategoriesResult {
  part: CocoPart
  /** Of the item's cells, where they were found here. */
  overlaps: Overlaps | null
}

/** Matches and accumulates some categories; in box runs finds their overlaps first. */
async function categories(context: CategoriesContext, item: CategoriesItem): Promise<CategoriesResult> {
  const { input, shapes, config } = context
  const found = context.overlaps ? null : findBoxOverlaps(shapes, input.cells, item.cells)
  const firstDt = input.cells.dtOffsets[item.cells.from]
  const overlaps = found ?? sliceFrom(context.overlaps as Overlaps, firstDt)
  return { part: evaluateCategories(input, overlaps, config, item.kFrom, item.kTo), overlaps: found }
}

const sliceFrom = (overlaps: Overlaps, dt: number): Overlaps => ({
  ...overlaps,
  offsets: overlaps.offsets.subarray(dt),
})

/** Everything that may run on another thread. */
export const tasks = { read, intersect, categories }
