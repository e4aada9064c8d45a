// The app with WebGPU, with one that goes away in the middle of the work, and with none.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generate } from '../../bench/generate.js'
import type { BackendUse } from '../../src/data/evaluation.js'
import { launchBrowser, launchPlainBrowser, type WebServer } from '../support/web.js'
import { choose, comparable, evaluateChosen, openApp, saved, serveApp, shown } from './drop.js'

const bin = join(import.meta.dirname, '../../bin/detscope.js')
const folder = mkdtempSync(join(tmpdir(), 'detscope-gpu-'))
const browsers: Browser[] = []

let server: WebServer
let expected: object

beforeAll(async () => {
  await generate(folder, { images: 300, classes: 8, groundTruths: 3000, detections: 30_000, seed: 5 })
  const files = ['--gt', 'gt.json', '--dt', 'dt_segm.json', '--json', 'out.json']
  execFileSync(process.execPath, [bin, 'eval', ...files, '--backend', 'cpu', '--quiet'], { cwd: folder })
  expected = comparable(readFileSync(join(folder, 'out.json'), 'utf8'))
  server = await serveApp(true)
})
afterAll(async () => {
  for (const browser of browsers) await browser.close()
  server?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function open(launched: Promise<Browser>): Promise<{ browser: Browser; page: Page }> {
  const browser = await launched
  browsers.push(browser)
  const { page } = await openApp(browser, server)
  await choose(page, [join(folder, 'gt.json'), join(folder, 'dt_segm.json')])
  await page.getByLabel('Masks on').selectOption({ label: 'GPU' })
  return { browser, page }
}

const hardware = (page: Page): Promise<string | null> => page.locator('.appbar .hardware').textContent()

/** Returns what the result says it was computed on. */
async function expectSameNumbers(page: Page): Promise<BackendUse> {
  const text = (await saved(page, 'Everything as JSON')).bytes.toString()
  expect(JSON.stringify(comparable(text)) === JSON.stringify(expected)).toBe(true)
  return JSON.parse(text).backend
}

test('a GPU gives the command line’s numbers, and stands on the page', async () => {
  const { page } = await open(launchBrowser())
  await evaluateChosen(page)
  expect(await hardware(page)).toMatch(
    /, on the GPU \(swiftshader.*\) and the CPU, by one worker; shared memory\.$/,
  )
  const { kind, fallback } = await expectSameNumbers(page)
  expect([kind, fallback]).toEqual(['webgpu', undefined])
})

test('a GPU lost in the middle of the work costs no number, and that stands on the page', async () => {
  const { browser, page } = await open(launchBrowser())
  const session = await browser.newBrowserCDPSession()
  await page.exposeFunction('crash', () => {
    // The answer to this never comes back.
    session.send('Browser.crashGpuProcess').catch(() => {})
  })
  await page.evaluate(() => {
    const { crash } = globalThis as unknown as { crash: () => void }
    const timer = setInterval(() => {
      const now = document.querySelector('.stages .now')
      // Some masks have come back already.
      const done = now?.querySelector<HTMLProgressElement>('progress')?.value ?? 0
      if (!now?.textContent?.startsWith('Comparing masks') || done === 0) return
      clearInterval(timer)
      crash()
    }, 1)
  })
  await page.getByRole('button', { name: 'Evaluate' }).click()
  await shown(page)
  const { kind, fallback } = await expectSameNumbers(page)
  expect(kind).toBe('webgpu')
  expect(fallback).toMatch(/^\d+ of 33000 masks were intersected by cpu instead of .*: the device was lost: /)
  const words = (await hardware(page)) ?? ''
  expect(words).toContain(`Work moved to the CPU: ${fallback?.replace(/\.$/, '')}`)
  expect(words).toMatch(/[^.]\.$/)
})

test('where there is none, the page says so', async () => {
  const { page } = await open(launchPlainBrowser())
  await page.getByRole('button', { name: 'Evaluate' }).click()
  await expect
    .poll(() => page.getByRole('alert').textContent())
    .toBe('backend "webgpu": this browser gives no GPU adapter')
  await page.getByLabel('Masks on').selectOption({ label: 'GPU where it pays' })
  await evaluateChosen(page)
  expect(await hardware(page)).toContain(', on the CPU, ')
  expect(await expectSameNumbers(page)).toEqual({ kind: 'cpu', adapter: null })
})
