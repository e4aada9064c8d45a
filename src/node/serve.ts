/** Serves a report with pictures and masks from disk, to this machine only. */

import { readFileSync, realpathSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { InputError } from '../errors.js'
import { checkImageFolder, fileInside, type ImageFolder, openImageFolder } from './images.js'
import { type ReportData, readReportData } from './report-data.js'
import { REPORT_PAGE, type ReportNote, readReportNote } from './report-folder.js'

export interface ServeOptions {
  /** Default: one that is free. */
  port?: number
  /** Pictures from another folder than the report's own note says. */
  images?: string
  /** Inputs that have moved since. */
  groundTruth?: string
  detections?: string
  signal?: AbortSignal
}

export interface ReportServer {
  url: string
  /** The folder that pictures come from; null for none. */
  images: string | null
  close(): Promise<void>
}

/** What goes back to the browser. */
interface Answer {
  status: number
  type: string
  body: Uint8Array | string
}

const HEADERS = {
  // As in the page, and nobody may put it into a frame.
  'content-security-policy':
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
}

const text = (status: number, body: string): Answer => ({ status, type: 'text/plain; charset=utf-8', body })
const NOT_FOUND = text(404, 'Nothing is here.')

/**
 * Serves the report in `folder` on 127.0.0.1: its page, `images/<row>` and `masks/<row>.json`, and nothing else. Fails
 * with InputError where the folder holds no report, an option leads nowhere, or the port is taken.
 */
export async function serveReport(folder: string, options: ServeOptions = {}): Promise<ReportServer> {
  const files = new ReportFiles(folder, options)
  const server = createServer((request, response) => {
    answer(request, files).then(
      found => send(request, response, found),
      () => send(request, response, text(500, 'The server failed at this.')),
    )
  })
  const port = await listen(server, options.port ?? 0)
  return {
    url: `http://127.0.0.1:${port}/`,
    images: files.imagesPath,
    close: () =>
      new Promise(done => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const cause =
        error.code === 'EADDRINUSE' ? 'is in use' : error.code === 'EACCES' ? 'needs more rights' : null
      fail(cause ? new InputError(`--port: ${port} ${cause}`, { cause: error }) : error)
    })
    server.listen(port, '127.0.0.1', () => done((server.address() as AddressInfo).port))
  })
}

/** Names under which a browser of this machine reaches the server; any other is a page that had its name bent to it. */
const OWN_HOST = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i

/** Whether another page asks, as far as the browser says. */
const isForeign = ({ headers }: IncomingMessage): boolean => {
  const site = headers['sec-fetch-site']
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}

async function answer(request: IncomingMessage, files: ReportFiles): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'Only GET and HEAD.')
  if (!OWN_HOST.test(request.headers.host ?? '')) return text(403, 'Ask for 127.0.0.1 or localhost.')
  // No part of the path becomes part of a file's name: it is one of three forms.
  const path = (request.url ?? '').replace(/\?.*$/s, '')
  if (path === '/' || path === `/${REPORT_PAGE}`) return files.page()
  const [, kind, row] = /^\/(images|masks)\/(\d{1,9})(?:\.json)?$/.exec(path) ?? []
  if (row === undefined || path !== (kind === 'images' ? `/images/${row}` : `/masks/${row}.json`))
    return NOT_FOUND
  if (isForeign(request)) return text(403, 'Only the report itself may ask for this.')
  return kind === 'images' ? files.picture(Number(row)) : files.masks(Number(row))
}

function send({ method }: IncomingMessage, response: ServerResponse, { status, type, body }: Answer): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  if (status === 405) response.setHeader('allow', 'GET, HEAD')
  response.writeHead(status, { ...HEADERS, 'content-type': type, 'content-length': bytes.length })
  response.end(method === 'HEAD' ? undefined : bytes)
}

/** What a report's server may read. */
class ReportFiles {
  readonly imagesPath: string | null
  readonly #folder: string
  readonly #root: string
  readonly #note: ReportNote
  readonly #options: ServeOptions
  #data: Promise<ReportData> | undefined
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

  async masks(image: number): Promise<Answer> {
    try {
      const { fileNames, masksOf } = await this.#read()
      if (image >= fileNames.length) return NOT_FOUND
      return { status: 200, type: 'application/json', body: JSON.stringify(masksOf(image)) }
    } catch (error) {
      return fault(error)
    }
  }

  /** The inputs, once somebody asks. */
  #read(): Promise<ReportData> {
    this.#data ??= readReportData(this.#folder, this.#note, this.#options, this.#options.signal)
    return this.#data
  }
}

/** What a user can mend is said. */
function fault(error: unknown): Answer {
  if (error instanceof InputError) return text(404, error.message)
  throw error
}
