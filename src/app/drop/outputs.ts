/** Files that the command line writes, made from an evaluation in the page's worker. */

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { Zip, ZipDeflate } from 'fflate'
import type { Analysis } from '../../analyse.js'
import { blobRanges } from '../../browser/files.js'
import type { Evaluation } from '../../data/evaluation.js'
import { csvChunks } from '../../report/csv.js'
import { csvTables } from '../../report/csv-tables.js'
import {
  collectGallery,
  GALLERY,
  GALLERY_BYTES,
  type Gallery,
  type GalleryOptions,
} from '../../report/gallery.js'
import { htmlChunks, type PageExtras, pageBlocks } from '../../report/html.js'
import { type InputFile, resultFile } from '../../report/json.js'
import { jsonChunks } from '../../report/json-text.js'
import { HEADING, markdownBody } from '../../report/markdown.js'
import { COMPARISON } from '../../report/page-content.js'
import type { Blocks } from '../../report/page-data.js'
import { SECOND_SHARE } from '../../report/pair-gallery.js'
import type { Pictures } from './picture-store.js'
import { BEST, type ComparedInput, type ModelTexts, type SaveKind } from './protocol.js'
import { fittingPictures } from './shrink.js'
import { VERSION } from './version.js'

export interface Output {
  evaluation: Evaluation
  analysis: Analysis
  gt: File
  dt: File
  pictures: Pictures
  /** Version and platform of the browser. */
  runtime: string
  /** The text of dist/page.html. */
  page: string
  /** Of a second model, and what is said of both. */
  second?: File
  compared?: ComparedInput
}

const WRITERS: Record<SaveKind, (output: Output) => Blob | Promise<Blob>> = {
  html: writeReport,
  json: writeJson,
  csv: writeTables,
  markdown: output => new Blob(output.compared?.text ?? [HEADING, modelTexts(output).markdown]),
  thresholds: ({ analysis, compared }) => new Blob(compared?.text ?? [...jsonChunks(analysis.thresholds)]),
}

export const modelTexts = ({
  evaluation,
  analysis,
  gt,
  dt,
}: Pick<Output, 'evaluation' | 'analysis' | 'gt' | 'dt'>): ModelTexts => ({
  markdown: markdownBody(evaluation, analysis, {
    groundTruthName: gt.name,
    detectionsName: dt.name,
    scoreReason: BEST,
  }),
  thresholds: analysis.thresholds,
})

export const writeOutput = (kind: SaveKind, output: Output): Blob | Promise<Blob> => WRITERS[kind](output)

async function writeReport(output: Output): Promise<Blob> {
  const { evaluation, analysis, pictures, page, compared } = output
  const { scene, index, view } = analysis
  const { chosen, metrics, blocks: second } = compared ?? {}
  const gallery = await collectGallery(evaluation, index, view, {
    ...(chosen && { chosen, byteLength: Math.floor((1 - SECOND_SHARE) * GALLERY_BYTES) }),
    findPicture: pictures.isEmpty ? undefined : fittingPictures(pictures, scene.images),
  })
  const extras = withGallery(extrasOf(output), gallery)
  const parts = metrics ? { ...extras.parts, [COMPARISON]: metrics } : extras.parts
  const chunks = await htmlChunks(evaluation, page, { ...extras, parts, second })
  return new Blob(chunks, { type: 'text/html' })
}

/** What a page carries of a model that is the second. */
export async function pageBlocksOf(
  run: Pick<Output, 'evaluation' | 'analysis' | 'gt' | 'dt'>,
  options: GalleryOptions,
): Promise<Blocks> {
  const { index, view } = run.analysis
  const gallery = await collectGallery(run.evaluation, index, view, options)
  return pageBlocks(run.evaluation, withGallery(extrasOf(run), gallery))
}

/** What the page says besides the scene: the same where it is shown and where it is saved. */
export function extrasOf({ analysis, gt, dt }: Pick<Output, 'analysis' | 'gt' | 'dt'>): PageExtras {
  const { comparison, findings, indices, view } = analysis
  const { protocol, iou, classAgnostic } = view
  return {
    version: VERSION,
    groundTruthName: gt.name,
    detectionsName: dt.name,
    comparison,
    findings: { [protocol]: findings[protocol] },
    indices,
    view: { protocol, iou, classAgnostic },
  }
}

/** With the worst masks and pictures. */
const withGallery = (extras: PageExtras, { part, blocks }: Gallery): PageExtras => ({
  ...extras,
  parts: { [GALLERY]: part },
  blocks,
})

async function writeJson({ evaluation, analysis, gt, dt, runtime, second, compared }: Output): Promise<Blob> {
  const result = resultFile(evaluation, analysis, {
    version: VERSION,
    runtime,
    createdAt: new Date(),
    inputs: [
      await digestOf('groundTruth', gt),
      await digestOf('detections', dt),
      ...(second ? [await digestOf('compared', second)] : []),
    ],
    comparison: compared?.comparison,
  })
  return new Blob([...jsonChunks(result)], { type: 'application/json' })
}

async function digestOf(role: InputFile['role'], file: File): Promise<InputFile> {
  const hash = sha256.create()
  for await (const chunk of blobRanges(file, file.name).read(0, file.size)) hash.update(chunk)
  return { role, name: file.name, bytes: file.size, sha256: bytesToHex(hash.digest()) }
}

/** All tables in one zip. */
function writeTables({ analysis, compared }: Output): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const encoder = new TextEncoder()
  return new Promise((resolve, reject) => {
    const zip = new Zip((error, part, isLast) => {
      if (error) reject(error)
      else parts.push(part as Uint8Array<ArrayBuffer>)
      if (isLast) resolve(new Blob(parts, { type: 'application/zip' }))
    })
    for (const table of [...csvTables(analysis), ...(compared?.tables ?? [])]) {
      const file = new ZipDeflate(table.name, { level: 6 })
      zip.add(file)
      for (const chunk of csvChunks(table)) file.push(encoder.encode(chunk))
      file.push(new Uint8Array(0), true)
    }
    zip.end()
  })
}
