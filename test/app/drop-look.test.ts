/** The app for every eye and hand: axe in each state, narrow and wide, by keyboard; and names that mean harm. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, type WebServer } from '../support/web.js'
import { faults } from './axe.js'
import { ReportBrowser, settled } from './browser.js'
import { choose, evaluateChosen, openApp, saved, serveApp, shown } from './drop.js'

const RUN = 'window.hacked = true'
const NAMES = [
  `<img src=x onerror="${RUN}">`,
  `</script><script>${RUN}</script>`,
  `"><svg onload=${RUN}>`,
  '<!--',
  `{{constructor.constructor('${RUN}')()}}`,
  '__proto__',
  '=cmd()',
  '',
]

const json = (name: string, value: unknown) => ({
  name,
  mimeType: 'application/json',
  buffer: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
})

const BOX = { bbox: [10, 10, 40, 40], area: 1600, iscrowd: 0 }
const groundTruth = {
  images: NAMES.map((name, i) => ({ id: i + 1, width: 100, height: 100, file_name: `${name}.png` })),
  categories: NAMES.map((name, i) => ({ id: i + 1, name })),
  annotations: NAMES.map((_, i) => ({ id: i + 1, image_id: i + 1, category_id: i + 1, ...BOX })),
}
const detections = NAMES.flatMap((_, i) => [
  { image_id: i + 1, category_id: i + 1, bbox: [10, 10, 40, 39], score: 0.9 },
  { image_id: i + 1, category_id: ((i + 1) % NAMES.length) + 1, bbox: [10, 10, 40, 30], score: 0.8 },
])
const GOOD = [json('gt.json', groundTruth), json('a.json', detections), json('b.json', detections)]

let browser: Browser
let server: WebServer
beforeAll(async () => {
  browser = await launchBrowser()
  server = await serveApp(true)
})
afterAll(async () => {
  await browser?.close()
  server?.close()
})

const WIDE = { viewport: { width: 1440, height: 900 } }
const NARROW = { viewport: { width: 390, height: 844 } }

describe.each<[string, BrowserContextOptions]>([
  ['light, 1440 px', { ...WIDE, colorScheme: 'light' }],
  ['dark, 390 px', { ...NARROW, colorScheme: 'dark' }],
  ['light, 390 px', { ...NARROW, colorScheme: 'light' }],
  ['dark, 3840 px', { viewport: { width: 3840, height: 2160 }, colorScheme: 'dark' }],
])('%s: axe finds nothing serious and nothing is wider than the page', (_, options) => {
  let page: Page
  beforeAll(async () => {
    ;({ page } = await openApp(browser, server, options))
  })
  afterAll(() => page?.context().close())

  const check = async (): Promise<void> => {
    expect(await faults(page)).toEqual([])
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBeLessThanOrEqual(options.viewport?.width ?? 0)
  }

  test('before anything is dropped, and while files are held over the window', async () => {
    await check()
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([''], 'held.json'))
      dispatchEvent(new DragEvent('dragover', { dataTransfer, cancelable: true }))
    })
    await page.getByRole('heading', { name: 'Let go to add them' }).waitFor()
    await check()
    await page.evaluate(() => dispatchEvent(new DragEvent('dragleave')))
    await page.getByRole('heading', { name: 'Drop files here' }).waitFor()
  })

  test('with files chosen, one of them with a long name, and one refused', async () => {
    const long = `${'a very long name '.repeat(12)}.json`
    await choose(page, [GOOD[0], { ...GOOD[1], name: long }, json('notes.md', `# ${'x'.repeat(400)}`)])
    await page.getByText('notes.md: expected').waitFor()
    await check()
    await page.getByRole('button', { name: `Remove ${long}` }).click()
  })

  test('while it works', async () => {
    // What is at work is over in a moment: the page is looked at as it stands then.
    await choose(page, GOOD.slice(1))
    await page.getByRole('button', { name: 'Evaluate', disabled: false }).waitFor()
    const markup = await page.evaluate(
      () =>
        new Promise<string>(resolve => {
          new MutationObserver((_, observer) => {
            const card = document.querySelector('.progress')
            if (!card) return
            observer.disconnect()
            resolve(card.outerHTML)
          }).observe(document.body, { subtree: true, childList: true })
          document.querySelector<HTMLButtonElement>('.go button')?.click()
        }),
    )
    await shown(page)
    await page.evaluate(card => {
      const place = document.createElement('div')
      place.id = 'copy'
      place.innerHTML = card
      document.querySelector('main')?.prepend(place)
    }, markup)
    expect(await page.locator('#copy .stages li').count()).toBeGreaterThan(0)
    await check()
    await page.evaluate(() => document.getElementById('copy')?.remove())
  })

  test('with a report of two models and its menu open', async () => {
    await page.locator('summary', { hasText: 'Save' }).click()
    await page.getByRole('button', { name: 'Everything as JSON' }).waitFor()
    await check()
  })
})

test('by keyboard alone: choose, evaluate, save, and Escape closes the menu without a step back', async () => {
  const { page } = await openApp(browser, server)
  const press = async (name: string, way = 'Tab'): Promise<void> => {
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press(way)
      const focused = await page.evaluate(() => document.activeElement?.textContent?.trim())
      if (focused !== name) continue
      expect(
        await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle),
      ).not.toBe('none')
      await page.keyboard.press('Enter')
      return
    }
    throw new Error(`the tab key does not get to "${name}"`)
  }
  const chooser = page.waitForEvent('filechooser')
  await press('Choose files')
  await (await chooser).setFiles(GOOD.slice(0, 2))
  await page.getByRole('button', { name: 'Evaluate', disabled: false }).waitFor()
  await press('Evaluate')
  await shown(page)
  // The focus went to the report; what stands above it is a few steps back.
  await press('Save', 'Shift+Tab')
  const before = page.url()
  await page.keyboard.press('Escape')
  await settled(page)
  expect(await page.locator('details.menu').getAttribute('open')).toBe(null)
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Save')
  expect(page.url()).toBe(before)
  await page.keyboard.press('Enter')
  const download = page.waitForEvent('download')
  await press('Score thresholds as JSON')
  expect((await download).suggestedFilename()).toBe('thresholds.json')
  await page.context().close()
})

describe('names that mean harm', () => {
  let page: Page
  let complaints: string[]
  beforeAll(async () => {
    ;({ page, complaints } = await openApp(browser, server))
    const files = [json(NAMES[0], groundTruth), json(`${NAMES[2]}.json`, detections), json(NAMES[3], '# no')]
    await choose(page, files)
    await page.getByText(`${NAMES[3]}: expected`).waitFor()
    await evaluateChosen(page)
  })

  test('are text wherever they stand', async () => {
    expect(await page.locator('h1 .what').textContent()).toBe(`${NAMES[2]}.json on ${NAMES[0]}`)
    expect(await page.title()).toContain(NAMES[0])
    const options = await page.getByLabel('class', { exact: true }).locator('option').allTextContents()
    expect(options).toEqual(expect.arrayContaining(NAMES.slice(0, 6)))
    expect(await page.locator('img[src="x"], svg[onload]').count()).toBe(0)
  })

  test('nor do they run from a saved report', async () => {
    const { bytes } = await saved(page, 'Report, one HTML file')
    for (const name of NAMES.slice(0, 3)) expect(bytes.toString()).not.toContain(name)
    const reader = await ReportBrowser.launch()
    try {
      const opened = await reader.open(bytes.toString())
      expect(await opened.page.locator('h1 .what').textContent()).toBe(`${NAMES[2]}.json on ${NAMES[0]}`)
      expect(await opened.page.evaluate(() => 'hacked' in window)).toBe(false)
      expect(opened.complaints).toEqual([])
    } finally {
      await reader.close()
    }
  })

  test('nothing has run, been asked for or been complained of', async () => {
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
    expect(complaints).toEqual([])
  })
})
