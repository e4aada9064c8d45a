/** Masks and names of images, read again from the files that a report was made from. */

import { resolve } from 'node:path'
import { resolveConfig } from '../data/resolve-config.js'
import { WarningList } from '../data/warnings.js'
import { InputError } from '../errors.js'
import { link } from '../ingest/link.js'
import { readTables } from '../read-tables.js'
import { type ImageMasks, imageMasks, sceneRows } from '../report/image-masks.js'
import { rowsOfImage } from '../report/picture.js'
import { type FileSource, fileSource } from './files.js'
import type { ReportNote } from './report-folder.js'

/** Rows are those of the page. */
export interface ReportData {
  /** [image] */
  fileNames: string[]
  masksOf(image: number): ImageMasks
}

/** Whose detections of a report: the model's, or the second one's. */
export type Whose = 'detections' | 'compared'

/** Files other than those that the note names. */
export interface OtherFiles {
  groundTruth?: string
  detections?: string
  compared?: string
}

/** Fails with InputError where a file cannot be read, or is not the one that the report was made from. */
export async function readReportData(
  folder: string,
  note: ReportNote,
  other: OtherFiles,
  whose: Whose = 'detections',
  signal?: AbortSignal,
): Promise<ReportData> {
  const open = (name: string, given?: string): FileSource =>
    fileSource(given ?? resolve(folder, name), { digest: true, signal })
  const gt = open(note.groundTruth.name, other.groundTruth)
  const noted = note[whose]
  if (!noted) throw new InputError('the report has one model')
  const dt = open(noted.name, other[whose])
  const { iouType, imageIds, categoryIds, onUnknown } = note.run
  const tables = await readTables(gt, dt, { iouType, signal })
  await checkSame(gt, note.groundTruth.sha256)
  await checkSame(dt, noted.sha256)
  const { dataset } = link(tables.gt, tables.dt, { iouType, onUnknown }, new WarningList())
  const rows = sceneRows(dataset, resolveConfig(iouType, { imageIds, categoryIds }))
  const { groundTruths, detections, images } = dataset
  const scene = {
    images,
    gt: { images: Int32Array.from(rows.gts, row => groundTruths.images[row]) },
    dt: { images: Int32Array.from(rows.dts, row => detections.images[row]) },
  }
  return {
    fileNames: images.fileNames,
    masksOf(image) {
      const { gts, dts } = rowsOfImage(scene, image)
      return imageMasks(dataset, rows, gts, dts)
    },
  }
}

/** Another file would give plausible masks in wrong places. */
async function checkSame(source: FileSource, sha256: string): Promise<void> {
  if ((await source.digest()).sha256 === sha256) return
  throw new InputError(
    `${source.name} is not the file that the report was made from; run "detscope eval" again`,
  )
}
