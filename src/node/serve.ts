/** Serves a report with pictures and masks from disk, to this machine only. */

import { readFileSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { InputError } from '../errors.js'
import { checkImageFolder, fileInside, type ImageFolder, openImageFolder } from './images.js'
import { type Answer, type LocalServer, NOT_FOUND, startLocalServer, text } from './local-server.js'
import { type ReportData, readReportData, type Whose } from './report-data.js'
import { REPORT_PAGE, type ReportNote, readReportNote } from './report-folder.js'

export interface ServeOptions {
  /** Default: one that is free. */
  port?: number
  /** Pictures from another folder than the report's own note says. */
  images?: string
  /** Inputs that have moved since. */
  groundTruth?: string
  detections?: string
  compared?: string
  signal?: AbortSignal
}

export interface ReportServer extends LocalServer {
  /** The folder that pictures come from; null for none. */
  images: string | null
}

// As in the page, and nobody may put it into a frame.
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const isPage = (path: string): boolean => path === '/' || path === `/${REPORT_PAGE}`

/**
 * Serves the report in `folder` on 127.0.0.1: its page, `images/<row>`, `masks/<row>.json`, for a second model
 * `masks-b/<row>.json`, and nothing else. Fails
 * with InputError where the folder holds no report, an option leads nowhere, or the port is taken.
 */
export async function serveReport(folder: string, options: ServeOptions = {}): Promise<ReportServer> {
  const files = new ReportFiles(folder, options)
  const server = await startLocalServer({
    port: options.port ?? 0,
    headers: { 'content-security-policy': POLICY },
    // A link may lead to the page.
    isPrivate: path => !isPage(path),
    answer: path => answer(path, files),
  })
  return { ...server, images: files.imagesPath }
}

function answer(path: string, files: ReportFiles): Promise<Answer> | Answer {
  // No part of the path becomes part of a file's name: it is one of four forms.
  if (isPage(path)) return files.page()
  const [, kind, row] = /^\/(images|masks|masks-b)\/(\d{1,9})(?:\.json)?$/.exec(path) ?? []
  if (row === undefined || path !== (kind === 'images' ? `/images/${row}` : `/${kind}/${row}.json`))
    return NOT_FOUND
  if (kind === 'images') return files.picture(Number(row))
  return files.masks(Number(row), kind === 'masks' ? 'detections' : 'compared')
}

/** What a report's server may read. */
class ReportFiles {
  readonly imagesPath: string | null
  readonly #folder: string
  readonly #root: string
  readonly #note: ReportNote
  readonly #options: ServeOptions
  readonly #data: Partial<Record<Whose, Promise<ReportData>>> = {}
  #images: ImageFolder | undefined

  constructor(folder: string, options: ServeOptions) {
    this.#note = readReportNote(folder)
    this.#folder = folder
    this.#root = realpathSync(folder)
    this.#options = options
    const noted = this.#note.images === null ? null : resolve(folder, this.#note.images)
    this.imagesPath = options.images ?? noted
    // A folder that was asked for must be there; one that the note names may be gone.
    if (options.images !== undefined) checkImageFolder('--images', options.images)
    if (fileInside(this.#root, REPORT_PAGE) === null)
      throw new InputError(`${folder}: expected the page of a report, found no file ${REPORT_PAGE} in it`)
  }

  page(): Answer {
    const path = fileInside(this.#root, REPORT_PAGE)
    if (path === null) return NOT_FOUND
    return { status: 200, type: 'text/html; charset=utf-8', body: readFileSync(path) }
  }

  async picture(image: number): Promise<Answer> {
    const { imagesPath } = this
    if (imagesPath === null) return text(404, 'No pictures: start the server with --images DIR.')
    try {
      const { fileNames } = await this.#read()
      if (image >= fileNames.length) return NOT_FOUND
      this.#images ??= openImageFolder('--images', imagesPath, fileNames)
      const picture = await this.#images.read(image)
      if (!picture) return text(404, `No picture named "${fileNames[image]}" in ${imagesPath}.`)
      return { status: 200, type: picture.type, body: picture.bytes }
    } catch (error) {
      return fault(error)
    }
  }

  async masks(image: number, whose: Whose): Promise<Answer> {
    if (whose === 'compared' && !this.#note.compared) return NOT_FOUND
    try {
      const { fileNames, masksOf } = await this.#read(whose)
      if (image >= fileNames.length) return NOT_FOUND
      return { status: 200, type: 'application/json', body: JSON.stringify(masksOf(image)) }
    } catch (error) {
      return fault(error)
    }
  }

  /** The inputs, once somebody asks. */
  #read(whose: Whose = 'detections'): Promise<ReportData> {
    const options = this.#options
    this.#data[whose] ??= readReportData(this.#folder, this.#note, options, whose, options.signal)
    return this.#data[whose]
  }
}

/** What a user can mend is said. */
function fault(error: unknown): Answer {
  if (error instanceof InputError) return text(404, error.message)
  throw error
}
