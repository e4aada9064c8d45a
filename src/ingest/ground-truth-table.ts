import { appendBoxes, float64Column, uint8Column } from './columns.js'
import { MaskColumns, type PlainMasks } from './mask-columns.js'
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

  /** Annotations. */
  get count(): number {
    return this.annotations.ids.length
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

  /** Adds the records of another part of the file behind those here. */
  append(more: PlainGroundTruth): void {
    const { annotations } = this
    if (annotations.ids.length === 0) this.firstHasMask = more.firstHasMask
    this.imageIds.append(more.imageIds)
    this.heights.append(more.heights)
    this.widths.append(more.widths)
    for (const name of more.fileNames) this.fileNames.push(name)
    this.categoryIds.append(more.categoryIds)
    for (const name of more.categoryNames) this.categoryNames.push(name)
    annotations.ids.append(more.annotations.ids)
    annotations.imageIds.append(more.annotations.imageIds)
    annotations.categoryIds.append(more.annotations.categoryIds)
    annotations.areas.append(more.annotations.areas)
    annotations.crowds.append(more.annotations.crowds)
    annotations.ignores.append(more.annotations.ignores)
    appendBoxes(annotations.boxes, more.annotations.boxes, more.annotations.hasBox)
    annotations.hasBox.append(more.annotations.hasBox)
    this.masks.append(more.masks)
    this.segmentation.degenerateParts += more.degenerateParts
    this.segmentation.oddParts += more.oddParts
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
