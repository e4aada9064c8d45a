import type { Cursor } from './cursor.js'
import type { BulkReader } from './document.js'
import { WINDOW_BYTES } from './records.js'
import { type ScannedRows, Scanner } from './scanner.js'

/** Which fields the kernel reads of each record, and what becomes of them. */
export interface BulkWish {
  /** FIELDS, as bits; asked before each scan. */
  wanted(): number
  required: number
  /** Keeps `count` rows. */
  append(rows: ScannedRows, count: number): void
}

/** Hands records to the kernel; what it leaves is read one by one. */
export class BulkRecords implements BulkReader {
  readonly #scanner: Scanner
  readonly #wish: BulkWish
  #loaded = false

  /** Null where there is no WebAssembly. */
  static create(wish: BulkWish): BulkRecords | null {
    const scanner = Scanner.create(WINDOW_BYTES)
    return scanner && new BulkRecords(scanner, wish)
  }

  private constructor(scanner: Scanner, wish: BulkWish) {
    this.#scanner = scanner
    this.#wish = wish
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
      this.#wish.append(this.#scanner.rows, scanned.count)
      cursor.at = scanned.at
      total += scanned.count
      more = scanned.more
    }
    return total
  }
}
