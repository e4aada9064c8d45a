import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ReportBrowser, settled } from './browser.js'
import { DemoFolder } from './demo-folder.js'

const demo = new DemoFolder()

let browser: ReportBrowser
let html: string

beforeAll(async () => {
  demo.draw(4)
  html = demo.report()
  browser = await ReportBrowser.launch()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  demo.remove()
})

/** Opens the report; `look` runs in the page once its first drawing stands, and what it returns comes back. */
async function atFirstDrawing<T>(look: () => T): Promise<{ page: Page; first: T }> {
  const { page, complaints } = await browser.open(html)
  await page.addInitScript(`
    globalThis.firstLook = new Promise(resolve => {
      const observer = new MutationObserver(() => {
        if (!document.querySelector('#summary')) return
        observer.disconnect()
        resolve((${look})())
      })
      observer.observe(document, { childList: true, subtree: true })
    })`)
  await page.reload()
  const first = await page.evaluate(() => (globalThis as unknown as { firstLook: Promise<T> }).firstLook)
  await settled(page)
  expect(complaints).toEqual([])
  return { page, first }
}

test('what is on the screen is drawn first, under the headings of all the rest', async () => {
  const { page, first } = await atFirstDrawing(() => ({
    waiting: [...document.querySelectorAll('section[aria-busy]')].map(({ id }) => id),
    headings: document.querySelectorAll('section > h2').length,
    tiles: document.querySelectorAll('#summary .tile').length,
    tables: document.querySelectorAll('table').length,
  }))
  expect(first.waiting).toEqual(['setup', 'coco', 'curves', 'counts', 'images', 'distributions', 'instances'])
  expect(first.headings).toBe(9)
  expect(first.tiles).toBeGreaterThan(3)
  expect(first.tables).toBe(0)
  expect(await page.locator('section[aria-busy]').count()).toBe(0)
  expect(await page.locator('table').count()).toBeGreaterThan(6)
})

test('printed at once, it has everything that needs no computing', async () => {
  const { first } = await atFirstDrawing(() => {
    dispatchEvent(new Event('beforeprint'))
    const shown = {
      waiting: document.querySelectorAll('section[aria-busy]').length,
      rows: document.querySelectorAll('#coco [aria-label^="Metrics by class"] tbody tr').length,
    }
    dispatchEvent(new Event('afterprint'))
    return { ...shown, waitingAgain: document.querySelectorAll('section[aria-busy]').length }
  })
  expect(first.waiting).toBe(0)
  expect(first.rows).toBeGreaterThan(2)
  expect(first.waitingAgain).toBe(0)
})

test.each(['counts', 'instances'])('a reader who goes to %s at once gets and stays there', async id => {
  const { page } = await browser.open(html)
  await page.reload({ waitUntil: 'commit' })
  await page.locator(`nav a[href="#${id}"]`).click()
  await settled(page)
  const section = page.locator(`#${id}`)
  // Below the bar of the controls, by the page's scroll-padding.
  const isThere = (element: Element) => Math.abs(element.getBoundingClientRect().top - 112) < 2
  await expect.poll(() => section.evaluate(isThere), { timeout: 10_000 }).toBe(true)
  await page.waitForTimeout(500)
  expect(await section.evaluate(isThere)).toBe(true)
})
