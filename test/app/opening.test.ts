import type { Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

const rested = (page: Page) => page.waitForSelector('html[data-rest]')

/** The pixels of the content, right of the contents' list, between two rows. */
function pixelsOf({ data, width }: PNG, top: number, bottom: number): Uint32Array {
  const pixels = new Uint32Array(data.buffer, data.byteOffset, data.length / 4)
  const left = Math.round(width / 4)
  return Uint32Array.from({ length: (bottom - top) * (width - left) }, (_, at) => {
    const [row, column] = [top + Math.floor(at / (width - left)), left + (at % (width - left))]
    return pixels[row * width + column]
  })
}

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

const frames = (page: Page, count: number): Promise<void> =>
  page.evaluate(async left => {
    for (; left > 0; left--) await new Promise(resolve => requestAnimationFrame(resolve))
  }, count)

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

/** Until a section has stood below the bar of the controls, by the page's scroll-padding, for this many frames. */
const standsThere = (page: Page, id: string, count = 20): Promise<void> =>
  page.evaluate(
    async ([id, count]) => {
      for (let stood = 0; stood < count; ) {
        await new Promise(resolve => requestAnimationFrame(resolve))
        const { top } = (document.getElementById(id) as Element).getBoundingClientRect()
        stood = Math.abs(top - 112) < 2 ? stood + 1 : 0
      }
    },
    [id, count] as const,
  )

test('at rest the whole page is laid out, and a picture of it has all sections', async () => {
  const { page } = await browser.open(html)
  await rested(page)
  const png = PNG.sync.read(await page.screenshot({ fullPage: true }))
  const places = await page.evaluate(() =>
    [...document.querySelectorAll('section')].map(({ id, offsetTop, offsetHeight }) => ({
      id,
      middle: Math.round(offsetTop + offsetHeight / 2),
    })),
  )
  expect(places).toHaveLength(9)
  // A hundred rows around the middle of a section hold letters.
  const blank = places.filter(({ middle }) => new Set(pixelsOf(png, middle - 50, middle + 50)).size < 8)
  expect(blank).toEqual([])
})

test('what is off the screen is not laid out from a change until the page rests again', async () => {
  const { page } = await browser.open(html)
  await rested(page)
  await page.evaluate(() => {
    const root = document.documentElement
    Object.assign(window, { rests: [] })
    const note = () => (window as unknown as { rests: boolean[] }).rests.push(root.hasAttribute('data-rest'))
    new MutationObserver(note).observe(root, { attributeFilter: ['data-rest'] })
  })
  await slide(page, 'IoU ≥', 0.6)
  await rested(page)
  const rests = await page.evaluate(() => (window as unknown as { rests: boolean[] }).rests)
  expect(rests).toEqual([false, true])
})

test('a slider that moves after a rest leaves the section on the screen where it is', async () => {
  const { page } = await browser.open(html)
  const top = () => page.evaluate(() => document.getElementById('images')?.getBoundingClientRect().top)
  await page.evaluate(() => document.getElementById('images')?.scrollIntoView({ behavior: 'instant' }))
  await page.waitForFunction(() => document.documentElement.hasAttribute('data-rest'))
  await page.evaluate(() => document.getElementById('images')?.scrollIntoView({ behavior: 'instant' }))
  await page.waitForFunction(() => document.documentElement.hasAttribute('data-rest'))
  await frames(page, 5)
  const before = await top()
  await slide(page, 'IoU ≥', 0.6)
  await settled(page)
  expect(await top()).toBe(before)
})

test.each(['counts', 'instances'])('a reader who goes to %s at once gets and stays there', async id => {
  const { page } = await browser.open(html)
  await page.reload({ waitUntil: 'commit' })
  await page.locator(`nav a[href="#${id}"]`).click()
  await settled(page)
  await standsThere(page, id)
})

/** As if there were always something left to draw, which is when a page holds the reader's place. */
const keepBusy = (): void => {
  const { dataset } = document.documentElement
  dataset.work = 'busy'
  new MutationObserver(() => {
    if (dataset.work !== 'busy') dataset.work = 'busy'
  }).observe(document.documentElement, { attributeFilter: ['data-work'] })
}

/** Makes what stands above the instances higher. */
const grow = (): void => {
  const section = document.getElementById('setup') as HTMLElement
  section.style.minHeight = '5000px'
}

/** As in Safari, which has no scroll anchoring; others do not hold to what they have only begun to draw. */
async function openWithoutAnchors(): Promise<Page> {
  const { page } = await browser.open(html)
  await page.addStyleTag({ content: '* { overflow-anchor: none }' })
  await page.evaluate(keepBusy)
  await page.locator('nav a[href="#instances"]').click()
  await standsThere(page, 'instances')
  return page
}

test('what grows above a section that a reader has just gone to does not push it away', async () => {
  const page = await openWithoutAnchors()
  await page.evaluate(grow)
  await standsThere(page, 'instances')
})

test('a reader who has gone on is left alone', async () => {
  const page = await openWithoutAnchors()
  await page.mouse.move(700, 500)
  await page.mouse.wheel(0, -300)
  await page.waitForFunction(
    () => (document.getElementById('instances') as Element).getBoundingClientRect().top > 300,
  )
  await frames(page, 20)
  const before = await page.evaluate(() => scrollY)
  await page.evaluate(grow)
  await frames(page, 20)
  expect(await page.evaluate(() => scrollY)).toBe(before)
})
