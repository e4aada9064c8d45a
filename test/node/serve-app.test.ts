import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalServer } from '../../src/node/local-server.js'
import { serveApp } from '../../src/node/serve-app.js'
import { ask } from '../support/ask.js'

const base = mkdtempSync(join(tmpdir(), 'detscope-app-'))
const folder = join(base, 'app')
let server: LocalServer

const PAGE = `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self'">`
const FILES: [path: string, text: string, type: string][] = [
  ['index.html', PAGE, 'text/html; charset=utf-8'],
  ['manifest.webmanifest', '{}', 'application/manifest+json'],
  ['icon.svg', '<svg/>', 'image/svg+xml'],
  ['icon-192.png', 'png', 'image/png'],
  ['assets/main-1a2b.js', 'export {}', 'text/javascript; charset=utf-8'],
  ['assets/main-1a2b.css', 'a {}', 'text/css; charset=utf-8'],
]

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'), { recursive: true })
  for (const [path, text] of FILES) writeFileSync(join(folder, path), text)
  for (const path of ['sw.js', '.secret', 'notes.txt']) writeFileSync(join(folder, path), 'secret')
  writeFileSync(join(base, 'outside.js'), 'secret')
  symlinkSync(join(base, 'outside.js'), join(folder, 'link.js'))
  symlinkSync(base, join(folder, 'linked'))
  server = await serveApp(folder, { port: 0 })
})
afterAll(async () => {
  await server.close()
  rmSync(base, { recursive: true })
})

test.each(FILES)('%s is served as it is, with its type', async (path, text, type) => {
  const { status, headers, body } = await ask(server, `/${path}?v=1`)
  expect([status, headers['content-type'], body.toString()]).toEqual([200, type, text])
})

test('the page is at the folder’s own address', async () => {
  expect((await ask(server, '/')).body.toString()).toBe(PAGE)
})

test('instead of the service worker there is one that goes away', async () => {
  const { status, headers, body } = await ask(server, '/sw.js')
  expect([status, headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8'])
  expect(body.toString()).toContain('registration.unregister()')
})

describe('nothing else is served', () => {
  test.each([
    '/.secret',
    '/notes.txt',
    '/link.js',
    '/linked/outside.js',
    '/../outside.js',
    '/..%2foutside.js',
    '/%2e%2e/outside.js',
    '/assets/../../outside.js',
    '/assets/..\\..\\outside.js',
    '/assets',
    '/assets/',
    '//etc/passwd',
    '/etc/passwd',
    'http://127.0.0.1/etc/passwd',
    '/index.html%00.js',
    '/constructor',
  ])('%s', async path => {
    const { status, body } = await ask(server, path)
    expect([status, body.toString()]).toEqual([404, 'Nothing is here.'])
  })

  test('a file that came later', async () => {
    writeFileSync(join(folder, 'later.js'), 'secret')
    expect((await ask(server, '/later.js')).status).toBe(404)
  })
})

describe('nobody else is served', () => {
  test.each(['evil.example', '127.0.0.1.evil.example', '0.0.0.0'])('host %s', async host => {
    expect((await ask(server, '/', { host })).status).toBe(403)
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s', async method => {
    expect((await ask(server, '/', {}, method)).status).toBe(405)
  })

  test('a machine of the network', async () => {
    const address = Object.values(networkInterfaces())
      .flat()
      .find(entry => entry?.family === 'IPv4' && !entry.internal)?.address
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    if (!address) return
    await expect(fetch(server.url.replace('127.0.0.1', address))).rejects.toThrow('fetch failed')
  })
})

test.each(['/', '/assets/main-1a2b.js', '/none'])('%s isolates the page and forbids the rest', async path => {
  const { headers } = await ask(server, path)
  expect(headers).toMatchObject({
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  })
  const policy = "default-src 'none'; img-src 'self'; frame-ancestors 'none'"
  expect(headers['content-security-policy']).toBe(policy)
  expect(headers['access-control-allow-origin']).toBeUndefined()
})

test('a page without a policy is not served', async () => {
  const bare = mkdtempSync(join(base, 'bare-'))
  writeFileSync(join(bare, 'index.html'), '<!doctype html>')
  await expect(serveApp(bare, { port: 0 })).rejects.toThrow('states no Content-Security-Policy')
})

test('a port that is taken is said', async () => {
  const port = Number(new URL(server.url).port)
  await expect(serveApp(folder, { port })).rejects.toThrow(`--port: ${port} is in use`)
})
