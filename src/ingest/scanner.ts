import { compileKernel, instantiate } from '../data/wasm.js'
import { scanWasm } from './scan.generated.js'

/** What kernels/scan.ts exports. */
interface ScanExports {
  place(...addresses: number[]): void
  placeMasks(...addresses: number[]): void
  scan(...args: number[]): number
  textBytes(): number
  partCount(): number
  pointCount(): number
  startRows(count: number, bytesBefore: number, partsBefore: number, pointsBefore: number): void
  stoppedAt: WebAssembly.Global
  freeFrom: WebAssembly.Global
}

/** Fields that the kernel knows, as bits. Those of images are asked for without "segmentation", whose columns they use. */
export const FIELDS = {
  id: 1,
  image_id: 2,
  category_id: 4,
  score: 8,
  area: 16,
  bbox: 32,
  iscrowd: 64,
  ignore: 128,
  segmentation: 256,
  height: 512,
  width: 1024,
  file_name: 2048,
}

/** Rows of one scan. */
const ROWS = 8192
/** Zeros that must stand behind the bytes; the kernel copies so many bytes of a string at a time. */
const GUARD_BYTES = 16
const PAGE_BYTES = 65536

/** Columns of the last scan: views that the next one overwrites. Those of fields that were not asked for are stale. */
export interface ScannedRows {
  ids: Float64Array
  imageIds: Float64Array
  categoryIds: Float64Array
  scores: Float64Array
  /** NaN where the file does not say. */
  areas: Float64Array
  /** [row, 4]; 0 0 0 0 where there is none. */
  boxes: Float64Array
  hasBox: Uint8Array
  crowds: Uint8Array
  /** "ignore" set without "iscrowd". */
  ignores: Uint8Array
  masks: ScannedMasks
}

/**
 * Masks of the last scan, or sizes and names of its images. Strings, parts and points stand one after another, as their
 * rows do.
 */
export interface ScannedMasks {
  /** MASK_RLE, MASK_POLYGONS or NONE, [row]. */
  kinds: Uint8Array
  /** [row, 2]: height, width; 0 where the file does not say. */
  sizes: Uint32Array
  /** Bytes of RLE or of a name, parts of polygons. [row] */
  lengths: Uint32Array
  /** First byte or part, [row]: see `startRows`. */
  starts: Uint32Array
  /** RLE or names. */
  text: Uint8Array
  /** Where each part ends in points: see `startRows`. */
  parts: Uint32Array
  /** x, y in px, [point, 2]. */
  points: Float64Array
  /** How much of the last three the rows of the last scan take: bytes, parts, points. */
  textBytes(): number
  partCount(): number
  pointCount(): number
  /** Fills `starts` and `parts` of its `count` rows, once, if that all comes behind so many bytes, parts and points. */
  startRows(count: number, bytesBefore: number, partsBefore: number, pointsBefore: number): void
}

/** Reads records of the usual form many at a time, in WebAssembly; see kernels/scan.ts for what is usual. */
export class Scanner {
  readonly #exports: ScanExports
  readonly #memory: WebAssembly.Memory
  readonly #bytesAt: number
  readonly #windowBytes: number
  /** Where a window may lie so that `load` need not copy it, with one byte more. */
  readonly room: Uint8Array
  readonly rows: ScannedRows

  /** For windows of up to `windowBytes`. Null where there is no WebAssembly. */
  static create(windowBytes: number): Scanner | null {
    const module = compileKernel(scanWasm)
    return module && new Scanner(module, windowBytes)
  }

  private constructor(module: WebAssembly.Module, windowBytes: number) {
    this.#memory = new WebAssembly.Memory({ initial: 1 })
    this.#exports = instantiate<ScanExports>(module, this.#memory)
    this.#windowBytes = windowBytes
    let next = this.#exports.freeFrom.value as number
    const take = (bytes: number): number => {
      const at = (next + 7) & ~7
      next = at + bytes
      return at
    }
    this.#bytesAt = take(windowBytes + GUARD_BYTES)
    const columns = [8, 8, 8, 8, 8, 32, 1, 1, 1].map(bytes => take(bytes * ROWS))
    const masks = [1, 8, 4, 4].map(bytes => take(bytes * ROWS))
    // A character, a part "[]," and a number "0," take at least so many bytes of the file.
    const partsMost = Math.ceil(windowBytes / 3)
    const numbersMost = Math.ceil(windowBytes / 2)
    masks.push(take(windowBytes + GUARD_BYTES), take(4 * partsMost), take(8 * numbersMost))
    this.#memory.grow(Math.ceil(next / PAGE_BYTES) - 1)
    this.#exports.place(...columns)
    this.#exports.placeMasks(...masks)
    const { buffer } = this.#memory
    this.room = new Uint8Array(buffer, this.#bytesAt, windowBytes + 1)
    const doubles = (at: number, rows = ROWS): Float64Array => new Float64Array(buffer, at, rows)
    const words = (at: number, rows = ROWS): Uint32Array => new Uint32Array(buffer, at, rows)
    const bytes = (at: number, rows = ROWS): Uint8Array => new Uint8Array(buffer, at, rows)
    this.rows = {
      ids: doubles(columns[0]),
      imageIds: doubles(columns[1]),
      categoryIds: doubles(columns[2]),
      scores: doubles(columns[3]),
      areas: doubles(columns[4]),
      boxes: doubles(columns[5], 4 * ROWS),
      hasBox: bytes(columns[6]),
      crowds: bytes(columns[7]),
      ignores: bytes(columns[8]),
      masks: {
        kinds: bytes(masks[0]),
        sizes: words(masks[1], 2 * ROWS),
        lengths: words(masks[2]),
        starts: words(masks[3]),
        text: bytes(masks[4], windowBytes),
        parts: words(masks[5], partsMost),
        points: doubles(masks[6], numbersMost),
        textBytes: this.#exports.textBytes,
        partCount: this.#exports.partCount,
        pointCount: this.#exports.pointCount,
        startRows: this.#exports.startRows,
      },
    }
  }

  /** Takes the bytes of a window, `0 .. end`; false where they are too many. */
  load(bytes: Uint8Array, end: number): boolean {
    if (end > this.#windowBytes) return false
    const memory = new Uint8Array(this.#memory.buffer, this.#bytesAt, this.#windowBytes + GUARD_BYTES)
    if (bytes.buffer !== memory.buffer) memory.set(bytes.subarray(0, end))
    memory.fill(0, end, end + GUARD_BYTES)
    return true
  }

  /**
   * Reads the `wanted` fields of records from byte `at` on that start before `limit`; `first` where no comma stands
   * before the record. Ends before a record that is not usual or lacks a `required` field. Returns how many `rows`
   * there are and the byte where it ended.
   */
  scan(
    { at, end, limit, first }: ScanRange,
    wanted: number,
    required: number,
  ): { count: number; at: number; more: boolean } {
    const base = this.#bytesAt
    const { scan, stoppedAt } = this.#exports
    const count = scan(base + at, base + end, base + limit, first ? 1 : 0, wanted, required, ROWS)
    return { count, at: (stoppedAt.value as number) - base, more: count === ROWS }
  }
}

/** Bytes of the window at hand. */
export interface ScanRange {
  at: number
  end: number
  limit: number
  first: boolean
}
