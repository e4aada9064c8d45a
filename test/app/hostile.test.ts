import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { evaluate } from '../../src/evaluate.js'
import { htmlChunks } from '../../src/report/html.js'
import { type Opened, ReportBrowser, settled } from './browser.js'

const page = readFileSync(join(import.meta.dirname, '../../dist/page.html'), 'utf8')

const RUN = 'window.hacked = true'
const NAMES = [
  `<img src=x onerror="${RUN}">`,
  `</script><script>${RUN}</script>`,
  `"><svg onload=${RUN}>`,
  `<!--`,
  `javascript:${RUN}`,
  `{{constructor.constructor('${RUN}')()}}`,
  `\u2028\u2029\u0000`,
  '__proto__',
  '',
]

const groundTruth = {
  images: NAMES.map((name, i) => ({ id: i + 1, width: 100, height: 100, file_name: `${name}.png` })),
  categories: NAMES.map((name, i) => ({ id: i + 1, name })),
  annotations: NAMES.map((_, i) => ({
    id: i + 1,
    image_id: i + 1,
    category_id: i + 1,
    bbox: [10, 10, 40, 40],
    area: 1600,
    iscrowd: 0,
  })),
}
const detections = NAMES.flatMap((_, i) => [
  { image_id: i + 1, category_id: i + 1, bbox: [10, 10, 40, 39], score: 0.9 },
  { image_id: i + 1, category_id: ((i + 1) % NAMES.length) + 1, bbox: [10, 10, 40, 30], score: 0.8 },
])

let browser: ReportBrowser
let opened: Opened

beforeAll(async () => {
  browser = await ReportBrowser.launch()
  const areas = [{ name: '<b onclick=1>size</b>', lo: 0, hi: 1000 }]
  const evaluation = await evaluate(groundTruth, detections, { scene: true, areas })
  const chunks = await htmlChunks(evaluation, page, {
    version: '0.0.0',
    groundTruthName: NAMES[0],
    detectionsName: NAMES[1],
  })
  const html = await new Blob(chunks).text()
  for (const name of NAMES.slice(0, 3)) expect(html).not.toContain(name)
  opened = await browser.open(html)
})
afterAll(() => browser?.close())

describe('names from files', () => {
  test('are text in titles, tables, selects and charts', async () => {
    const { page } = opened
    expect(await page.locator('h1 .what').textContent()).toBe(`${NAMES[1]} on ${NAMES[0]}`)
    expect(await page.title()).toContain(NAMES[0])
    const cells = await page
      .getByRole('group', { name: 'Counts by class' })
      .locator('td.text')
      .allTextContents()
    for (const name of NAMES.slice(0, 6)) expect(cells).toContain(name)
    const options = await page.getByLabel('class', { exact: true }).locator('option').allTextContents()
    expect(options).toContain(NAMES[0])
  })

  test('stay text when they are filtered by, listed, pointed at and opened', async () => {
    const { page } = opened
    await page.getByRole('group', { name: 'Counts by class' }).locator('.count').first().click()
    await settled(page)
    expect(await page.locator('.chip .text').first().textContent()).toSatisfy(text => NAMES.includes(text))
    await page.locator('.list .instance').first().click()
    await settled(page)
    expect(await page.getByRole('dialog').count()).toBe(1)
    await page.keyboard.press('Escape')
    await page.locator('#images .chart [data-pick]').first().hover()
    await settled(page)
    expect(await page.locator('.tip').textContent()).toContain('.png')
  })

  test('have run nothing and asked for nothing', async () => {
    const { page, complaints } = opened
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
    expect(await page.locator('img[src="x"], svg[onload], b[onclick]').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('are what would have run: the page does not forbid it by chance', async () => {
    const { page } = opened
    await page.evaluate(markup => {
      const place = document.createElement('div')
      place.innerHTML = markup
      document.body.append(place)
    }, `<svg onload="${RUN}"></svg><img src="data:," onerror="${RUN}">`)
    await page.waitForFunction(() => 'hacked' in window)
  })
})
