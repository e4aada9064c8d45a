import type { MaskBackend } from './backends/backend.js'
import { createCpuBackend } from './backends/cpu.js'
import {
  type CategoriesContext,
  type CategoriesItem,
  type CategoriesResult,
  evaluateInKernel,
  evaluatePlainly,
} from './categories/evaluate.js'
import { CategoryKernel } from './categories/kernel.js'
import type { Shapes } from './data/columns.js'
import type { Cells } from './data/evaluation.js'
import type { ByteRanges } from './data/source.js'
import { MaskError } from './errors.js'
import { type DetectionPart, type MaskWish, readDetectionPart } from './ingest/detections.js'
import { type PlainGroundTruth, readGroundTruth } from './ingest/ground-truth.js'
import { createCandidateFinder } from './matching/candidate-kernel.js'
import type { Batch, ImagePlan } from './matching/mask-batches.js'
import type { CandidateFinder } from './matching/mask-candidates.js'
import { type BatchResult, intersectBatch } from './matching/mask-pairs.js'

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
    const table = await readGroundTruth(source, context.gtMasks, { shared: true })
    return { file: 'gt', table: table.plain() }
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
  /** Pairs of a lower similarity are left out. */
  least: number
}

/** A MaskError as it crosses threads. */
export interface MaskFault {
  fault: { side: 'groundTruths' | 'detections'; row: number; reason: string }
}

interface MaskTools {
  backend: MaskBackend
  finder: CandidateFinder
}

/** One a session: their memory serves all batches. */
const sessionTools = new WeakMap<IntersectContext, MaskTools>()

function toolsOf(context: IntersectContext): MaskTools {
  const known = sessionTools.get(context)
  if (known) return known
  const tools = { backend: createCpuBackend(), finder: createCandidateFinder() }
  sessionTools.set(context, tools)
  return tools
}

/** Intersects the masks of a batch of images on the CPU. */
async function intersect(context: IntersectContext, batch: Batch): Promise<BatchResult | MaskFault> {
  const { shapes, cells, plan, least } = context
  try {
    const { backend, finder } = toolsOf(context)
    return await intersectBatch(shapes, cells, plan, batch, backend, finder, least)
  } catch (error) {
    if (!(error instanceof MaskError)) throw error
    const side = error.masks === shapes.groundTruths.masks ? 'groundTruths' : 'detections'
    return { fault: { side, row: error.row, reason: error.reason } }
  }
}

/** One a session, as its memory serves all items; null where the twin does the work. */
const sessionKernels = new WeakMap<CategoriesContext, CategoryKernel | null>()

function kernelOf(context: CategoriesContext): CategoryKernel | null {
  const known = sessionKernels.get(context)
  if (known !== undefined) return known
  const kernel = CategoryKernel.create(context.config)
  sessionKernels.set(context, kernel)
  return kernel
}

/** Matches and accumulates some categories; in box runs finds their overlaps first. */
async function categories(context: CategoriesContext, item: CategoriesItem): Promise<CategoriesResult> {
  const kernel = kernelOf(context)
  return kernel ? evaluateInKernel(kernel, context, item) : evaluatePlainly(context, item)
}

/** Everything that may run on another thread. */
export const tasks = { read, intersect, categories }
