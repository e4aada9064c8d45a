import type { Categories, Dataset, Images } from '../data/columns.js'
import type { IouType } from '../data/config.js'
import type { WarningCode, WarningList } from '../data/warnings.js'
import { InputError } from '../errors.js'
import type { DetectionTable } from './detections.js'
import type { GroundTruthTable } from './ground-truth.js'
import { firstRepeated, IdIndex, sortById } from './ids.js'
import { linkDetectionGeometry, linkGroundTruthGeometry } from './link-geometry.js'

/** What to do with a record of an image or category that the ground truth does not list. */
export type OnUnknown = 'error' | 'warn'

export interface Linked {
  dataset: Dataset
  /** Records that were dropped. */
  ignoredRecords: number
  /** What the file calls a row, for messages. */
  labels: Labels
}

export interface Labels {
  groundTruth(row: number): string
  detection(row: number): string
}

/** Joins ground truth and detections: ids become rows, records that cannot be evaluated are refused or dropped. */
export function link(
  gt: GroundTruthTable,
  dt: DetectionTable,
  options: { iouType: IouType; onUnknown: OnUnknown },
  warnings: WarningList,
): Linked {
  const { annotations } = gt
  checkAnnotationIds(gt)
  const images = linkImages(gt, warnings)
  const categories = linkCategories(gt, warnings)
  const imageIndex = new IdIndex(images.ids)
  const categoryIndex = new IdIndex(categories.ids)
  const resolve = (
    table: { name: string; record(i: number): string },
    imageIds: Float64Array,
    categoryIds: Float64Array,
  ): Rows => {
    const rows = resolveRows(imageIds, categoryIds, imageIndex, categoryIndex)
    reportUnknown('image', table, imageIds, rows.unknownImages, images.ids, options.onUnknown, warnings)
    reportUnknown(
      'category',
      table,
      categoryIds,
      rows.unknownCategories,
      categories.ids,
      options.onUnknown,
      warnings,
    )
    return rows
  }
  const gtRecord = (i: number): string => `${gt.name}: annotations[${i}] (id ${annotations.ids.values[i]})`
  const dtRecord = (i: number): string => `${dt.name}: [${i}]`
  const gtRows = resolve(
    { name: gt.name, record: gtRecord },
    annotations.imageIds.view(),
    annotations.categoryIds.view(),
  )
  const dtRows = resolve({ name: dt.name, record: dtRecord }, dt.imageIds.view(), dt.categoryIds.view())
  const labels: Labels = {
    groundTruth: row => gtRecord(gtRows.records[row]),
    detection: row => dtRecord(dtRows.records[row]),
  }
  const gtGeometry = linkGroundTruthGeometry(gt, gtRows, images, options.iouType, labels, warnings)
  const dtGeometry = linkDetectionGeometry(dt, dtRows, images, options.iouType, labels, warnings)
  warnings.add('no-detections', () => dt.name, dt.count === 0 ? 1 : 0)
  return {
    dataset: {
      images,
      categories,
      groundTruths: {
        count: gtRows.records.length,
        images: gtRows.images,
        categories: gtRows.categories,
        ids: pick(annotations.ids.values, gtRows.records),
        crowds: Uint8Array.from(gtRows.records, i => annotations.crowds.values[i]),
        ...gtGeometry,
      },
      detections: {
        count: dtRows.records.length,
        images: dtRows.images,
        categories: dtRows.categories,
        scores: pick(dt.scores.values, dtRows.records),
        records: dtRows.records,
        ...dtGeometry,
      },
    },
    ignoredRecords: annotations.ids.length - gtRows.records.length + dt.count - dtRows.records.length,
    labels,
  }
}

/** Values of the records that were kept. */
export function pick(values: Float64Array, records: Uint32Array): Float64Array {
  const out = new Float64Array(records.length)
  for (let i = 0; i < records.length; i++) out[i] = values[records[i]]
  return out
}

function checkAnnotationIds(gt: GroundTruthTable): void {
  const ids = gt.annotations.ids.view()
  const twice = firstRepeated(ids)
  if (!twice) return
  const [a, b] = twice
  throw new InputError(
    `${gt.name}: annotations[${a}] and annotations[${b}] have the same id ${ids[a]}; ids must differ (the reference would take one of them twice)`,
  )
}

function linkImages(gt: GroundTruthTable, warnings: WarningList): Images {
  const { records, repeated } = sortById(gt.imageIds.view())
  warnings.add('duplicate-image', () => `${gt.name}: image id ${repeated[0]}`, repeated.length)
  return {
    count: records.length,
    ids: pick(gt.imageIds.values, records),
    heights: Uint32Array.from(records, i => gt.heights.values[i]),
    widths: Uint32Array.from(records, i => gt.widths.values[i]),
    fileNames: Array.from(records, i => gt.fileNames[i]),
  }
}

function linkCategories(gt: GroundTruthTable, warnings: WarningList): Categories {
  const { records, repeated } = sortById(gt.categoryIds.view())
  warnings.add('duplicate-category', () => `${gt.name}: category id ${repeated[0]}`, repeated.length)
  const names = Array.from(records, i => gt.categoryNames[i])
  return { count: records.length, ids: pick(gt.categoryIds.values, records), names }
}

/** Records that name a known image and category, and the others. */
export interface Rows {
  /** Record of each row, ascending. */
  records: Uint32Array
  /** Row in Images, [row]. */
  images: Int32Array
  categories: Int32Array
  unknownImages: number[]
  unknownCategories: number[]
}

function resolveRows(
  imageIds: Float64Array,
  categoryIds: Float64Array,
  imageIndex: IdIndex,
  categoryIndex: IdIndex,
): Rows {
  const n = imageIds.length
  const records = new Uint32Array(n)
  const images = new Int32Array(n)
  const categories = new Int32Array(n)
  const unknownImages: number[] = []
  const unknownCategories: number[] = []
  let rows = 0
  for (let i = 0; i < n; i++) {
    const image = imageIndex.rowOf(imageIds[i])
    const category = categoryIndex.rowOf(categoryIds[i])
    if (image < 0) unknownImages.push(i)
    else if (category < 0) unknownCategories.push(i)
    else {
      records[rows] = i
      images[rows] = image
      categories[rows] = category
      rows++
    }
  }
  return {
    records: records.subarray(0, rows),
    images: images.subarray(0, rows),
    categories: categories.subarray(0, rows),
    unknownImages,
    unknownCategories,
  }
}

const plural = (count: number, one: string, many: string): string =>
  count === 1 ? `1 ${one}` : `${count} ${many}`

/** Refuses or counts records of unknown images or categories, with the ids at hand and a guess at the cause. */
function reportUnknown(
  what: 'image' | 'category',
  table: { name: string; record(i: number): string },
  ids: Float64Array,
  unknown: number[],
  known: Float64Array,
  onUnknown: OnUnknown,
  warnings: WarningList,
): void {
  if (unknown.length === 0) return
  const distinct = [...new Set(unknown.map(i => ids[i]))]
  const shown = distinct.slice(0, 5).join(', ') + (distinct.length > 5 ? ', ...' : '')
  const example = `${table.record(unknown[0])} has ${what}_id ${ids[unknown[0]]}`
  if (onUnknown === 'warn') {
    const code: WarningCode = what === 'image' ? 'unknown-image' : 'unknown-category'
    warnings.add(code, () => example, unknown.length)
    return
  }
  const range = known.length
    ? `its ${what} ids run from ${known[0]} to ${known[known.length - 1]}`
    : `it lists none`
  const zeroBased = what === 'category' && distinct.includes(0) && known.length > 0 && known[0] === 1
  const cause = zeroBased ? '; are the categories counted from 0 here and from 1 there?' : ''
  throw new InputError(
    `${table.name}: ${plural(unknown.length, 'record names', 'records name')} ${plural(distinct.length, `${what} that`, `${what === 'image' ? 'images' : 'categories'} that`)} the ground truth does not list (${shown}; ${range})${cause}; first: ${example}. "--on-unknown warn" drops and counts such records`,
  )
}
