import type { IouType } from './data/config.js'
import type { ByteSource } from './data/source.js'
import { DetectionTable, type MaskWish, readDetections } from './ingest/detections.js'
import { GROUND_TRUTH_LISTS, readGroundTruth } from './ingest/ground-truth.js'
import { GroundTruthTable } from './ingest/ground-truth-table.js'
import { JoinedParts, type PartTable, type ReadRange } from './ingest/joined-parts.js'
import type { Pool } from './pool.js'
import type { PartedFile, ReadItem, ReadResult } from './tasks.js'

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
/** Part of a file that one thread reads at a time. */
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
 * The same by several threads: both files are cut where records seem to start. Null where that cannot be done or came
 * out wrong: errors are left to the reading in order, which knows the record's number.
 */
async function readInParts(gt: ByteSource, dt: ByteSource, options: ReadOptions): Promise<Tables | null> {
  const { pool, signal } = options
  const files = { gt: fileOf(gt), dt: fileOf(dt) }
  if (!pool || pool.size < 2 || !files.gt || !files.dt) return null
  const total = files.gt.byteLength + files.dt.byteLength
  if (total < PARALLEL_BYTES || total > (options.limit?.partsBytes ?? total)) return null
  const session = pool.session('read', { gt: files.gt, dt: files.dt, masks: wishOf(options.iouType) })
  let done = 0
  const run = async (item: ReadItem): Promise<ReadResult | null> => {
    const result = await session.run(item).catch(() => null)
    if (signal?.aborted) return null
    if (!item.again) done += item.to - item.from
    options.onBytes?.(done, total)
    return result
  }
  const tables = { gt: new GroundTruthTable(gt.name, true), dt: new DetectionTable(dt.name, true) }
  const whole = await Promise.all([
    join(tables.gt, files.gt.byteLength, GROUND_TRUTH_LISTS, async (range, again) => {
      const result = await run({ file: 'gt', ...range, again })
      return result?.file === 'gt' ? result : null
    }),
    join(tables.dt, files.dt.byteLength, [], async (range, again) => {
      const result = await run({ file: 'dt', ...range, again })
      return result?.file === 'dt' ? result : null
    }),
  ])
  session.close()
  signal?.throwIfAborted()
  return whole.every(Boolean) ? tables : null
}

const fileOf = ({ name, byteLength, ranges }: ByteSource): PartedFile | null =>
  ranges && byteLength !== null ? { name, ref: ranges.ref, byteLength } : null

/** Has all parts of a file read and puts them into `table`; whether they are a whole document with these lists. */
async function join<T>(
  table: PartTable<T>,
  fileBytes: number,
  lists: string[],
  read: ReadRange<T>,
): Promise<boolean> {
  const count = Math.ceil(fileBytes / PART_BYTES)
  const at = (part: number): number => Math.floor((part * fileBytes) / count)
  const ranges = Array.from({ length: count }, (_, part) => ({ from: at(part), to: at(part + 1) }))
  const joined = new JoinedParts(table, count, read)
  // Nothing holds a part once it is joined.
  const parts = ranges.map(range => read(range))
  for (const range of ranges) await joined.add(range, (await parts.shift()) ?? null)
  return joined.isWhole(lists)
}
