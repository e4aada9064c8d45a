// That the page lives while masks are evaluated, and what the tab then holds. bench/app.js measures both at full size.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generate } from '../../bench/generate.js'
import { memoryOfPages } from '../support/memory.js'
import { launchBrowser, type WebServer } from '../support/web.js'
import { choose, openApp, serveApp, shown } from './drop.js'

const folder = mkdtempSync(join(tmpdir(), 'detscope-answers-'))
let browser: Browser
let server: WebServer
let page: Page

beforeAll(async () => {
  await generate(folder, { images: 1000, classes: 20, groundTruths: 8000, detections: 60_000, seed: 11 })
  browser = await launchBrowser()
  server = await serveApp(true)
  ;({ page } = await openApp(browser, server))
  await choose(page, [join(folder, 'gt.json'), join(folder, 'dt_segm.json')])
  await page.getByRole('button', { name: 'Evaluate' }).waitFor()
})
afterAll(async () => {
  await browser?.close()
  server?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a click is answered in the middle of the work', async () => {
  const seen = await page.evaluate(
    () =>
      new Promise<{ pressedAt: string; answered: boolean; drawnAt: string }>((resolve, reject) => {
        const stageNow = (): string =>
          document.querySelector('.stages .now span')?.textContent ??
          (document.querySelector('#summary') ? 'the report' : 'choice')
        const press = (name: string): void => {
          for (const element of document.querySelectorAll<HTMLElement>('button, label'))
            if (element.textContent === name) element.click()
        }
        let pressedAt = ''
        setInterval(() => {
          const stage = stageNow()
          const answered = document.documentElement.dataset.theme === 'dark'
          if (stage === 'the report') reject(new Error('too late'))
          else if (answered) resolve({ pressedAt, answered, drawnAt: stage })
          else if (stage === 'Comparing masks' && pressedAt === '') {
            pressedAt = stage
            press('Dark')
          }
        }, 1)
        press('Evaluate')
      }),
  )
  expect(seen).toMatchObject({ pressedAt: 'Comparing masks', answered: true })
  expect(seen.drawnAt).toMatch(/^(Comparing masks|Matching detections to objects)$/)
  await shown(page)
})

// Seen: 190 MiB with this report, of which an empty page takes 60; with 500,000 masks 560.
test.skipIf(process.platform !== 'linux')('the memory of the tab stays in proportion', async () => {
  const memoryMiB = await memoryOfPages(browser)
  expect(memoryMiB).toBeGreaterThan(60)
  expect(memoryMiB).toBeLessThan(400)
})
