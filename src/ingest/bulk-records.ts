import type { Cursor } from './cursor.js'
import type { BulkReader } from './document.js'
import type { ScannedRows, Scanner } from './scanner.js'

/** Which fields the kernel reads of each record, and what becomes of them. */
export interface BulkWish {
  /** FIELDS, as bits; asked before each scan. */
  wanted(): number
  required: number
  /** So many rows are likely to come. */
  expect(rows: number): void
  /** Keeps `count` rows. */
  append(rows: ScannedRows, count: number): void
}

/** How much larger a file may turn out than its first window says. */
const MARGIN = 1.05

/** Hands records to the kernel; what it leaves is read one by one. */
export class BulkRecords implements BulkReader {
  readonly #scanner: Scanner
  readonly #wish: BulkWish
  /** Byte of the file where reading ends, null where that is not known. */
  readonly #endByte: number | null
  #loaded = false
  #expected = false

  constructor(scanner: Scanner, wish: BulkWish, endByte: number | null) {
    this.#scanner = scanner
    this.#wish = wish
    this.#endByte = endByte
  }

  get room(): Uint8Array {
    return this.#scanner.room
  }

  load(cursor: Cursor): void {
    this.#loaded = this.#scanner.load(cursor.bytes, cursor.end)
  }

  read(cursor: Cursor, limit: number, first: boolean): number {
    if (!this.#loaded) return 0
    const { wanted, required } = { wanted: this.#wish.wanted(), required: this.#wish.required }
    let total = 0
    let more = true
    while (more) {
      const range = { at: cursor.at, end: cursor.end, limit, first: first && total === 0 }
      const scanned = this.#scanner.scan(range, wanted, required)
      this.#expect(cursor, scanned)
      this.#wish.append(this.#scanner.rows, scanned.count)
      cursor.at = scanned.at
      total += scanned.count
      more = scanned.more
    }
    return total
  }

  /** Sizes the columns by the first scan. */
  #expect(cursor: Cursor, { count, at }: { count: number; at: number }): void {
    if (this.#expected || this.#endByte === null || count === 0) return
    const bytesLeft = Math.max(at, this.#endByte - cursor.base) - cursor.at
    this.#wish.expect(Math.ceil((MARGIN * count * bytesLeft) / (at - cursor.at)))
    this.#expected = true
  }
}
