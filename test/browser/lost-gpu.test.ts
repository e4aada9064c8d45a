// A GPU that goes away while it is used, and none at all, in a real browser.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generate } from '../../bench/generate.js'
import { evaluateFiles } from '../../dist/node.js'
import { launchBrowser, launchPlainBrowser, serveFolders, type WebServer } from '../support/web.js'
import { evaluateThere, hashesOf, openLibrary } from './evaluate-there.js'

const dist = join(import.meta.dirname, '../../dist')
const data = mkdtempSync(join(tmpdir(), 'detscope-lost-'))
const MASKS = 300 + 2500

let server: WebServer
let expected: Record<string, string>

beforeAll(async () => {
  await generate(data, { images: 40, classes: 5, groundTruths: 300, detections: 2500, seed: 3 })
  const files = [join(data, 'gt.json'), join(data, 'dt_segm.json')] as const
  expected = hashesOf(await evaluateFiles(...files, { iouType: 'segm', backend: 'cpu', threads: 1 }))
  server = await serveFolders({ dist, data }, { isolated: true })
})

afterAll(() => {
  server?.close()
  rmSync(data, { recursive: true })
})

const evaluateOn = (page: Page, backend: string) =>
  page.evaluate(evaluateThere, { gt: 'gt.json', dt: 'dt_segm.json', options: { iouType: 'segm', backend } })

/**
 * Runs in the page: makes buffers small, so that there are many batches, and counts what the device is given to do; the
 * `at`th time it is told to `lose` itself.
 */
function watch({ at, lose }: { at: number; lose: 'destroy' | 'crash' }) {
  const small = { get: () => 4 << 20 }
  Object.defineProperty(GPUSupportedLimits.prototype, 'maxStorageBufferBindingSize', small)
  const counter = { submits: 0 }
  Object.assign(globalThis, { counter })
  const { requestDevice } = GPUAdapter.prototype
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor)
    const submit = device.queue.submit.bind(device.queue)
    device.queue.submit = (...commands) => {
      if (++counter.submits === at && lose === 'destroy') device.destroy()
      if (counter.submits === at && lose === 'crash') console.log('crash')
      submit(...commands)
    }
    // The crash comes when it comes: what was submitted from then on is not answered before.
    const { mapAsync } = GPUBuffer.prototype
    GPUBuffer.prototype.mapAsync = async function (...range) {
      if (lose === 'crash' && counter.submits >= at) await device.lost
      return mapAsync.apply(this, range)
    }
    return device
  }
}

const submitsOf = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as { counter: { submits: number } }).counter.submits)

describe('a browser with WebGPU', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())

  async function open(watched: Parameters<typeof watch>[0]): Promise<Page> {
    const page = await browser.newPage()
    await openLibrary(page, server)
    await page.evaluate(watch, watched)
    return page
  }

  test('intersects all masks there', async () => {
    const page = await open({ at: 0, lose: 'destroy' })
    const found = await evaluateOn(page, 'webgpu')
    expect(found).toMatchObject({ hashes: expected, backend: { kind: 'webgpu' } })
    expect(found.backend).not.toHaveProperty('fallback')
    // Far more than the tests below wait for.
    expect(await submitsOf(page)).toBeGreaterThan(60)
  })

  test.each([
    ['destroy', 45],
    ['crash', 45],
  ] as const)('goes on on the CPU when the device is lost half-way: %s', async (lose, at) => {
    const page = await open({ at, lose })
    const session = await browser.newBrowserCDPSession()
    page.on('console', message => {
      // The answer to this never comes back.
      if (message.text() === 'crash') session.send('Browser.crashGpuProcess').catch(() => {})
    })
    const found = await evaluateOn(page, 'webgpu')
    expect(found).toMatchObject({ hashes: expected, backend: { kind: 'webgpu' } })
    const words = /^(\d+) of 2800 masks were intersected by cpu instead of .*: the device was lost: /
    expect(found.backend?.fallback).toMatch(words)
    const [, moved] = words.exec(found.backend?.fallback ?? '') ?? []
    expect(Number(moved)).toBeGreaterThan(0)
    expect(Number(moved)).toBeLessThan(MASKS)
    // The next run finds the GPU again.
    await openLibrary(page, server)
    const again = await evaluateOn(page, 'webgpu')
    expect(again).toMatchObject({ hashes: expected, backend: { kind: 'webgpu' } })
    expect(again.backend).not.toHaveProperty('fallback')
  })
})

describe('a browser without WebGPU', () => {
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await launchPlainBrowser()
    page = await browser.newPage()
    await openLibrary(page, server)
  })
  afterAll(() => browser?.close())

  test('intersects on the CPU, which is no fall-back', async () => {
    const { hashes, backend } = await evaluateOn(page, 'auto')
    expect(hashes).toEqual(expected)
    expect(backend).toEqual({ kind: 'cpu', adapter: null })
  })

  test('says so where WebGPU is asked for', async () => {
    const error = 'DeviceError: backend "webgpu": this browser gives no GPU adapter'
    expect(await evaluateOn(page, 'webgpu')).toEqual({ error })
  })
})
