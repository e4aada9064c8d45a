import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, type WebServer } from '../support/web.js'
import { slide } from './browser.js'
import { choose, comparable, evaluateChosen, openApp, saved, serveApp, shown } from './drop.js'
import { freshCounts, shownCounts } from './fresh-counts.js'

const bin = join(import.meta.dirname, '../../bin/detscope.js')
const folder = mkdtempSync(join(tmpdir(), 'detscope-drop-'))
const path = (name: string): string => join(folder, name)
const detscope = (...args: string[]) => execFileSync(process.execPath, [bin, ...args], { cwd: path('demo') })

let browser: Browser

beforeAll(async () => {
  execFileSync(process.execPath, [bin, 'demo', path('demo'), '--images', '12', '--quiet'])
  detscope('eval', '--gt', 'gt.json', '--dt', 'dt.json', '--json', 'out.json', '--quiet')
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

describe.each([
  ['isolated', true],
  ['not isolated', false],
])('in a page that is %s', (_, isolated) => {
  let server: WebServer
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    server = await serveApp(isolated)
    ;({ page, complaints } = await openApp(browser, server))
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated)
    // The detections first: the order does not matter.
    await choose(page, [path('demo/dt.json')])
    await choose(page, [path('demo/gt.json')])
    await evaluateChosen(page)
  })
  afterAll(() => server?.close())

  test('the JSON is the command line’s, byte for byte but for what says where it was made', async () => {
    const { bytes, name } = await saved(page, 'Everything as JSON')
    expect(name).toBe('result.json')
    const text = bytes.toString()
    const other = readFileSync(path('demo/out.json'), 'utf8')
    // The text of the same keys in the same order, as the same writer sets it.
    expect(JSON.stringify(comparable(text))).toBe(JSON.stringify(comparable(other)))
    const shape = (json: string): string =>
      json.replace(/"(timingsMs|provenance|backend)": \{[^}]*\}/g, '"$1"')
    expect(shape(text)).toBe(shape(other))
  })

  test('sliders match again, as a fresh evaluation does', async () => {
    const read = (name: string) => JSON.parse(readFileSync(path(`demo/${name}`), 'utf8'))
    for (const [iou, score] of [
      [0.5, 0.3],
      [0.73, 0.62],
    ]) {
      await slide(page, 'IoU ≥', iou)
      await slide(page, 'score ≥', score)
      expect(await shownCounts(page)).toEqual(await freshCounts(read('gt.json'), read('dt.json'), iou, score))
    }
  })

  test('it asks no other address and complains of nothing', () => {
    expect(complaints).toEqual([])
  })
})

test('with masks on the GPU the numbers are the same, and the page says so', async () => {
  const server = await serveApp(true)
  const { page, complaints } = await openApp(browser, server)
  await choose(page, [path('demo/gt.json'), path('demo/dt.json')])
  await page.getByLabel('Masks on').selectOption('webgpu')
  await evaluateChosen(page)
  expect(await page.locator('.appbar .hardware').textContent()).toMatch(/on the GPU \(.+\) and the CPU/)
  const { bytes } = await saved(page, 'Everything as JSON')
  const other = readFileSync(path('demo/out.json'), 'utf8')
  expect(JSON.stringify(comparable(bytes.toString()))).toBe(JSON.stringify(comparable(other)))
  expect(complaints).toEqual([])
  await page.context().close()
  server.close()
})

test('two prediction files: each report has the numbers of its own', async () => {
  const server = await serveApp(true)
  const { page } = await openApp(browser, server)
  const records = JSON.parse(readFileSync(path('demo/dt.json'), 'utf8')) as object[]
  writeFileSync(path('demo/half.json'), JSON.stringify(records.filter((_, i) => i % 2 === 0)))
  detscope('eval', '--gt', 'gt.json', '--dt', 'half.json', '--json', 'half-out.json', '--quiet')
  await choose(
    page,
    ['gt.json', 'dt.json', 'half.json'].map(name => path(`demo/${name}`)),
  )
  await evaluateChosen(page)
  for (const [model, file] of [
    ['A: dt.json', 'out.json'],
    ['B: half.json', 'half-out.json'],
  ]) {
    await page.getByLabel(model).check()
    await shown(page)
    const other = comparable(readFileSync(path(`demo/${file}`), 'utf8')) as {
      coco: { metrics: { AP: number } }
    }
    const { bytes } = await saved(page, 'Everything as JSON')
    expect(JSON.stringify(comparable(bytes.toString()))).toBe(JSON.stringify(other))
    const tile = await page.locator('#summary .tile .value').first().textContent()
    expect(tile).toBe(other.coco.metrics.AP.toFixed(3).replace(/^0/, ''))
  }
  await page.context().close()
  server.close()
})
