import type { Categories, Dataset, Images } from '../data/columns.js'
import type { IouType } from '../data/config.js'
import { sharedBytes } from '../data/shared.js'
import type { WarningList } from '../data/warnings.js'
import { InputError } from '../errors.js'
import type { DetectionTable } from './detections.js'
import type { GroundTruthTable } from './ground-truth-table.js'
import { firstRepeated, IdIndex, sortById } from './ids.js'
import { keep, pick } from './keep.js'
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
  const annotationIds = annotations.ids.view()
  const gtRecord = groundTruthLabel(gt.name, annotationIds)
  const dtRecord = detectionLabel(dt.name)
  const gtRows = resolve(
    { name: gt.name, record: gtRecord },
    annotations.imageIds.view(),
    annotations.categoryIds.view(),
  )
  const dtRows = resolve({ name: dt.name, record: dtRecord }, dt.imageIds.view(), dt.categoryIds.view())
  const labels = labelsOf(gtRecord, gtRows.records, dtRecord, dtRows.records)
  const gtGeometry = linkGroundTruthGeometry(gt, gtRows, images, options.iouType, labels, warnings)
  const dtGeometry = linkDetectionGeometry(dt, dtRows, images, options.iouType, labels, warnings)
  const crowds = keep(annotations.crowds.view(), gtRows.records)
  warnings.add('no-detections', () => dt.name, dt.count === 0 ? 1 : 0)
  return {
    dataset: {
      images,
      categories,
      groundTruths: {
        count: gtRows.records.length,
        images: gtRows.images,
        categories: gtRows.categories,
        ids: keep(annotationIds, gtRows.records),
        crowds,
        ignores: either(crowds, keep(annotations.ignores.view(), gtRows.records)),
        ...gtGeometry,
      },
      detections: {
        count: dtRows.records.length,
        images: dtRows.images,
        categories: dtRows.categories,
        scores: keep(dt.scores.view(), dtRows.records),
        records: dtRows.records,
        ...dtGeometry,
      },
    },
    ignoredRecords: annotations.ids.length - gtRows.records.length + dt.count - dtRows.records.length,
    labels,
  }
}

/** Apart from `link`, so that a label keeps no more of a file than it says. */
const groundTruthLabel =
  (name: string, ids: Float64Array) =>
  (record: number): string =>
    `${name}: annotations[${record}] (id ${ids[record]})`

const detectionLabel =
  (name: string) =>
  (record: number): string =>
    `${name}: [${record}]`

const labelsOf = (
  gtRecord: (record: number) => string,
  gtRecords: Uint32Array,
  dtRecord: (record: number) => string,
  dtRecords: Uint32Array,
): Labels => ({
  groundTruth: row => gtRecord(gtRecords[row]),
  detection: row => dtRecord(dtRecords[row]),
})

/** 1 where one of the two is: one of them, or a new array. */
function either(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (!one.includes(1)) return other
  const out = new Uint8Array(one.length)
  for (let i = 0; i < out.length; i++) out[i] = one[i] | other[i]
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
    ids: pick(ids, records),
    heights: Uint32Array.from(pick(gt.heights.view(), records)),
    widths: Uint32Array.from(pick(gt.widths.view(), records)),
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
  return { count: records.length, ids: pick(ids, records), names }
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
  // In memory that threads see.
  const records = new Uint32Array(sharedBytes(4 * n).buffer)
  const images = new Int32Array(sharedBytes(4 * n).buffer)
  const categories = new Int32Array(sharedBytes(4 * n).buffer)
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
