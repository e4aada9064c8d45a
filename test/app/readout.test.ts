import { afterAll, beforeAll, expect, test } from 'vitest'
import { visiblePoints } from '../../src/app/curves.js'
import type { Curve } from '../../src/data/analysis.js'
import { evaluate } from '../../src/evaluate.js'
import { ReportBrowser, settled, slide } from './browser.js'
import { DemoFolder } from './demo-folder.js'

const demo = new DemoFolder()

let browser: ReportBrowser
let html: string

beforeAll(async () => {
  demo.draw(4)
  html = demo.report()
  browser = await ReportBrowser.launch()
})
afterAll(async () => {
  await browser?.close()
  demo.remove()
})

test('the readout tells the time of the last change and of how much', async () => {
  const { page, complaints } = await browser.open(html)
  const readout = page.getByRole('complementary', { name: 'Speed of the last change' })
  const values = () => readout.locator('dd').allTextContents()
  const { scene } = await evaluate(demo.read('demo/gt.json'), demo.read('demo/dt.json'), { scene: true })
  const counts = [scene?.gt.count, scene?.dt.count, scene?.pairs.gts.length].map(String)
  expect(await values()).toEqual(['–', '–', ...counts])
  await slide(page, 'IoU ≥', 0.63)
  await page.waitForFunction(() => document.querySelector('.readout dd')?.textContent !== '–')
  const [matched, drawn] = (await values()).map(text => Number(text.replace(' ms', '')))
  expect(drawn).toBeGreaterThan(0)
  expect(matched).toBeLessThanOrEqual(drawn)
  expect(await readout.getAttribute('aria-live')).toBe('off')
  expect(complaints).toEqual([])
})

test('folded away, it stays so', async () => {
  const { page } = await browser.open(html)
  const button = page.getByRole('button', { name: 'speed' })
  await button.click()
  await settled(page)
  expect(await page.locator('.readout dd').count()).toBe(0)
  await page.reload()
  await settled(page)
  expect(await button.getAttribute('aria-expanded')).toBe('false')
})

test.each([
  [390, 'light'],
  [1440, 'dark'],
] as const)('it covers nothing at %i px', async (width, colorScheme) => {
  const { page } = await browser.open(html, { viewport: { width, height: 800 }, colorScheme })
  for (const bottom of [false, true]) {
    await page.evaluate(down => scrollTo(0, down ? document.documentElement.scrollHeight : 0), bottom)
    await settled(page)
    const [box, ...others] = await page.evaluate(() =>
      ['.readout', 'main', 'nav ol'].map(name => {
        const { left, top, right, bottom } = (document.querySelector(name) as Element).getBoundingClientRect()
        return [left, top, right, bottom]
      }),
    )
    for (const other of others) {
      const apart = box[0] >= other[2] || box[2] <= other[0] || box[1] >= other[3] || box[3] <= other[1]
      expect(apart, `${box} and ${other}`).toBe(true)
    }
  }
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('.readout').isVisible()).toBe(false)
})

test('a thinned curve has each column’s first, last, highest and lowest point', () => {
  // 1,000 ground truths, of 20,000 detections each 20th right: within a column of recall precision falls and jumps.
  const precisions = Float64Array.from({ length: 20_000 }, (_, i) => (Math.floor(i / 20) + 1) / (i + 1))
  const recalls = Float64Array.from({ length: 20_000 }, (_, i) => (Math.floor(i / 20) + 1) / 1000)
  const places = visiblePoints({ recalls, precisions } as Curve, 100)
  expect(places.length).toBeLessThan(410)
  expect([places[0], places.at(-1)]).toEqual([0, 19_999])
  const columns = new Map<number, number[]>()
  recalls.forEach((recall, i) => {
    const column = Math.floor(recall * 100)
    columns.set(column, [...(columns.get(column) ?? []), i])
  })
  for (const points of columns.values()) {
    const values = points.map(i => precisions[i])
    const drawn = points.filter(i => places.includes(i)).map(i => precisions[i])
    expect(Math.max(...drawn)).toBe(Math.max(...values))
    expect(Math.min(...drawn)).toBe(Math.min(...values))
  }
  expect(places).toEqual([...places].sort((a, b) => a - b))
})
