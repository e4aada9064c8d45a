// Whom the app asks, what its policy forbids, and whether it installs, in a real browser.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { serveApp as serveLocally } from '../../src/node/serve-app.js'
import { serveFolders } from '../support/web.js'
import { comparable, saved, serveApp } from './drop.js'
import { openKept, tryDemo, watchedBrowser } from './watched.js'

const dist = join(import.meta.dirname, '../../dist')
const browser = watchedBrowser()

describe('the policy', () => {
  test('keeps every request on the page’s own host', async () => {
    const server = await browser.started(serveApp(false))
    browser.proxy.asked.clear()
    const { page, complaints } = await browser.open()
    await page.goto(`${server.origin}/pages/`)
    await tryDemo(page)
    for (const title of ['Report, one HTML file', 'Everything as JSON', 'Every table as CSV, in a zip'])
      expect((await saved(page, title)).bytes.length).toBeGreaterThan(1000)
    expect(complaints).toEqual([])
    expect([...browser.proxy.asked]).toEqual([new URL(server.origin).host])
  })

  test('forbids what a hostile file might try, in the page and in workers', async () => {
    const server = await browser.started(serveApp(true))
    const { page, complaints } = await browser.open()
    await openKept(page, server)
    await page.reload()
    browser.proxy.asked.clear()
    const found = await page.evaluate(async () => {
      // What a test's own code may do is more than what the page's may.
      await new Promise(resolve => setTimeout(resolve))
      const told = (work: Promise<unknown>): Promise<string> =>
        work.then(
          () => 'done',
          () => 'refused',
        )
      const script = document.createElement('script')
      script.textContent = 'globalThis.injected = true'
      document.body.append(script)
      const image = new Image()
      image.src = 'http://elsewhere.example/image.png'
      const worker = new Worker('data:text/javascript,postMessage(1)')
      return {
        script: 'injected' in globalThis ? 'done' : 'refused',
        image: await told(image.decode()),
        worker: await told(
          new Promise((resolve, reject) => {
            worker.onmessage = resolve
            worker.onerror = reject
          }),
        ),
        eval: await told((async () => Function('return 1')())()),
        fetch: await told(fetch('http://elsewhere.example/')),
      }
    })
    const refused = 'refused'
    expect(found).toEqual({ script: refused, image: refused, worker: refused, eval: refused, fetch: refused })
    expect(complaints.filter(text => text.includes('policy: ')).length).toBeGreaterThanOrEqual(4)
    await tryDemo(page)
    for (const worker of page.workers())
      await expect(worker.evaluate(() => fetch('http://elsewhere.example/'))).rejects.toThrow(
        'Failed to fetch',
      )
    expect(page.workers().length).toBeGreaterThan(0)
    expect([...browser.proxy.asked].filter(host => host.includes('elsewhere'))).toEqual([])
  })

  test('may even forbid WebAssembly: the results are the same', async () => {
    const page = readFileSync(join(dist, 'app/index.html'), 'utf8')
    const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(page) ?? []
    const forbidding = policy.replace(" 'wasm-unsafe-eval'", '')
    expect(forbidding).not.toBe(policy)
    const results: object[] = []
    for (const csp of [policy, forbidding]) {
      const headers = { 'content-security-policy': csp }
      const server = await browser.started(
        serveFolders({ pages: join(dist, 'app') }, { isolated: true, headers }),
      )
      const { page } = await browser.open()
      await page.goto(`${server.origin}/pages/`)
      await tryDemo(page)
      results.push(comparable((await saved(page, 'Everything as JSON')).bytes.toString()))
      // Only where the policy says so is it forbidden.
      const [worker] = page.workers()
      const module = worker.evaluate(async () => {
        await new Promise(resolve => setTimeout(resolve))
        const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])
        return (await WebAssembly.compile(bytes)) instanceof WebAssembly.Module
      })
      if (csp === forbidding) await expect(module).rejects.toThrow('Content Security Policy')
      else expect(await module).toBe(true)
    }
    expect(results[1]).toEqual(results[0])
  })
})

test('the manifest is one that browsers install, with icons as it says', async () => {
  const server = await browser.started(serveApp(true))
  const { page } = await browser.open()
  await openKept(page, server)
  const session = await page.context().newCDPSession(page)
  const { url, errors, data } = await session.send('Page.getAppManifest')
  expect([url, errors]).toEqual([`${server.origin}/pages/manifest.webmanifest`, []])
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  expect(installabilityErrors).toEqual([])
  for (const { src, sizes, type } of JSON.parse(data ?? '{}').icons) {
    const answer = await fetch(`${server.origin}/pages/${src}`)
    expect(answer.headers.get('content-type')).toBe(type)
    if (type !== 'image/png') continue
    const { width, height } = PNG.sync.read(Buffer.from(await answer.arrayBuffer()))
    expect(`${width}x${height}`).toBe(sizes)
  }
})

test('as "detscope app" serves it, the app works isolated and leaves no service worker behind', async () => {
  const server = await browser.started(serveLocally(join(dist, 'app'), { port: 0 }))
  browser.proxy.asked.clear()
  const { page, complaints } = await browser.open()
  await page.goto(server.url)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  await tryDemo(page)
  expect((await saved(page, 'Report, one HTML file')).bytes.length).toBeGreaterThan(500_000)
  expect(complaints).toEqual([])
  expect([...browser.proxy.asked]).toEqual([new URL(server.url).host])
  const workers = () => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)
  await expect.poll(workers).toBe(0)
  expect(await page.evaluate(() => caches.keys())).toEqual([])
})
