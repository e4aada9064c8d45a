import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { evaluate } from '../../src/evaluate.js'
import { type CrowdRule, withCrowds } from '../../src/matching/scene-rules.js'
import { cellsOf, ReportBrowser, settled } from './browser.js'
import { DemoFolder } from './demo-folder.js'

const demo = new DemoFolder()

let browser: ReportBrowser
let html: string

interface Annotation {
  id: number
  iscrowd: 0 | 1
  ignore?: 0 | 1
}

/** The demo's ground truth as a file that treats its crowd regions otherwise; every ninth object becomes one. */
function groundTruth(rule: CrowdRule): object {
  const file = demo.read('demo/gt.json')
  const marked = file.annotations.map((annotation: Annotation) =>
    annotation.id % 9 === 0 ? { ...annotation, iscrowd: 1 } : annotation,
  )
  const annotations: Record<CrowdRule, () => Annotation[]> = {
    ignored: () => marked,
    counted: () => marked.map((annotation: Annotation) => ({ ...annotation, iscrowd: 0, ignore: 0 })),
    out: () => marked.filter(({ iscrowd }: Annotation) => iscrowd === 0),
  }
  return { ...file, annotations: annotations[rule]() }
}

beforeAll(async () => {
  demo.draw(12)
  for (const rule of ['ignored', 'counted', 'out'] as const)
    writeFileSync(join(demo.path, `${rule}.json`), JSON.stringify(groundTruth(rule)))
  html = demo.report('ignored.json')
  browser = await ReportBrowser.launch()
})
afterAll(async () => {
  await browser?.close()
  demo.remove()
})

const NAMES = { GT: 'groundTruths', DT: 'detections', TP: 'tp', FP: 'fp', FN: 'fn', ignored: 'ignored' }

/** Counts that a page shows, [size]. */
async function shown(page: Page): Promise<number[][]> {
  const [header, ...rows] = await cellsOf(page, 'Counts by size')
  return rows.map(row => Object.keys(NAMES).map(name => Number(row[header.indexOf(name)])))
}

/** The same of a run of its own. */
function fresh(gt: CrowdRule, iou: number, options: string[]): number[][] {
  const files = ['--gt', `${gt}.json`, '--dt', 'demo/dt.json', '--json', 'fresh.json']
  demo.detscope('eval', ...files, ...options)
  const { counts } = demo.read('fresh.json').analysis
  const at = counts.find((one: { iou: number }) => one.iou === iou)
  return at.sizes.map((size: Record<string, number>) => Object.values(NAMES).map(name => size[name]))
}

const OWN = 'tiny=0:900,mid=P20:P60,rest=5000:1e10'

describe.each(['coco', 'corrected'])('by protocol %s, as a fresh run with these rules', protocol => {
  let base: number[][]
  beforeAll(() => {
    base = fresh('ignored', 0.75, ['--protocol', protocol])
  })

  const cases: [string, Record<string, string>, CrowdRule, string[]][] = [
    ['a cap of 5 detections', { maxDet: '5' }, 'ignored', ['--max-dets', '1,3,5']],
    [
      'no cap to speak of',
      { maxDet: '5000', score: '0' },
      'ignored',
      ['--max-dets', '5000', '--score-threshold', '0'],
    ],
    ['crowd regions counted', { crowds: 'counted' }, 'counted', []],
    ['crowd regions left out', { crowds: 'out' }, 'out', []],
    ['sizes of one’s own', { sizes: 'written', areas: OWN }, 'ignored', ['--area', OWN]],
    ['any class', { classAgnostic: 'yes' }, 'ignored', ['--class-agnostic']],
    [
      'all of them',
      { maxDet: '9', crowds: 'counted', sizes: 'written', areas: OWN, classAgnostic: 'yes' },
      'counted',
      ['--max-dets', '1,3,9', '--area', OWN, '--class-agnostic'],
    ],
  ]
  test.each(cases)('%s', async (name, rules, gt, options) => {
    const hash = new URLSearchParams({ protocol, iou: '0.75', ...rules })
    const { page, complaints } = await browser.open(html, {}, `#${hash}`)
    const found = await shown(page)
    expect(found).toEqual(fresh(gt, 0.75, ['--protocol', protocol, ...options]))
    const changesNothing = protocol === 'corrected' && 'maxDet' in rules && Object.keys(rules).length === 1
    if (changesNothing) expect(found, name).toEqual(base)
    else expect(found, name).not.toEqual(base)
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

test.each(['counted', 'out'] as const)(
  'pairs of masks with crowd regions %s are those of a fresh run',
  async rule => {
    const evaluated = async (gt: CrowdRule) =>
      (await evaluate(demo.read(`${gt}.json`), demo.read('demo/dt.json'), { scene: true })).scene
    const scene = await evaluated('ignored')
    const expected = await evaluated(rule)
    if (!scene || !expected) throw new Error('no scene')
    expect(scene.config.iouType).toBe('segm')
    const { pairs } = withCrowds(scene, rule)
    expect(pairs.offsets).toEqual(expected.pairs.offsets)
    expect(pairs.similarities).toEqual(expected.pairs.similarities)
  },
)

describe('the controls', () => {
  test('keep every count’s promise, stand in the address and as chips, and are taken back', async () => {
    const { page, complaints } = await browser.open(html)
    const before = await shown(page)
    const chips = () => page.locator('.chip .text').allTextContents()
    await page.getByLabel('Detections kept of an image and class').fill('4')
    await page.waitForFunction(() => location.hash.includes('maxDet=4'))
    await page.getByLabel('counted', { exact: true }).check()
    await settled(page)
    await page.getByLabel('Own', { exact: true }).check()
    await page.getByLabel('Size ranges of your own').fill('thin=0:700,wide=P50:P100')
    await page.waitForFunction(() => location.hash.includes('areas=thin'))
    await settled(page)
    expect(await chips()).toEqual([
      'crowds count',
      'at most 4 an image and class',
      'sizes thin=0:700,wide=P50:P100',
    ])
    const options = ['--max-dets', '1,2,4', '--area', 'thin=0:700,wide=P50:P100']
    expect(await shown(page)).toEqual(fresh('counted', 0.5, options))
    for (const scope of [
      '#counts [aria-label="Counts by size"]',
      '#setup',
      '#distributions .chart:nth-child(1)',
    ]) {
      const target = page.locator(`${scope} [data-count]`).last()
      const promised = Number(await target.getAttribute('data-count'))
      await target.dispatchEvent('click')
      await settled(page)
      const rows = Number(await page.locator('#instances table').getAttribute('aria-rowcount')) - 1
      expect(rows, scope).toBe(promised)
      await page.keyboard.press('Escape')
      await settled(page)
    }
    await page.locator('.chip', { hasText: 'crowds count' }).click()
    await settled(page)
    expect(await chips()).toHaveLength(2)
    await page.keyboard.press('Escape')
    await settled(page)
    expect(await chips()).toHaveLength(3)
    await page.getByRole('button', { name: 'clear', exact: true }).click()
    await settled(page)
    expect(await chips()).toEqual([])
    expect(await shown(page)).toEqual(before)
    expect(complaints).toEqual([])
  })

  test('say what is wrong with sizes and leave the page as it is', async () => {
    const { page } = await browser.open(html, {}, '#sizes=written&areas=a=0:10')
    const field = page.getByLabel('Size ranges of your own')
    expect(await field.inputValue()).toBe('a=0:10')
    const before = await shown(page)
    await field.fill('a=10:0')
    await settled(page)
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await page.locator('.written .fault').textContent()).toContain('0 <= LO <= HI')
    expect(await shown(page)).toEqual(before)
    expect(await (await browser.open(html, {}, '#sizes=written&areas=nonsense')).complaints).toEqual([])
  })
})
