import { encodeCounts } from '../geometry/rle.js'
import { float64Column } from './columns.js'
import { CLOSE_LIST, type Cursor, OPEN_LIST, OPEN_OBJECT, QUOTE } from './cursor.js'
import { readNumber } from './fields.js'
import { Keys } from './keys.js'
import type { MaskColumns } from './mask-columns.js'
import type { ScannedMasks } from './scanner.js'

/** The reference's fixed-point vertices are 32-bit integers in fifths of a pixel. */
const MAX_COORDINATE = 1e8
/** Larger runs do not fit the reference's compressed string. */
const MAX_COUNT = 2 ** 29

type Found = 'none' | 'string' | 'bytes' | 'polygons'

/**
 * Reads a `segmentation` value: polygons, compressed RLE, or RLE as a list of counts (kept compressed).
 * A record may be read twice when its bytes arrive in pieces; nothing is kept before `commit`.
 */
export class SegmentationReader {
  degenerateParts = 0
  oddParts = 0
  #found: Found = 'none'
  #height = 0
  #width = 0
  #start = 0
  #end = 0
  #escaped = false
  #bytes: Uint8Array = new Uint8Array(0)
  #committedParts = 0
  #degenerate = 0
  #odd = 0
  readonly #counts = float64Column()
  readonly #keys = new Keys(['size', 'counts'])
  readonly #masks: MaskColumns

  constructor(masks: MaskColumns) {
    this.#masks = masks
  }

  get found(): boolean {
    return this.#found !== 'none'
  }

  /** Before each record. */
  reset(): void {
    this.#found = 'none'
    this.#masks.dropParts(this.#committedParts)
    this.#degenerate = 0
    this.#odd = 0
  }

  read(cursor: Cursor): void {
    this.reset()
    const c = cursor.peek()
    if (c === OPEN_LIST) this.#polygons(cursor)
    else if (c === OPEN_OBJECT) this.#rle(cursor)
    else if (!cursor.takeNull()) cursor.fail('"segmentation" as polygons or RLE {size, counts}')
  }

  /** Keeps the masks of the first `count` rows of a scan. */
  scanned(rows: ScannedMasks, count: number): void {
    this.reset()
    this.#masks.scanned(rows, count)
    this.#committedParts = this.#masks.parts
  }

  #polygons(cursor: Cursor): void {
    cursor.expect(OPEN_LIST)
    if (cursor.take(CLOSE_LIST)) return
    do {
      if (cursor.peek() !== OPEN_LIST) {
        cursor.fail('"segmentation" as a list of polygons, each a list [x0, y0, x1, y1, ...] of its own')
      }
      this.#part(cursor)
    } while (cursor.more(CLOSE_LIST))
    this.#found = 'polygons'
  }

  #part(cursor: Cursor): void {
    const masks = this.#masks
    cursor.expect(OPEN_LIST)
    let n = 0
    if (!cursor.take(CLOSE_LIST)) {
      do {
        cursor.peek()
        const at = cursor.at
        const value = readNumber(cursor, 'every coordinate of a polygon [x0, y0, x1, y1, ...]')
        if (value > MAX_COORDINATE || value < -MAX_COORDINATE) {
          cursor.at = at
          cursor.fail(`polygon coordinates within ${MAX_COORDINATE} px`)
        }
        masks.pushCoordinate(value)
        n++
      } while (cursor.more(CLOSE_LIST))
    }
    if (n & 1) {
      masks.dropCoordinate()
      this.#odd++
    }
    if (n < 6) this.#degenerate++
    masks.endPart()
  }

  #rle(cursor: Cursor): void {
    const start = cursor.at
    let sized = false
    let counted: Found = 'none'
    const keys = this.#keys
    let more = keys.open(cursor)
    while (more) {
      const key = keys.take(cursor)
      if (key === 0) {
        this.#size(cursor)
        sized = true
      } else if (key === 1) counted = this.#readCounts(cursor)
      else cursor.skip()
      more = keys.more(cursor)
    }
    this.#found = counted
    if (sized && counted !== 'none') return
    cursor.at = start
    cursor.fail('"segmentation" as RLE with both "size" [height, width] and "counts"')
  }

  #size(cursor: Cursor): void {
    cursor.peek()
    const start = cursor.at
    cursor.expect(OPEN_LIST)
    this.#height = sideLength(cursor)
    if (cursor.more(CLOSE_LIST)) {
      this.#width = sideLength(cursor)
      if (!cursor.more(CLOSE_LIST)) return
    }
    cursor.at = start
    cursor.fail('"size" as [height, width]')
  }

  #readCounts(cursor: Cursor): Found {
    const c = cursor.peek()
    if (c === QUOTE) {
      cursor.string()
      this.#start = cursor.stringStart
      this.#end = cursor.stringEnd
      this.#escaped = cursor.stringEscaped
      return 'string'
    }
    if (c !== OPEN_LIST) cursor.fail('"counts" as a string or a list of run lengths')
    this.#counts.length = 0
    cursor.expect(OPEN_LIST)
    if (!cursor.take(CLOSE_LIST)) {
      do {
        cursor.peek()
        const at = cursor.at
        const count = readNumber(cursor, 'every run length in "counts"')
        if (!Number.isInteger(count) || count < 0 || count >= MAX_COUNT) {
          cursor.at = at
          cursor.fail('run lengths in "counts" as whole numbers from 0')
        }
        this.#counts.push(count)
      } while (cursor.more(CLOSE_LIST))
    }
    this.#bytes = encodeCounts(this.#counts.view())
    return 'bytes'
  }

  /** Keeps the mask of the record just read as the next row; its bytes must still stand in the cursor. */
  commit(cursor: Cursor): void {
    const masks = this.#masks
    this.degenerateParts += this.#degenerate
    this.oddParts += this.#odd
    if (this.#found === 'none') masks.none()
    else if (this.#found === 'polygons') masks.polygons(this.#committedParts)
    else if (this.#found === 'bytes') masks.rle(this.#bytes, 0, this.#bytes.length, this.#height, this.#width)
    else masks.rle(cursor.bytes, this.#start, this.#end, this.#height, this.#width, this.#escaped)
    this.#committedParts = masks.parts
  }
}

function sideLength(cursor: Cursor): number {
  cursor.peek()
  const at = cursor.at
  const value = readNumber(cursor, 'height and width in "size"')
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value
  cursor.at = at
  return cursor.fail('height and width in "size" as whole numbers of px')
}
