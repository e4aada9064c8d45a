import type { MaskBackend } from '../backends/backend.js'
import type { Dataset } from '../data/columns.js'
import type { BackendUse, Cells, Overlaps } from '../data/evaluation.js'
import { sharedBytes } from '../data/shared.js'
import { DeviceError } from '../errors.js'
import { createCandidateFinder } from './candidate-kernel.js'
import {
  type Batch,
  cutBatch,
  frameBytes,
  halve,
  type ImagePlan,
  planImages,
  spanBytes,
} from './mask-batches.js'
import { type BatchPairs, type BatchResult, intersectBatch, joinBatches } from './mask-pairs.js'
import { tooManyPairs } from './pairs.js'

/** While one batch is being intersected, the next is being loaded. */
const BATCHES_IN_FLIGHT = 2
/** Signals and timers wait so long at most, but for a batch: a turn takes a millisecond. */
const TURN_MS = 20
/** Of each thread: in work, waiting there, and to come when a thread has nothing left. */
const BATCHES_OF_THREAD = 3
/** So that no thread is left with much more than the others. */
const BATCHES_PER_THREAD = 8
/** So much smaller the last ones may be. */
const LAST_BATCHES = 4

export interface MaskBackends {
  backend: MaskBackend
  /** Takes over what `backend` cannot do; null lets its DeviceErrors through. */
  fallback: MaskBackend | null
  /** Does the work of CPU backends; null for this thread. */
  threads?: BatchThreads | null
}

/** Threads that intersect batches of images on the CPU. */
export interface BatchThreads {
  size: number
  run(plan: ImagePlan, batch: Batch): Promise<BatchResult>
}

export interface MaskHooks {
  signal?: AbortSignal
  /** In masks. */
  onProgress?: (done: number, total: number) => void
  /** Pairs of a lower similarity are left out. Default: none. */
  least?: number
  /** Whether the masks' bounds are kept. */
  boxes?: boolean
  /** Of all batches at work at a time; default: what the backend says of each. */
  pieceBytes?: number
  /** Ends with InputError beyond so many pairs. */
  mostPairs?: number
}

export interface MaskOverlaps {
  overlaps: Overlaps
  /** px by row of the dataset; 0 for rows outside the cells. */
  gtMaskAreas: Uint32Array
  dtMaskAreas: Uint32Array
  /** x, y, width, height in px, [row, 4]; null unless asked for. */
  gtMaskBoxes: Float64Array | null
  dtMaskBoxes: Float64Array | null
  use: BackendUse
}

/** A batch under way. Its promise never rejects. */
interface Flight {
  batch: Batch
  backend: MaskBackend
  outcome: Promise<{ result: BatchResult } | { error: unknown }>
}

/** What is left to do and where. */
interface Schedule {
  plan: ImagePlan
  limitBytes: number
  /** Of a batch, whatever the backend. */
  mostBytes: number
  /** Of the images that no batch has taken yet. */
  leftBytes: number
  /** At which new batches are done. */
  threads: number
  /** First image that no batch has taken yet. */
  next: number
  /** Batches to do again, the first of them next. */
  again: { batch: Batch; backend: MaskBackend }[]
  /** Where new batches go. */
  backend: MaskBackend
  fallback: MaskBackend | null
  /** Why a batch went to the fallback, first occurrence. */
  reason: string | null
}

/**
 * Mask overlaps of all cells, image by image in batches of at most `backend.batchBytes`, so that memory does not
 * grow with the data set. Detections outside the cells are never decoded.
 *
 * A batch too large for the device is halved, down to one image, and then goes to the fallback; when the device is
 * lost, all that is left does. Only integers come from a backend, so the result is the same wherever they were
 * counted. Fails with InputError on a mask that cannot be decoded, and with the signal's reason when aborted.
 */
export async function findMaskOverlaps(
  dataset: Dataset,
  cells: Cells,
  { backend, fallback, threads = null }: MaskBackends,
  hooks: MaskHooks = {},
): Promise<MaskOverlaps> {
  const { pieceBytes, mostPairs = Number.POSITIVE_INFINITY } = hooks
  const threaded = threads !== null && backend.kind === 'cpu'
  const atWork = threaded ? threads.size : BATCHES_IN_FLIGHT
  const mostBytes = pieceBytes === undefined ? Number.POSITIVE_INFINITY : pieceBytes / atWork
  const plan = planOf(dataset, cells, backend, mostBytes)
  const usualBytes = threaded ? shareOf(plan, threads.size, backend) : backend.batchBytes
  const schedule: Schedule = {
    plan,
    limitBytes: Math.min(usualBytes, mostBytes),
    mostBytes,
    leftBytes: totalOf(plan),
    threads: threaded ? threads.size : 1,
    next: 0,
    again: [],
    backend,
    fallback,
    reason: null,
  }
  const gtMaskAreas = new Uint32Array(dataset.groundTruths.count)
  const dtMaskAreas = new Uint32Array(dataset.detections.count)
  const gtMaskBoxes = hooks.boxes ? createBoxes(dataset.groundTruths.count) : null
  const dtMaskBoxes = hooks.boxes ? createBoxes(dataset.detections.count) : null
  const batches: BatchPairs[] = []
  let pairCount = 0
  const finder = createCandidateFinder()
  const total = cells.gtRows.length + cells.dtRows.length
  let done = 0
  let doneOnBackend = 0
  const collect = (result: BatchResult, by: MaskBackend): void => {
    scatter(result.gtAreaPx, result.gtRows, gtMaskAreas)
    scatter(result.dtAreaPx, result.dtRows, dtMaskAreas)
    if (gtMaskBoxes) keepBoxes(gtMaskBoxes, result.gtRows, result.gtBounds)
    if (dtMaskBoxes) keepBoxes(dtMaskBoxes, result.dtRows, result.dtBounds)
    batches.push(result.pairs)
    pairCount += result.pairs.count
    if (pairCount > mostPairs) throw tooManyPairs(mostPairs)
    done += result.gtRows.length + result.dtRows.length
    if (by === backend) doneOnBackend += result.gtRows.length + result.dtRows.length
    hooks.onProgress?.(done, total)
  }
  await runBatches(
    schedule,
    hooks.signal,
    threaded ? { inFlight: threads.size * BATCHES_OF_THREAD } : { inFlight: BATCHES_IN_FLIGHT, nextTurn },
    (batch, on) =>
      threads && on.kind === 'cpu'
        ? threads.run(plan, batch)
        : intersectBatch(dataset, cells, plan, batch, on, finder, hooks.least),
    collect,
  )
  const use = describeUse(backend, schedule, doneOnBackend, total)
  const overlaps = joinBatches(batches, cells.dtRows.length)
  return { overlaps, gtMaskAreas, dtMaskAreas, gtMaskBoxes, dtMaskBoxes, use }
}

/** Candidates, what they share, and their pairs while the list grows. */
const PAIR_AT_WORK_BYTES = 80
const LEAST_PAIRS_PER_CALL = 4096
const MOST_PAIRS_PER_CALL = 1 << 20

/** Batches under a limit are weighed by what they take, others by what a device may have to allocate at once. */
function planOf(dataset: Dataset, cells: Cells, backend: MaskBackend, mostBytes: number): ImagePlan {
  if (mostBytes === Number.POSITIVE_INFINITY) return planImages(dataset, cells)
  const plan = planImages(dataset, cells, backend.kind === 'cpu' ? spanBytes : frameBytes)
  const pairs = Math.floor(mostBytes / 4 / PAIR_AT_WORK_BYTES)
  return { ...plan, pairsPerCall: Math.min(MOST_PAIRS_PER_CALL, Math.max(LEAST_PAIRS_PER_CALL, pairs)) }
}

/** In memory that threads see. */
const createBoxes = (count: number): Float64Array => new Float64Array(sharedBytes(32 * count).buffer)

/** Half-open bounds to x, y, width, height. */
function keepBoxes(boxes: Float64Array, rows: Uint32Array, bounds: Uint32Array): void {
  for (let i = 0; i < rows.length; i++) {
    const to = 4 * rows[i]
    boxes[to] = bounds[4 * i]
    boxes[to + 1] = bounds[4 * i + 1]
    boxes[to + 2] = bounds[4 * i + 2] - bounds[4 * i]
    boxes[to + 3] = bounds[4 * i + 3] - bounds[4 * i + 1]
  }
}

/** Bytes of a batch of which every thread gets several. */
function shareOf(plan: ImagePlan, threads: number, backend: MaskBackend): number {
  return Math.min(backend.batchBytes, Math.ceil(totalOf(plan) / (threads * BATCHES_PER_THREAD)))
}

const totalOf = ({ weights }: ImagePlan): number => weights.reduce((sum, bytes) => sum + bytes, 0)

/** Threads end at about the same time when their last batches are small. */
function limitOf({ limitBytes, leftBytes, threads }: Schedule): number {
  if (threads === 1) return limitBytes
  return Math.min(limitBytes, Math.max(limitBytes / LAST_BATCHES, leftBytes / (2 * threads)))
}

function scatter(values: Uint32Array, rows: Uint32Array, out: Uint32Array): void {
  for (let i = 0; i < rows.length; i++) out[rows[i]] = values[i]
}

async function runBatches(
  schedule: Schedule,
  signal: AbortSignal | undefined,
  { inFlight, nextTurn }: { inFlight: number; nextTurn?: () => Promise<void> },
  run: (batch: Batch, backend: MaskBackend) => Promise<BatchResult>,
  collect: (result: BatchResult, backend: MaskBackend) => void,
): Promise<void> {
  const flights: Flight[] = []
  let turn = performance.now()
  try {
    for (;;) {
      signal?.throwIfAborted()
      while (flights.length < inFlight) {
        const task = takeTask(schedule)
        if (!task) break
        const outcome = run(task.batch, task.backend).then(
          result => ({ result }),
          error => ({ error }),
        )
        flights.push({ ...task, outcome })
      }
      const flight = flights.shift()
      if (!flight) return
      const outcome = await flight.outcome
      if ('result' in outcome) collect(outcome.result, flight.backend)
      else reschedule(schedule, flight, outcome.error)
      if (!nextTurn || performance.now() - turn < TURN_MS) continue
      await nextTurn()
      turn = performance.now()
    }
  } finally {
    await Promise.all(flights.map(flight => flight.outcome))
  }
}

/**
 * Lets a signal come through, and timers run. Threads answer in turns of their own, and one of them may be this: what
 * it does next would keep this from handing the others theirs.
 */
const nextTurn = (): Promise<void> => new Promise(resolve => setTimeout(resolve))

function takeTask(schedule: Schedule): { batch: Batch; backend: MaskBackend } | undefined {
  const task = schedule.again.shift()
  if (task || schedule.next === schedule.plan.count) return task
  const batch = cutBatch(schedule.plan, schedule.next, limitOf(schedule))
  schedule.next = batch.to
  schedule.leftBytes -= weightOf(schedule.plan, batch)
  return { batch, backend: schedule.backend }
}

/** Plans a failed batch anew, or throws the error where nothing else can do it. */
function reschedule(schedule: Schedule, { batch, backend }: Flight, error: unknown): void {
  const { fallback } = schedule
  if (!(error instanceof DeviceError) || backend === fallback) throw error
  if (error.kind === 'capacity' && batch.to - batch.from > 1) {
    schedule.limitBytes = Math.min(schedule.limitBytes, Math.floor(weightOf(schedule.plan, batch) / 2))
    schedule.again.unshift(...halve(batch).map(half => ({ batch: half, backend })))
    return
  }
  if (!fallback) throw error
  schedule.reason ??= error.message
  schedule.again.unshift({ batch, backend: fallback })
  if (error.kind === 'capacity') return
  schedule.backend = fallback
  schedule.limitBytes = Math.min(fallback.batchBytes, schedule.mostBytes)
  for (const task of schedule.again) task.backend = fallback
}

function weightOf(plan: ImagePlan, batch: Batch): number {
  let bytes = 0
  for (let image = batch.from; image < batch.to; image++) bytes += plan.weights[image]
  return bytes
}

function describeUse(
  backend: MaskBackend,
  { fallback, reason }: Schedule,
  doneOnBackend: number,
  total: number,
): BackendUse {
  const main = doneOnBackend > 0 || reason === null || fallback === null ? backend : fallback
  const use: BackendUse = { kind: main.kind, adapter: main.kind === 'webgpu' ? main.name : null }
  if (reason !== null && fallback !== null) {
    use.fallback =
      `${total - doneOnBackend} of ${total} masks were intersected by ${fallback.name} ` +
      `instead of ${backend.name}: ${reason}`
  }
  return use
}
