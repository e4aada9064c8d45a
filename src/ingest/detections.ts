import type { ByteRanges, ByteSource } from '../data/source.js'
import { InputError } from '../errors.js'
import { BulkRecords, type BulkWish } from './bulk-records.js'
import { appendBoxes, type Column, float64Column, uint8Column } from './columns.js'
import type { Cursor } from './cursor.js'
import type { BulkReader } from './document.js'
import { EXPECTED_DETECTIONS } from './expected.js'
import { readBox, readId, readNumber } from './fields.js'
import type { TablePart } from './joined-parts.js'
import { Keys } from './keys.js'
import { firstHasMask, MaskColumns, type PlainMasks } from './mask-columns.js'
import { type FilePart, heldBy, type ReadHooks, readDocument, readPart, WINDOW_BYTES } from './records.js'
import { FIELDS, Scanner } from './scanner.js'
import { SegmentationReader } from './segmentation.js'

/** A results file as it stands: ids are the file's, rows are its records. */
export class DetectionTable {
  readonly name: string
  readonly imageIds = float64Column()
  readonly categoryIds = float64Column()
  readonly scores: Column<Float64Array>
  /** [record, 4]; 0 0 0 0 where there is none. */
  readonly boxes: Column<Float64Array>
  readonly hasBox = uint8Column()
  readonly masks: MaskColumns
  readonly segmentation: SegmentationReader
  /** Whether the first record has a mask. */
  firstHasMask = false

  /** `shared`: scores, boxes and masks are for threads, which see them without a copy. */
  constructor(name: string, shared = false) {
    this.name = name
    this.scores = float64Column(shared)
    this.boxes = float64Column(shared)
    this.masks = new MaskColumns(shared)
    this.segmentation = new SegmentationReader(this.masks)
  }

  get count(): number {
    return this.scores.length
  }

  /** Makes room for `rows` that are likely to come. */
  expect(rows: number, withMasks: boolean): void {
    for (const column of [this.imageIds, this.categoryIds, this.scores, this.hasBox]) column.expect(rows)
    this.boxes.expect(4 * rows)
    if (withMasks) this.masks.expect(rows)
  }

  get heldBytes(): number {
    const columns = [this.imageIds, this.categoryIds, this.scores, this.boxes, this.hasBox]
    return columns.reduce((sum, column) => sum + column.heldBytes, this.masks.heldBytes)
  }

  /** Everything read so far, as plain columns that can be sent to another thread. */
  plain(): PlainDetections {
    return {
      imageIds: this.imageIds.view(),
      categoryIds: this.categoryIds.view(),
      scores: this.scores.view(),
      boxes: this.boxes.view(),
      hasBox: this.hasBox.view(),
      masks: this.masks.plain(),
      degenerateParts: this.segmentation.degenerateParts,
      oddParts: this.segmentation.oddParts,
    }
  }

  /** Adds the records of another part of the file behind those here. */
  append(more: PlainDetections): void {
    if (this.count === 0) this.firstHasMask = firstHasMask(more.masks)
    this.imageIds.append(more.imageIds)
    this.categoryIds.append(more.categoryIds)
    this.scores.append(more.scores)
    appendBoxes(this.boxes, more.boxes, more.hasBox)
    this.hasBox.append(more.hasBox)
    this.masks.append(more.masks)
    this.segmentation.degenerateParts += more.degenerateParts
    this.segmentation.oddParts += more.oddParts
  }
}

/** The columns of `DetectionTable`. */
export interface PlainDetections {
  imageIds: Float64Array
  categoryIds: Float64Array
  scores: Float64Array
  boxes: Float64Array
  hasBox: Uint8Array
  masks: PlainMasks
  degenerateParts: number
  oddParts: number
}

const NAMES = ['image_id', 'category_id', 'score', 'bbox', 'segmentation']
const REQUIRED = ['image_id', 'category_id', 'score']
/** What the kernel reads, besides masks. */
const WANTED = FIELDS.image_id | FIELDS.category_id | FIELDS.score | FIELDS.bbox

/**
 * Which masks to read: all; none; all if the first record has one; or, for box runs, all unless the first record has a
 * box. The rest is passed over unread.
 */
export type MaskWish = 'all' | 'none' | 'if-first-has-one' | 'unless-first-has-box'

/** The wish, once the first record is known. */
export function masksWanted(wish: MaskWish, hasMask: boolean, hasBox: boolean): boolean {
  if (wish === 'if-first-has-one') return hasMask
  return wish === 'all' || (wish === 'unless-first-has-box' && !hasBox)
}

class DetectionReader {
  readonly table: DetectionTable
  /** Switched off where the first record shows that masks are not needed. */
  #wantMasks: boolean
  readonly #isLater: boolean
  readonly #masks: MaskWish
  readonly #box = new Float64Array(4)
  readonly #keys = new Keys(NAMES)

  /** `isLater`: records stand before those of this reader. */
  constructor(name: string, masks: MaskWish, { shared = false, isLater = false } = {}) {
    this.table = new DetectionTable(name, shared)
    this.#isLater = isLater
    this.#masks = masks
    this.#wantMasks = masks !== 'none'
  }

  read(cursor: Cursor, index: number): void {
    const { table } = this
    const { segmentation } = table
    const box = this.#box
    const keys = this.#keys
    let imageId = 0
    let categoryId = 0
    let score = 0
    let seen = 0
    let hasBox = false
    segmentation.reset()
    let more = keys.open(cursor)
    while (more) {
      const key = keys.take(cursor)
      if (key === 0) imageId = readId(cursor, '"image_id"')
      else if (key === 1) categoryId = readId(cursor, '"category_id"')
      else if (key === 2) score = readNumber(cursor, '"score"')
      else if (key === 3) hasBox = readBox(cursor, box)
      else if (key === 4 && this.#wantMasks) segmentation.read(cursor)
      else cursor.skip()
      if (key >= 0 && key < 3) seen |= 1 << key
      more = keys.more(cursor)
    }
    if (seen !== 7) throw missing(cursor, REQUIRED, seen)
    if (index === 0) table.firstHasMask = segmentation.found
    if (index === 0) this.#wantMasks = masksWanted(this.#masks, segmentation.found, hasBox)
    if (this.#isLater && !this.#wantMasks) segmentation.reset()
    if (!hasBox) box.fill(0)
    table.imageIds.push(imageId)
    table.categoryIds.push(categoryId)
    table.scores.push(score)
    table.boxes.append(box)
    table.hasBox.push(hasBox ? 1 : 0)
    segmentation.commit(cursor)
  }

  /** Reads on in bulk where the platform can. */
  bulk(endByte: number | null, scanner: Scanner | null): BulkReader | null {
    if (scanner === null) return null
    const { table } = this
    const wish: BulkWish = {
      expect: rows => table.expect(rows, this.#wantMasks),
      wanted: () => (this.#wantMasks ? WANTED | FIELDS.segmentation : WANTED),
      required: FIELDS.image_id | FIELDS.category_id | FIELDS.score,
      append: (rows, count) => {
        table.imageIds.append(rows.imageIds.subarray(0, count))
        table.categoryIds.append(rows.categoryIds.subarray(0, count))
        table.scores.append(rows.scores.subarray(0, count))
        appendBoxes(table.boxes, rows.boxes.subarray(0, 4 * count), rows.hasBox.subarray(0, count))
        table.hasBox.append(rows.hasBox.subarray(0, count))
        if (this.#wantMasks) table.segmentation.scanned(rows.masks, count)
        else table.masks.noneFor(count)
      },
    }
    return new BulkRecords(scanner, wish, endByte)
  }

  /** Whether masks are read; null before the first record. */
  get withMasks(): boolean | null {
    return this.table.count === 0 ? null : this.#wantMasks
  }
}

/** The error for the first field whose bit is not set in `seen`. */
export function missing(cursor: Cursor, fields: string[], seen: number): InputError {
  const field = fields.find((_, i) => !(seen & (1 << i)))
  return new InputError(`${cursor.place()}: "${field}" is missing`)
}

/**
 * Reads a results file: a list of {image_id, category_id, score, bbox and/or segmentation}.
 */
export async function readDetections(
  source: ByteSource,
  masks: MaskWish,
  hooks: ReadHooks = {},
): Promise<DetectionTable> {
  const reader = new DetectionReader(source.name, masks, { shared: hooks.shared })
  const bulk = reader.bulk(source.byteLength, Scanner.create(hooks.windowBytes ?? WINDOW_BYTES))
  const expected = EXPECTED_DETECTIONS
  const list = (cursor: Cursor, index: number): void => reader.read(cursor, index)
  const { table } = reader
  const shape = await readDocument(source, { list, bulk: { '': bulk }, expected }, heldBy(table, hooks))
  if (shape.top === 'object') {
    const whole = shape.sections.has('annotations')
      ? 'this looks like a whole COCO data set: give its "annotations" list alone, with scores (or are the two files swapped?)'
      : 'an object stands here'
    throw new InputError(`${source.name}: expected ${expected}; ${whole}`)
  }
  return reader.table
}

/** Reads the detections that start in a part of a results file. */
export async function readDetectionPart(
  name: string,
  ranges: ByteRanges,
  part: FilePart,
  masks: MaskWish,
  scanner: Scanner | null,
): Promise<TablePart<PlainDetections>> {
  const reader = new DetectionReader(name, masks, { isLater: part.isLater })
  const list = (cursor: Cursor, index: number): void => reader.read(cursor, index)
  const bulk = { '': reader.bulk(part.to, scanner) }
  const { shape, ...ends } = await readPart(name, ranges, part, { list, bulk, expected: 'a list' })
  if (shape.top !== 'list') throw new InputError(`${name}: expected ${EXPECTED_DETECTIONS}`)
  return { ...ends, lists: [], withMasks: reader.withMasks, table: reader.table.plain() }
}
