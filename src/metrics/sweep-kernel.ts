import type { AreaRange } from '../data/config.js'
import { BLOCK_ROWS, BorrowedMemory, compileKernel, inBlocks, instantiate } from '../data/wasm.js'
import type { LivePairs } from '../matching/scene-pairs.js'
import type { ThresholdWord } from '../matching/thresholds.js'
import { CURVE_WIDTH } from './curve-averages.js'
import type { Ranked } from './curve-steps.js'
import { READINGS, type Reading } from './readings.js'
import { sweepsWasm } from './sweeps.generated.js'

/** What kernels/sweeps.ts exports. Addresses and counts are u32; an address of 0 stands for no room. */
interface SweepExports {
  openScene(gts: number, dts: number, live: number, pairs: number, thresholds: number, ranges: number): number
  findGtBits(closed: number, once: number): void
  openDtBits(closed: number, once: number, cap: number, sameSizes: number): number
  findDtBits: Pass
  openStrong(): void
  findStrong: Pass
  openFinds(): number
  openSweep(apart: number, cap: number, ordered: number): number
  sweep: Pass
  rankedAt(): number
  openRanking(detections: number, classes: number, read: number): number
  indexRanking: Pass
  openFalseRanks(sameRanks: number): number
  findFalseRanks: Pass
  openOrder(grouped: number): number
  markFound: Pass
  countFound: Pass
  orderFinds: Pass
  listFinds(): void
  countRegular: Pass
  openWalks(): number
  openReadings(recalls: number, readings: number, sets: number): number
  readMeans(firstRange: number): number
  openAverages(recalls: number): number
  addAverages(read: number): void
  averagesAt(): number
}

/** Some of the rows of a column, one call after another. */
type Pass = (from: number, to: number) => void

/** Flags of a ground truth: it counts in no range and is never used up; to be found counts as no match. */
export const IGNORED = 1
export const NO_MATCH = 2

/** A scene and how it is matched; up to 32 thresholds and ranges. */
export interface SweptScene {
  gts: { areas: Float64Array; classes: Int32Array; flags: Uint8Array }
  dts: { areas: Float64Array; ranks: Int32Array }
  live: LivePairs
  /** Rows of the live detections in the order in which they match; that of `live` where it is left out. */
  order?: Int32Array
  word: ThresholdWord
  ranges: AreaRange[]
  /** Whether ranges hold their upper ends. */
  closed: boolean
  /** Whether what the first range lacks counts nowhere. */
  once: boolean
  /** Whether each range is matched on its own. */
  apart: boolean
  /** Detections kept a cell. */
  cap: number
}

/** A ranking and what is read of it. */
export interface RankedClasses {
  ranked: Ranked
  /** Those that are read; 0 where all are one. */
  classes: Int32Array
  /** Whether equal scores make one point. */
  grouped: boolean
}

const BITS = 32
const MAX_U32 = 0xffffffff
/** With more rows JavaScript gets warm, and a copy of the columns takes much memory. */
const MOST_ROWS = 1 << 22
/** The order of the kernel; behind the readings come the last recalls. */
const KINDS = Object.keys(READINGS) as Reading[]

type Values = Uint8Array | Int32Array | Uint32Array | Float64Array

/**
 * Sweeps, walks and readings in WebAssembly, in a memory that it borrows. What one way of matching has in common with the
 * one before is neither copied nor found again, so that columns must stay as they are while the kernel is in use.
 */
export class SweepKernel {
  readonly #exports: SweepExports
  readonly #blockRows: number
  readonly #memory = new BorrowedMemory()
  readonly #scene = new Region(this.#memory)
  readonly #rows = new Region(this.#memory)
  readonly #ranking = new Region(this.#memory)
  /** What the last match and the last ranking went by. */
  #pairs: unknown[] = []
  #sizes: unknown[] = []
  #ranks: unknown[] = []
  #gts = 0
  #thresholds = 0
  #ranges = 0
  #ranked: RankedClasses | null = null

  /**
   * Null where there is no WebAssembly, or a page's policy forbids it. Columns are gone through `blockRows` at a time, a
   * multiple of 64.
   */
  static create(blockRows = BLOCK_ROWS): SweepKernel | null {
    const module = compileKernel(sweepsWasm)
    return module && new SweepKernel(module, blockRows)
  }

  private constructor(module: WebAssembly.Module, blockRows: number) {
    this.#blockRows = blockRows
    this.#exports = instantiate<SweepExports>(module, this.#memory.memory)
  }

  /** Ends its use. */
  giveBack(): void {
    this.#memory.giveBack()
  }

  /** Matches a scene. False for what is left to the twin: very many rows, ranges beyond 32, no room. */
  match({ gts, dts, live, order, word, ranges, closed, once, apart, cap }: SweptScene): boolean {
    const [gtCount, dtCount] = [gts.areas.length, dts.areas.length]
    this.#gts = gtCount
    this.#thresholds = word.ascending.length
    this.#ranges = ranges.length
    if (ranges.length > BITS || gtCount + dtCount > MOST_ROWS) return false
    const sizes = [gtCount, dtCount, live.count, live.gts.length, this.#thresholds, ranges.length] as const
    const at = this.#exports.openScene(...sizes)
    if (at === 0) return false
    const bounds = ranges.flatMap(({ lo, hi }) => [lo, hi])
    const doubles = [
      gts.areas,
      dts.areas,
      live.similarities,
      word.ascending,
      Float64Array.from([...ranges.map(({ lo }) => lo), ...ranges.map(({ hi }) => hi)]),
    ]
    const words = [word.reached, gts.classes, dts.ranks, live.rows, live.offsets, live.gts]
    const isMoved = this.#scene.put(at, sizes, [...doubles, ...words, gts.flags, ...(order ? [order] : [])])
    const last = { pairs: this.#pairs, sizes: this.#sizes }
    this.#pairs = [live.rows, live.offsets, live.gts, live.similarities, ...word.ascending, ...word.reached]
    this.#sizes = [dts.areas, dts.ranks, closed, cap, ...bounds]
    const samePairs = !isMoved && isSame(this.#pairs, last.pairs)
    const sameSizes = !isMoved && isSame(this.#sizes, last.sizes)
    const mostKept = Math.min(cap, MAX_U32)
    const kernel = this.#exports
    const [isClosed, isOnce, isApart] = [closed, once, apart].map(Number)
    kernel.findGtBits(isClosed, isOnce)
    this.#inBlocks(kernel.openDtBits(isClosed, isOnce, mostKept, Number(sameSizes)), kernel.findDtBits)
    if (!samePairs) {
      kernel.openStrong()
      this.#inBlocks(live.count, kernel.findStrong)
    }
    if (kernel.openFinds() === 0) return false
    this.#inBlocks(kernel.openSweep(isApart, mostKept, Number(order !== undefined)), kernel.sweep)
    return true
  }

  /** Ranks the detections of the scene; false for no room. */
  rank(input: RankedClasses): boolean {
    const { ranked, classes, grouped } = input
    const { rows, scores, offsets } = ranked
    const sizes = [rows.length, offsets.length - 1, classes.length] as const
    const at = this.#exports.openRanking(...sizes)
    if (at === 0) return false
    this.#rows.put(this.#exports.rankedAt(), [rows.length], [scores, rows])
    const isMoved = this.#ranking.put(at, sizes, [offsets, classes])
    const ranks = [scores, rows, ...offsets]
    const sameRanks = !isMoved && isSame(ranks, this.#ranks)
    this.#ranks = ranks
    this.#ranked = input
    const kernel = this.#exports
    if (!sameRanks) this.#inBlocks(rows.length, kernel.indexRanking)
    this.#inBlocks(kernel.openFalseRanks(Number(sameRanks)), kernel.findFalseRanks)
    const found = kernel.openOrder(Number(grouped))
    this.#inBlocks(found, kernel.markFound)
    this.#inBlocks(rows.length + 1, kernel.countFound)
    this.#inBlocks(found, kernel.orderFinds)
    kernel.listFinds()
    this.#inBlocks(this.#gts, kernel.countRegular)
    return kernel.openWalks() !== 0
  }

  /**
   * Means of readings in the ranges from `firstRange` on, over each of the sets of thresholds, the bits of a word; of a
   * null reading of the last recalls. Null for no room.
   */
  means(
    recalls: { recalls: number[]; decimals: number[] },
    readings: Reading[],
    sets: number[],
    firstRange: number,
  ): ((reading: Reading | null, a: number, set: number) => number | null) | null {
    const wanted = readings.reduce((bits, reading) => bits | (1 << KINDS.indexOf(reading)), 0)
    const at = this.#exports.openReadings(recalls.recalls.length, wanted, sets.length)
    if (at === 0) return null
    const grid = Float64Array.from([...recalls.recalls, ...recalls.decimals])
    write(this.#memory, at, [grid, Uint32Array.from(sets)])
    const size = (KINDS.length + 1) * this.#ranges * sets.length
    const means = this.#f64(this.#exports.readMeans(firstRange), size).slice()
    return (reading, a, set) => {
      if (a < firstRange) return null
      const kind = reading === null ? KINDS.length : KINDS.indexOf(reading)
      const mean = means[(kind * this.#ranges + a) * sets.length + set]
      return Number.isNaN(mean) ? null : mean
    }
  }

  /**
   * Of each curve the mean of its samples at `recalls`, the area, the sum of steps and the last recall (NaN without
   * ground truths), and two counts: [threshold, range, class read, CURVE_WIDTH]. Null for no room.
   */
  averages(recalls: number[]): Float64Array | null {
    const at = this.#exports.openAverages(recalls.length)
    if (at === 0) return null
    write(this.#memory, at, [Float64Array.from(recalls)])
    const classes = this.#ranked?.classes.length ?? 0
    for (let i = 0; i < classes; i++) this.#exports.addAverages(i)
    const numbers = CURVE_WIDTH * this.#thresholds * this.#ranges * classes
    return this.#f64(this.#exports.averagesAt(), numbers).slice()
  }

  /** `pass` on rows 0 .. count. */
  #inBlocks(count: number, pass: Pass): void {
    inBlocks(count, pass, this.#blockRows)
  }

  #f64(at: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, at >>> 0, length)
  }
}

/** Columns one behind the other, of which those are written that did not lie where they belong. */
class Region {
  readonly #memory: BorrowedMemory
  #at = -1
  #layout: readonly number[] = []
  #written: readonly Written[] = []

  constructor(memory: BorrowedMemory) {
    this.#memory = memory
  }

  /** Whether the region lies elsewhere, or is parted otherwise. */
  put(at: number, layout: readonly number[], columns: readonly Values[]): boolean {
    const isMoved = at !== this.#at || !isSame(layout, this.#layout)
    this.#at = at
    this.#layout = layout
    this.#written = write(this.#memory, at, columns, this.#written)
    return isMoved
  }
}

interface Written {
  at: number
  column: Values
}

function write(
  memory: BorrowedMemory,
  at: number,
  columns: readonly Values[],
  known: readonly Written[] = [],
): Written[] {
  const bytes = new Uint8Array(memory.buffer)
  let end = at >>> 0
  return columns.map((column, i) => {
    const to = end
    end += column.byteLength
    if (known[i]?.column !== column || known[i].at !== to)
      bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), to)
    return { at: to, column }
  })
}

const isSame = (list: readonly unknown[], other: readonly unknown[]): boolean =>
  list.length === other.length && list.every((value, i) => value === other[i])
