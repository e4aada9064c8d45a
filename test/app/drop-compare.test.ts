import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, type WebServer } from '../support/web.js'
import { settled } from './browser.js'
import { choose, comparable, evaluateChosen, openApp, saved, serveApp } from './drop.js'

const bin = join(import.meta.dirname, '../../bin/detscope.js')
const folder = mkdtempSync(join(tmpdir(), 'detscope-drop-models-'))
const path = (name: string): string => join(folder, name)
const detscope = (cwd: string, ...args: string[]) =>
  execFileSync(process.execPath, [bin, ...args], { cwd, stdio: 'pipe' })

let browser: Browser
let server: WebServer
let page: Page
let complaints: string[]

beforeAll(async () => {
  detscope(folder, 'demo', 'demo', '--images', '12', '--quiet')
  const files = ['--gt', 'gt.json', '--dt', 'dt.json', '--compare', 'dt-b.json', '--backend', 'cpu']
  detscope(
    path('demo'),
    'eval',
    ...files,
    '--json',
    '../out.json',
    '--csv',
    '../tables',
    '--quiet',
    '--markdown',
    '../cli.md',
    '--thresholds',
    '../cli-thresholds.json',
  )
  browser = await launchBrowser()
  server = await serveApp(true)
  ;({ page, complaints } = await openApp(browser, server))
  await choose(page, [path('demo/gt.json'), path('demo/dt.json'), path('demo/dt-b.json')])
  await choose(
    page,
    readdirSync(path('demo/images')).map(name => path(`demo/images/${name}`)),
  )
  await evaluateChosen(page)
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const comparisonOf = (json: string) => JSON.parse(json).comparison

test('a second file of detections is compared with the first, and either is shown alone', async () => {
  await page.locator('#comparison').waitFor()
  await settled(page)
  const { found } = comparisonOf(readFileSync(path('out.json'), 'utf8'))
  expect(await page.locator('.found [data-count]').allTextContents()).toEqual(
    [found.both, found.A, found.B, found.neither].map(String),
  )
  await page.getByLabel('B: dt-b.json').check()
  await page.locator('#comparison').waitFor({ state: 'detached' })
  await settled(page)
  expect(await page.title()).toBe('dt-b.json on gt.json – detscope')
  await page.getByLabel('Both', { exact: true }).check()
  await page.locator('#comparison').waitFor()
  await settled(page)
})

test('the JSON and the tables are the command line’s', async () => {
  const { bytes } = await saved(page, 'Everything as JSON')
  const other = readFileSync(path('out.json'), 'utf8')
  expect(comparisonOf(bytes.toString())).toEqual(comparisonOf(other))
  expect(comparable(bytes.toString())).toEqual(comparable(other))
  const tables = unzipSync(new Uint8Array((await saved(page, 'Every table as CSV')).bytes))
  expect(Object.keys(tables).sort()).toEqual(readdirSync(path('tables')).sort())
  for (const name of ['differences.csv', 'flips.csv', 'findings.csv'])
    expect(Buffer.from(tables[name]).toString(), name).toBe(readFileSync(path(`tables/${name}`), 'utf8'))
})

test.each([
  ['Summary as Markdown', 'cli.md'],
  ['Score thresholds as JSON', 'cli-thresholds.json'],
])('%s has both models, as the command line writes it', async (title, file) => {
  const { bytes } = await saved(page, title)
  expect(bytes.toString()).toBe(readFileSync(path(file), 'utf8'))
})

test('the saved page has both models, their masks and the pictures', async () => {
  const { path: file } = await saved(page, 'Report, one HTML file')
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const other = await context.newPage()
  await other.setContent(readFileSync(file, 'utf8'))
  await other.locator('#comparison').waitFor()
  await settled(other)
  const { found } = comparisonOf(readFileSync(path('out.json'), 'utf8'))
  await other.locator('.found [data-count]').nth(1).click()
  await settled(other)
  expect(await other.locator('.list h2').textContent()).toBe(`${found.A} instances`)
  await other.locator('aside.list li button').first().click()
  await other.waitForFunction(() => document.querySelectorAll('dialog.pic canvas[data-camera]').length === 2)
  await settled(other)
  const canvases = await other
    .locator('dialog.pic canvas')
    .evaluateAll(all => all.map(canvas => ({ ...(canvas as HTMLCanvasElement).dataset })))
  expect(canvases.map(({ photograph }) => photograph)).toEqual(['yes', 'yes'])
  expect(Number(canvases[1].masks)).toBeGreaterThan(0)
  await context.close()
})

test('it asks no other address and complains of nothing', () => expect(complaints).toEqual([]))
