import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cellsOf, ReportBrowser, settled, slide } from './browser.js'
import { freshCounts, shownCounts } from './fresh-counts.js'

const bin = join(import.meta.dirname, '../../bin/detscope.js')
const folder = mkdtempSync(join(tmpdir(), 'detscope-demo-'))
const detscope = (...args: string[]) => execFileSync(process.execPath, [bin, ...args], { cwd: folder })

let browser: ReportBrowser
let html: string
let page: Page
let complaints: string[]

beforeAll(async () => {
  detscope('demo', 'demo', '--images', '12', '--quiet')
  const files = ['--gt', 'demo/gt.json', '--dt', 'demo/dt.json']
  detscope('eval', ...files, '--images', 'demo/images', '--report', 'out', '--json', 'out.json', '--quiet')
  html = readFileSync(join(folder, 'out/index.html'), 'utf8')
  browser = await ReportBrowser.launch()
  ;({ page, complaints } = await browser.open(html))
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'))

/** Instances listed beside the page, in the table, and in the bar. */
async function listed(page: Page): Promise<{ list: number; table: number; bar: number }> {
  const number = (text: string | null): number => Number((text ?? '').replace(/.*→/, '').replace(/\D/g, ''))
  return {
    list: number(await page.locator('.list h2').textContent()),
    table: Number(await page.locator('#instances table').getAttribute('aria-rowcount')) - 1,
    bar: number(await page.locator('.chips .total').textContent()),
  }
}

/** What the address asks for, whatever the order. */
function viewOf(page: Page): string {
  const params = new URLSearchParams(new URL(page.url()).hash.slice(1))
  params.sort()
  return params.toString()
}

/** The elements with a count within `scope`, or a few spread over them. */
async function countsIn(page: Page, scope: string, most: number): Promise<number[]> {
  const count = await page.locator(`${scope} [data-count]`).count()
  const step = Math.max(1, Math.floor(count / most))
  return Array.from({ length: Math.min(count, most) }, (_, i) => i * step)
}

async function clickCount(page: Page, scope: string, place: number): Promise<number> {
  const target = page.locator(`${scope} [data-count]`).nth(place)
  const promised = Number(await target.getAttribute('data-count'))
  await target.scrollIntoViewIfNeeded()
  await target.dispatchEvent('click')
  await settled(page)
  return promised
}

test('opens from disk, asks for nothing and complains of nothing', () => {
  expect(complaints).toEqual([])
})

test('findings of the other protocol are those of a run by it', async () => {
  const files = ['--gt', 'demo/gt.json', '--dt', 'demo/dt.json']
  detscope('eval', ...files, '--protocol', 'corrected', '--json', 'corrected.json', '--quiet')
  const { findings } = read('corrected.json').analysis
  expect(findings.length).toBeGreaterThan(0)
  await page.getByLabel('corrected', { exact: true }).check()
  await settled(page)
  expect(await page.locator('#findings li > span').allTextContents()).toEqual(
    findings.map(({ text }: { text: string }) => text),
  )
  await page.keyboard.press('Escape')
  await settled(page)
})

describe('every count lists as many instances as it says', () => {
  const scopes = [
    '#summary',
    '#findings',
    '#setup',
    '#curves .multiples .chart:nth-child(1)',
    '#curves .multiples .chart:nth-child(3)',
    '#curves .pair .chart',
    '#curves [aria-label^="Areas"]',
    '#curves [aria-label^="Best score"]',
    '#counts .chart',
    '#counts [aria-label="Counts by size"]',
    '#counts [aria-label="Counts by IoU threshold"]',
    '#counts [aria-label="Counts by class"]',
    '#images .chart',
    '#images [aria-label="Counts by image"]',
    ...[1, 2, 3, 4].map(chart => `#distributions .chart:nth-child(${chart})`),
    '#instances .chart',
  ]

  /** Clicks counts in a part of a page and sees that as many instances are listed, and that Esc takes it back. */
  async function keepsPromise(page: Page, scope: string, most: number): Promise<number> {
    const places = await countsIn(page, scope, most)
    const before = viewOf(page)
    for (const place of places) {
      const promised = await clickCount(page, scope, place)
      expect(promised).toBeGreaterThan(0)
      expect(await listed(page), `${scope}, place ${place}`).toEqual({
        list: promised,
        table: promised,
        bar: promised,
      })
      await page.keyboard.press('Escape')
      await settled(page)
      expect(viewOf(page)).toBe(before)
    }
    return places.length
  }

  test.each(['coco', 'corrected'].flatMap(protocol => scopes.map(scope => [protocol, scope])))(
    '%s: %s',
    async (protocol, scope) => {
      await page.getByLabel(protocol, { exact: true }).check()
      await settled(page)
      expect(await keepsPromise(page, scope, 2), `counts in ${scope}`).toBeGreaterThan(0)
    },
  )

  test.each([
    ['class-agnostic', '#protocol=corrected&classAgnostic=yes', 0],
    ['class-agnostic, coco', '#classAgnostic=yes&size=medium', 1],
    ['one class and size, above a score', '#category=0&size=small&score=0.3&scoreStrict=yes', 0],
    ['percentiles', '#protocol=corrected&sizes=percentile&size=smallest&category=1', 1],
    ['filters of another click', '#in.outcomes=FP&in.image=2&in.score=0.4..0.9&scores=all', 0],
  ] as const)('with %s, after the sliders have moved', async (_, hash, half) => {
    const { page, complaints } = await browser.open(html, {}, hash)
    await slide(page, 'IoU ≥', 0.77)
    await slide(page, hash.includes('Strict') ? 'score >' : 'score ≥', 0.21)
    // The address follows a slider when it rests.
    await page.waitForFunction(() => location.hash.includes('iou=0.77&score=0.21'))
    let clicked = 0
    for (const [i, scope] of scopes.entries())
      if (i % 2 === half) clicked += await keepsPromise(page, scope, 1)
    expect(clicked).toBeGreaterThan(5)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('scores below the threshold are listed without it', async () => {
    const scope = '#distributions .chart:nth-child(2)'
    await page.locator('#distributions').getByLabel('all', { exact: true }).check()
    await settled(page)
    expect(await keepsPromise(page, scope, 6)).toBe(6)
    await page.keyboard.press('Escape')
    await settled(page)
  })

  test.each(['coco', 'corrected'])(
    'metrics list what they are computed from, protocol %s',
    async protocol => {
      await page.getByLabel(protocol, { exact: true }).check()
      await settled(page)
      const metrics = page.locator('#summary .linked:not([data-count]), #coco .linked')
      const total = await metrics.count()
      expect(total).toBeGreaterThan(60)
      const before = page.url()
      for (let place = 0; place < total; place += 11) {
        const metric = metrics.nth(place)
        const name = (await metric.getAttribute('aria-label')) ?? ''
        await metric.dispatchEvent('click')
        await settled(page)
        const [header, ...rows] = await cellsOf(page, 'Counts by size')
        const size = /small|medium|large/.exec(name)?.[0] ?? 'all'
        const row = rows.find(([first]) => first === size) ?? []
        const of = (title: string): number => Number(row[header.indexOf(title)])
        // No score threshold applies to metrics, and recall knows no false positives.
        const expected = of('GT') + (/\bAR\b/.test(name) ? 0 : of('FP'))
        expect(await listed(page), name).toEqual({ list: expected, table: expected, bar: expected })
        expect(await page.locator('.slider output').first().textContent()).toBe('0')
        await page.keyboard.press('Escape')
        await settled(page)
        expect(page.url()).toBe(before)
      }
    },
  )

  test('the worst of an image opens its picture', async () => {
    const cell = page.locator('#images .linked[aria-label*="open its picture"]').first()
    await cell.dispatchEvent('click')
    await settled(page)
    expect(await page.getByRole('dialog').isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    await settled(page)
  })

  test.each([5, 6])('bins of images show those images: chart %i', async chart => {
    const scope = `#distributions .chart:nth-child(${chart})`
    for (const place of await countsIn(page, scope, 2)) {
      const promised = await clickCount(page, scope, place)
      const rows = Number(await page.locator('#images table').getAttribute('aria-rowcount')) - 1
      expect(rows).toBe(promised)
      await page.keyboard.press('Escape')
      await settled(page)
    }
  })
})

describe('the sliders', () => {
  test.each([
    [0.5, 0.3],
    [0.73, 0.62],
    [0.9, 0.05],
  ])('at IoU %f and score %f: counts are those of a fresh evaluation', async (iou, score) => {
    await page.getByLabel('coco', { exact: true }).check()
    await slide(page, 'IoU ≥', iou)
    await slide(page, 'score ≥', score)
    const shown = await shownCounts(page)
    expect(shown.length).toBe(3)
    expect(shown).toEqual(await freshCounts(read('demo/gt.json'), read('demo/dt.json'), iou, score))
  })
})

describe('the address', () => {
  test('opens the same view again, and the browser goes back', async () => {
    const first = await browser.open(html)
    await slide(first.page, 'IoU ≥', 0.7)
    await first.page.getByLabel('size', { exact: true }).selectOption('small')
    await clickCount(first.page, '#instances .chart', 0)
    const shown = await listed(first.page)
    const { hash } = new URL(first.page.url())
    expect(hash).toContain('iou=0.7&size=small')
    const second = await browser.open(html, {}, hash)
    expect(await listed(second.page)).toEqual(shown)
    expect(await second.page.locator('.chip .text').allTextContents()).toEqual(
      await first.page.locator('.chip .text').allTextContents(),
    )
    await first.page.goBack()
    await settled(first.page)
    expect(await first.page.locator('.list').count()).toBe(0)
    expect(await first.page.locator('.chip').count()).toBe(1)
    await first.page.keyboard.press('Escape')
    await settled(first.page)
    expect([...first.complaints, ...second.complaints]).toEqual([])
  })
})

describe('tables', () => {
  test('sort by every column, both ways', async () => {
    const table = page.getByRole('group', { name: 'Counts by image' })
    const headers = table.locator('thead button')
    const rows = async (column: number): Promise<(number | string)[]> =>
      (await cellsOf(page, 'Counts by image'))
        .slice(1)
        .map(row => row[column].replace(' px', ''))
        .filter(cell => cell !== '–')
        .map(cell => (column === 0 ? cell : Number(cell)))
    const compare = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0)
    for (let column = 0; column < (await headers.count()); column++) {
      await headers.nth(column).click()
      await settled(page)
      const once = await rows(column)
      await headers.nth(column).click()
      await settled(page)
      const twice = await rows(column)
      const sorted = [...once].sort(compare)
      expect(once.length).toBeGreaterThan(5)
      const isUp = column === 0
      expect(once).toEqual(isUp ? sorted : [...sorted].reverse())
      expect(twice).toEqual(isUp ? [...sorted].reverse() : sorted)
    }
  })

  test('are saved as CSV, every row in full', async () => {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save Counts by image as CSV' }).click()
    const path = await (await download).path()
    const lines = readFileSync(path, 'utf8').trimEnd().split('\r\n')
    expect(lines.length).toBe(13)
    expect(lines[0]).toMatch(/^image,GT,DT,TP,FP,FN,errors,precision/)
    const [, gt, dt, tp] = lines[1].split(',').map(Number)
    expect(gt + dt).toBeGreaterThan(0)
    expect(Number(lines[1].split(',')[7])).toBe(tp / dt)
  })

  test('of instances are found in by class, and saved', async () => {
    await page.getByPlaceholder('class or file name').fill('FORKLIFT')
    await page.locator('.chip', { hasText: 'FORKLIFT' }).waitFor()
    await settled(page)
    const rows = Number(await page.locator('#instances table').getAttribute('aria-rowcount')) - 1
    expect(rows).toBeGreaterThan(0)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save as CSV' }).click()
    const lines = readFileSync(await (await download).path(), 'utf8')
      .trimEnd()
      .split('\r\n')
    expect(lines.length).toBe(rows + 1)
    expect(lines.slice(1).every(line => line.includes(',forklift,'))).toBe(true)
    await page.getByPlaceholder('class or file name').fill('')
    await page.locator('.chip', { hasText: 'FORKLIFT' }).waitFor({ state: 'detached' })
  })
})

describe('a report agrees with the JSON of the same run', () => {
  let analysis: ReturnType<typeof read>
  beforeAll(async () => {
    analysis = read('out.json').analysis
    ;({ page, complaints } = await browser.open(html))
  })

  const NAMES = { GT: 'groundTruths', DT: 'detections', TP: 'tp', FP: 'fp', FN: 'fn', ignored: 'ignored' }
  const numbersOf = (counts: Record<string, number>): number[] =>
    Object.values(NAMES).map(name => counts[name])
  const shownIn = async (label: string): Promise<number[][]> => {
    const [header, ...rows] = await cellsOf(page, label)
    return rows.map(row => Object.keys(NAMES).map(name => Number(row[header.indexOf(name)])))
  }

  test('in counts by IoU threshold', async () => {
    const sizes = analysis.counts.map((at: { sizes: Record<string, number>[] }) => numbersOf(at.sizes[0]))
    expect(sizes.length).toBe(10)
    expect(await shownIn('Counts by IoU threshold')).toEqual(sizes)
  })

  test('in counts by size', async () => {
    expect(await shownIn('Counts by size')).toEqual(analysis.counts[0].sizes.map(numbersOf))
  })

  test('in metrics', async () => {
    const [header, ...rows] = await cellsOf(page, 'Metrics by both protocols')
    const shown = new Map(rows.map(row => [row[0], row[header.indexOf('coco')]]))
    const { sizes } = analysis.metrics.coco
    const three = (value: number): string => value.toFixed(3).replace(/^0/, '')
    expect(shown.get('AP')).toBe(three(sizes[0].AP))
    expect(shown.get('AR')).toBe(three(sizes[0].AR))
    expect(shown.get('AP medium')).toBe(three(sizes[2].AP))
    const corrected = new Map(rows.map(row => [row[0], row[header.indexOf('corrected')]]))
    expect(corrected.get('AP75')).toBe(three(analysis.metrics.corrected.sizes[0].mAP75.auc))
  })

  test('in the areas under the curves', async () => {
    const [header, first] = await cellsOf(page, 'Areas under the curves by size and IoU threshold')
    const [curve] = analysis.curves.curves
    expect([curve.size, curve.iou]).toEqual(['all', 0.5])
    expect(first[header.indexOf('area')]).toBe(curve.auc.toFixed(3).replace(/^0/, ''))
    expect(first[header.indexOf('kept')]).toBe(String(curve.bestF1.tp + curve.bestF1.fp))
  })

  test('in distributions', async () => {
    const histogram = async (chart: number): Promise<number[]> =>
      page
        .locator(`#distributions .chart:nth-child(${chart}) [data-count]`)
        .evaluateAll(shapes => shapes.map(shape => Number(shape.getAttribute('data-count'))))
    const filled = (...names: string[]): number[] =>
      names.flatMap(name => analysis.distributions[name].counts.filter((count: number) => count > 0))
    expect(await histogram(1)).toEqual(filled('ious'))
    expect(await histogram(2)).toEqual(filled('tpScores', 'fpScores'))
    expect(await histogram(3)).toEqual(filled('matchedAreas', 'missedAreas'))
    expect(await histogram(5)).toEqual(filled('imageGroundTruths'))
  })
})

describe('on paper', () => {
  test('there are no controls, and tables have their rows', async () => {
    const { page } = await browser.open(html, { colorScheme: 'dark' })
    const pdf = await page.pdf({ format: 'A4' })
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0
    expect(pages).toBeGreaterThan(3)
    expect(pages).toBeLessThan(16)
    await page.emulateMedia({ media: 'print' })
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    const rows = page.locator('#instances tbody tr')
    expect(await rows.count()).toBe(60)
    expect(await page.locator('#images tbody tr').count()).toBe(12)
    expect(
      await page
        .locator('.knobs, nav, .choices')
        .evaluateAll(all => all.map(one => getComputedStyle(one).display)),
    ).toEqual(['none', 'none', 'none'])
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      'rgb(255, 255, 255)',
    )
    await page.emulateMedia({ media: 'screen' })
    await page.evaluate(() => dispatchEvent(new Event('afterprint')))
    await page.locator('#instances').scrollIntoViewIfNeeded()
    await expect.poll(() => rows.count()).toBeLessThan(60)
  })
})
