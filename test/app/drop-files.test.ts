/** What is dropped, in whatever order and form, and what is saved. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { unzipSync, zipSync } from 'fflate'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, type WebServer } from '../support/web.js'
import { ReportBrowser } from './browser.js'
import { choose, comparable, dropFiles, evaluateChosen, openApp, saved, serveApp, shown } from './drop.js'

const bin = join(import.meta.dirname, '../../bin/detscope.js')
const folder = mkdtempSync(join(tmpdir(), 'detscope-drop-files-'))
const path = (name: string): string => join(folder, name)
const detscope = (...args: string[]) => execFileSync(process.execPath, [bin, ...args], { cwd: folder })

let browser: Browser
let server: WebServer

beforeAll(async () => {
  detscope('demo', '.', '--images', '12', '--quiet')
  const outputs = ['--csv', 'csv', '--markdown', 'cli.md', '--thresholds', 'cli-thresholds.json']
  detscope('eval', '--gt', 'gt.json', '--dt', 'dt.json', '--json', 'cli.json', ...outputs, '--quiet')
  // Names say nothing.
  writeFileSync(path('truth.bin'), gzipSync(readFileSync(path('gt.json'))))
  writeFileSync(path('model.gz'), gzipSync(readFileSync(path('dt.json'))))
  mkdirSync(path('photos/deep'), { recursive: true })
  const names = readdirSync(path('images'))
  for (const name of names.slice(6)) renameSync(join(path('images'), name), join(path('photos/deep'), name))
  writeFileSync(path('photos/notes.txt'), 'what a folder may hold besides')
  const zipped = names
    .slice(0, 6)
    .map(name => [`some/where/${name}`, readFileSync(join(path('images'), name))])
  writeFileSync(path('rest.zip'), zipSync(Object.fromEntries(zipped), { level: 0 }))
  browser = await launchBrowser()
  server = await serveApp(true)
})
afterAll(async () => {
  await browser?.close()
  server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const slots = (page: Page): Promise<string[]> =>
  page
    .getByLabel('Chosen files')
    .locator('.slot')
    .evaluateAll(all =>
      all.map(slot =>
        [...slot.querySelectorAll('dt, dd:not(.remove)')].map(part => part.textContent).join(': '),
      ),
    )

describe('everything dropped at once: gzip, a folder of pictures and a zip of others', () => {
  let page: Page
  let complaints: string[]
  beforeAll(async () => {
    ;({ page, complaints } = await openApp(browser, server))
    await dropFiles(page, [path('rest.zip'), path('model.gz'), path('photos'), path('truth.bin')])
    await page.getByText('6 files').waitFor()
  })

  test('each is known by its content', async () => {
    const found = await slots(page)
    expect(found.map(text => text.replace(/ [\d.]+ [kM]?B$/, ''))).toEqual([
      'Ground truth: truth.bin',
      'Predictions: model.gz',
      'Second predictions: if you like, to look at beside the first',
      'Images: 6 files, rest.zip',
    ])
    expect(await page.locator('.problems p').count()).toBe(0)
  })

  test('the numbers are those of the files inside', async () => {
    await evaluateChosen(page)
    const { bytes } = await saved(page, 'Everything as JSON')
    const found = comparable(bytes.toString())
    const other = comparable(readFileSync(path('cli.json'), 'utf8'))
    expect({ ...found, inputs: null }).toEqual({ ...other, inputs: null })
  })

  test('every picture is found, in whichever place', async () => {
    await page.locator('#instances .table tbody button').first().click()
    await page.getByRole('dialog').waitFor()
    expect(await page.getByText(/have no picture|No picture/).count()).toBe(0)
    await page.keyboard.press('Escape')
  })

  test.each([
    [
      'Summary as Markdown',
      'cli.md',
      (text: string) => text.replace('truth&#46;bin', 'gt&#46;json').replace('model&#46;gz', 'dt&#46;json'),
    ],
    ['Score thresholds as JSON', 'cli-thresholds.json', (text: string) => text],
  ] as const)('%s is what the command line writes', async (title, file, named) => {
    const { bytes } = await saved(page, title)
    expect(named(bytes.toString())).toBe(readFileSync(path(file), 'utf8'))
  })

  test('the tables in the zip are those of --csv, byte for byte', async () => {
    const { bytes } = await saved(page, 'Every table as CSV, in a zip')
    const tables = unzipSync(bytes)
    expect(Object.keys(tables).sort()).toEqual(readdirSync(path('csv')).sort())
    expect(Object.keys(tables).length).toBeGreaterThan(10)
    for (const [name, table] of Object.entries(tables))
      expect(Buffer.compare(table, readFileSync(join(path('csv'), name))), name).toBe(0)
  })

  test('the report opens from disk with the same numbers and its pictures', async () => {
    const { bytes } = await saved(page, 'Report, one HTML file')
    const reader = await ReportBrowser.launch()
    try {
      const opened = await reader.open(bytes.toString())
      const tiles = (one: Page) => one.locator('#summary .tile .value').allTextContents()
      expect(await tiles(opened.page)).toEqual(await tiles(page))
      await opened.page.locator('#instances .table tbody button').first().click()
      await opened.page.getByRole('dialog').waitFor()
      expect(await opened.page.getByText(/No picture|--images/).count()).toBe(0)
      expect(opened.complaints).toEqual([])
    } finally {
      await reader.close()
    }
  })

  test('nothing was complained of', () => expect(complaints).toEqual([]))
})

test('a ground truth is known behind a megabyte of something else', async () => {
  const { page } = await openApp(browser, server)
  const { images, categories, annotations } = JSON.parse(readFileSync(path('gt.json'), 'utf8'))
  const notes = 'x'.repeat(3 << 20)
  writeFileSync(path('late.json'), JSON.stringify({ notes, images, categories, annotations }))
  await choose(page, [path('late.json'), path('dt.json')])
  await evaluateChosen(page)
  await page.context().close()
})

describe('files of the wrong kind', () => {
  let page: Page
  beforeAll(async () => {
    ;({ page } = await openApp(browser, server))
  })

  test.each([
    ['empty.json', '', 'an empty file'],
    ['notes.md', '# Notes', 'text that begins with "# Notes"'],
    ['model.onnx', '\u0008\u0001\u0012\u0007pytorch', 'a binary file'],
    ['config.json', '{"lr": 0.1, "epochs": 3}', 'an object with the keys "lr", "epochs"'],
    ['numbers.json', '[1, 2]', 'a list of something else than records'],
    [
      'labels.json',
      '[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}]',
      'a list of annotations without "score"',
    ],
    ['out.json', '{"schemaVersion": 1, "config": {}}', 'a result file of detscope'],
    ['cut.gz', Buffer.from([0x1f, 0x8b, 8, 0, 1]), 'damaged gzip data'],
    ['wide.json', Buffer.from('\ufeff[{"score": 1}]', 'utf16le'), 'text in UTF-16: save it as UTF-8'],
  ])('%s: %j looks like %s', async (name, content, looksLike) => {
    writeFileSync(path(name), content)
    await choose(page, [path(name)])
    const alert = page.getByRole('alert').locator('p', { hasText: `${name}: ` })
    expect(await alert.textContent()).toBe(
      `${name}: expected a COCO ground truth {"images": [...], "categories": [...], "annotations": [...]}, ` +
        'a list of detections [{"image_id", "category_id", "score", "bbox" or "segmentation"}, ...], ' +
        `pictures, or a zip of pictures; this looks like ${looksLike}`,
    )
  })

  test('what is found wrong while reading is told as the command line tells it, and the files stay to be changed', async () => {
    writeFileSync(
      path('wrong.json'),
      '[{"image_id": 1, "category_id": 1, "score": "high", "bbox": [1, 2, 3, 4]}]',
    )
    await choose(page, [path('gt.json'), path('wrong.json')])
    await page.getByRole('button', { name: 'Evaluate' }).click()
    const told = await page.getByRole('alert').locator('p').textContent()
    let words = ''
    try {
      execFileSync(process.execPath, [bin, 'eval', '--gt', 'gt.json', '--dt', 'wrong.json'], {
        cwd: folder,
        stdio: 'pipe',
      })
    } catch (error) {
      words = (error as { stderr: Buffer }).stderr.toString().replace('detscope: ', '').trimEnd()
    }
    expect(words).toContain('wrong.json')
    expect(told).toBe(words)
    await page.getByRole('button', { name: 'Remove wrong.json' }).click()
    await choose(page, [path('dt.json')])
    await evaluateChosen(page)
  })

  test('records of classes that are not listed can be left out, as the message says', async () => {
    const { page: other } = await openApp(browser, server)
    const detections = JSON.parse(readFileSync(path('dt.json'), 'utf8')) as { category_id: number }[]
    writeFileSync(path('more.json'), JSON.stringify([{ ...detections[0], category_id: 77 }, ...detections]))
    await choose(other, [path('gt.json'), path('more.json')])
    await other.getByRole('button', { name: 'Evaluate' }).click()
    const told = other.getByRole('alert').locator('p')
    await told.waitFor()
    expect(await told.textContent()).toMatch(/category_id 77.*choose “left out and counted” for unknown ids$/)
    await other.getByLabel('Unknown ids').selectOption('left out and counted')
    await evaluateChosen(other)
    const { bytes } = await saved(other, 'Everything as JSON')
    const { warnings, counts } = JSON.parse(bytes.toString())
    expect(warnings).toContainEqual(expect.objectContaining({ code: 'unknown-category', count: 1 }))
    expect(counts.detections).toBe(detections.length)
    await other.context().close()
  }, 60_000)

  test('a damaged zip is named when its pictures are asked for, and the report stays', async () => {
    writeFileSync(path('broken.zip'), Buffer.from('PK\u0003\u0004 and no more'))
    await dropFiles(page, [path('broken.zip')])
    expect(await page.getByRole('alert').locator('p').textContent()).toContain(
      'broken.zip: expected a zip of pictures',
    )
    expect(await page.locator('#summary').count()).toBe(1)
  })
})

test('a ground truth replaces another, a third prediction file the second, and says so', async () => {
  const { page } = await openApp(browser, server)
  for (const name of ['second.json', 'third.json']) writeFileSync(path(name), readFileSync(path('dt.json')))
  writeFileSync(path('other.json'), readFileSync(path('gt.json')))
  await choose(page, ['gt.json', 'dt.json', 'second.json', 'other.json', 'third.json'].map(path))
  await page.getByText('other.json is now the ground truth, in place of gt.json.').waitFor()
  await page.getByText('third.json is now the second prediction file, in place of second.json.').waitFor()
  expect((await slots(page)).map(text => text.replace(/ [\d.]+ [kM]?B$/, ''))).toEqual([
    'Ground truth: other.json',
    'Predictions A: dt.json',
    'Predictions B: third.json',
    'Images: if you like, to see the errors',
  ])
  await page.context().close()
})

test('files that come while others are still looked into are taken, too', async () => {
  const { page } = await openApp(browser, server)
  await page.evaluate(() => {
    // Reading the first file takes its time.
    const { arrayBuffer } = Blob.prototype
    Blob.prototype.arrayBuffer = async function () {
      await new Promise(resolve => setTimeout(resolve, 200))
      return arrayBuffer.call(this)
    }
  })
  await choose(page, [path('gt.json')])
  await choose(page, [path('dt.json')])
  await page.getByRole('button', { name: 'Evaluate', disabled: false }).waitFor()
  await page.context().close()
})

test('the demo is a click away and its files are those of "detscope demo"', async () => {
  const { page, complaints } = await openApp(browser, server)
  await page.getByRole('button', { name: 'Try the demo' }).click()
  await shown(page)
  const { bytes } = await saved(page, 'Everything as JSON')
  detscope('demo', 'whole', '--quiet')
  const { inputs } = JSON.parse(bytes.toString())
  execFileSync(
    process.execPath,
    [bin, 'eval', '--gt', 'gt.json', '--dt', 'dt.json', '--json', 'out.json', '--quiet'],
    { cwd: path('whole') },
  )
  expect(inputs).toEqual(JSON.parse(readFileSync(path('whole/out.json'), 'utf8')).inputs)
  expect(complaints).toEqual([])
  await page.context().close()
})
