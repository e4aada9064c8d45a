/** A generated set of 5,000 images: the same numbers as on the command line, a page that lives, work that can be stopped. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generate } from '../../bench/generate.js'
import { launchBrowser, type WebServer } from '../support/web.js'
import { choose, comparable, evaluateChosen, openApp, saved, serveApp } from './drop.js'

const bin = join(import.meta.dirname, '../../bin/detscope.js')
const folder = mkdtempSync(join(tmpdir(), 'detscope-drop-large-'))
const path = (name: string): string => join(folder, name)

let browser: Browser
let server: WebServer
let page: Page
let complaints: string[]

beforeAll(async () => {
  await generate(folder, { images: 5000, classes: 20, groundTruths: 12_000, detections: 30_000, seed: 7 })
  const files = [
    '--gt',
    'gt.json',
    '--dt',
    'dt_segm.json',
    '--json',
    'out.json',
    '--backend',
    'cpu',
    '--quiet',
  ]
  execFileSync(process.execPath, [bin, 'eval', ...files], { cwd: folder, stdio: 'pipe' })
  browser = await launchBrowser()
  server = await serveApp(true)
  ;({ page, complaints } = await openApp(browser, server))
  await choose(page, [path('dt_segm.json'), path('gt.json')])
})
afterAll(async () => {
  await browser?.close()
  server?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('cancelled half-way, it leaves no worker behind and the files where they were', async () => {
  await page.getByRole('button', { name: 'Evaluate', disabled: false }).waitFor()
  // Within the page: the work may be done before a word gets there and back.
  const stages = await page.evaluate(
    () =>
      new Promise<string[]>(resolve => {
        const button = (name: string) =>
          [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name)
        new MutationObserver((_, observer) => {
          const names = Array.from(document.querySelectorAll('.stages li'), ({ textContent }) => textContent)
          if (!names.some(name => name.includes('Reading the files'))) return
          observer.disconnect()
          button('Cancel')?.click()
          resolve(names)
        }).observe(document.body, { subtree: true, childList: true, characterData: true })
        button('Evaluate')?.click()
      }),
  )
  expect(stages[0]).toMatch(/^Reading the files/)
  expect(await page.getByRole('alert').textContent()).toBe('Cancelled.')
  await expect.poll(() => page.workers().length).toBe(0)
  expect(await page.getByLabel('Chosen files').getByText('dt_segm.json').isVisible()).toBe(true)
})

test('the JSON is the command line’s', async () => {
  await evaluateChosen(page)
  const { bytes } = await saved(page, 'Everything as JSON')
  const found = comparable(bytes.toString())
  const other = comparable(readFileSync(path('out.json'), 'utf8'))
  expect(JSON.stringify(found) === JSON.stringify(other)).toBe(true)
  expect(found).toMatchObject({ counts: { images: 5000, detections: 30_000 }, config: { iouType: 'segm' } })
}, 180_000)

test('what it ran on stands on the page', async () => {
  expect(await page.locator('.appbar .hardware').textContent()).toMatch(
    /^Evaluated in this browser in [\d,]+ ms, on the CPU, by one worker; shared memory\.$/,
  )
})

test('nothing was complained of', () => expect(complaints).toEqual([]))
