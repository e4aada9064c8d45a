import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { topOf } from '../../src/app/charts/counting.js'
import { isAlike } from '../../src/app/ui/hooks.js'
import { ReportBrowser, settled, slide } from './browser.js'
import { DemoFolder } from './demo-folder.js'

describe('an axis of counts', () => {
  test.each([
    [0, 4],
    [1, 4],
    [4, 4],
    [5, 8],
    [13, 16],
    [37, 40],
    [41, 60],
    [1000, 1000],
    [1001, 1200],
    [2892, 3200],
    [99_999, 100_000],
  ])('that holds %i ends at %i', (most, top) => {
    expect(topOf(most)).toBe(top)
  })

  test('has four lines at whole numbers and is more than half full', () => {
    for (let most = 4; most < 5000; most++) {
      const top = topOf(most)
      expect(top % 4).toBe(0)
      expect(top).toBeGreaterThanOrEqual(most)
      if (most > 4) expect(most).toBeGreaterThan(top / 2)
    }
  })
})

test('rows are alike that say the same in all their parts', () => {
  const row = { id: 7, iou: Number.NaN, reason: { code: 'matched', text: 'IoU .62' }, best: null }
  expect(isAlike(row, { ...row, reason: { ...row.reason } })).toBe(true)
  expect(isAlike(row, { ...row, reason: { ...row.reason, text: 'IoU .63' } })).toBe(false)
  expect(isAlike(row, { ...row, more: undefined })).toBe(false)
  expect(isAlike(row, { ...row, best: { code: 'matched' } })).toBe(false)
  expect(isAlike([1], [1])).toBe(false)
})

describe('charts that count', () => {
  const demo = new DemoFolder()
  let browser: ReportBrowser
  let html: string

  beforeAll(async () => {
    demo.draw(12)
    html = demo.report()
    browser = await ReportBrowser.launch()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    demo.remove()
  })

  /** Places, words and texts of everything in the charts. */
  const drawing = (page: Awaited<ReturnType<ReportBrowser['open']>>['page']): Promise<string[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll(':is(#distributions, #instances) .chart svg')].map(svg =>
        [...svg.querySelectorAll('rect, text')]
          .map(({ attributes, textContent }) =>
            [
              ...[...attributes]
                .filter(({ name }) => name !== 'tabindex')
                .map(({ name, value }) => `${name}=${value}`)
                .sort(),
              textContent,
            ].join(' '),
          )
          .join('\n'),
      ),
    )

  test('are after any steps as if they had been opened there, and have one stop each', async () => {
    const { page, complaints } = await browser.open(html)
    await page.locator('#distributions').scrollIntoViewIfNeeded()
    await settled(page)
    for (const [iou, score] of [
      [0.6, 0.2],
      [0.95, 0.9],
      [0.5, 0.01],
      [0.71, 0.45],
    ]) {
      await slide(page, 'IoU ≥', iou)
      await slide(page, 'score ≥', score)
    }
    await page.waitForFunction(() => location.hash.includes('score=0.45'))
    const moved = await drawing(page)
    expect(moved.length).toBe(7)
    const other = await browser.open(html, {}, new URL(page.url()).hash)
    await settled(other.page)
    expect(moved).toEqual(await drawing(other.page))
    const stops = await page
      .locator('#distributions .chart svg')
      .evaluateAll(charts => charts.map(chart => chart.querySelectorAll('[tabindex="0"]').length))
    expect(stops).toEqual([1, 1, 1, 1, 1, 1])
    expect([...complaints, ...other.complaints]).toEqual([])
  })
})
