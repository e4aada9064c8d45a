/**
 * Keeps the files of the app, so that it opens without a network. The build (vite-offline.js) puts before it a line with
 * the names and digests of all files: a change of any file is a change of this one, which browsers look for.
 *
 * A new version takes over with the next opening of the page. Versions are never mixed: files have their digest in their
 * names, but for the page itself, which is taken from the version at work, and a file that is not what the build made
 * (a server that is just being changed) fails the installation as a whole.
 */

interface Build {
  version: string
  /** Name, from the folder of this file, and digest as in the attribute "integrity". */
  files: [name: string, integrity: string][]
  /** The page's Content-Security-Policy. */
  policy: string
}

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface RequestEvent extends WorkerEvent {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}

/** What of ServiceWorkerGlobalScope is used; the types of pages and of workers exclude each other. */
const worker = globalThis as unknown as {
  DETSCOPE_BUILD: Build
  registration: { scope: string }
  clients: { matchAll(which: { includeUncontrolled: true }): Promise<unknown[]>; claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: WorkerEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: RequestEvent) => void): void
}

const { version, files, policy } = worker.DETSCOPE_BUILD
const { scope } = worker.registration
/** Of this installation; another folder of the same server may hold another one. */
const OURS = `detscope ${scope} `
const CACHE = OURS + version
const PAGE = new URL('index.html', scope).href

/** What a server may not send (GitHub Pages sends none), from the second opening on. */
const HEADERS = {
  // The page's threads share memory.
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  // The page says so itself, its workers do not.
  'content-security-policy': policy,
}

async function install(): Promise<void> {
  const cache = await caches.open(CACHE)
  try {
    await cache.addAll(
      files.map(([name, integrity]) => new Request(new URL(name, scope), { integrity, cache: 'reload' })),
    )
  } catch (error) {
    await caches.delete(CACHE)
    throw error
  }
  // Pages of the version before go on with its files.
  await worker.skipWaiting()
}

/** An earlier version goes when no page may still need it. */
async function dropOthers(): Promise<void> {
  if ((await worker.clients.matchAll({ includeUncontrolled: true })).length > 0) return
  const names = await caches.keys()
  await Promise.all(names.filter(name => name.startsWith(OURS) && name !== CACHE).map(n => caches.delete(n)))
}

async function answer(request: Request, address: string): Promise<Response> {
  const cache = await caches.open(CACHE)
  const kept = (await cache.match(address)) ?? (await caches.match(address))
  return kept ? guarded(kept) : fetch(request)
}

function guarded(kept: Response): Response {
  const headers = new Headers(kept.headers)
  for (const [name, value] of Object.entries(HEADERS)) if (!headers.has(name)) headers.set(name, value)
  return new Response(kept.body, { status: kept.status, statusText: kept.statusText, headers })
}

worker.addEventListener('install', event => event.waitUntil(install()))
worker.addEventListener('activate', event => event.waitUntil(dropOthers().then(() => worker.clients.claim())))
worker.addEventListener('fetch', event => {
  const { request } = event
  const address = request.url.replace(/[?#].*$/s, '')
  if (request.method !== 'GET' || !address.startsWith(scope)) return
  const isPage = address === scope || address === PAGE
  // Whatever else lies in this folder is none of our business.
  if (request.mode === 'navigate' && !isPage) return
  if (isPage) event.waitUntil(dropOthers())
  event.respondWith(answer(request, isPage ? PAGE : address))
})

// A module, so that its names are its own; nothing is exported.
export {}
