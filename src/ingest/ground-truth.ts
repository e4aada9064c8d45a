import type { ByteRanges, ByteSource } from '../data/source.js'
import { InputError } from '../errors.js'
import { BulkRecords, type BulkWish } from './bulk-records.js'
import { appendBoxes } from './columns.js'
import { type Cursor, decoder, QUOTE } from './cursor.js'
import { type MaskWish, masksWanted, missing } from './detections.js'
import type { BulkReader, DocumentHandlers, RecordHandler } from './document.js'
import { EXPECTED_GROUND_TRUTH } from './expected.js'
import { readBox, readId, readNumber } from './fields.js'
import { GroundTruthTable, type PlainGroundTruth } from './ground-truth-table.js'
import type { TablePart } from './joined-parts.js'
import { Keys } from './keys.js'
import { type FilePart, heldBy, type ReadHooks, readDocument, readPart, WINDOW_BYTES } from './records.js'
import { FIELDS, Scanner } from './scanner.js'

const ANNOTATION_NAMES = [
  'id',
  'image_id',
  'category_id',
  'area',
  'iscrowd',
  'ignore',
  'bbox',
  'segmentation',
]
const REQUIRED = ['id', 'image_id', 'category_id']
/** What the kernel reads, besides masks. */
const WANTED =
  FIELDS.id |
  FIELDS.image_id |
  FIELDS.category_id |
  FIELDS.area |
  FIELDS.iscrowd |
  FIELDS.ignore |
  FIELDS.bbox
const MAX_SIDE = 2 ** 31

/** A string, or '' with any other value passed over. */
function optionalText(cursor: Cursor): string {
  if (cursor.peek() === QUOTE) return cursor.stringValue()
  cursor.skip()
  return ''
}

/** A height or width; 0 for null. */
function readSide(cursor: Cursor, field: string): number {
  if (cursor.takeNull()) return 0
  const at = cursor.at
  const value = readNumber(cursor, field)
  if (Number.isInteger(value) && value >= 0 && value < MAX_SIDE) return value || 0 // never -0
  cursor.at = at
  return cursor.fail(`${field} as a whole number of px`)
}

/** Reads images, one by one or in bulk. */
class ImageReader {
  readonly #table: GroundTruthTable
  readonly #keys = new Keys(['id', 'height', 'width', 'file_name'])

  constructor(table: GroundTruthTable) {
    this.#table = table
  }

  read(cursor: Cursor): void {
    const table = this.#table
    const keys = this.#keys
    let id = Number.NaN
    let height = 0
    let width = 0
    let fileName = ''
    let more = keys.open(cursor)
    while (more) {
      const key = keys.take(cursor)
      if (key === 0) id = readId(cursor, '"id"')
      else if (key === 1) height = readSide(cursor, '"height"')
      else if (key === 2) width = readSide(cursor, '"width"')
      else if (key === 3) fileName = optionalText(cursor)
      else cursor.skip()
      more = keys.more(cursor)
    }
    if (Number.isNaN(id)) throw missing(cursor, ['id'], 0)
    table.imageIds.push(id)
    table.heights.push(height)
    table.widths.push(width)
    table.fileNames.push(fileName)
  }

  /** Reads on in bulk where the platform can. */
  bulk(scanner: Scanner | null): BulkReader | null {
    if (scanner === null) return null
    const table = this.#table
    const wish: BulkWish = {
      expect: () => {},
      wanted: () => FIELDS.id | FIELDS.height | FIELDS.width | FIELDS.file_name,
      required: FIELDS.id,
      append: ({ ids, masks: { sizes, text, lengths, textBytes } }, count) => {
        table.imageIds.append(ids.subarray(0, count))
        for (let row = 0; row < count; row++) {
          table.heights.push(sizes[2 * row])
          table.widths.push(sizes[2 * row + 1])
        }
        appendTexts(table.fileNames, text.subarray(0, textBytes()), lengths.subarray(0, count))
      },
    }
    return new BulkRecords(scanner, wish, null)
  }
}

/** Appends texts that stand one after another in `bytes`, so many bytes each. */
function appendTexts(texts: string[], bytes: Uint8Array, lengths: Uint32Array): void {
  const all = decoder.decode(bytes)
  // Where each byte is a character, all are decoded at once.
  const textOf =
    all.length === bytes.length
      ? (from: number, to: number) => all.slice(from, to)
      : (from: number, to: number) => decoder.decode(bytes.subarray(from, to))
  let from = 0
  for (const length of lengths) {
    texts.push(textOf(from, from + length))
    from += length
  }
}

function categoryReader(table: GroundTruthTable): (cursor: Cursor) => void {
  const keys = new Keys(['id', 'name'])
  return cursor => {
    let id = Number.NaN
    let name = ''
    let more = keys.open(cursor)
    while (more) {
      const key = keys.take(cursor)
      if (key === 0) id = readId(cursor, '"id"')
      else if (key === 1) name = optionalText(cursor)
      else cursor.skip()
      more = keys.more(cursor)
    }
    if (Number.isNaN(id)) throw missing(cursor, ['id'], 0)
    table.categoryIds.push(id)
    table.categoryNames.push(name)
  }
}

/** Reads annotations, one by one or in bulk. */
class AnnotationReader {
  readonly #table: GroundTruthTable
  readonly #masks: MaskWish
  /** Switched off where the first record shows that masks are not needed. */
  #wantMasks: boolean
  readonly #isLater: boolean
  readonly #box = new Float64Array(4)
  readonly #keys = new Keys(ANNOTATION_NAMES)

  /** `isLater`: annotations stand before those of this reader. */
  constructor(table: GroundTruthTable, masks: MaskWish, isLater = false) {
    this.#isLater = isLater
    this.#table = table
    this.#masks = masks
    this.#wantMasks = masks !== 'none'
  }

  read(cursor: Cursor, index: number): void {
    const { annotations, segmentation } = this.#table
    const box = this.#box
    const keys = this.#keys
    let [id, imageId, categoryId, area] = [0, 0, 0, Number.NaN]
    let [crowd, ignore, seen] = [0, 0, 0]
    let hasBox = false
    segmentation.reset()
    let more = keys.open(cursor)
    while (more) {
      const key = keys.take(cursor)
      if (key === 0) id = readId(cursor, '"id"')
      else if (key === 1) imageId = readId(cursor, '"image_id"')
      else if (key === 2) categoryId = readId(cursor, '"category_id"')
      else if (key === 3) area = cursor.takeNull() ? Number.NaN : readNumber(cursor, '"area"')
      else if (key === 4) crowd = cursor.flag('"iscrowd"')
      else if (key === 5) ignore = cursor.flag('"ignore"')
      else if (key === 6) hasBox = readBox(cursor, box)
      else if (key === 7 && this.#wantMasks) segmentation.read(cursor)
      else cursor.skip()
      if (key >= 0 && key < 3) seen |= 1 << key
      more = keys.more(cursor)
    }
    if (seen !== 7) throw missing(cursor, REQUIRED, seen)
    if (index === 0) this.#first(hasBox)
    if (this.#isLater && !this.#wantMasks) segmentation.reset()
    if (!hasBox) box.fill(0)
    annotations.ids.push(id)
    annotations.imageIds.push(imageId)
    annotations.categoryIds.push(categoryId)
    annotations.areas.push(area)
    annotations.crowds.push(crowd)
    annotations.ignores.push(ignore && !crowd ? 1 : 0)
    annotations.boxes.append(box)
    annotations.hasBox.push(hasBox ? 1 : 0)
    segmentation.commit(cursor)
  }

  #first(hasBox: boolean): void {
    const { found } = this.#table.segmentation
    this.#table.firstHasMask = found
    this.#wantMasks = masksWanted(this.#masks, found, hasBox)
  }

  /** Reads on in bulk where the platform can. */
  bulk(endByte: number | null, scanner: Scanner | null): BulkReader | null {
    if (scanner === null) return null
    const { annotations, segmentation, masks } = this.#table
    const wish: BulkWish = {
      expect: rows => this.#table.expect(rows, this.#wantMasks),
      wanted: () => (this.#wantMasks ? WANTED | FIELDS.segmentation : WANTED),
      required: FIELDS.id | FIELDS.image_id | FIELDS.category_id,
      append: (rows, count) => {
        annotations.ids.append(rows.ids.subarray(0, count))
        annotations.imageIds.append(rows.imageIds.subarray(0, count))
        annotations.categoryIds.append(rows.categoryIds.subarray(0, count))
        annotations.areas.append(rows.areas.subarray(0, count))
        annotations.crowds.append(rows.crowds.subarray(0, count))
        annotations.ignores.append(rows.ignores.subarray(0, count))
        appendBoxes(annotations.boxes, rows.boxes.subarray(0, 4 * count), rows.hasBox.subarray(0, count))
        annotations.hasBox.append(rows.hasBox.subarray(0, count))
        if (this.#wantMasks) segmentation.scanned(rows.masks, count)
        else masks.noneFor(count)
      },
    }
    return new BulkRecords(scanner, wish, endByte)
  }

  /** Whether masks are read; null before the first record. */
  get withMasks(): boolean | null {
    return this.#table.annotations.ids.length === 0 ? null : this.#wantMasks
  }
}

/** What reads the lists of a ground-truth file into `table`; `endByte` where reading ends, null where that is not known. */
function handlersFor(
  table: GroundTruthTable,
  annotations: AnnotationReader,
  endByte: number | null,
  scanner: Scanner | null,
): DocumentHandlers & { sections: Record<string, RecordHandler> } {
  const images = new ImageReader(table)
  return {
    sections: {
      images: cursor => images.read(cursor),
      categories: categoryReader(table),
      annotations: (cursor, index) => annotations.read(cursor, index),
    },
    bulk: { images: images.bulk(scanner), annotations: annotations.bulk(endByte, scanner) },
    cut: 'annotations',
    expected: EXPECTED_GROUND_TRUTH,
  }
}

/** Reads a COCO ground-truth file: {images, categories, annotations}, in any order; anything else is passed over. */
export async function readGroundTruth(
  source: ByteSource,
  masks: MaskWish,
  hooks: ReadHooks = {},
): Promise<GroundTruthTable> {
  const table = new GroundTruthTable(source.name, hooks.shared)
  const annotations = new AnnotationReader(table, masks)
  const scanner = Scanner.create(hooks.windowBytes ?? WINDOW_BYTES)
  const handlers = handlersFor(table, annotations, source.byteLength, scanner)
  const shape = await readDocument(source, handlers, heldBy(table, hooks))
  if (shape.top === 'list') {
    throw new InputError(
      `${source.name}: expected ${EXPECTED_GROUND_TRUTH}; this is a list, as results are (are the two files swapped?)`,
    )
  }
  const missingList = GROUND_TRUTH_LISTS.find(list => !shape.sections.has(list))
  if (missingList !== undefined) {
    throw new InputError(
      `${source.name}: expected ${EXPECTED_GROUND_TRUTH}; there is no "${missingList}" list`,
    )
  }
  return table
}

/** Lists that a ground-truth file must have. */
export const GROUND_TRUTH_LISTS = ['images', 'categories', 'annotations']

/** Reads the annotations that start in a part of a ground-truth file, and what else is met on the way. */
export async function readGroundTruthPart(
  name: string,
  ranges: ByteRanges,
  part: FilePart,
  masks: MaskWish,
  scanner: Scanner | null,
): Promise<TablePart<PlainGroundTruth>> {
  const table = new GroundTruthTable(name)
  const annotations = new AnnotationReader(table, masks, part.isLater)
  const handlers = handlersFor(table, annotations, part.to, scanner)
  const { shape, ...ends } = await readPart(name, ranges, part, handlers)
  // The list in which a part begins is that of the part before.
  const lists = [...shape.sections].filter(list => part.from === 0 || list !== handlers.cut)
  return { ...ends, lists, withMasks: annotations.withMasks, table: table.plain() }
}
