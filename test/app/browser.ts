/** Reports in a headless browser, opened from disk as a reader does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchPlainBrowser } from '../support/web.js'

export interface Opened {
  page: Page
  /** Errors and warnings of the page, and addresses that it asked for besides its own. */
  complaints: string[]
}

export class ReportBrowser {
  readonly #browser: Browser
  readonly #folder = mkdtempSync(join(tmpdir(), 'detscope-page-'))

  private constructor(browser: Browser) {
    this.#browser = browser
  }

  static async launch(): Promise<ReportBrowser> {
    return new ReportBrowser(await launchPlainBrowser())
  }

  /** Writes the document to disk and opens it there, with `hash` if given. */
  async open(html: string, options: BrowserContextOptions = {}, hash = ''): Promise<Opened> {
    const path = join(this.#folder, `${Math.random().toString(36).slice(2)}.html`)
    writeFileSync(path, html)
    const context = await this.#browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    const own = pathToFileURL(path).href
    page.on('request', request => {
      const address = request.url()
      if (!address.startsWith(own) && !/^(data|blob):/.test(address)) complaints.push(`request: ${address}`)
    })
    await page.goto(own + hash)
    await settled(page)
    return { page, complaints }
  }

  async close(): Promise<void> {
    await this.#browser.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** What a page says that it should not: errors, warnings, dialogs, as they come. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(`error: ${error.message}`))
  page.on('console', message => {
    if (message.type() !== 'log') complaints.push(`${message.type()}: ${message.text()}`)
  })
  page.on('dialog', async dialog => {
    complaints.push(`dialog: ${dialog.message()}`)
    await dialog.dismiss()
  })
  return complaints
}

/** When everything has been computed and drawn. */
export async function settled(page: Page): Promise<void> {
  // A change schedules its work with the next drawing.
  await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve))))
  await page.waitForFunction(() => document.documentElement.dataset.work === 'done')
}

export async function slide(page: Page, label: string, value: number): Promise<void> {
  await page.getByLabel(label, { exact: true }).evaluate((input: HTMLInputElement, text) => {
    input.value = text
    input.dispatchEvent(new Event('input', { bubbles: true }))
  }, String(value))
  await settled(page)
}

/** The cells of a table by its label, as text: [row][column], the header first. All rows must be in sight. */
export const cellsOf = (page: Page, label: string): Promise<string[][]> =>
  page
    .getByRole('group', { name: label, exact: true })
    .locator('tr:not(.spacer)')
    .evaluateAll(rows =>
      rows.map(row => [...row.children].map(cell => cell.textContent?.replace(/[↑↓,]/g, '').trim() ?? '')),
    )
