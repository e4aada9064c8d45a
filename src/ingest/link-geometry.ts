import type { Images } from '../data/columns.js'
import type { IouType } from '../data/config.js'
import { type EncodedMasks, MASK_POLYGONS } from '../data/masks.js'
import type { WarningList } from '../data/warnings.js'
import { InputError, MaskError } from '../errors.js'
import { measureMask } from '../geometry/encoded.js'
import { checkBoxConvention } from './box-convention.js'
import type { DetectionTable } from './detections.js'
import { checkFrames, frameMasks } from './frames.js'
import type { GroundTruthTable } from './ground-truth.js'
import type { Labels, Rows } from './link.js'
import { type MaskColumns, NONE } from './mask-columns.js'
import { checkMaskOrder } from './mask-order.js'

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

/** The box of a row, null where its record has none. */
const boxesOf =
  (boxes: Float64Array, hasBox: Uint8Array, records: Uint32Array) =>
  (row: number): Float64Array | null =>
    hasBox[records[row]] ? boxes.subarray(4 * records[row], 4 * records[row] + 4) : null

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
    // A crowd's matches are ignored whatever its id is.
    if (annotations.ids.values[record] === 0 && !annotations.crowds.values[record]) {
      warnings.add('annotation-id-zero', () => label(row))
    }
    if (annotations.ignores.values[record]) warnings.add('ignore-overwritten', () => label(row))
  }
  if (iouType === 'segm') {
    checkFrames(images, rows, label)
    frameMasks(gt.masks, rows, images, label)
    requireMasks(gt.masks, rows, label, 'every ground truth')
    warnings.add('polygon-odd', () => gt.name, segmentation.oddParts)
    const masks = gt.masks.select(rows.records)
    warnOfDegenerateParts(masks, label, warnings)
    const boxOf = boxesOf(annotations.boxes.values, annotations.hasBox.values, rows.records)
    checkMaskOrder(masks, boxOf, label, warnings)
    return { boxes: null, masks, areas }
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
  const isStated = (row: number): boolean => annotations.hasBox.values[rows.records[row]] === 1
  checkBoxConvention({ boxes, images: rows.images, isStated, label }, images, warnings)
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
      const needed = boxFile
        ? '"bbox" is missing; the first record has one, so this is read as a file of boxes'
        : 'neither "bbox" nor "segmentation" stands in the record'
      throw new InputError(`${label(row)}: ${needed}`)
    }
    if (hasBox !== boxFile) warnings.add('mixed-records', () => label(row))
    if (boxFile && hasBox) areas[row] = boxes[4 * row + 2] * boxes[4 * row + 3]
  }
  const isStated = (row: number): boolean => dt.hasBox.values[rows.records[row]] === 1
  checkBoxConvention({ boxes, images: rows.images, isStated, label }, images, warnings)
  if (iouType === 'bbox') {
    fillBoxes(dt, rows, images, boxes, areas, label, warnings)
    return { boxes, masks: null, areas }
  }
  checkFrames(images, rows, label)
  const { masks, segmentation } = dt
  warnings.add('polygon-odd', () => dt.name, segmentation.oddParts)
  for (let row = 0; row < areas.length; row++) {
    const record = rows.records[row]
    if (masks.kinds.values[record] === NONE) {
      masks.rectangle(record, boxes[4 * row], boxes[4 * row + 1], boxes[4 * row + 2], boxes[4 * row + 3])
      warnings.add('boxes-as-masks', () => label(row))
    } else if (boxFile && dt.hasBox.values[record]) warnings.add('areas-from-boxes', () => label(row))
  }
  frameMasks(masks, rows, images, label)
  const selected = masks.select(rows.records)
  warnOfDegenerateParts(selected, label, warnings)
  checkMaskOrder(selected, boxesOf(dt.boxes.values, dt.hasBox.values, rows.records), label, warnings)
  return { boxes: null, masks: selected, areas }
}

/** Parts of one or two points, which cover no pixel. */
function warnOfDegenerateParts(
  masks: EncodedMasks,
  label: (row: number) => string,
  warnings: WarningList,
): void {
  for (let row = 0; row < masks.count; row++) {
    if (masks.kinds[row] !== MASK_POLYGONS) continue
    const first = masks.starts[row]
    for (let part = first; part < first + masks.lengths[row]; part++) {
      const points = masks.partOffsets[part + 1] - masks.partOffsets[part]
      if (points < 3) {
        warnings.add('polygon-degenerate', () => `${label(row)}: part ${part - first}, ${points} points`)
      }
    }
  }
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
