/** A generated set of 5,000 images: the same numbers as on the command line, a page that lives, work that can be stopped. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
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

/** Large enough for threads: the ground truth with many blanks in it. */
function padGroundTruth(): string {
  const bytes = readFileSync(path('gt.json'))
  writeFileSync(
    path('gt-large.json'),
    Buffer.concat([bytes.subarray(0, 1), Buffer.alloc(100 << 20, ' '), bytes.subarray(1)]),
  )
  return path('gt-large.json')
}

test('threads are workers of the page, gone with their work or when it is cancelled', async () => {
  const { page: other, complaints } = await openApp(browser, server)
  await choose(other, [path('dt_segm.json'), padGroundTruth()])
  await other.getByRole('button', { name: 'Evaluate', disabled: false }).waitFor()
  const cores = await other.evaluate(() => navigator.hardwareConcurrency)
  const bytes = ['dt_segm.json', 'gt-large.json'].reduce((sum, name) => sum + statSync(path(name)).size, 0)
  const threads = Math.min(cores, Math.ceil(bytes / (16 << 20)))
  const started: string[] = []
  other.on('worker', worker => started.push(worker.url().replace(/.*\/|-.{8}\.js$/g, '')))
  const cancelledAt = (title: string) =>
    other.evaluate(
      title =>
        new Promise<string[]>(resolve => {
          const button = (name: string) =>
            [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name)
          new MutationObserver((_, observer) => {
            const now = document.querySelector('.stages .now')?.textContent ?? ''
            if (!now.startsWith(title)) return
            observer.disconnect()
            button('Cancel')?.click()
            resolve(Array.from(document.querySelectorAll('.first dd'), dd => dd.textContent))
          }).observe(document.body, { subtree: true, childList: true, characterData: true })
          button('Evaluate')?.click()
        }),
      title,
    )
  let numbers: string[] = []
  for (const title of ['Comparing masks', 'Counting for the report']) {
    expect(numbers).toEqual([])
    numbers = await cancelledAt(title)
    // The worker that evaluates is the first of the threads.
    expect(started.sort()).toEqual(['engine-worker', ...Array(threads - 1).fill('worker')])
    started.length = 0
    await expect.poll(() => other.workers().length).toBe(0)
  }
  await evaluateChosen(other)
  expect(other.workers().length).toBe(1)
  // What stood there before the report.
  expect(numbers).toEqual((await other.locator('#summary .tile .value').allTextContents()).slice(0, 4))
  expect(await other.locator('.appbar .hardware').textContent()).toContain(`by ${threads} workers`)
  expect(complaints).toEqual([])
  await other.context().close()
}, 120_000)

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
