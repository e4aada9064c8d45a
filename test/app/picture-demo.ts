/** The demo's report and what its pictures must show, for tests of pictures. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { FN, FP, TP } from '../../src/data/analysis.js'
import type { Scene } from '../../src/data/scene.js'
import { evaluate } from '../../src/evaluate.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { fileSource } from '../../src/node/files.js'
import { type InstanceRef, type PictureItem, pictureItems } from '../../src/report/picture.js'
import { viewOf } from '../support/scene.js'
import { type Opened, ReportBrowser, settled } from './browser.js'

const bin = join(import.meta.dirname, '../../bin/detscope.js')

/** What the page is asked to look at; `viewOf` below is the same. */
export const HASH = '#score=0.5&protocol=corrected'

export const refOf = ({ kind, row }: InstanceRef): string => `${kind}:${row}`

export class PictureDemo {
  readonly folder: string
  readonly scene: Scene
  readonly browser: ReportBrowser
  /** With every picture in it. */
  readonly html: string

  private constructor(folder: string, scene: Scene, browser: ReportBrowser) {
    this.folder = folder
    this.scene = scene
    this.browser = browser
    this.html = this.report('out', '--images', 'demo/images')
  }

  static async make(): Promise<PictureDemo> {
    const folder = mkdtempSync(join(tmpdir(), 'detscope-pictures-'))
    run(folder, 'demo', 'demo', '--images', '12', '--quiet')
    const read = (name: string) => fileSource(join(folder, 'demo', name))
    const { scene } = await evaluate(read('gt.json'), read('dt.json'), { scene: true })
    return new PictureDemo(folder, scene as Scene, await ReportBrowser.launch())
  }

  /** The document of a report of the demo in the folder `out`. */
  report(out: string, ...args: string[]): string {
    const files = ['--gt', 'demo/gt.json', '--dt', 'demo/dt.json', '--backend', 'cpu', '--quiet']
    run(this.folder, 'eval', ...files, '--report', out, ...args)
    return readFileSync(join(this.folder, out, 'index.html'), 'utf8')
  }

  run(...args: string[]): void {
    run(this.folder, ...args)
  }

  itemsOf(image: number): PictureItem[] {
    const index = indexScene(this.scene, 'corrected', false)
    return pictureItems(this.scene, index, viewOf('corrected', { score: 0.5 }), 0, image)
  }

  /** Instances of all images with an outcome. */
  all(outcome: number): PictureItem[] {
    return [...this.scene.evaluatedImages]
      .flatMap(image => this.itemsOf(image))
      .filter(item => item.outcome === outcome)
  }

  /** A detection whose picture has every outcome, and the instances of the picture. */
  busy(): { ref: string; items: PictureItem[] } {
    for (const image of this.scene.evaluatedImages) {
      const items = this.itemsOf(image)
      const has = (outcome: number): boolean => items.some(item => item.outcome === outcome)
      const found = items.find(item => item.kind === 'dt' && item.outcome === TP)
      if (found && has(FP) && has(FN)) return { ref: refOf(found), items }
    }
    throw new Error('the demo has no such image')
  }

  /** Opens the picture of an instance. */
  async open(
    ref: string,
    {
      more = '',
      html = this.html,
      ...options
    }: BrowserContextOptions & { more?: string; html?: string } = {},
  ): Promise<Opened> {
    const opened = await this.browser.open(html, options, `${HASH}&open=${ref}${more}`)
    await drawn(opened.page)
    return opened
  }

  async close(): Promise<void> {
    await this.browser.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const run = (cwd: string, ...args: string[]): void => {
  execFileSync(process.execPath, [bin, ...args], { cwd, stdio: 'pipe' })
}

export const canvasOf = (page: Page) => page.locator('dialog.pic canvas')

/** What the canvas says of what is drawn on it. */
export async function drawn(page: Page): Promise<Record<string, string>> {
  await page.waitForSelector('dialog.pic canvas[data-camera]')
  await settled(page)
  return canvasOf(page).evaluate(
    canvas => ({ ...(canvas as HTMLCanvasElement).dataset }) as Record<string, string>,
  )
}
