import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faults } from './axe.js'
import { ReportBrowser, settled } from './browser.js'

const bin = join(import.meta.dirname, '../../bin/detscope.js')
const folder = mkdtempSync(join(tmpdir(), 'detscope-axe-'))

let browser: ReportBrowser
let html: string

beforeAll(async () => {
  const detscope = (...args: string[]) => execFileSync(process.execPath, [bin, ...args], { cwd: folder })
  detscope('demo', 'demo', '--images', '12', '--quiet')
  detscope('eval', '--gt', 'demo/gt.json', '--dt', 'demo/dt.json', '--report', 'out', '--quiet')
  html = readFileSync(join(folder, 'out/index.html'), 'utf8')
  browser = await ReportBrowser.launch()
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

const WIDE = { viewport: { width: 1440, height: 900 } }
const NARROW = { viewport: { width: 390, height: 844 } }

describe.each<[string, BrowserContextOptions]>([
  ['light, 1440 px', { ...WIDE, colorScheme: 'light' }],
  ['dark, 1440 px', { ...WIDE, colorScheme: 'dark' }],
  ['light, 390 px', { ...NARROW, colorScheme: 'light' }],
  ['dark, 390 px', { ...NARROW, colorScheme: 'dark' }],
])('%s', (_, options) => {
  let page: Page
  beforeAll(async () => {
    ;({ page } = await browser.open(html, options))
  })

  test('axe finds nothing serious', async () => {
    expect(await faults(page)).toEqual([])
  })

  test('nor with filters, the list and opened explanations', async () => {
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true
    })
    await page.locator('#counts .count').first().click()
    await settled(page)
    expect(await faults(page)).toEqual([])
    await page.keyboard.press('Escape')
  })

  test('nor with a picture open', async () => {
    await page.locator('#instances .table tbody button').first().click()
    await settled(page)
    expect(await page.getByRole('dialog').isVisible()).toBe(true)
    expect(await faults(page)).toEqual([])
    await page.keyboard.press('Escape')
  })

  test('nothing is wider than the page', async () => {
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBeLessThanOrEqual(options.viewport?.width ?? 0)
  })
})

describe('by keyboard', () => {
  let page: Page
  beforeAll(async () => {
    ;({ page } = await browser.open(html, WIDE))
  })

  test('every stop of the tab key is seen and has a name', async () => {
    const stops: string[] = []
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab')
      const stop = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement
        const { outlineStyle } = getComputedStyle(element)
        const partner = element.nextElementSibling
        const isSeen =
          outlineStyle !== 'none' || (partner && getComputedStyle(partner).outlineStyle !== 'none')
        const name = element.getAttribute('aria-label') ?? element.textContent ?? ''
        const labelled = (element as HTMLInputElement).labels?.[0]?.textContent ?? ''
        return { tag: element.tagName, isSeen, name: (name || labelled).trim() }
      })
      expect(stop).toMatchObject({ isSeen: true })
      expect(stop.name, stop.tag).not.toBe('')
      stops.push(stop.name)
    }
    expect(new Set(stops).size).toBeGreaterThan(30)
  })

  test('charts are one stop each; arrows walk their shapes and Enter picks', async () => {
    const chart = page.locator('#counts .chart')
    const stops = chart.locator('[data-pick][tabindex="0"]')
    expect(await stops.count()).toBe(1)
    await stops.focus()
    await page.keyboard.press('ArrowRight')
    await settled(page)
    expect(await stops.count()).toBe(1)
    const focused = chart.locator('[data-pick]:focus')
    const promised = Number(await focused.getAttribute('data-count'))
    expect(await chart.locator('[data-pick]').first().getAttribute('tabindex')).toBe('-1')
    expect(await page.locator('.tip').textContent()).toBe(await focused.getAttribute('aria-label'))
    await page.keyboard.press('Enter')
    await settled(page)
    expect(await page.locator('.list h2').textContent()).toBe(`${promised} instances`)
    await page.keyboard.press('Escape')
    await settled(page)
    expect(await page.locator('.list').count()).toBe(0)
  })

  test('a theme is chosen and kept over what the system says', async () => {
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const before = await paper()
    await page.getByLabel('Dark', { exact: true }).check()
    await page.locator('html[data-theme="dark"]').waitFor()
    expect(await paper()).not.toBe(before)
    await page.reload()
    await settled(page)
    await page.locator('html[data-theme="dark"]').waitFor()
    expect(await paper()).not.toBe(before)
  })
})
