import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Difference } from '../../src/metrics/model-differences.js'
import type { ComparisonJson } from '../../src/report/comparison-json.js'
import { verdict } from '../../src/report/comparison-words.js'
import { cellsOf, ReportBrowser, settled } from './browser.js'

const bin = join(import.meta.dirname, '../../bin/detscope.js')
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'detscope-models-'))
const detscope = (...args: string[]) =>
  execFileSync(process.execPath, [bin, ...args], { cwd: folder, stdio: 'pipe' })

let browser: ReportBrowser
let html: string
let single: string
let comparison: ComparisonJson
let page: Page
let complaints: string[]

beforeAll(async () => {
  detscope('demo', 'demo', '--images', '12', '--quiet')
  const files = ['--gt', 'demo/gt.json', '--dt', 'demo/dt.json', '--images', 'demo/images', '--quiet']
  detscope('eval', ...files, '--compare', 'demo/dt-b.json', '--report', 'out', '--json', 'out.json')
  detscope('eval', ...files, '--report', 'single')
  html = readFileSync(join(folder, 'out/index.html'), 'utf8')
  single = readFileSync(join(folder, 'single/index.html'), 'utf8')
  comparison = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')).comparison
  browser = await ReportBrowser.launch()
  ;({ page, complaints } = await browser.open(html))
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

const number = (text: string | null): number => Number((text ?? '').replace(/.*→/, '').replace(/\D/g, ''))

/** Instances of the listed model: in the list beside the page, in its table, in the bar; and flips in their table. */
async function listed(page: Page): Promise<{ list: number; table: number; bar: number; flips: number }> {
  const params = new URLSearchParams(new URL(page.url()).hash.slice(1))
  const instances = params.get('model') === 'B' ? '#instances-b' : '#instances'
  const rowsOf = async (scope: string): Promise<number> =>
    Number(await page.locator(`${scope} table`).getAttribute('aria-rowcount')) - 1
  return {
    list: number(await page.locator('.list h2').textContent()),
    table: await rowsOf(instances),
    bar: number(await page.locator('.chips .total').textContent()),
    flips: params.has('in.foundBy') ? await rowsOf('[aria-label="Objects by who finds them"]') : Number.NaN,
  }
}

async function countsKept(scope: string, most: number): Promise<number> {
  const all = page.locator(`${scope} [data-count]`)
  const count = await all.count()
  const step = Math.max(1, Math.floor(count / most))
  for (let place = 0; place < count; place += step) {
    const target = all.nth(place)
    const promised = Number(await target.getAttribute('data-count'))
    const before = page.url()
    await target.dispatchEvent('click')
    await settled(page)
    const { flips, ...found } = await listed(page)
    expect(found, `${scope} ${place}`).toEqual({ list: promised, table: promised, bar: promised })
    if (!Number.isNaN(flips)) expect(flips, `flips of ${scope} ${place}`).toBe(promised)
    await page.keyboard.press('Escape')
    await settled(page)
    expect(new URL(page.url()).hash).toBe(new URL(before).hash)
  }
  return count
}

test('opens from disk, asks for nothing and complains of nothing', () => expect(complaints).toEqual([]))

test('the ground truth is in the file once', () => {
  const blocks = [...html.matchAll(/data-block="([^"]+)"/g)].map(([, name]) => name)
  expect(blocks).toContain('b.dt.scores')
  expect(blocks.filter(name => name.startsWith('b.gt.') || name.startsWith('b.images.'))).toEqual([])
  expect(blocks.filter(name => name.startsWith('b.picture.'))).toEqual([])
})

describe('the section says what the JSON file says', () => {
  const metric = (value: number | null): string => (value ?? 0).toFixed(3).replace(/^0\./, '.')

  test('metrics and differences', async () => {
    const tiles = await page
      .locator('#comparison .duel')
      .evaluateAll(all =>
        all.map(tile => [
          tile.querySelector('dt')?.textContent,
          ...Array.from(tile.querySelectorAll('.value'), value => value.textContent),
          tile.querySelector('.chance') === null,
        ]),
      )
    const { metrics, precision, recall, f1 } = comparison
    const expected = { ...metrics, Precision: precision, Recall: recall, F1: f1 }
    expect(tiles).toEqual(
      Object.entries(expected).map(([name, { A, B, certain }]) => [name, metric(A), metric(B), certain]),
    )
  })

  test('which model is better in what, in words', async () => {
    const better = (name: string, { certain, difference }: Difference): string =>
      certain ? `${name} ${(difference ?? 0) > 0 ? 'B' : 'A'} is better` : ''
    const { metrics, precision, recall, f1 } = comparison
    const expected = Object.entries({ ...metrics, Precision: precision, Recall: recall, F1: f1 })
      .map(([name, each]) => better(name, each))
      .filter(words => words !== '')
    const tiles = await page
      .locator('#comparison .duel:has(.better)')
      .evaluateAll(all =>
        all.map(
          tile => `${tile.querySelector('dt')?.textContent} ${tile.querySelector('.better')?.textContent}`,
        ),
      )
    expect(tiles).toEqual(expected)
    const told = await page.locator('#comparison .verdict').textContent()
    expect(told).toBe(verdict({ overall: metrics }, { whole: comparison }))
  })

  test('findings, and who finds the objects', async () => {
    expect(await page.locator('#comparison .findings li > span').allTextContents()).toEqual(
      comparison.findings.map(({ text }) => text),
    )
    const counts = await page
      .locator('.found [data-count]')
      .evaluateAll(all => all.map(one => one.textContent))
    const { A, B, both, neither } = comparison.found
    expect(counts.map(number)).toEqual([both, A, B, neither])
  })

  test('every flip, in the order of areas', async () => {
    const rows = await cellsOf(page, 'Objects by who finds them')
    const flips = [...comparison.flips].sort((a, b) => b.area - a.area)
    const total = await page
      .locator('[aria-label="Objects by who finds them"] table')
      .getAttribute('aria-rowcount')
    expect(Number(total) - 1).toBe(flips.length)
    const [header, ...shown] = rows
    const column = (name: string): number => header.findIndex(title => title.includes(name))
    expect(shown.length).toBeGreaterThan(4)
    // Equal areas stand in the order of the file.
    shown.slice(0, 5).forEach((cells, i) => {
      const { foundBy, A, B } = flips[i]
      expect([cells[column('found by')], cells[column('A: why')], cells[column('B: why')]]).toEqual([
        `${foundBy} alone`,
        A.text.replaceAll(',', ''),
        B.text.replaceAll(',', ''),
      ])
    })
  })

  test('classes', async () => {
    const [, ...rows] = await cellsOf(page, 'Both models by class')
    expect(rows).toHaveLength(comparison.classes.length)
    for (const { name, found, counts, AP } of comparison.classes) {
      const row = rows.find(([first]) => first === name) ?? []
      expect(row.slice(1, 3)).toEqual([metric(AP.A), metric(AP.B)])
      expect(row.slice(-4).map(number)).toEqual([found.A, found.B, counts.A.fp, counts.B.fp])
    }
  })
})

describe('every count lists as many instances as it says', () => {
  test.each([
    ['#comparison .findings', 6],
    ['#comparison .found', 4],
    ['#comparison .chart:nth-child(1)', 6],
    ['#comparison .chart:nth-child(2)', 6],
    ['#comparison [aria-label="Both models by class"]', 12],
    ['#summary', 3],
    ['#summary-b', 6],
    ['#findings-b', 4],
    ['#counts-b [aria-label="Counts by size"]', 6],
    ['#curves-b [aria-label^="Best score"]', 2],
    ['#images-b [aria-label="Counts by image"]', 4],
  ])(
    '%s',
    async (scope, most) => {
      const count = await countsKept(scope, most)
      // Data as few as these need not prove a finding.
      if (!scope.includes('findings')) expect(count).toBeGreaterThan(0)
    },
    90_000,
  )
})

test('an address opens what it says: whose instances, and which flips', async () => {
  const { page: other } = await browser.open(html, {}, '#model=B&in.foundBy=A&list=yes')
  expect((await listed(other)).list).toBe(comparison.found.A)
  expect(await other.getByLabel('As B', { exact: true }).isChecked()).toBe(true)
  await other.getByLabel('As A', { exact: true }).check()
  await settled(other)
  expect(new URL(other.url()).hash).toBe('#list=yes&in.foundBy=A')
  expect((await listed(other)).list).toBe(comparison.found.A)
  await other.context().close()
})

test('what is asked of two models is forgotten by a page of one', async () => {
  const { page: other, complaints: others } = await browser.open(single, {}, '#model=B&in.foundBy=A&list=yes')
  expect(await other.locator('#comparison').count()).toBe(0)
  expect(await other.locator('.list h2').textContent()).not.toBe('0 instances')
  expect(others).toEqual([])
  await other.context().close()
})

test('a click anywhere on a row opens its picture', async () => {
  const { page: other } = await browser.open(html)
  for (const table of ['#instances', '[aria-label="Objects by who finds them"]']) {
    const cell = other.locator(`${table} tbody tr.active td`).nth(2)
    await cell.scrollIntoViewIfNeeded()
    await settled(other)
    await cell.click()
    await other.waitForSelector('dialog.pic')
    await other.keyboard.press('Escape')
    await settled(other)
    expect(await other.locator('dialog.pic').count()).toBe(0)
  }
  await other.context().close()
})

test('the picture shows an object as both see it; arrows walk the flips, Escape closes', async () => {
  const { page: other, complaints: others } = await browser.open(html, {}, '#in.foundBy=B&list=yes')
  await other.locator('aside.list li button').first().focus()
  await other.keyboard.press('Enter')
  await other.waitForFunction(() => document.querySelectorAll('dialog.pic canvas[data-camera]').length === 2)
  const canvases = await other
    .locator('dialog.pic canvas')
    .evaluateAll(all => all.map(canvas => ({ ...(canvas as HTMLCanvasElement).dataset })))
  expect(canvases[0].current).toMatch(/^gt:/)
  expect(canvases[1].current).toBe(canvases[0].current)
  expect(canvases[0].detections).not.toBe(canvases[1].detections)
  expect(canvases.map(({ photograph }) => photograph)).toEqual(['yes', 'yes'])
  expect(Number(canvases[1].masks)).toBeGreaterThan(0)
  const captions = await other.locator('dialog.pic figcaption .badge').allTextContents()
  expect(captions).toEqual(['FN', 'TP'])
  await other.keyboard.press('ArrowRight')
  await settled(other)
  expect(await other.locator('.pic-place').textContent()).toBe(`2 of ${comparison.found.B}`)
  await other.keyboard.press('Escape')
  await settled(other)
  expect(await other.locator('dialog.pic').count()).toBe(0)
  expect(others).toEqual([])
  await other.context().close()
})

test('after a step of a slider numbers, intervals and flips are those of a fresh comparison', async () => {
  const files = ['--gt', 'demo/gt.json', '--dt', 'demo/dt.json', '--compare', 'demo/dt-b.json', '--quiet']
  detscope('eval', ...files, '--score-threshold', '.6', '--json', 'at-60.json')
  const fresh: ComparisonJson = JSON.parse(readFileSync(join(folder, 'at-60.json'), 'utf8')).comparison
  const { page: other } = await browser.open(html, {}, '#score=0.3')
  await other
    .locator('.slider input')
    .first()
    .evaluate((input: HTMLInputElement) => {
      input.value = '0.6'
      input.dispatchEvent(new Event('input', { bubbles: true }))
    })
  await settled(other)
  const texts = await other.locator('#comparison .duel dd').allInnerTexts()
  const tiles = texts.slice(4).map(text => text.replace(/\s+/g, ' '))
  const metric = (value: number): string => value.toFixed(3).replace(/^0\./, '.')
  const signed = (value: number): string =>
    metric(Math.abs(value)) === '.000' ? '0' : (value < 0 ? '−' : '+') + metric(Math.abs(value))
  const { precision, recall, f1, found } = fresh
  expect(tiles).toEqual(
    [precision, recall, f1].map(({ A, B, difference, interval, certain }) => {
      if (A === null || B === null || difference === null || !interval) throw new Error('undefined')
      const words = certain ? `${difference > 0 ? 'B' : 'A'} is better` : 'may be chance'
      return `A ${metric(A)} B ${metric(B)} ${signed(difference)} ${signed(interval[0])} to ${signed(interval[1])} ${words}`
    }),
  )
  expect(await other.locator('#comparison .verdict').textContent()).toBe(
    verdict({ overall: fresh.metrics }, { whole: fresh }),
  )
  expect(await other.locator('#comparison .stale').count()).toBe(0)
  const counts = await other.locator('.found [data-count]').allTextContents()
  expect(counts.map(number)).toEqual([found.both, found.A, found.B, found.neither])
  await other.context().close()
})

describe('both pictures of an object move and light up together', () => {
  interface Drawn {
    camera: number[]
    lit: string
    detections: string
    size: number[]
  }
  let other: Page
  const drawn = (): Promise<Drawn[]> =>
    other.locator('dialog.pic canvas').evaluateAll(all =>
      all.map(element => {
        const { dataset, clientWidth, clientHeight } = element as HTMLCanvasElement
        return {
          camera: (dataset.camera ?? '').split(' ').map(Number),
          lit: dataset.lit ?? '',
          detections: dataset.detections ?? '',
          size: [clientWidth, clientHeight],
        }
      }),
    )
  /** Cameras after something was done, once they have moved; both the same. */
  const moved = async (act: () => Promise<void>): Promise<[number[], number[]]> => {
    const [{ camera: before }] = await drawn()
    await act()
    await expect.poll(async () => (await drawn())[0].camera).not.toEqual(before)
    const [a, b] = await drawn()
    expect(b.camera).toEqual(a.camera)
    return [before, a.camera]
  }

  beforeAll(async () => {
    ;({ page: other } = await browser.open(html, {}, '#in.foundBy=B&list=yes'))
    await other.locator('aside.list li button').first().click()
    await other.waitForFunction(
      () => document.querySelectorAll('dialog.pic canvas[data-camera]').length === 2,
    )
  })
  afterAll(() => other?.context().close())

  test('they begin at the same place, as large as one another', async () => {
    const [a, b] = await drawn()
    expect(b.camera).toEqual(a.camera)
    expect(b.size).toEqual(a.size)
  })

  test.each([0, 1])('wheel and drag over picture %i', async place => {
    const box = await other.locator('dialog.pic canvas').nth(place).boundingBox()
    if (!box) throw new Error('no picture')
    const [x, y] = [box.x + box.width / 3, box.y + box.height / 3]
    await other.mouse.move(x, y)
    const [before, zoomed] = await moved(() => other.mouse.wheel(0, -200))
    expect(zoomed[2]).toBeCloseTo(before[2] * Math.exp(0.4), 6)
    const [, panned] = await moved(async () => {
      await other.mouse.down()
      await other.mouse.move(x + 30, y + 12, { steps: 3 })
      await other.mouse.up()
    })
    expect((zoomed[0] - panned[0]) * zoomed[2]).toBeCloseTo(30, 6)
    expect((zoomed[1] - panned[1]) * zoomed[2]).toBeCloseTo(12, 6)
  })

  test('a key zooms once, not once for each', async () => {
    const [before, zoomed] = await moved(() => other.keyboard.press('+'))
    expect(zoomed[2] / before[2]).toBeCloseTo(1.35, 6)
    await moved(() => other.keyboard.press('0'))
  })

  test('what is pointed at lights up in both with what each has there', async () => {
    // The open object: A misses it, B finds it.
    await other.locator('.pic-list .instance[aria-current]').first().hover()
    await expect.poll(async () => (await drawn()).map(({ lit }) => lit !== '')).toEqual([true, true])
    const truths = (await drawn()).map(({ lit }) => lit.split(' ').filter(name => name.startsWith('gt:')))
    expect(truths[0]).toHaveLength(1)
    expect(truths[1]).toEqual(truths[0])
    const tips = await other.locator('.pic-tip').allTextContents()
    expect(tips.map(tip => tip.split(':')[0])).toEqual(['missed', 'true positive'])
  })

  test('toggles are of both', async () => {
    const detections = async () => (await drawn()).map(one => one.detections)
    await other.mouse.move(0, 0)
    await other.locator('.pic-toggle', { hasText: 'Detections' }).click()
    await expect.poll(async () => (await detections()).every(count => Number(count) <= 1)).toBe(true)
    await other.locator('.pic-toggle', { hasText: 'Detections' }).click()
    await expect.poll(async () => (await detections()).every(count => Number(count) > 1)).toBe(true)
  })
})

describe.each(['light', 'dark'] as const)('%s', colorScheme => {
  test.each([1440, 390])(
    'axe finds nothing serious at %i px, and nothing is wider',
    async width => {
      const options = { viewport: { width, height: 900 }, colorScheme }
      const { page: other } = await browser.open(html, options, '#in.foundBy=A,B')
      await other.evaluate(axeSource)
      const { violations } = await other.evaluate(async () => {
        const { axe: run } = window as unknown as { axe: typeof axe }
        return run.run(document, { resultTypes: ['violations'] })
      })
      const faults = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
        )
      expect(faults).toEqual([])
      expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      await other.context().close()
    },
    90_000,
  )
})
