/** Where pictures come from: the page itself, a server, nowhere; and the gallery of crops. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FP } from '../../src/data/analysis.js'
import { serveReport } from '../../src/node/serve.js'
import { launchPlainBrowser } from '../support/web.js'
import { drawn, HASH, PictureDemo } from './picture-demo.js'

let demo: PictureDemo
beforeAll(async () => {
  demo = await PictureDemo.make()
})
afterAll(() => demo?.close())

describe('the gallery', () => {
  test('shows crops of the filtered instances, in order, and opens them', async () => {
    const { page, complaints } = await demo.browser.open(
      demo.html,
      {},
      `${HASH}&in.outcomes=FP&layout=gallery`,
    )
    await page.locator('.gallery').scrollIntoViewIfNeeded()
    const cards = page.locator('.gallery .card')
    await page.waitForSelector('.gallery .crop[data-photograph="yes"]')
    const fps = demo.all(FP)
    expect(await page.locator('.gallery').getAttribute('aria-label')).toBe(
      `Gallery of ${fps.length} instances`,
    )
    expect(await cards.first().textContent()).toMatch(/^FP/)
    const best = Math.max(...fps.map(({ row }) => demo.scene.dt.scores[row]))
    await cards.first().click()
    const { current } = await drawn(page)
    expect(demo.scene.dt.scores[Number(current.slice(3))]).toBe(best)
    expect(complaints).toEqual([])
  })

  test('crops differ, and are not empty', async () => {
    const { page } = await demo.browser.open(demo.html, {}, `${HASH}&in.outcomes=FP&layout=gallery`)
    await page.locator('.gallery').scrollIntoViewIfNeeded()
    await page.waitForFunction(() => {
      const crops = [...document.querySelectorAll<HTMLCanvasElement>('.gallery .crop')]
      return crops.length > 5 && crops.every(crop => crop.dataset.photograph === 'yes')
    })
    const looks = await page
      .locator('.gallery .crop')
      .evaluateAll(crops => crops.map(crop => (crop as HTMLCanvasElement).toDataURL()))
    expect(new Set(looks).size).toBe(looks.length)
  })
})

describe('where something is missing', () => {
  test('masks on a plain canvas, and a line on how to give pictures', async () => {
    const { page, complaints } = await demo.open(demo.busy().ref, { html: demo.report('plain') })
    expect(await drawn(page)).toMatchObject({ photograph: 'no', masks: String(demo.busy().items.length) })
    expect(await page.locator('.pic-note').allTextContents()).toEqual([
      'No picture: evaluate with --images DIR to see it here.',
    ])
    expect(complaints).toEqual([])
  })

  test('boxes for what the file does not carry, and the command that shows it', async () => {
    const { page } = await demo.open(demo.busy().ref, {
      html: demo.report('none', '--gallery', '0', '--images', 'demo/images'),
    })
    expect(await drawn(page)).toMatchObject({ photograph: 'no', masks: '0' })
    const notes = await page.locator('.pic-note').allTextContents()
    expect(notes).toHaveLength(2)
    for (const note of notes) expect(note).toMatch(/To see (it|them): detscope serve \/\S+$/)
  })
})

describe('served', () => {
  test('pictures and masks come from disk', async () => {
    demo.report('served', '--gallery', '0', '--images', 'demo/images')
    const server = await serveReport(join(demo.folder, 'served'))
    const own = await launchPlainBrowser()
    try {
      const page = await own.newPage()
      const complaints: string[] = []
      page.on('pageerror', error => complaints.push(error.message))
      page.on('console', message => complaints.push(message.text()))
      const { ref, items } = demo.busy()
      await page.goto(`${server.url}${HASH}&open=${ref}`)
      expect(await drawn(page)).toMatchObject({ photograph: 'yes', masks: String(items.length) })
      expect(await page.locator('.pic-note').count()).toBe(0)
      expect(complaints).toEqual([])
      // Another page of this machine cannot read them.
      await page.goto('about:blank')
      const reached = await page.evaluate(
        url =>
          fetch(`${url}masks/0.json`).then(
            () => 'read',
            () => 'refused',
          ),
        server.url,
      )
      expect(reached).toBe('refused')
    } finally {
      await own.close()
      await server.close()
    }
  })
})

test('names from files are text: nothing in them runs', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: meant as it stands
  const evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>${alert(3)}'
  writeFileSync(
    join(demo.folder, 'evil-gt.json'),
    JSON.stringify({
      images: [{ id: 1, width: 60, height: 40, file_name: `../../${evil}.png` }],
      categories: [{ id: 1, name: evil }],
      annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [5, 5, 20, 20], area: 400, iscrowd: 0 }],
    }),
  )
  writeFileSync(
    join(demo.folder, 'evil-dt.json'),
    JSON.stringify([{ image_id: 1, category_id: 1, bbox: [30, 5, 20, 20], score: 0.9 }]),
  )
  const files = ['--gt', 'evil-gt.json', '--dt', 'evil-dt.json', '--quiet', '--images', 'demo/images']
  demo.run('eval', ...files, '--report', 'evil')
  const document = readFileSync(join(demo.folder, 'evil/index.html'), 'utf8')
  const { page, complaints } = await demo.browser.open(document, {}, '#open=dt:0&list=yes')
  await drawn(page)
  await page.locator('.pic-list .instance').first().hover()
  expect(await page.locator('.pic-list strong').first().textContent()).toBe(evil)
  expect(await page.locator('.pic-head h2').textContent()).toContain(evil)
  expect(await page.locator('.pic-tip').textContent()).toContain(evil)
  expect(await page.locator('img, dialog script').count()).toBe(0)
  expect(complaints).toEqual([])
})
