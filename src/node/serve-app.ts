/** Serves the browser app from the folder that the build made, to this machine only. */

import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { type Answer, type LocalServer, NOT_FOUND, startLocalServer } from './local-server.js'

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
}

// As in the page, and nobody may put it into a frame.
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const HEADERS = {
  'content-security-policy': POLICY,
  // With the opener policy of every server of ours this isolates the page: its threads may share memory.
  'cross-origin-embedder-policy': 'require-corp',
}

/**
 * Stands for the app's own service worker. The files are at hand here, and one that stayed would answer for whatever is
 * served at this address later; this also removes one that another server left.
 */
const NO_SERVICE_WORKER = `addEventListener('install', () => skipWaiting())
addEventListener('activate', event => event.waitUntil(registration.unregister()))
`

/**
 * Serves the files that are in `folder` now on 127.0.0.1, and nothing else; the page is cross-origin isolated. Fails with
 * InputError where the port is taken. `port` 0 takes one that is free.
 */
export function serveApp(folder: string, { port }: { port: number }): Promise<LocalServer> {
  // No part of the path becomes part of a file's name: it must be one of these.
  const files = filesIn(folder)
  const answer = (path: string): Answer => {
    if (path === '/sw.js') return { status: 200, type: TYPES['.js'], body: NO_SERVICE_WORKER }
    const file = files.get(path === '/' ? '/index.html' : path)
    return file ? { status: 200, type: file.type, body: readFileSync(file.path) } : NOT_FOUND
  }
  return startLocalServer({ port, headers: HEADERS, isPrivate: () => false, answer })
}

/** Files by the path that they are asked for; links, and kinds that the app has none of, are left out. */
function filesIn(folder: string): Map<string, { path: string; type: string }> {
  const files = new Map<string, { path: string; type: string }>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const type = TYPES[extname(entry.name)]
    if (entry.isFile() && type) files.set(`/${relative(folder, path).split(sep).join('/')}`, { path, type })
  }
  return files
}
