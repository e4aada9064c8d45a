// The projects of examples/, as a stranger has them: with the package installed, built and in development.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generate } from '../../bench/generate.js'
import { decode } from '../../examples/model-in-the-page/src/decode.js'
import { INPUT, run } from '../../examples/model-in-the-page/src/model.js'
import { groundTruth } from '../../examples/model-in-the-page/src/scenes.js'
import { type CocoMetrics, evaluate, summarize } from '../../src/index.js'
import { evaluateFiles } from '../../src/node.js'
import { launchBrowser, serveFolders, type WebServer } from '../support/web.js'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'detscope-examples-'))
const data = join(folder, 'data')
const FILES = 'files-in-a-worker'
const MODEL = 'model-in-the-page'

let browser: Browser
const servers: WebServer[] = []
let devServer: ViteDevServer

const origins: Record<string, string> = {}

beforeAll(async () => {
  await generate(data, { images: 300, classes: 6, groundTruths: 2000, detections: 9000, seed: 5 })
  // A copy, as an installed package is one, and a link is treated in other ways.
  const installed = join(folder, 'node_modules', 'detscope')
  mkdirSync(installed, { recursive: true })
  cpSync(join(root, 'package.json'), join(installed, 'package.json'))
  cpSync(join(root, 'dist'), join(installed, 'dist'), { recursive: true })
  symlinkSync(join(root, 'node_modules/vite'), join(folder, 'node_modules/vite'))
  for (const name of [FILES, MODEL]) {
    const project = join(folder, name)
    cpSync(join(root, 'examples', name), project, { recursive: true })
    const vite = join(root, 'node_modules/vite/bin/vite.js')
    execFileSync(process.execPath, [vite, 'build'], { cwd: project, stdio: 'pipe' })
    const server = await serveFolders({ app: join(project, 'dist') }, { isolated: name === FILES })
    servers.push(server)
    origins[`${name}, built`] = `${server.origin}/app/`
  }
  devServer = await createServer({ root: join(folder, FILES), logLevel: 'error', server: { port: 0 } })
  await devServer.listen()
  origins[`${FILES}, in development`] = devServer.resolvedUrls?.local[0] ?? ''
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await devServer?.close()
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function open(name: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('console', message => {
    if (message.type() === 'error' && !message.text().includes('favicon')) complaints.push(message.text())
  })
  await page.goto(origins[name])
  return { page, complaints }
}

/** The numbers of the page's table by name, as it writes them. */
async function numbersOf(page: Page): Promise<Record<string, string>> {
  await page.waitForSelector('table:not([hidden])')
  const rows = await page.locator('tr').all()
  const cells = await Promise.all(rows.map(row => row.locator('td').allTextContents()))
  return Object.fromEntries(cells)
}

const written = (metrics: CocoMetrics, names: (keyof CocoMetrics)[]): Record<string, string> =>
  Object.fromEntries(names.map(name => [name, metrics[name]?.toFixed(3) ?? '–']))

describe.each([`${FILES}, built`, `${FILES}, in development`])('%s', name => {
  const choose = async (page: Page, gt: string, dt: string): Promise<void> => {
    await page.locator('[name=gt]').setInputFiles(join(data, gt))
    await page.locator('[name=dt]').setInputFiles(join(data, dt))
    await page.getByRole('button', { name: 'Evaluate' }).click()
  }

  test('finds the numbers that Node finds', async () => {
    const { metrics } = summarize(await evaluateFiles(join(data, 'gt.json'), join(data, 'dt_segm.json')))
    const { page, complaints } = await open(name)
    await choose(page, 'gt.json', 'dt_segm.json')
    expect(await numbersOf(page)).toEqual(
      written(metrics, ['AP', 'AP50', 'AP75', 'APs', 'APm', 'APl', 'AR100']),
    )
    expect(complaints).toEqual([])
  })

  test('says what is wrong with a file', async () => {
    const { page } = await open(name)
    await choose(page, 'dt_segm.json', 'dt_segm.json')
    const status = page.getByRole('status')
    await expect.poll(() => status.textContent()).toContain('dt_segm.json')
    expect(await page.locator('table').isHidden()).toBe(true)
  })
})

describe(MODEL, () => {
  test('masks as bit maps are evaluated in the page as in Node', async () => {
    const labels = groundTruth(24)
    const detections = []
    for (const image of labels.images) detections.push(...decode(await run(image.id), image, INPUT))
    const { metrics } = summarize(await evaluate(labels, detections, { iouType: 'segm' }))
    expect(metrics.AP).toBeGreaterThan(0.3)
    expect(metrics.AP).toBeLessThan(0.95)
    const { page, complaints } = await open(`${MODEL}, built`)
    expect(await numbersOf(page)).toMatchObject(written(metrics, ['AP', 'AP50', 'AP75', 'AR100']))
    expect(complaints).toEqual([])
  })

  test('the masks lie where the boxes do, and where the objects are', async () => {
    const labels = groundTruth(1)
    const [image] = labels.images
    for (const { bbox, segmentation } of decode(await run(image.id), image, INPUT)) {
      const { data, width } = segmentation
      const inside = Array.from(data.keys()).filter(at => data[at] > 0)
      const xs = inside.map(at => at % width)
      const ys = inside.map(at => Math.floor(at / width))
      const [x, y, w, h] = bbox
      for (const [found, wanted] of [
        [Math.min(...xs), x],
        [Math.min(...ys), y],
        [Math.max(...xs), x + w],
        [Math.max(...ys), y + h],
      ])
        expect(Math.abs(found - wanted)).toBeLessThan(4)
      expect(Math.abs(inside.length / (w * h) - Math.PI / 4)).toBeLessThan(0.1)
    }
  })
})
