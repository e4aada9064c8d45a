import type { PartEnds } from './records.js'

/** What one part of a file holds. */
export interface TablePart<T> extends PartEnds {
  table: T
  /** Lists of the document that begin in it. */
  lists: string[]
  /** Whether masks were read, by its first record; null where it has none. */
  withMasks: boolean | null
}

/** The bytes in which the records of a part start. */
export interface PartRange {
  from: number
  to: number
}

/** What is known of a part that is read again: a record starts where it begins, and whether masks are wanted. */
export interface Again {
  withMasks: boolean | null
}

/** Reads a part; null where that cannot be done. */
export type ReadRange<T> = (range: PartRange, again?: Again) => Promise<TablePart<T> | null>

/** The table that parts are put into. */
export interface PartTable<T> {
  readonly count: number
  append(more: T): void
  /** So many more rows are likely to come. */
  expect(rows: number, withMasks: boolean): void
}

/** How much longer a part may turn out than the first. */
const MARGIN = 1.05

/**
 * The parts of a file in their order, as if it had been read from its beginning: a part that did not begin where the one
 * before it ended, or that took its first record for that of the file and was misled, is read again.
 */
export class JoinedParts<T> {
  readonly #table: PartTable<T>
  readonly #parts: number
  readonly #read: ReadRange<T>
  readonly #lists = new Set<string>()
  #withMasks: boolean | null = null
  /** Byte of the record after the last, -1 behind the end. */
  #next = 0
  #failed = false

  /** For so many `parts`. */
  constructor(table: PartTable<T>, parts: number, read: ReadRange<T>) {
    this.#table = table
    this.#parts = parts
    this.#read = read
  }

  /** Null for a part that could not be read. */
  async add({ from, to }: PartRange, part: TablePart<T> | null): Promise<void> {
    if (this.#failed || this.#next < 0 || (from > 0 && this.#next >= to)) return
    const again = { withMasks: this.#withMasks }
    const fitting = part && this.#fits(part, from) ? part : await this.#read({ from: this.#next, to }, again)
    if (fitting === null || fitting.lists.some(list => this.#lists.has(list))) this.#failed = true
    else this.#take(fitting)
  }

  /** A part other than the first takes it that records stand before it, and keeps no mask that is not wanted. */
  #fits({ start, withMasks }: TablePart<T>, from: number): boolean {
    if (start !== this.#next) return false
    if (this.#withMasks === null) return from === 0 || withMasks !== false
    return withMasks === null || withMasks === this.#withMasks
  }

  #take({ table, lists, withMasks, next }: TablePart<T>): void {
    const isFirst = this.#table.count === 0
    this.#table.append(table)
    if (isFirst) this.#table.expect(Math.ceil(MARGIN * this.#parts * this.#table.count), withMasks === true)
    for (const list of lists) this.#lists.add(list)
    this.#withMasks ??= withMasks
    this.#next = next
  }

  /** Whether all was read, and the document has these lists; the reader of a whole file says what is wrong else. */
  isWhole(lists: string[]): boolean {
    return !this.#failed && this.#next === -1 && lists.every(list => this.#lists.has(list))
  }
}
