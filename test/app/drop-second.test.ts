/** A second prediction file that comes later: it costs its own evaluation, and the first one is at hand whatever happens to it. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, type WebServer } from '../support/web.js'
import { choose, comparable, evaluateChosen, openApp, saved, serveApp, shown } from './drop.js'

const bin = join(import.meta.dirname, '../../bin/detscope.js')
const folder = mkdtempSync(join(tmpdir(), 'detscope-drop-second-'))
const path = (name: string): string => join(folder, name)
const detscope = (...args: string[]) =>
  execFileSync(process.execPath, [bin, ...args], { cwd: folder, stdio: 'pipe' })

let browser: Browser
let server: WebServer
let page: Page
let complaints: string[]
/** Workers that were started to evaluate, since this was last looked at. */
let evaluations = 0
const evaluated = (): number => {
  const count = evaluations
  evaluations = 0
  return count
}

beforeAll(async () => {
  detscope('demo', '.', '--images', '12', '--quiet')
  const both = ['--gt', 'gt.json', '--dt', 'dt.json', '--compare', 'dt-b.json', '--backend', 'cpu']
  detscope('eval', ...both, '--json', 'out.json', '--quiet')
  copyFileSync(path('gt.json'), path('other.json'))
  const record = { image_id: 1, category_id: 1, score: 'high', bbox: [1, 2, 3, 4] }
  writeFileSync(path('wrong.json'), JSON.stringify([record]))
  browser = await launchBrowser()
  server = await serveApp(true)
  ;({ page, complaints } = await openApp(browser, server))
  page.on('worker', worker => {
    if (worker.url().includes('engine-worker')) evaluations++
  })
  await choose(page, [path('gt.json'), path('dt.json')])
  await evaluateChosen(page)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const hardware = async (): Promise<string> => (await page.locator('.appbar .hardware').textContent()) ?? ''
const slot = (name: string) => page.getByLabel('Chosen files').locator('.slot', { hasText: name })
const remove = (name: string) => page.getByRole('button', { name: `Remove ${name}` }).click()
const change = () => page.getByRole('button', { name: 'Change files' }).click()

test('only the second one is evaluated, and both are compared as on the command line', async () => {
  expect(evaluated()).toBe(1)
  const first = await hardware()
  await page.locator('.appbar').getByLabel('Folder of images').waitFor({ state: 'attached' })
  await change()
  await choose(page, [path('dt-b.json')])
  await slot('dt-b.json').waitFor()
  expect(await slot('dt.json').textContent()).toContain('evaluated')
  expect(await slot('dt-b.json').textContent()).not.toContain('evaluated')
  await evaluateChosen(page)
  await page.locator('#comparison').waitFor()
  expect(evaluated()).toBe(1)
  expect(page.workers().length).toBe(2)
  // Of both, the first still with its own time.
  const [time] = /in [\d,]+ ms/.exec(first) ?? []
  expect(await hardware()).toContain(`${time} and `)
  const { bytes } = await saved(page, 'Everything as JSON')
  expect(comparable(bytes.toString())).toEqual(comparable(readFileSync(path('out.json'), 'utf8')))
}, 60_000)

test('without the second the first is shown at once', async () => {
  await change()
  await remove('dt-b.json')
  await expect.poll(() => page.workers().length).toBe(1)
  await evaluateChosen(page)
  expect(await page.title()).toBe('dt.json on gt.json – detscope')
  expect(evaluated()).toBe(0)
}, 60_000)

test('errors of a second file leave the first at hand', async () => {
  await change()
  await choose(page, [path('wrong.json')])
  await slot('wrong.json').waitFor()
  await page.getByRole('button', { name: 'Evaluate' }).click()
  await page.getByRole('alert').getByText('wrong.json').waitFor()
  expect(evaluated()).toBe(1)
  await expect.poll(() => page.workers().length).toBe(1)
  await remove('wrong.json')
  await evaluateChosen(page)
  expect(evaluated()).toBe(0)
}, 60_000)

test('a second evaluation that is cancelled leaves the first at hand', async () => {
  await change()
  await choose(page, [path('dt-b.json')])
  await slot('dt-b.json').waitFor()
  // Within the page: the work may be done before a word gets there and back.
  await page.evaluate(
    () =>
      new Promise<void>(resolve => {
        const button = (name: string) =>
          [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name)
        new MutationObserver((_, observer) => {
          if (document.querySelector('#progress-title')?.textContent !== 'dt-b.json') return
          observer.disconnect()
          button('Cancel')?.click()
          resolve()
        }).observe(document.body, { subtree: true, childList: true, characterData: true })
        button('Evaluate')?.click()
      }),
  )
  await page.getByRole('alert').getByText('Cancelled.').waitFor()
  await expect.poll(() => page.workers().length).toBe(1)
  evaluated()
  await evaluateChosen(page)
  expect(evaluated()).toBe(1)
}, 60_000)

test('by other options, or over another ground truth, all is evaluated again', async () => {
  await change()
  await page.getByLabel('Compare').selectOption('boxes')
  await evaluateChosen(page)
  expect(evaluated()).toBe(2)
  await change()
  await choose(page, [path('other.json')])
  await expect.poll(() => page.workers().length).toBe(0)
  await evaluateChosen(page)
  expect(evaluated()).toBe(2)
  expect(page.workers().length).toBe(2)
}, 60_000)

test('files that come while others are evaluated are taken when that is done', async () => {
  await change()
  await remove('dt.json')
  await remove('dt-b.json')
  await choose(page, [path('dt.json')])
  await slot('dt.json').waitFor()
  await page.getByRole('button', { name: 'Evaluate' }).click()
  const data = await page.evaluateHandle(
    text => {
      const data = new DataTransfer()
      data.items.add(new File([text], 'late.json'))
      return data
    },
    readFileSync(path('dt-b.json'), 'utf8'),
  )
  await page.dispatchEvent('body', 'drop', { dataTransfer: data })
  await slot('late.json').waitFor()
  expect(await slot('dt.json').textContent()).toContain('evaluated')
  await page.getByRole('button', { name: 'Evaluate' }).click()
  await shown(page)
  await page.locator('#comparison').waitFor()
  expect(evaluated()).toBe(2)
}, 60_000)

test('nothing was complained of', () => expect(complaints).toEqual([]))
