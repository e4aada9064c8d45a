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

/** The page's own policy, which its workers need to be told; and nobody may put it into a frame. */
function policyOf(folder: string): string {
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(page) ?? []
  if (!policy) throw new Error(`${folder}: its page states no Content-Security-Policy`)
  return `${policy}; frame-ancestors 'none'`
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
export async function serveApp(folder: string, { port }: { port: number }): Promise<LocalServer> {
  // No part of the path becomes part of a file's name: it must be one of these.
  const files = filesIn(folder)
  const answer = (path: string): Answer => {
    if (path === '/sw.js') return { status: 200, type: TYPES['.js'], body: NO_SERVICE_WORKER }
    const file = files.get(path === '/' ? '/index.html' : path)
    return file ? { status: 200, type: file.type, body: readFileSync(file.path) } : NOT_FOUND
  }
  const headers = {
    'content-security-policy': policyOf(folder),
    // With the opener policy of every server of ours this isolates the page: its threads may share memory.
    'cross-origin-embedder-policy': 'require-corp',
  }
  return startLocalServer({ port, headers, isPrivate: () => false, answer })
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
