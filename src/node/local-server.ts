/** A web server for this machine only, which answers with what it is given and reads no file by the name it is asked. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { InputError } from '../errors.js'

/** What goes back to the browser. */
export interface Answer {
  status: number
  type: string
  body: Uint8Array | string
}

export interface LocalServer {
  /** http://127.0.0.1:PORT/ */
  url: string
  close(): Promise<void>
}

export interface LocalServerOptions {
  /** 0 for one that is free. */
  port: number
  /** Go with every answer, beside those that every server of ours sends. */
  headers: Record<string, string>
  /** Whether only a page of this server, or a person, may ask for `path`. */
  isPrivate(path: string): boolean
  /** `path` begins with a slash and is as it was sent, without what follows a question mark. */
  answer(path: string): Promise<Answer> | Answer
}

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
}

export const text = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body,
})
export const NOT_FOUND = text(404, 'Nothing is here.')

/** Serves on 127.0.0.1 until it is closed. Fails with InputError where the port cannot be had. */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const server = createServer((request, response) => {
    const send = (found: Answer): void => sendAnswer(request, response, found, options.headers)
    answerTo(request, options).then(send, () => send(text(500, 'The server failed at this.')))
  })
  const port = await listen(server, options.port)
  return {
    url: `http://127.0.0.1:${port}/`,
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

async function answerTo(
  request: IncomingMessage,
  { isPrivate, answer }: LocalServerOptions,
): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'Only GET and HEAD.')
  if (!OWN_HOST.test(request.headers.host ?? '')) return text(403, 'Ask for 127.0.0.1 or localhost.')
  const path = (request.url ?? '').replace(/\?.*$/s, '')
  if (isForeign(request) && isPrivate(path)) return text(403, 'Only a page of this server may ask for this.')
  return answer(path)
}

function sendAnswer(
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, type, body }: Answer,
  headers: Record<string, string>,
): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  if (status === 405) response.setHeader('allow', 'GET, HEAD')
  response.writeHead(status, {
    ...HEADERS,
    ...headers,
    'content-type': type,
    'content-length': bytes.length,
  })
  response.end(method === 'HEAD' ? undefined : bytes)
}
