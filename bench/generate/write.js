// A data set as files: gt.json, dt_bbox.json and, with masks, dt_segm.json and dt_both.json, whose records have masks
// alone and both. Written image by image, so that memory does not grow with the files.

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { encodeSpans } from '../../dist/geometry/rle.js'
import { areaOf, boxOf, countsOf, outline, plainBox, spansOf } from './shapes.js'

/**
 * @param shape What is in the pictures:
 *   frames: [{ id, size: [height, width] }]
 *   classes: how many
 *   objects(i): [{ category, x, y, w, h, radii }], the ground truth of frame i
 *   isCrowd(): whether the next object is a crowd region
 *   detections(i): yields [object, score]
 * @param options masks: outlines and RLE beside the boxes; spaced: blanks as Python's json writes them
 */
export function writeDataSet(folder, shape, { masks, spaced = false }) {
  mkdirSync(folder, { recursive: true })
  const stringify = spaced ? spacedJson : JSON.stringify
  writeGroundTruth(join(folder, 'gt.json'), shape, masks, stringify)
  const boxFile = openList(join(folder, 'dt_bbox.json'), spaced ? spacedBox : stringify)
  const maskFile = masks && openList(join(folder, 'dt_segm.json'), stringify)
  const bothFile = masks && openList(join(folder, 'dt_both.json'), stringify)
  for (const [i, { id, size }] of shape.frames.entries()) {
    for (const [object, score] of shape.detections(i)) {
      const head = { image_id: id, category_id: object.category }
      if (!maskFile) {
        boxFile.push({ ...head, bbox: plainBox(object, size), score })
        continue
      }
      const points = outline(object, size)
      const counts = new TextDecoder().decode(encodeSpans(spansOf(points, size), size[0] * size[1]))
      const bbox = boxOf(points)
      boxFile.push({ ...head, bbox, score })
      maskFile.push({ ...head, segmentation: { size, counts }, score })
      bothFile.push({ ...head, bbox, segmentation: { size, counts }, score })
    }
  }
  boxFile.end()
  if (!masks) return
  maskFile.end()
  bothFile.end()
}

function writeGroundTruth(path, shape, masks, stringify) {
  const file = openFile(path)
  file.push('{"info":{"description":"synthetic"},"images":[')
  for (const [i, { id, size }] of shape.frames.entries()) {
    const [height, width] = size
    file.push((i > 0 ? ',' : '') + stringify({ file_name: `${id}.jpg`, height, width, id }))
  }
  file.push('],"annotations":[')
  let id = 1
  for (const [i, frame] of shape.frames.entries()) {
    for (const object of shape.objects(i)) {
      const crowd = shape.isCrowd()
      const what = masks ? maskRecord(object, frame, crowd) : boxRecord(object, frame)
      const { area, bbox, ...segmentation } = what
      const record = {
        ...segmentation,
        area,
        iscrowd: crowd ? 1 : 0,
        image_id: frame.id,
        bbox,
        category_id: object.category,
        id,
      }
      file.push((id > 1 ? ',' : '') + stringify(record))
      id++
    }
  }
  const categories = Array.from({ length: shape.classes }, (_, k) => ({
    supercategory: 's',
    id: k + 1,
    name: `class ${k + 1}`,
  }))
  file.push(`],"categories":[${categories.map(category => stringify(category)).join(',')}]}`)
  file.end()
}

function maskRecord(object, { size }, crowd) {
  const points = outline(object, size)
  const spans = spansOf(points, size)
  const segmentation = crowd ? { counts: countsOf(spans, size), size } : [points]
  return { segmentation, area: areaOf(spans), bbox: boxOf(points) }
}

function boxRecord(object, { size }) {
  const bbox = plainBox(object, size)
  return { area: Number((bbox[2] * bbox[3]).toFixed(2)), bbox }
}

/** JSON as Python writes it by default: a blank behind every comma and colon. For records without blanks in texts. */
const spacedJson = record => JSON.stringify(record).replace(/([,:])(?=["[{\d-])/g, '$1 ')

/** The same of a detected box, many times as fast: there are millions. */
const spacedBox = ({ image_id, category_id, bbox: [x, y, w, h], score }) =>
  `{"image_id": ${image_id}, "category_id": ${category_id}, "bbox": [${x}, ${y}, ${w}, ${h}], "score": ${score}}`

/** A list of records, written as they come. */
function openList(path, stringify) {
  const file = openFile(path)
  let before = '['
  return {
    push: record => {
      file.push(before + stringify(record))
      before = ','
    },
    end: () => {
      file.push(before === '[' ? '[]' : ']')
      file.end()
    },
  }
}

/** A file written in pieces of about a megabyte. */
function openFile(path) {
  const file = openSync(path, 'w')
  let parts = []
  let size = 0
  const flush = () => {
    writeSync(file, parts.join(''))
    parts = []
    size = 0
  }
  return {
    push: text => {
      parts.push(text)
      size += text.length
      if (size > 1 << 20) flush()
    },
    end: () => {
      flush()
      closeSync(file)
    },
  }
}
