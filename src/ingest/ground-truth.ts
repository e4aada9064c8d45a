import type { ByteSource } from '../data/source.js'
import { InputError } from '../errors.js'
import { BulkRecords, type BulkWish } from './bulk-records.js'
import { float64Column, uint8Column } from './columns.js'
import { type Cursor, QUOTE } from './cursor.js'
import { type MaskWish, masksWanted, missing } from './detections.js'
import type { BulkReader } from './document.js'
import { EXPECTED_GROUND_TRUTH } from './expected.js'
import { readBox, readId, readNumber } from './fields.js'
import { Keys } from './keys.js'
import { MaskColumns, type PlainMasks } from './mask-columns.js'
import { heldBy, type ReadHooks, readDocument } from './records.js'
import { FIELDS } from './scanner.js'
import { SegmentationReader } from './segmentation.js'

/** A ground-truth file as it stands: rows are its records, in its order. */
export class GroundTruthTable {
  readonly name: string
  readonly imageIds = float64Column()
  readonly heights = float64Column()
  readonly widths = float64Column()
  readonly fileNames: string[] = []
  readonly categoryIds = float64Column()
  readonly categoryNames: string[] = []
  readonly annotations = {
    ids: float64Column(),
    imageIds: float64Column(),
    categoryIds: float64Column(),
    /** NaN where the file does not say. */
    areas: float64Column(),
    crowds: uint8Column(),
    /** "ignore" set without "iscrowd". */
    ignores: uint8Column(),
    /** [record, 4]; 0 0 0 0 where there is none. */
    boxes: float64Column(),
    hasBox: uint8Column(),
  }
  readonly masks: MaskColumns
  readonly segmentation: SegmentationReader
  /** Whether the first annotation has a mask. */
  firstHasMask = false

  /** `shared`: masks are for threads, which see them without a copy. */
  constructor(name: string, shared = false) {
    this.name = name
    this.masks = new MaskColumns(shared)
    this.segmentation = new SegmentationReader(this.masks)
  }

  /** Makes room for annotations that are likely to come. */
  expect(rows: number, withMasks: boolean): void {
    const { boxes, ...columns } = this.annotations
    for (const column of Object.values(columns)) column.expect(rows)
    boxes.expect(4 * rows)
    if (withMasks) this.masks.expect(rows)
  }

  /** Without the images, of which there are few. */
  get heldBytes(): number {
    const columns = Object.values(this.annotations)
    return columns.reduce((sum, column) => sum + column.heldBytes, this.masks.heldBytes)
  }

  /** Everything read, as plain columns that can be sent to another thread. */
  plain(): PlainGroundTruth {
    const { annotations } = this
    const views = Object.entries(annotations).map(([key, column]) => [key, column.view()])
    return {
      name: this.name,
      imageIds: this.imageIds.view(),
      heights: this.heights.view(),
      widths: this.widths.view(),
      fileNames: this.fileNames,
      categoryIds: this.categoryIds.view(),
      categoryNames: this.categoryNames,
      annotations: Object.fromEntries(views) as PlainGroundTruth['annotations'],
      masks: this.masks.plain(),
      degenerateParts: this.segmentation.degenerateParts,
      oddParts: this.segmentation.oddParts,
      firstHasMask: this.firstHasMask,
    }
  }

  /** For threads. */
  static of(plain: PlainGroundTruth): GroundTruthTable {
    const table = new GroundTruthTable(plain.name, true)
    const { annotations } = table
    table.imageIds.append(plain.imageIds)
    table.heights.append(plain.heights)
    table.widths.append(plain.widths)
    for (const name of plain.fileNames) table.fileNames.push(name)
    table.categoryIds.append(plain.categoryIds)
    for (const name of plain.categoryNames) table.categoryNames.push(name)
    annotations.ids.append(plain.annotations.ids)
    annotations.imageIds.append(plain.annotations.imageIds)
    annotations.categoryIds.append(plain.annotations.categoryIds)
    annotations.areas.append(plain.annotations.areas)
    annotations.crowds.append(plain.annotations.crowds)
    annotations.ignores.append(plain.annotations.ignores)
    annotations.boxes.append(plain.annotations.boxes)
    annotations.hasBox.append(plain.annotations.hasBox)
    table.masks.append(plain.masks)
    table.segmentation.degenerateParts = plain.degenerateParts
    table.segmentation.oddParts = plain.oddParts
    table.firstHasMask = plain.firstHasMask
    return table
  }
}

/** The columns of `GroundTruthTable`. */
export interface PlainGroundTruth {
  name: string
  imageIds: Float64Array
  heights: Float64Array
  widths: Float64Array
  fileNames: string[]
  categoryIds: Float64Array
  categoryNames: string[]
  annotations: {
    ids: Float64Array
    imageIds: Float64Array
    categoryIds: Float64Array
    areas: Float64Array
    crowds: Uint8Array
    ignores: Uint8Array
    boxes: Float64Array
    hasBox: Uint8Array
  }
  masks: PlainMasks
  degenerateParts: number
  oddParts: number
  firstHasMask: boolean
}

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
  if (Number.isInteger(value) && value >= 0 && value < MAX_SIDE) return value
  cursor.at = at
  return cursor.fail(`${field} as a whole number of px`)
}

function imageReader(table: GroundTruthTable): (cursor: Cursor) => void {
  const keys = new Keys(['id', 'height', 'width', 'file_name'])
  return cursor => {
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
  readonly #box = new Float64Array(4)
  readonly #keys = new Keys(ANNOTATION_NAMES)

  constructor(table: GroundTruthTable, masks: MaskWish) {
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
  bulk(endByte: number | null, windowBytes?: number): BulkReader | null {
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
        annotations.boxes.append(rows.boxes.subarray(0, 4 * count))
        annotations.hasBox.append(rows.hasBox.subarray(0, count))
        if (this.#wantMasks) segmentation.scanned(rows.masks, count)
        else masks.noneFor(count)
      },
    }
    return BulkRecords.create(wish, endByte, windowBytes)
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
  const expected = EXPECTED_GROUND_TRUTH
  const sections = {
    images: imageReader(table),
    categories: categoryReader(table),
    annotations: (cursor: Cursor, index: number): void => annotations.read(cursor, index),
  }
  const bulk = { annotations: annotations.bulk(source.byteLength, hooks.windowBytes) }
  const shape = await readDocument(source, { sections, bulk, expected }, heldBy(table, hooks))
  if (shape.top === 'list') {
    throw new InputError(
      `${source.name}: expected ${expected}; this is a list, as results are (are the two files swapped?)`,
    )
  }
  for (const section of Object.keys(sections)) {
    if (!shape.sections.has(section)) {
      throw new InputError(`${source.name}: expected ${expected}; there is no "${section}" list`)
    }
  }
  return table
}
