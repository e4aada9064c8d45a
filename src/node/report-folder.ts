/** The folder of a report: its page, and a note of what it was made from, for `detscope serve`. */

import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Config } from '../data/config.js'
import { InputError } from '../errors.js'
import type { OnUnknown } from '../ingest/link.js'
import type { FileDigest } from './files.js'
import { writeWhole } from './output.js'

export const REPORT_PAGE = 'index.html'
export const REPORT_NOTE = 'detscope.json'
const FORMAT = 1

/** Where masks and pictures of a report are found. Paths are seen from the folder of the report. */
export interface ReportNote {
  format: typeof FORMAT
  groundTruth: FileDigest
  detections: FileDigest
  /** Detections of the second model; null where there is none. */
  compared: FileDigest | null
  /** The folder of `--images`; null where none was given. */
  images: string | null
  /** What decides which rows the page knows. */
  run: Pick<Config, 'iouType' | 'imageIds' | 'categoryIds'> & { onUnknown: OnUnknown }
}

export interface ReportParts {
  /** In pieces. */
  html: Iterable<Uint8Array | string>
  config: Config
  onUnknown: OnUnknown
  groundTruth: FileDigest
  detections: FileDigest
  compared?: FileDigest
  /** The folder of `--images`. */
  images?: string
}

/** Writes the page and its note into a folder that exists. */
export async function writeReportFolder(
  folder: string,
  { html, config, onUnknown, groundTruth, detections, compared, images }: ReportParts,
  signal?: AbortSignal,
): Promise<void> {
  const seen = (path: string): string => relative(resolve(folder), resolve(path)) || '.'
  const { iouType, imageIds, categoryIds } = config
  const note: ReportNote = {
    format: FORMAT,
    groundTruth: { ...groundTruth, name: seen(groundTruth.name) },
    detections: { ...detections, name: seen(detections.name) },
    compared: compared ? { ...compared, name: seen(compared.name) } : null,
    images: images === undefined ? null : seen(images),
    run: { iouType, imageIds, categoryIds, onUnknown },
  }
  await writeWhole(join(folder, REPORT_PAGE), html, signal)
  await writeWhole(join(folder, REPORT_NOTE), [`${JSON.stringify(note, null, 2)}\n`], signal)
}

/** Fails with InputError where the folder has no note, or one of another format. */
export function readReportNote(folder: string): ReportNote {
  let text: string
  try {
    text = readFileSync(join(folder, REPORT_NOTE), 'utf8')
  } catch (error) {
    throw new InputError(
      `${folder}: expected the folder that "eval --report" wrote, found no ${REPORT_NOTE} in it`,
      {
        cause: error,
      },
    )
  }
  const note = parse(text)
  if (note === null || typeof note !== 'object' || note.format !== FORMAT || !isWhole(note))
    throw new InputError(
      `${join(folder, REPORT_NOTE)}: not a note of this version; run "detscope eval" again`,
    )
  return note
}

function parse(text: string): ReportNote | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const isWhole = ({ groundTruth, detections, compared, images, run }: ReportNote): boolean =>
  [groundTruth, detections, ...(compared ? [compared] : [])].every(
    file => typeof file?.name === 'string' && typeof file.sha256 === 'string' && Number.isFinite(file.bytes),
  ) &&
  (images === null || typeof images === 'string') &&
  (run?.iouType === 'bbox' || run?.iouType === 'segm') &&
  [run.imageIds, run.categoryIds].every(ids => ids === null || Array.isArray(ids))
