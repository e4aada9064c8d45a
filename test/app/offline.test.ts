// The app without a network, and its updates, in a real browser.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import { listFiles } from '../../src/app/offline/vite-offline.js'
import { serveFolders } from '../support/web.js'
import { saved, serveApp } from './drop.js'
import { openKept, tryDemo, watchedBrowser } from './watched.js'

const dist = join(import.meta.dirname, '../../dist')
const folder = mkdtempSync(join(tmpdir(), 'detscope-offline-'))
const browser = watchedBrowser()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const averagePrecision = (page: Page): Promise<string | null> =>
  page.locator('#summary .metric, #summary').first().textContent()

describe('without a network', () => {
  test.each([true, false])(
    'after the first opening the app evaluates the demo and saves its report (server isolates: %s)',
    async isolated => {
      const server = await browser.started(serveApp(isolated))
      const { page, complaints } = await browser.open()
      await openKept(page, server)
      server.close()
      await expect(fetch(`${server.origin}/pages/`)).rejects.toThrow()
      await page.reload()
      // Threads share memory from now on wherever the files come from.
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
      await tryDemo(page)
      expect(await averagePrecision(page)).toMatch(/^SummaryAP\.523/)
      const report = await saved(page, 'Report, one HTML file')
      expect(report.bytes.length).toBeGreaterThan(500_000)
      expect(complaints).toEqual([])
    },
  )

  test('a first opening goes on when the network ends', async () => {
    const server = await browser.started(serveApp(false))
    const { page, complaints } = await browser.open()
    await openKept(page, server)
    server.close()
    await tryDemo(page)
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false)
    expect(complaints).toEqual([])
  })
})

/** A copy of the built app in a folder of its own; `change` edits the text of each of its files. */
function copyOfApp(name: string, change: (text: string) => string = text => text): string {
  const copy = join(folder, name)
  cpSync(join(dist, 'app'), copy, { recursive: true })
  for (const file of readdirSync(copy, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(js|css|html)$/.test(file)) continue
    const text = readFileSync(join(copy, file), 'utf8')
    rmSync(join(copy, file))
    writeFileSync(join(copy, change(file)), change(text))
  }
  listFiles(copy)
  return copy
}

describe('a new version', () => {
  /** Other names for all files that have a digest in theirs, and a mark on the page. */
  const next = (text: string): string =>
    text
      .replace(/(assets\/)?\b(index|worker|engine-worker|page)-([\w-]{8})\.(js|css|html)/g, '$1$2-next$3.$4')
      .replace('<html lang="en">', '<html lang="en" data-version="next">')
  const versionOf = (page: Page): Promise<string | undefined> =>
    page.evaluate(() => document.documentElement.dataset.version)
  const cacheCount = (page: Page): Promise<number> => page.evaluate(async () => (await caches.keys()).length)
  const lookForUpdate = (page: Page): Promise<boolean> =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration()
      const before = registration?.active
      await registration?.update()
      const found = registration?.installing ?? registration?.waiting
      if (!found) return registration?.active !== before
      return new Promise<boolean>(resolve => {
        found.onstatechange = () => {
          if (found.state === 'activated' || found.state === 'redundant') resolve(found.state === 'activated')
        }
      })
    })

  test('takes over with the next opening; a page of the old one goes on with the old files', async () => {
    const folders = { pages: copyOfApp('first') }
    const server = await browser.started(serveFolders(folders, { isolated: false }))
    const { page, complaints } = await browser.open()
    await openKept(page, server)
    folders.pages = copyOfApp('second', next)
    expect(await lookForUpdate(page)).toBe(true)
    expect(await cacheCount(page)).toBe(2)
    // The scripts of its workers are on the server no more.
    await tryDemo(page)
    await saved(page, 'Report, one HTML file')
    expect(await versionOf(page)).toBeUndefined()
    server.close()
    const other = await browser.open(page.context())
    await other.page.goto(`${server.origin}/pages/`)
    expect(await versionOf(other.page)).toBe('next')
    await tryDemo(other.page)
    expect([...complaints, ...other.complaints]).toEqual([])
    // With its last page the old version goes.
    const context = page.context()
    await page.close()
    await other.page.close()
    const last = await browser.open(context)
    await last.page.goto(`${server.origin}/pages/`)
    await expect.poll(() => cacheCount(last.page)).toBe(1)
  })

  test('that is there in part only is not taken', async () => {
    const folders = { pages: copyOfApp('whole') }
    const server = await browser.started(serveFolders(folders, { isolated: false }))
    const { page } = await browser.open()
    await openKept(page, server)
    const half = copyOfApp('half', next)
    cpSync(join(folder, 'whole/index.html'), join(half, 'index.html'))
    folders.pages = half
    expect(await lookForUpdate(page)).toBe(false)
    await page.reload()
    expect(await versionOf(page)).toBeUndefined()
    expect(await cacheCount(page)).toBe(1)
    await tryDemo(page)
  })
})
