import type { Categories, Dataset, Images } from '../data/columns.js'
import type { IouType } from '../data/config.js'
import type { WarningList } from '../data/warnings.js'
import { InputError } from '../errors.js'
import type { DetectionTable } from './detections.js'
import type { GroundTruthTable } from './ground-truth.js'
import { firstRepeated, IdIndex, sortById } from './ids.js'
import { linkDetectionGeometry, linkGroundTruthGeometry } from './link-geometry.js'
import { type OnUnknown, reportUnknown } from './unknown-ids.js'

export type { OnUnknown } from './unknown-ids.js'

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
  const { onUnknown } = options
  if (onUnknown !== 'error' && onUnknown !== 'warn') {
    throw new InputError(`onUnknown: expected "error" or "warn", got ${JSON.stringify(onUnknown)}`)
  }
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
    const { fileNames } = images
    reportUnknown(
      { what: 'image', table, ids: imageIds, records: rows.unknownImages, known: images.ids, fileNames },
      onUnknown,
      warnings,
    )
    reportUnknown(
      {
        what: 'category',
        table,
        ids: categoryIds,
        records: rows.unknownCategories,
        known: categories.ids,
        fileNames,
      },
      onUnknown,
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
        ignores: Uint8Array.from(
          gtRows.records,
          i => annotations.crowds.values[i] | annotations.ignores.values[i],
        ),
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
  if (!firstRepeated(ids)) return
  throw new InputError(
    `${gt.name}: ${repeatedRecords('annotations', ids)}; annotation ids must differ (the reference takes the later one twice). Was the file merged from several?`,
  )
}

/** The first two records with one id, for a message. */
function repeatedRecords(section: string, ids: Float64Array): string {
  const [a, b] = firstRepeated(ids) ?? [0, 0]
  return `${section}[${a}] and ${section}[${b}] have the same id ${ids[a]}`
}

function linkImages(gt: GroundTruthTable, warnings: WarningList): Images {
  const ids = gt.imageIds.view()
  const { records, repeated } = sortById(ids)
  warnings.add('duplicate-image', () => `${gt.name}: ${repeatedRecords('images', ids)}`, repeated.length)
  return {
    count: records.length,
    ids: pick(gt.imageIds.values, records),
    heights: Uint32Array.from(records, i => gt.heights.values[i]),
    widths: Uint32Array.from(records, i => gt.widths.values[i]),
    fileNames: Array.from(records, i => gt.fileNames[i]),
  }
}

function linkCategories(gt: GroundTruthTable, warnings: WarningList): Categories {
  const ids = gt.categoryIds.view()
  const { records, repeated } = sortById(ids)
  warnings.add(
    'duplicate-category',
    () => `${gt.name}: ${repeatedRecords('categories', ids)}`,
    repeated.length,
  )
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
