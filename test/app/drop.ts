/** The app of dropped files, as a web server gives it to a browser. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { serveFolders, type WebServer } from '../support/web.js'
import { complaintsOf, settled } from './browser.js'

const dist = join(import.meta.dirname, '../../dist')

export const serveApp = (isolated: boolean): Promise<WebServer> =>
  // Below a path, as GitHub Pages does.
  serveFolders({ pages: join(dist, 'app') }, { isolated })

export interface OpenedApp {
  page: Page
  /** Errors and warnings of the page, and addresses of other hosts that it asked for. */
  complaints: string[]
}

export async function openApp(
  browser: Browser,
  { origin }: WebServer,
  options: BrowserContextOptions = {},
  hash = '',
): Promise<OpenedApp> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  context.on('request', request => {
    const address = request.url()
    if (!address.startsWith(`${origin}/pages/`) && !/^(data|blob):/.test(address))
      complaints.push(`request: ${address}`)
  })
  await page.goto(`${origin}/pages/${hash}`)
  await page.getByRole('heading', { name: 'Drop files here' }).waitFor()
  return { page, complaints }
}

export const choose = (page: Page, paths: Parameters<Page['setInputFiles']>[1]): Promise<void> =>
  page.getByLabel('Files', { exact: true }).first().setInputFiles(paths)

/** Waits for the report of what has been chosen. */
export async function evaluateChosen(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Evaluate' }).click()
  await shown(page)
}

export async function shown(page: Page): Promise<void> {
  await page.locator('#summary').waitFor()
  await settled(page)
}

/** A file of the menu "Save", as it is named there. */
export async function saved(
  page: Page,
  title: string,
): Promise<{ path: string; bytes: Buffer; name: string }> {
  const download = page.waitForEvent('download')
  await page.locator('summary', { hasText: 'Save' }).click()
  await page.getByRole('button', { name: title }).click()
  const file = await download
  const path = await file.path()
  return { path, bytes: readFileSync(path), name: file.suggestedFilename() }
}

/** A result without what may differ between two runs of the same. */
export function comparable(json: string): object {
  const { timingsMs, provenance, backend, ...rest } = JSON.parse(json)
  if (!timingsMs || !provenance || !backend) throw new Error('not a result file')
  return rest
}

/** Drops files and folders of the disk as a file manager does. */
export async function dropFiles(page: Page, files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files, dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data })
  await session.detach()
}
