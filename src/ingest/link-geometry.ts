import type { Images } from '../data/columns.js'
import type { IouType } from '../data/config.js'
import { type EncodedMasks, MASK_POLYGONS } from '../data/masks.js'
import type { WarningList } from '../data/warnings.js'
import { InputError, MaskError } from '../errors.js'
import { measureMask } from '../geometry/encoded.js'
import { checkBoxConvention } from './box-convention.js'
import type { DetectionTable } from './detections.js'
import type { GroundTruthTable } from './ground-truth.js'
import type { Labels, Rows } from './link.js'
import { type MaskColumns, NONE } from './mask-columns.js'

interface Geometry {
  boxes: Float64Array | null
  masks: EncodedMasks | null
  areas: Float64Array
}

/** Boxes of the kept records, [row, 4]. */
function pickBoxes(boxes: Float64Array, records: Uint32Array): Float64Array {
  const out = new Float64Array(4 * records.length)
  for (let row = 0; row < records.length; row++) {
    const from = 4 * records[row]
    for (let i = 0; i < 4; i++) out[4 * row + i] = boxes[from + i]
  }
  return out
}

/** The bounds of mask `row` as a box, and its area; the error names the record. */
function boxOfMask(
  masks: EncodedMasks,
  row: number,
  boxes: Float64Array,
  label: (row: number) => string,
): number {
  const bounds = new Uint32Array(4)
  try {
    const area = measureMask(masks, row, bounds)
    boxes.set([bounds[0], bounds[1], bounds[2] - bounds[0], bounds[3] - bounds[1]], 4 * row)
    return area
  } catch (error) {
    if (error instanceof MaskError) throw new InputError(`${label(row)}.segmentation: ${error.reason}`)
    throw error
  }
}

/** Gives polygons the size of their image and checks that RLE has it. */
function frameMasks(masks: MaskColumns, rows: Rows, images: Images, label: (row: number) => string): void {
  const sizes = masks.sizes.values
  for (let row = 0; row < rows.records.length; row++) {
    const record = rows.records[row]
    const image = rows.images[row]
    const kind = masks.kinds.values[record]
    const [height, width] = [images.heights[image], images.widths[image]]
    const known = height > 0 && width > 0
    if (kind === MASK_POLYGONS) {
      if (!known) {
        throw new InputError(
          `${label(row)}: image ${images.ids[image]} has no "height" and "width", which polygons and boxes need to become masks`,
        )
      }
      sizes[2 * record] = height
      sizes[2 * record + 1] = width
    } else if (kind !== NONE) {
      const [h, w] = [sizes[2 * record], sizes[2 * record + 1]]
      if (h * w >= 2 ** 32)
        throw new InputError(`${label(row)}.segmentation.size: [${h}, ${w}] is 2^32 px or more`)
      if (known && (h !== height || w !== width)) throw sizeMismatch(label(row), h, w, images, image)
      if (!known) {
        images.heights[image] = h
        images.widths[image] = w
      }
    }
  }
}

function sizeMismatch(label: string, h: number, w: number, images: Images, image: number): InputError {
  const [height, width] = [images.heights[image], images.widths[image]]
  const cause =
    h === width && w === height
      ? 'the two are swapped: "size" is [height, width]'
      : 'a mask must have the size of its image; was it made at the size of the network input?'
  return new InputError(
    `${label}.segmentation.size: [${h}, ${w}], but image ${images.ids[image]} has [height, width] = [${height}, ${width}]; ${cause}`,
  )
}

const LARGEST = 2 ** 32

function checkFrames(images: Images, rows: Rows): void {
  for (const image of rows.images) {
    if (images.heights[image] * images.widths[image] >= LARGEST) {
      throw new InputError(`image ${images.ids[image]} has 2^32 px or more, which masks cannot be counted in`)
    }
  }
}

/** Geometry and areas of the ground truths, as protocol coco takes them: the area is the file's. */
export function linkGroundTruthGeometry(
  gt: GroundTruthTable,
  rows: Rows,
  images: Images,
  iouType: IouType,
  labels: Labels,
  warnings: WarningList,
): Geometry {
  const { annotations, segmentation } = gt
  const areas = new Float64Array(rows.records.length)
  const label = labels.groundTruth
  for (let row = 0; row < areas.length; row++) {
    const record = rows.records[row]
    areas[row] = annotations.areas.values[record]
    if (Number.isNaN(areas[row])) warnings.add('area-missing', () => label(row))
    if (annotations.ids.values[record] === 0) warnings.add('annotation-id-zero', () => label(row))
    if (annotations.ignores.values[record]) warnings.add('ignore-overwritten', () => label(row))
  }
  if (iouType === 'segm') {
    checkFrames(images, rows)
    frameMasks(gt.masks, rows, images, label)
    requireMasks(gt.masks, rows, label, 'every ground truth')
    warnings.add('polygon-degenerate', () => gt.name, segmentation.degenerateParts)
    warnings.add('polygon-odd', () => gt.name, segmentation.oddParts)
    return { boxes: null, masks: gt.masks.select(rows.records), areas }
  }
  const boxes = pickBoxes(annotations.boxes.values, rows.records)
  const masks = gt.masks
  for (let row = 0; row < areas.length; row++) {
    const record = rows.records[row]
    if (!annotations.hasBox.values[record]) {
      if (masks.kinds.values[record] === NONE) throw new InputError(`${label(row)}: "bbox" is missing`)
      frameMasks(masks, oneRow(rows, row), images, () => label(row))
      const single = masks.select(Uint32Array.of(record))
      const at = boxes.subarray(4 * row, 4 * row + 4)
      const area = boxOfMask(single, 0, at, () => label(row))
      if (Number.isNaN(areas[row])) areas[row] = area
      warnings.add('box-from-mask', () => label(row))
    }
    const area = boxes[4 * row + 2] * boxes[4 * row + 3]
    if (Number.isNaN(areas[row])) areas[row] = area
    if (area === 0) warnings.add('empty-box', () => label(row))
  }
  return { boxes, masks: null, areas }
}

/** Row `row` alone. */
const oneRow = (rows: Rows, row: number): Rows => ({
  records: rows.records.subarray(row, row + 1),
  images: rows.images.subarray(row, row + 1),
  categories: rows.categories.subarray(row, row + 1),
  unknownImages: [],
  unknownCategories: [],
})

function requireMasks(masks: MaskColumns, rows: Rows, label: (row: number) => string, whose: string): void {
  for (let row = 0; row < rows.records.length; row++) {
    if (masks.kinds.values[rows.records[row]] !== NONE) continue
    throw new InputError(
      `${label(row)}: "segmentation" is missing or empty; a mask run needs one for ${whose} ("--iou-type bbox" evaluates the boxes)`,
    )
  }
}

/**
 * Geometry and areas of the detections, as pycocotools' loadRes makes them: the first record decides whether the
 * file is one of boxes (area = width * height) or of masks (area = pixels).
 */
export function linkDetectionGeometry(
  dt: DetectionTable,
  rows: Rows,
  images: Images,
  iouType: IouType,
  labels: Labels,
  warnings: WarningList,
): Geometry {
  const label = labels.detection
  const boxFile = dt.count > 0 && dt.hasBox.values[0] === 1
  const boxes = pickBoxes(dt.boxes.values, rows.records)
  const areas = new Float64Array(rows.records.length).fill(Number.NaN)
  for (let row = 0; row < areas.length; row++) {
    const record = rows.records[row]
    const hasBox = dt.hasBox.values[record] === 1
    if (!hasBox && dt.masks.kinds.values[record] === NONE) {
      const needed = boxFile ? '"bbox" is missing' : 'neither "bbox" nor "segmentation" stands in the record'
      throw new InputError(`${label(row)}: ${needed}`)
    }
    if (hasBox !== boxFile) warnings.add('mixed-records', () => label(row))
    if (boxFile && hasBox) areas[row] = boxes[4 * row + 2] * boxes[4 * row + 3]
  }
  if (iouType === 'bbox') {
    fillBoxes(dt, rows, images, boxes, areas, label, warnings)
    checkBoxConvention(boxes, rows.images, images, dt.name, warnings)
    return { boxes, masks: null, areas }
  }
  checkFrames(images, rows)
  const { masks, segmentation } = dt
  warnings.add('polygon-degenerate', () => dt.name, segmentation.degenerateParts)
  warnings.add('polygon-odd', () => dt.name, segmentation.oddParts)
  for (let row = 0; row < areas.length; row++) {
    const record = rows.records[row]
    if (masks.kinds.values[record] === NONE) {
      masks.rectangle(record, boxes[4 * row], boxes[4 * row + 1], boxes[4 * row + 2], boxes[4 * row + 3])
      warnings.add('boxes-as-masks', () => label(row))
    } else if (boxFile && dt.hasBox.values[record]) warnings.add('areas-from-boxes', () => label(row))
  }
  frameMasks(masks, rows, images, label)
  return { boxes: null, masks: masks.select(rows.records), areas }
}

/** In box runs: boxes and areas of records that have a mask only. */
function fillBoxes(
  dt: DetectionTable,
  rows: Rows,
  images: Images,
  boxes: Float64Array,
  areas: Float64Array,
  label: (row: number) => string,
  warnings: WarningList,
): void {
  const boxFile = dt.hasBox.values[0] === 1
  for (let row = 0; row < areas.length; row++) {
    const record = rows.records[row]
    const hasBox = dt.hasBox.values[record] === 1
    if (hasBox && boxFile) continue
    frameMasks(dt.masks, oneRow(rows, row), images, () => label(row))
    const single = dt.masks.select(Uint32Array.of(record))
    const own = new Float64Array(4)
    if (dt.masks.kinds.values[record] === NONE) areas[row] = boxes[4 * row + 2] * boxes[4 * row + 3]
    else areas[row] = boxOfMask(single, 0, own, () => label(row))
    if (hasBox) continue
    boxes.set(own, 4 * row)
    warnings.add('box-from-mask', () => label(row))
  }
}
