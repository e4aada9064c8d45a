import type { Dataset } from './data/columns.js'
import type { ConfigDraft } from './data/config.js'
import type { Cells, Overlaps } from './data/evaluation.js'
import { InputError } from './errors.js'
import { CellKernel } from './matching/cell-kernel.js'
import { MemoryBudget, type ProcessMemory } from './memory-budget.js'
import {
  groupNeeds,
  linkNeeds,
  listedPairsWithin,
  matchNeeds,
  PEAK_OF_READ,
  pairsWithin,
  sceneNeeds,
} from './memory-needs.js'
import type { ReadLimit, Tables } from './read-tables.js'

export interface MemoryOptions {
  /**
   * Most bytes at the peak: pieces of work, windows of reading and threads are sized to stay below, and a run that
   * cannot ends with InputError. Default: as much as it takes. Does not change the result.
   */
  memoryBytes?: number
  /** Measures the process; without it the columns that the evaluation holds are counted. */
  processMemory?: ProcessMemory
}

/** How the pieces of a stage are held to a limit. */
export interface PieceLimit {
  /** Of all pieces that are at work at a time. */
  pieceBytes?: number
  /** More pairs than this do not fit. */
  mostPairs?: number
}

/** The program itself: its code, the kernels with their memories, one window of each file. */
const START_BYTES = 24 << 20
const SMALL_WINDOW_BYTES = 256 << 10
/** With less left than this, windows are small. */
const LARGE_WINDOWS_FROM = 128 << 20
/** Arrays of the kernel, see categories/evaluate.ts. */
const ARRAY_BYTES = { least: 1 << 20, most: 16 << 20 }

/**
 * Sizes the pieces of a run by what is left of its memory, stage by stage, and ends it with InputError where a stage does
 * not fit. Without a limit every piece has its usual size.
 */
export class RunMemory {
  readonly #budget: MemoryBudget | null

  constructor({ memoryBytes, processMemory }: MemoryOptions) {
    this.#budget = memoryBytes === undefined ? null : new MemoryBudget(memoryBytes, processMemory ?? null)
  }

  /** Whether there is one, so that stages must be looked at one by one. */
  get isLimited(): boolean {
    return this.#budget !== null
  }

  async beforeReading(): Promise<ReadLimit> {
    const budget = this.#budget
    if (!budget) return {}
    await budget.settle()
    budget.ensure(START_BYTES, 'the program itself needs')
    const left = budget.leftBytes
    return {
      windowBytes: left < LARGE_WINDOWS_FROM ? SMALL_WINDOW_BYTES : undefined,
      partsBytes: left / (2 * PEAK_OF_READ),
      onHeld: (bytes, share) => {
        const whole = PEAK_OF_READ * (share ? bytes / share : bytes)
        budget.ensure(
          bytes,
          share === 1 ? 'these files need' : 'as far as they are read, these files need',
          whole,
        )
      },
    }
  }

  async beforeLinking(tables: Tables): Promise<void> {
    const budget = this.#budget
    if (!budget) return
    await budget.settle(tables)
    budget.ensure(linkNeeds(tables), 'these files need', PEAK_OF_READ * linkNeeds(tables))
  }

  /** What groups cells: null for the twin, which takes less. */
  async grouper(dataset: Dataset): Promise<CellKernel | null> {
    const budget = this.#budget
    if (!budget) return CellKernel.create()
    await budget.settle(dataset)
    if (groupNeeds(dataset, true) <= budget.leftBytes) return CellKernel.create()
    budget.ensure(groupNeeds(dataset, false), 'grouping the detections by image and class needs')
    return null
  }

  async beforeScene(dataset: Dataset, cells: Cells): Promise<void> {
    const budget = this.#budget
    if (!budget) return
    await budget.settle(dataset, cells)
    budget.ensure(sceneNeeds(dataset), 'a report of these files needs')
  }

  async forMasks(dataset: Dataset, cells: Cells): Promise<PieceLimit> {
    const budget = this.#budget
    if (!budget) return {}
    await budget.settle(dataset, cells)
    const half = Math.floor(budget.leftBytes / 2)
    return { pieceBytes: half, mostPairs: listedPairsWithin(half) }
  }

  async forMatching(
    config: ConfigDraft,
    categoryCount: number,
    cells: Cells,
    overlaps: Overlaps | null,
    dataset: Dataset,
  ): Promise<PieceLimit> {
    const budget = this.#budget
    if (!budget) return {}
    await budget.settle(dataset, cells, overlaps)
    const pieceBytes = Math.min(ARRAY_BYTES.most, Math.max(ARRAY_BYTES.least, budget.leftBytes / 16))
    const needed = matchNeeds(config, categoryCount, cells, pieceBytes)
    budget.ensure(needed.fixed + (overlaps ? 0 : needed.pairs), 'matching the detections needs')
    return { pieceBytes, mostPairs: pairsWithin(budget.leftBytes - needed.fixed, cells.dtRows.length) }
  }
}

/** An error by which a platform refuses memory, as InputError; any other as it is. */
export function explainRefusal(error: unknown): unknown {
  if (!(error instanceof RangeError) || !/allocat|memory|array length/i.test(error.message)) return error
  return new InputError(
    `memory: this machine gives no more (${error.message}). Cut both files by class: the numbers of a class need no other`,
    { cause: error },
  )
}
