import { scanWasm } from './scan.generated.js'

/** What kernels/scan.ts exports. */
interface ScanExports {
  place(...addresses: number[]): void
  scan(from: number, end: number, limit: number, first: number, masks: number): number
  stoppedAt: WebAssembly.Global
  textEnd: WebAssembly.Global
  freeFrom: WebAssembly.Global
}

/** Rows of one scan. */
const ROWS = 8192
/** Zeros that must stand behind the bytes. */
const GUARD_BYTES = 16
const PAGE_BYTES = 65536

/** Columns of the last scan: views that the next one overwrites. */
export interface ScannedRows {
  imageIds: Float64Array
  categoryIds: Float64Array
  scores: Float64Array
  /** [row, 4] */
  boxes: Float64Array
  /** FOUND_BOX, FOUND_MASK; [row] */
  found: Uint8Array
  /** Of rows with a mask. */
  heights: Uint32Array
  widths: Uint32Array
  /** Bytes of each mask's string in `text`, one after another. */
  lengths: Uint32Array
  text: Uint8Array
}

export const FOUND_BOX = 8
export const FOUND_MASK = 16

let compiled: WebAssembly.Module | null | undefined

/**
 * Compiled once a thread, at once: it is small, and a thread may be stopped at any time. Null where the platform has
 * no WebAssembly or a page's policy forbids it.
 */
function compile(): WebAssembly.Module | null {
  if (compiled !== undefined) return compiled
  try {
    const bytes = Uint8Array.from(atob(scanWasm), character => character.charCodeAt(0))
    compiled = new WebAssembly.Module(bytes)
  } catch {
    compiled = null
  }
  return compiled
}

/** Reads detections of the usual form many at a time, in WebAssembly; see kernels/scan.ts for what is usual. */
export class Scanner {
  readonly #exports: ScanExports
  readonly #memory: WebAssembly.Memory
  readonly #bytesAt: number
  readonly #windowBytes: number
  readonly #masks: boolean
  readonly #rows: ScannedRows
  readonly #textAt: number

  /** Null where there is no WebAssembly. */
  static create(windowBytes: number, masks: boolean): Scanner | null {
    const module = compile()
    return module && new Scanner(module, windowBytes, masks)
  }

  private constructor(module: WebAssembly.Module, windowBytes: number, masks: boolean) {
    this.#memory = new WebAssembly.Memory({ initial: 1 })
    const env = { memory: this.#memory, abort: () => {} }
    this.#exports = new WebAssembly.Instance(module, { env }).exports as unknown as ScanExports
    this.#windowBytes = windowBytes
    this.#masks = masks
    let next = this.#exports.freeFrom.value as number
    const take = (bytes: number): number => {
      const at = (next + 7) & ~7
      next = at + bytes
      return at
    }
    this.#bytesAt = take(windowBytes + GUARD_BYTES)
    const doubles = [8, 8, 8, 32].map(bytes => take(bytes * ROWS))
    const found = take(ROWS)
    const words = [4, 4, 4].map(bytes => take(bytes * ROWS))
    this.#textAt = take(masks ? windowBytes : 0)
    this.#memory.grow(Math.ceil(next / PAGE_BYTES) - 1)
    const { buffer } = this.#memory
    this.#exports.place(...doubles, found, ...words, this.#textAt, ROWS)
    const [imageIds, categoryIds, scores] = doubles.map(at => new Float64Array(buffer, at, ROWS))
    const [heights, widths, lengths] = words.map(at => new Uint32Array(buffer, at, ROWS))
    const boxes = new Float64Array(buffer, doubles[3], 4 * ROWS)
    const text = new Uint8Array(buffer, this.#textAt, masks ? windowBytes : 0)
    const flags = new Uint8Array(buffer, found, ROWS)
    this.#rows = { imageIds, categoryIds, scores, boxes, found: flags, heights, widths, lengths, text }
  }

  /** Takes the bytes of a window, `0 .. end`; false where they are too many. */
  load(bytes: Uint8Array, end: number): boolean {
    if (end > this.#windowBytes) return false
    const memory = new Uint8Array(this.#memory.buffer, this.#bytesAt, this.#windowBytes + GUARD_BYTES)
    memory.set(bytes.subarray(0, end))
    memory.fill(0, end, end + GUARD_BYTES)
    return true
  }

  /**
   * Reads records from byte `at` on that start before `limit`; `first` where no comma stands before the record.
   * Ends before a record that is not usual. Returns the rows, which are `count`, and the byte where it ended.
   */
  scan(
    at: number,
    end: number,
    limit: number,
    first: boolean,
    masks: boolean,
  ): { count: number; at: number; rows: ScannedRows } {
    const base = this.#bytesAt
    const { scan, stoppedAt, textEnd } = this.#exports
    const count = scan(base + at, base + end, base + limit, first ? 1 : 0, masks && this.#masks ? 1 : 0)
    const textBytes = (textEnd.value as number) - this.#textAt
    const rows = { ...this.#rows, text: this.#rows.text.subarray(0, textBytes) }
    return { count, at: (stoppedAt.value as number) - base, rows }
  }

  /** A scan may have more to read after this many rows. */
  get rowsAtOnce(): number {
    return ROWS
  }
}
