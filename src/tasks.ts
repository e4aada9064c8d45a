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
import { type MaskWish, type PlainDetections, readDetectionPart } from './ingest/detections.js'
import { readGroundTruthPart } from './ingest/ground-truth.js'
import type { PlainGroundTruth } from './ingest/ground-truth-table.js'
import type { PartRange, TablePart } from './ingest/joined-parts.js'
import { WINDOW_BYTES } from './ingest/records.js'
import { Scanner } from './ingest/scanner.js'
import { createCandidateFinder } from './matching/candidate-kernel.js'
import type { Batch, ImagePlan } from './matching/mask-batches.js'
import type { CandidateFinder } from './matching/mask-candidates.js'
import { type BatchResult, intersectBatch } from './matching/mask-pairs.js'

/** What a thread has that the core has not. */
export interface TaskEnvironment {
  open(ref: unknown): ByteRanges
}

/** A file as threads open it. */
export interface PartedFile {
  name: string
  ref: unknown
  byteLength: number
}

export interface ReadContext {
  gt: PartedFile
  dt: PartedFile
  masks: MaskWish
}

/** A part of a file. With `again` a record is known to start at `from`, and it is known whether masks are wanted. */
export interface ReadItem extends PartRange {
  file: 'gt' | 'dt'
  again?: { withMasks: boolean | null }
}
export type ReadResult =
  | ({ file: 'gt' } & TablePart<PlainGroundTruth>)
  | ({ file: 'dt' } & TablePart<PlainDetections>)

/** One a session, as its memory serves all parts; null where there is no WebAssembly. */
const sessionScanners = new WeakMap<ReadContext, Scanner | null>()

function scannerOf(context: ReadContext): Scanner | null {
  const known = sessionScanners.get(context)
  if (known !== undefined) return known
  const scanner = Scanner.create(WINDOW_BYTES)
  sessionScanners.set(context, scanner)
  return scanner
}

/** Reads a part of one of the files. */
async function read(context: ReadContext, item: ReadItem, environment: TaskEnvironment): Promise<ReadResult> {
  const { file, from, to, again } = item
  const { name, ref, byteLength } = context[file]
  const known = again?.withMasks ?? null
  const wish = known === null ? context.masks : known ? 'all' : 'none'
  const isLater = again ? known !== null : from > 0
  const part = { from, to, fileBytes: byteLength, exact: again !== undefined, isLater }
  const how = [name, environment.open(ref), part, wish, scannerOf(context)] as const
  if (file === 'gt') return { file, ...(await readGroundTruthPart(...how)) }
  return { file, ...(await readDetectionPart(...how)) }
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

/** Matches and accumulates some categories; in box runs finds their overlaps first. */
async function categories(context: CategoriesContext, item: CategoriesItem): Promise<CategoriesResult> {
  const kernel = CategoryKernel.create(context.config)
  if (kernel === null) return evaluatePlainly(context, item)
  const found = evaluateInKernel(kernel, context, item)
  kernel.giveBack()
  return found
}

/** Everything that may run on another thread. */
export const tasks = { read, intersect, categories }
