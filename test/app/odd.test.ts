import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EvaluateOptions, evaluate } from '../../src/evaluate.js'
import { htmlChunks } from '../../src/report/html.js'
import { type Opened, ReportBrowser, settled, slide } from './browser.js'

const page = readFileSync(join(import.meta.dirname, '../../dist/page.html'), 'utf8')

const image = (id: number) => ({ id, width: 100, height: 100, file_name: `${id}.png` })
const category = (id: number) => ({ id, name: `class ${id}` })
const truth = (id: number, changes = {}) => ({
  id,
  image_id: 1,
  category_id: 1,
  bbox: [10, 10, 40, 40],
  area: 1600,
  iscrowd: 0,
  ...changes,
})
const guess = (changes = {}) => ({
  image_id: 1,
  category_id: 1,
  bbox: [12, 10, 40, 40],
  score: 0.9,
  ...changes,
})

const CLASSES = Array.from({ length: 5000 }, (_, i) => i + 1)

const INPUTS: Record<string, [gt: object, dt: object[], options?: EvaluateOptions]> = {
  'no detections': [{ images: [image(1)], categories: [category(1)], annotations: [truth(1)] }, []],
  'no ground truths': [{ images: [image(1)], categories: [category(1)], annotations: [] }, [guess()]],
  neither: [{ images: [image(1)], categories: [category(1)], annotations: [] }, []],
  'no images and no classes': [{ images: [], categories: [], annotations: [] }, []],
  'one of each': [{ images: [image(1)], categories: [category(1)], annotations: [truth(1)] }, [guess()]],
  'crowds alone': [
    { images: [image(1)], categories: [category(1)], annotations: [truth(1, { iscrowd: 1 })] },
    [guess()],
  ],
  'scores beyond 0 to 1': [
    { images: [image(1)], categories: [category(1)], annotations: [truth(1)] },
    [guess({ score: 12.5 }), guess({ score: -3, bbox: [60, 60, 20, 20] })],
  ],
  'one IoU threshold': [
    { images: [image(1)], categories: [category(1)], annotations: [truth(1)] },
    [guess()],
    { iouThresholds: [0.3] },
  ],
  'class-agnostic': [
    { images: [image(1)], categories: [category(1), category(2)], annotations: [truth(1)] },
    [guess({ category_id: 2 })],
    { classAgnostic: true },
  ],
  'empty shapes': [
    {
      images: [image(1)],
      categories: [category(1)],
      annotations: [truth(1, { bbox: [1, 1, 0, 0], area: 0 })],
    },
    [guess({ bbox: [1, 1, 0, 0] })],
  ],
  '5,000 classes': [
    {
      images: Array.from({ length: 500 }, (_, i) => image(i + 1)),
      categories: CLASSES.map(category),
      annotations: CLASSES.map(id => truth(id, { category_id: id, image_id: 1 + (id % 500) })),
    },
    CLASSES.filter(id => id % 3 > 0).map(id =>
      guess({ category_id: id, image_id: 1 + (id % 500), score: (id % 97) / 100 }),
    ),
  ],
}

let browser: ReportBrowser
beforeAll(async () => {
  browser = await ReportBrowser.launch()
})
afterAll(() => browser?.close())

async function open(name: string): Promise<Opened> {
  const [gt, dt, options] = INPUTS[name]
  const evaluation = await evaluate(gt, dt, { iouType: 'bbox', scene: true, ...options })
  const names = { version: '0.0.0', groundTruthName: 'gt.json', detectionsName: 'dt.json' }
  return browser.open(await new Blob(await htmlChunks(evaluation, page, names)).text())
}

/** What a reader must never meet. */
const RUBBISH = /\b(NaN|undefined|null|Infinity|\[object)/

test.each(Object.keys(INPUTS))(
  '%s: nothing breaks and nothing undefined is shown',
  async name => {
    const { page, complaints } = await open(name)
    // biome-ignore lint/performance/useDomNodeTextContent: what a reader sees
    const text = () => page.locator('main').innerText()
    expect(await text()).not.toMatch(RUBBISH)
    await page.getByLabel('corrected', { exact: true }).check()
    await settled(page)
    await page.getByLabel('Percentiles', { exact: true }).check()
    await settled(page)
    expect(await text()).not.toMatch(RUBBISH)
    await slide(page, 'IoU ≥', 0.6)
    expect(await text()).not.toMatch(RUBBISH)
    await page.getByRole('button', { name: 'show the list' }).click()
    await settled(page)
    expect(await page.locator('.list').textContent()).not.toMatch(RUBBISH)
    expect(await page.locator('path[d*="NaN"], rect[width*="NaN"], [y*="NaN"], [x*="NaN"]').count()).toBe(0)
    expect(complaints).toEqual([])
    await page.context().close()
  },
  60_000,
)

test('undefined numbers are dashes', async () => {
  const { page } = await open('no ground truths')
  const tiles = page.locator('.tile .value')
  expect(await tiles.allTextContents()).toEqual(['–', '–', '–', '–', '.000', '–', '.000'])
})
