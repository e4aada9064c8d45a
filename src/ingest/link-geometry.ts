import type { Images } from '../data/columns.js'
import type { IouType } from '../data/config.js'
import { type EncodedMasks, MASK_POLYGONS } from '../data/masks.js'
import { sharedBytes } from '../data/shared.js'
import type { WarningList } from '../data/warnings.js'
import { InputError, MaskError } from '../errors.js'
import { measureMask } from '../geometry/encoded.js'
import { checkBoxConvention } from './box-convention.js'
import type { DetectionTable } from './detections.js'
import { checkFrames, frameMasks } from './frames.js'
import type { GroundTruthTable } from './ground-truth-table.js'
import { keep } from './keep.js'
import type { Labels, Rows } from './link.js'
import { type MaskColumns, NONE } from './mask-columns.js'
import { checkMaskOrder } from './mask-order.js'

interface Geometry {
  boxes: Float64Array | null
  masks: EncodedMasks | null
  areas: Float64Array
}

/** The box of a row, null where its record has none. */
const boxesOf =
  (boxes: Float64Array, hasBox: Uint8Array) =>
  (row: number): Float64Array | null =>
    hasBox[row] ? boxes.subarray(4 * row, 4 * row + 4) : null

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
  const areas = keep(annotations.areas.view(), rows.records)
  const boxes = keep(annotations.boxes.view(), rows.records, 4)
  const hasBox = keep(annotations.hasBox.view(), rows.records)
  const label = labels.groundTruth
  warnOfAnnotations(annotations, areas, rows, label, warnings)
  if (iouType === 'segm') {
    checkFrames(images, rows, label)
    frameMasks(gt.masks, rows, images, label)
    requireMasks(gt.masks, rows, label, 'every ground truth')
    warnings.add('polygon-odd', () => gt.name, segmentation.oddParts)
    const masks = gt.masks.select(rows.records)
    if (segmentation.degenerateParts > 0) warnOfDegenerateParts(masks, label, warnings)
    checkMaskOrder(masks, boxesOf(boxes, hasBox), label, warnings)
    return { boxes: null, masks, areas }
  }
  const masks = gt.masks
  for (let row = 0; row < areas.length; row++) {
    if (!hasBox[row]) {
      const record = rows.records[row]
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
  checkBoxConvention({ boxes, images: rows.images, stated: hasBox, label }, images, warnings)
  return { boxes, masks: null, areas }
}

/** Most files have none of what is told here: that is seen at once. */
function warnOfAnnotations(
  { ids, crowds, ignores }: GroundTruthTable['annotations'],
  areas: Float64Array,
  { records }: Rows,
  label: (row: number) => string,
  warnings: WarningList,
): void {
  if (!areas.includes(Number.NaN) && !ids.view().includes(0) && !ignores.view().includes(1)) return
  for (let row = 0; row < areas.length; row++) {
    const record = records[row]
    if (Number.isNaN(areas[row])) warnings.add('area-missing', () => label(row))
    // A crowd's matches are ignored whatever its id is.
    if (ids.values[record] === 0 && !crowds.values[record]) {
      warnings.add('annotation-id-zero', () => label(row))
    }
    if (ignores.values[record]) warnings.add('ignore-overwritten', () => label(row))
  }
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
  if (!masks.kinds.view().includes(NONE)) return
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
  const boxes = keep(dt.boxes.view(), rows.records, 4)
  const hasBox = keep(dt.hasBox.view(), rows.records)
  checkKinds(dt, rows, boxFile, label, warnings)
  const areas = boxFile ? areasOf(boxes, hasBox) : new Float64Array(rows.records.length).fill(Number.NaN)
  if (hasBox.includes(1)) {
    checkBoxConvention({ boxes, images: rows.images, stated: hasBox, label }, images, warnings)
  }
  if (iouType === 'bbox') {
    fillBoxes(dt, rows, images, boxes, areas, label, warnings)
    return { boxes, masks: null, areas }
  }
  checkFrames(images, rows, label)
  const { masks, segmentation } = dt
  warnings.add('polygon-odd', () => dt.name, segmentation.oddParts)
  if (masks.kinds.view().includes(NONE) || (boxFile && hasBox.includes(0))) {
    for (let row = 0; row < areas.length; row++) {
      const record = rows.records[row]
      if (masks.kinds.values[record] === NONE) {
        masks.rectangle(record, boxes[4 * row], boxes[4 * row + 1], boxes[4 * row + 2], boxes[4 * row + 3])
        warnings.add('boxes-as-masks', () => label(row))
      } else if (boxFile && hasBox[row]) warnings.add('areas-from-boxes', () => label(row))
    }
  } else if (boxFile) warnings.add('areas-from-boxes', () => label(0), areas.length) // all have both
  frameMasks(masks, rows, images, label)
  const selected = masks.select(rows.records)
  if (segmentation.degenerateParts > 0) warnOfDegenerateParts(selected, label, warnings)
  if (hasBox.includes(1)) checkMaskOrder(selected, boxesOf(boxes, hasBox), label, warnings)
  return { boxes: null, masks: selected, areas }
}

/** Refuses records without a shape and counts those of another kind than the first. */
function checkKinds(
  dt: DetectionTable,
  rows: Rows,
  boxFile: boolean,
  label: (row: number) => string,
  warnings: WarningList,
): void {
  const hasBox = dt.hasBox.view()
  if (boxFile && !hasBox.includes(0)) return
  const kinds = dt.masks.kinds.view()
  if (!boxFile && !hasBox.includes(1) && !kinds.includes(NONE)) return
  for (let row = 0; row < rows.records.length; row++) {
    const record = rows.records[row]
    if (hasBox[record] === 0 && kinds[record] === NONE) {
      const needed = boxFile
        ? '"bbox" is missing; the first record has one, so this is read as a file of boxes'
        : 'neither "bbox" nor "segmentation" stands in the record'
      throw new InputError(`${label(row)}: ${needed}`)
    }
    if ((hasBox[record] === 1) !== boxFile) warnings.add('mixed-records', () => label(row))
  }
}

/** px; NaN where no box is stated. */
function areasOf(boxes: Float64Array, stated: Uint8Array): Float64Array {
  const areas = new Float64Array(sharedBytes(8 * stated.length).buffer)
  for (let row = 0; row < areas.length; row++) {
    areas[row] = stated[row] === 1 ? boxes[4 * row + 2] * boxes[4 * row + 3] : Number.NaN
  }
  return areas
}

/** Parts of one or two points, which cover no pixel. */
function warnOfDegenerateParts(
  masks: EncodedMasks,
  label: (row: number) => string,
  warnings: WarningList,
): void {
  if (!masks.kinds.includes(MASK_POLYGONS)) return
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
  if (boxFile && !dt.hasBox.view().includes(0)) return
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
