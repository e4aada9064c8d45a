/** The picture view in a headless browser. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FN, FP, TP } from '../../src/data/analysis.js'
import type { PictureItem } from '../../src/report/picture.js'
import { settled } from './browser.js'
import { canvasOf, drawn, HASH, PictureDemo, refOf } from './picture-demo.js'

let demo: PictureDemo
beforeAll(async () => {
  demo = await PictureDemo.make()
})
afterAll(() => demo?.close())

const countOf = (items: PictureItem[], kind: string, outcome: number): string =>
  String(items.filter(item => item.kind === kind && item.outcome === outcome).length)

describe('the picture of an image', () => {
  test('draws every instance with its mask on the photograph, and lists them with reasons', async () => {
    const { ref, items } = demo.busy()
    const { page, complaints } = await demo.open(ref)
    expect(await drawn(page)).toMatchObject({
      photograph: 'yes',
      current: ref,
      groundTruths: String(items.filter(({ kind }) => kind === 'gt').length),
      detections: String(items.filter(({ kind }) => kind === 'dt').length),
      masks: String(items.length),
      tp: countOf(items, 'dt', TP),
      fp: countOf(items, 'dt', FP),
      fn: countOf(items, 'gt', FN),
    })
    for (const letters of ['TP', 'FP', 'FN'] as const) {
      const [kind, outcome] = letters === 'TP' ? ['dt', TP] : letters === 'FP' ? ['dt', FP] : ['gt', FN]
      const lines = page.locator(`.pic-list .badge.${letters.toLowerCase()}`)
      expect(String(await lines.count())).toBe(countOf(items, kind as string, outcome as number))
    }
    for (const why of await page.locator('.pic-list .why').allTextContents())
      expect(why).toMatch(/\w+ .*\(.+\)/)
    expect(complaints).toEqual([])
  })

  test('switches kinds, outcomes and labels on and off, and fills more or less', async () => {
    const { ref, items } = demo.busy()
    const { page } = await demo.open(ref)
    const look = async (): Promise<string> => {
      await settled(page)
      return canvasOf(page).evaluate(canvas => (canvas as HTMLCanvasElement).toDataURL())
    }
    const flip = (name: string) => page.locator('.pic-toggle', { hasText: name }).click()
    const all = await look()
    await flip('Detections')
    // The open one stays.
    expect(await drawn(page)).toMatchObject({ detections: '1', fp: '0', fn: countOf(items, 'gt', FN) })
    await flip('Detections')
    expect(await look()).toBe(all)
    for (const [name, key] of [
      ['FP', 'fp'],
      ['FN', 'fn'],
    ]) {
      await flip(name)
      expect((await drawn(page))[key]).toBe('0')
      await flip(name)
    }
    await flip('Labels')
    const bare = await look()
    expect(bare).not.toBe(all)
    await page.getByLabel('Fill').fill('0.8')
    expect(await look()).not.toBe(bare)
  })

  test('gives each outcome its colour', async () => {
    const { page } = await demo.open(demo.busy().ref)
    await page.getByLabel('Fill').fill('0')
    await settled(page)
    const inks = await canvasOf(page).evaluate(canvas => {
      const { width, height } = canvas as HTMLCanvasElement
      const data =
        (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? []
      const counts: Record<string, number> = {}
      for (let i = 0; i < data.length; i += 4) {
        const colour = [data[i], data[i + 1], data[i + 2]].join()
        counts[colour] = (counts[colour] ?? 0) + 1
      }
      return counts
    })
    // #009e73, #d55e00, #0072b2
    for (const colour of ['0,158,115', '213,94,0', '0,114,178'])
      expect(inks[colour], colour).toBeGreaterThan(100)
  })

  test('lights up what is pointed at and its partner, with score and IoU', async () => {
    const { ref, items } = demo.busy()
    const { page } = await demo.open(ref)
    const { x, y, width, height } = (await canvasOf(page).boundingBox()) as {
      x: number
      y: number
      width: number
      height: number
    }
    const seen = new Set<string>()
    for (let i = 0; i < 160; i++) {
      await page.mouse.move(
        x + (((i % 16) + 0.5) / 16) * width,
        y + ((Math.floor(i / 16) + 0.5) / 10) * height,
      )
      const { lit } = await drawn(page)
      if (lit === '' || seen.has(lit)) continue
      seen.add(lit)
      const [told, partner] = lit.split(' ')
      const item = items.find(one => refOf(one) === told) as PictureItem
      const other = `${item.kind === 'dt' ? 'gt' : 'dt'}:${item.partner}`
      expect(partner).toBe(item.isMatched || item.similarity >= 0.1 ? other : undefined)
      const tip = (await page.locator('.pic-tip').textContent()) ?? ''
      if (item.kind === 'dt')
        expect(tip).toContain(`score ${demo.scene.dt.scores[item.row].toFixed(3).replace(/^0/, '')}`)
      if (partner) expect(tip).toContain(`IoU ${item.similarity.toFixed(3).replace(/^0/, '')}`)
    }
    expect(seen.size).toBeGreaterThan(3)
    // The list lights them up as well.
    await page.locator('.pic-list .instance').first().hover()
    expect((await drawn(page)).lit).toMatch(/^(dt|gt):\d+/)
  })

  test('zooms at the pointer, pans, and comes back', async () => {
    const { page } = await demo.open(demo.busy().ref)
    const camera = async (): Promise<number[]> => (await drawn(page)).camera.split(' ').map(Number)
    const box = (await canvasOf(page).boundingBox()) as {
      x: number
      y: number
      width: number
      height: number
    }
    // Whole px on the screen: events know no others.
    const [left, top] = [
      Math.round(box.x + box.width * 0.4) - box.x,
      Math.round(box.y + box.height * 0.6) - box.y,
    ]
    const before = await camera()
    await page.mouse.move(box.x + left, box.y + top)
    await page.mouse.wheel(0, -400)
    const after = await camera()
    expect(after[2]).toBeGreaterThan(1.5 * before[2])
    expect(after[0] + left / after[2]).toBeCloseTo(before[0] + left / before[2], 6)
    expect(after[1] + top / after[2]).toBeCloseTo(before[1] + top / before[2], 6)
    const { current } = await drawn(page)
    await page.mouse.down()
    await page.mouse.move(box.x + left + 30, box.y + top + 20, { steps: 3 })
    await page.mouse.up()
    const panned = await camera()
    expect([(after[0] - panned[0]) * after[2], (after[1] - panned[1]) * after[2]].map(Math.round)).toEqual([
      30, 20,
    ])
    // A drag opens nothing.
    expect((await drawn(page)).current).toBe(current)
    await page.keyboard.press('0')
    expect((await camera())[2]).toBeLessThan(after[2])
    await page.keyboard.press('+')
    expect((await camera())[2]).toBeGreaterThan(before[2])
  })

  test('is sharp on fine screens', async () => {
    const { page } = await demo.open(demo.busy().ref, { deviceScaleFactor: 2 })
    const [buffer, shown] = await canvasOf(page).evaluate(canvas => [
      (canvas as HTMLCanvasElement).width,
      canvas.clientWidth,
    ])
    expect(buffer).toBe(2 * shown)
  })
})

describe('by fingers', () => {
  const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
  type Point = [left: number, top: number]

  /** A hand on the canvas: places are CSS px from its top left corner. */
  async function handOn(page: Page) {
    const client = await page.context().newCDPSession(page)
    const { x, y } = (await canvasOf(page).boundingBox()) as { x: number; y: number }
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', fingers: Point[], first = 0) =>
      client.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: fingers.map(([left, top], i) => ({
          id: first + i,
          x: Math.round(x) + left,
          y: Math.round(y) + top,
        })),
      })
    const shift: Point = [Math.round(x) - x, Math.round(y) - y]
    return { touch, shift }
  }
  const cameraOf = async (page: Page): Promise<number[]> => (await drawn(page)).camera.split(' ').map(Number)

  test('two spread to zoom: what lies under each stays under it', async () => {
    const { page } = await demo.open(demo.busy().ref, PHONE)
    const { touch, shift } = await handOn(page)
    const { current } = await drawn(page)
    const imageAt = ([x, y, scale]: number[], [left, top]: Point): Point => [
      x + (left + shift[0]) / scale,
      y + (top + shift[1]) / scale,
    ]
    const start: Point[] = [
      [150, 120],
      [230, 160],
    ]
    const end: Point[] = [
      [90, 110],
      [290, 210],
    ]
    const before = await cameraOf(page)
    await touch('touchStart', start.slice(0, 1))
    await touch('touchStart', start)
    for (let step = 1; step <= 10; step++) {
      const between = (one: number, other: number): number => one + ((other - one) * step) / 10
      await touch(
        'touchMove',
        start.map(([left, top], i) => [between(left, end[i][0]), between(top, end[i][1])]),
      )
    }
    await settled(page)
    const after = await cameraOf(page)
    expect(after[2] / before[2]).toBeCloseTo(2.5, 6)
    for (const i of [0, 1]) {
      const [was, is] = [imageAt(before, start[i]), imageAt(after, end[i])]
      expect(is[0]).toBeCloseTo(was[0], 4)
      expect(is[1]).toBeCloseTo(was[1], 4)
    }
    // One that stays drags; neither opens anything.
    await touch('touchEnd', [end[1]], 1)
    await touch('touchMove', [[110, 125]])
    await settled(page)
    const dragged = await cameraOf(page)
    expect([(after[0] - dragged[0]) * after[2], (after[1] - dragged[1]) * after[2]].map(Math.round)).toEqual([
      20, 15,
    ])
    expect(dragged[2]).toBe(after[2])
    await touch('touchEnd', [])
    expect((await drawn(page)).current).toBe(current)
    // The page itself neither zooms nor scrolls.
    expect(await page.evaluate(() => [visualViewport?.scale, scrollY])).toEqual([1, 0])
  })

  test('a tap opens what it touches', async () => {
    const { ref, items } = demo.busy()
    const { page } = await demo.open(ref, PHONE)
    const { touch } = await handOn(page)
    const [x, y, scale] = await cameraOf(page)
    const { boxes } = demo.scene.gt
    const opened = new Set<string>()
    for (const { row } of items.filter(({ kind }) => kind === 'gt')) {
      const middle = [0, 1].map(axis => boxes[4 * row + axis] + boxes[4 * row + 2 + axis] / 2)
      const at: Point = [(middle[0] - x) * scale, (middle[1] - y) * scale]
      const { width, height } = (await canvasOf(page).boundingBox()) as { width: number; height: number }
      if (at.some((place, axis) => place < 5 || place > [width, height][axis] - 5)) continue
      await touch('touchStart', [at])
      await touch('touchEnd', [])
      await settled(page)
      opened.add((await drawn(page)).current)
      if (opened.size > 1) break
    }
    expect(opened.size).toBeGreaterThan(0)
    for (const each of opened) expect(items.map(refOf)).toContain(each)
    expect([...opened].some(each => each !== ref)).toBe(true)
  })
})

describe('by keyboard', () => {
  test('arrows walk the filtered instances, Esc closes and leaves the filter', async () => {
    const missed = demo.all(FN)
    const first = refOf(missed[0])
    const { page } = await demo.open(first, { more: '&in.outcomes=FN&list=yes' })
    const place = async (): Promise<number> => {
      const words = (await page.locator('.pic-place').textContent()) ?? ''
      const [, at, count] = /^([\d,]+) of ([\d,]+)$/.exec(words) ?? []
      expect(count).toBe(String(missed.length))
      return Number(at)
    }
    const start = await place()
    const seen = new Set([first])
    const steps = Math.min(5, missed.length - start)
    const key = steps > 0 ? ['ArrowRight', 'ArrowLeft'] : ['ArrowLeft', 'ArrowRight']
    for (let i = 0; i < Math.max(1, steps); i++) {
      await page.keyboard.press(key[0])
      await settled(page)
      const { current } = await drawn(page)
      expect(current).toMatch(/^gt:/)
      expect(missed.map(refOf)).toContain(current)
      seen.add(current)
    }
    expect(seen.size).toBe(Math.max(1, steps) + 1)
    for (let i = 0; i < Math.max(1, steps); i++) {
      await page.keyboard.press(key[1])
      await settled(page)
    }
    expect((await drawn(page)).current).toBe(first)
    await page.keyboard.press('Escape')
    await settled(page)
    expect(await page.locator('dialog.pic').count()).toBe(0)
    expect(page.url()).toContain('in.outcomes=FN')
    expect(page.url()).not.toContain('open=')
  })

  test('a click on a line of the list opens its picture; closing gives the focus back', async () => {
    const { page } = await demo.browser.open(demo.html, {}, `${HASH}&in.outcomes=FP&list=yes`)
    const line = page.locator('.list .instance').nth(2)
    await line.focus()
    await page.keyboard.press('Enter')
    const { current } = await drawn(page)
    expect(current).toMatch(/^dt:/)
    expect(await page.evaluate(() => document.activeElement?.closest('dialog') !== null)).toBe(true)
    await page.keyboard.press('Escape')
    await settled(page)
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('instance')
  })

  test('the slider of the fill keeps its arrows', async () => {
    const { page } = await demo.open(demo.busy().ref)
    const { current } = await drawn(page)
    await page.getByLabel('Fill').focus()
    await page.keyboard.press('ArrowRight')
    expect((await drawn(page)).current).toBe(current)
  })
})

describe.each([
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['a phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
] as const)('for everybody: %s', (_, options) => {
  test('axe finds nothing serious, and nothing sticks out', async () => {
    const { page } = await demo.open(demo.busy().ref, options)
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
    const found = await page.evaluate(async () => {
      type Axe = {
        run: (
          scope: string,
        ) => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>
      }
      const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run('dialog.pic')
      return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0].html}`)
    })
    expect(found).toEqual([])
    const [content, own] = await page
      .locator('dialog.pic')
      .evaluate(dialog => [dialog.scrollWidth, dialog.clientWidth])
    expect(content).toBeLessThanOrEqual(own)
  })
})
