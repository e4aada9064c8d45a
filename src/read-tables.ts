import type { IouType } from './data/config.js'
import type { ByteRanges, ByteSource } from './data/source.js'
import {
  type DetectionPart,
  DetectionTable,
  type MaskWish,
  masksWanted,
  readDetectionPart,
  readDetections,
} from './ingest/detections.js'
import { GroundTruthTable, readGroundTruth } from './ingest/ground-truth.js'
import { firstHasMask } from './ingest/mask-columns.js'
import type { Pool } from './pool.js'
import type { ReadItem, ReadResult } from './tasks.js'

export interface Tables {
  gt: GroundTruthTable
  dt: DetectionTable
}

export interface ReadOptions {
  iouType?: IouType
  pool?: Pool
  signal?: AbortSignal
  /** Bytes read of both; `total` is null where it is not known. */
  onBytes?: (done: number, total: number | null) => void
  limit?: ReadLimit
}

/** How reading is held to a limit of memory. */
export interface ReadLimit {
  windowBytes?: number
  /** Files of no more bytes may be read in parts, which are held twice. */
  partsBytes?: number
  /** Told what the tables hold when so much of both files is read (0 to 1, null where that is not known). */
  onHeld?: (bytes: number, share: number | null) => void
}

/** Below this, starting threads takes longer than reading. */
const PARALLEL_BYTES = 8 << 20
/** Part of a results file that one thread reads at a time. */
const PART_BYTES = 6 << 20

const wishOf = (iouType: IouType | undefined): MaskWish => {
  if (iouType === undefined) return 'if-first-has-one'
  return iouType === 'segm' ? 'all' : 'unless-first-has-box'
}

/** Reads both files, on the threads of a pool where that pays. Which masks are needed depends on the IoU type. */
export async function readTables(gt: ByteSource, dt: ByteSource, options: ReadOptions): Promise<Tables> {
  return (await readInParts(gt, dt, options)) ?? (await readInOrder(gt, dt, options))
}

async function readInOrder(gt: ByteSource, dt: ByteSource, options: ReadOptions): Promise<Tables> {
  const total = gt.byteLength === null || dt.byteLength === null ? null : gt.byteLength + dt.byteLength
  const { windowBytes, onHeld } = options.limit ?? {}
  const done = [0, 0]
  const held = [0, 0]
  const hooks = (which: number) => ({
    windowBytes,
    onBytes: (bytes: number): void => {
      done[which] = bytes
      options.onBytes?.(done[0] + done[1], total)
    },
    onHeld:
      onHeld &&
      ((bytes: number): void => {
        held[which] = bytes
        onHeld(held[0] + held[1], total && (done[0] + done[1]) / total)
      }),
  })
  const wish = wishOf(options.iouType)
  // When one file fails, the other need not be read to its end.
  const other = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, other.signal]) : other.signal
  const stop = (error: unknown): never => {
    other.abort(error)
    throw error
  }
  const shared = options.pool !== undefined
  const [gtTable, dtTable] = await Promise.all([
    readGroundTruth(gt, wish, { ...hooks(0), signal, shared }).catch(stop),
    readDetections(dt, wish, { ...hooks(1), signal, shared }).catch(stop),
  ])
  return { gt: gtTable, dt: dtTable }
}

/**
 * The same by several threads: the results file is cut where a record seems to start, which is checked against
 * where the part before ended. Null where that cannot be done or came out wrong; errors are left to the reading in
 * order, which knows the record's number.
 */
async function readInParts(gt: ByteSource, dt: ByteSource, options: ReadOptions): Promise<Tables | null> {
  const { pool } = options
  if (!pool || pool.size < 2 || !gt.ranges || !dt.ranges || gt.byteLength === null || dt.byteLength === null)
    return null
  const total = gt.byteLength + dt.byteLength
  if (total < PARALLEL_BYTES || total > (options.limit?.partsBytes ?? total)) return null
  const dtMasks = await firstRecordWish(dt.name, dt.ranges, dt.byteLength, wishOf(options.iouType))
  if (dtMasks === null) return null
  const session = pool.session('read', {
    gt: { name: gt.name, ref: gt.ranges.ref, byteLength: gt.byteLength },
    dt: { name: dt.name, ref: dt.ranges.ref, byteLength: dt.byteLength },
    gtMasks: wishOf(options.iouType),
    dtMasks,
  })
  let done = 0
  const count = (bytes: number) => (result: ReadResult) => {
    if (options.signal?.aborted) return null
    done += bytes
    options.onBytes?.(done, total)
    return result
  }
  const run = (item: ReadItem, bytes: number): Promise<ReadResult | null> =>
    session.run(item).then(count(bytes), () => null)
  const work = [run({ file: 'gt' }, gt.byteLength)]
  const parts = Math.ceil(dt.byteLength / PART_BYTES)
  for (let part = 0; part < parts; part++) {
    const from = Math.floor((part * dt.byteLength) / parts)
    const to = Math.floor(((part + 1) * dt.byteLength) / parts)
    work.push(run({ file: 'dt', from, to }, to - from))
  }
  // Nothing holds a part once it is joined.
  const joined = new JoinedParts(dt.name, parts)
  for (let next = work.shift(); next; next = work.shift()) joined.add(await next)
  session.close()
  options.signal?.throwIfAborted()
  return joined.tables()
}

/** Whether masks are wanted, by the first record; null where it cannot be read. */
async function firstRecordWish(
  name: string,
  ranges: ByteRanges,
  fileBytes: number,
  wish: MaskWish,
): Promise<MaskWish | null> {
  try {
    const { table } = await readDetectionPart(name, ranges, { from: 0, to: 2, fileBytes }, 'all')
    if (table.scores.length === 0) return null
    return masksWanted(wish, firstHasMask(table.masks), table.hasBox[0] === 1) ? 'all' : 'none'
  } catch {
    return null
  }
}

/** How much longer a part may turn out than the first. */
const MARGIN = 1.05

/** The ground truth and the parts of the detections as they come, in their order. */
class JoinedParts {
  readonly #dt: DetectionTable
  readonly #parts: number
  #gt: GroundTruthTable | null = null
  /** Byte of the record after the last. */
  #next: number | null = null
  #isWhole = true

  constructor(name: string, parts: number) {
    this.#dt = new DetectionTable(name, true)
    this.#parts = parts
  }

  /** Null for one that failed. */
  add(part: ReadResult | null): void {
    if (part === null) this.#isWhole = false
    else if (part.file === 'gt') this.#gt = GroundTruthTable.of(part.table)
    else this.#append(part)
  }

  #append({ table, first, next }: DetectionPart): void {
    const start = first < 0 ? next : first
    if (this.#next === null) {
      const rows = Math.ceil(MARGIN * this.#parts * table.scores.length)
      this.#dt.expect(rows, table.masks.kinds.length > 0)
    } else if (start !== this.#next) this.#isWhole = false
    if (this.#isWhole) this.#dt.append(table)
    this.#next = next
  }

  /** Null unless every part ended where the next began. */
  tables(): Tables | null {
    return this.#isWhole && this.#gt && this.#next === -1 ? { gt: this.#gt, dt: this.#dt } : null
  }
}
