/** A headless browser and web servers of this machine, for what runs in pages. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { chromiumPath, driverEnvironment, unpackSwiftShader } from './swiftshader.js'

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
}

const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
}

/** How long a page on a slow and busy machine may take for anything. */
export const PATIENCE_MS = 120_000

export interface WebServer {
  /** http://localhost:PORT, which browsers take for a secure context. */
  origin: string
  /** Paths that were asked for. */
  asked: string[]
  close(): void
}

/**
 * Serves folders by the first part of their addresses, as any static server does; `isolated` adds COOP and COEP, `headers`
 * others.
 */
export async function serveFolders(
  folders: Record<string, string>,
  { isolated, headers = {} }: { isolated: boolean; headers?: Record<string, string> },
): Promise<WebServer> {
  const asked: string[] = []
  const server: Server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname))
    asked.push(path)
    const more = isolated ? { ...ISOLATED, ...headers } : headers
    for (const [name, value] of Object.entries(more)) response.setHeader(name, value)
    const [, mount, ...rest] = path.split('/')
    const folder = folders[mount]
    let file = folder === undefined ? '' : join(folder, ...rest)
    if (path.endsWith('/')) file = join(file, 'index.html')
    if (path === '/')
      response.setHeader('content-type', TYPES['.html']).end('<!doctype html><title>test</title>')
    else if (!existsSync(file) || !statSync(file).isFile()) response.writeHead(404).end()
    else response.setHeader('content-type', TYPES[extname(file)] ?? 'text/plain').end(readFileSync(file))
  })
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** A browser whose only GPU is the software adapter. */
export const launchBrowser = (...more: string[]): Promise<Browser> =>
  launch(['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', ...more])

/** A browser as it comes on a machine without a GPU: no adapter. */
export const launchPlainBrowser = (...more: string[]): Promise<Browser> => launch(more)

async function launch(more: string[]): Promise<Browser> {
  await unpackSwiftShader()
  if (!existsSync(chromiumPath)) throw new Error(`no browser at ${chromiumPath}`)
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', ...more],
    env: { ...process.env, ...driverEnvironment },
  })
  browser.on('context', context => context.setDefaultTimeout(PATIENCE_MS))
  return browser
}
