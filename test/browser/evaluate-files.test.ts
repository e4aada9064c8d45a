// What the package publishes, in a real browser, against the same in Node.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generate } from '../../bench/generate.js'
import { evaluateFiles } from '../../dist/node.js'
import { launchBrowser, serveFolders, type WebServer } from '../support/web.js'
import { evaluateThere, hashesOf, openLibrary } from './evaluate-there.js'

const dist = join(import.meta.dirname, '../../dist')
const folder = mkdtempSync(join(tmpdir(), 'detscope-browser-'))
const file = (name: string): string => join(folder, name)

let browser: Browser
const servers: WebServer[] = []
const pages: Record<string, Page> = {}

const expected: Record<string, Record<string, string>> = {}

beforeAll(async () => {
  const small = { images: 40, classes: 5, groundTruths: 300, detections: 2500, seed: 3 }
  await generate(file('small'), small)
  await generate(file('large'), { images: 500, classes: 20, groundTruths: 8000, detections: 24_000, seed: 4 })
  for (const [name, iouType] of [
    ['small/dt_segm', 'segm'],
    ['large/dt_segm', 'segm'],
    ['large/dt_bbox', 'bbox'],
  ] as const) {
    const gt = file(join(name.split('/')[0], 'gt.json'))
    const evaluation = await evaluateFiles(gt, file(`${name}.json`), { iouType, backend: 'cpu', threads: 1 })
    expected[name] = hashesOf(evaluation)
  }
  const gz = (from: string, to: string): void => writeFileSync(file(to), gzipSync(readFileSync(file(from))))
  gz('small/gt.json', 'small/gt.packed')
  gz('small/dt_segm.json', 'small/dt_segm.packed')
  writeFileSync(file('small/cut.packed'), readFileSync(file('small/dt_segm.packed')).subarray(0, 5000))
  writeFileSync(file('small/swapped.json'), readFileSync(file('small/gt.json')))
  browser = await launchBrowser()
  for (const isolated of [true, false]) {
    const server = await serveFolders({ dist, data: folder }, { isolated })
    servers.push(server)
    const page = await browser.newPage()
    await openLibrary(page, server)
    pages[isolated ? 'isolated' : 'not isolated'] = page
  }
})

afterAll(async () => {
  await browser?.close()
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true })
})

test('the large files are large enough for threads to share', () => {
  const bytes = ['large/gt.json', 'large/dt_segm.json'].map(name => statSync(file(name)).size)
  expect(bytes[0] + bytes[1]).toBeGreaterThan(8 << 20)
})

describe.each(['isolated', 'not isolated'])('in a page that is %s', kind => {
  test.each([
    ['large/dt_segm', { iouType: 'segm', threads: 2 }, 'cpu'],
    ['large/dt_bbox', { iouType: 'bbox', threads: 2 }, 'cpu'],
    ['large/dt_segm', { iouType: 'segm', threads: 1 }, 'cpu'],
    ['small/dt_segm', { iouType: 'segm', backend: 'webgpu' }, 'webgpu'],
    ['small/dt_segm', { iouType: 'segm', backend: 'auto' }, 'cpu'],
  ])('%s with %j gives the bits that Node gives', async (name, options, used) => {
    const gt = `${name.split('/')[0]}/gt.json`
    const found = await pages[kind].evaluate(evaluateThere, { gt, dt: `${name}.json`, options })
    expect(found).toMatchObject({
      hashes: expected[name],
      backend: { kind: used },
      isolated: kind === 'isolated',
    })
    expect(found.stages).toEqual(expect.arrayContaining(['reading', 'matching']))
  })

  test('gzip is told by its bytes', async () => {
    const run = { gt: 'small/gt.packed', dt: 'small/dt_segm.packed', options: { backend: 'cpu' } }
    expect(await pages[kind].evaluate(evaluateThere, run)).toMatchObject({
      hashes: expected['small/dt_segm'],
    })
  })

  test.each(['reading', 'intersecting', 'matching'])('an abort at %s ends the work', async abortAt => {
    const options = { iouType: 'segm', threads: 2 }
    const run = { gt: 'large/gt.json', dt: 'large/dt_segm.json', options, abortAt }
    expect(await pages[kind].evaluate(evaluateThere, run)).toEqual({ error: 'Error: enough' })
  })

  test.each([
    ['small/cut.packed', 'InputError: small/cut.packed: the gzip data is damaged or cut short'],
    ['small/swapped.json', 'this looks like a whole COCO data set'],
  ])('%s: says what is wrong', async (dt, words) => {
    const run = { gt: 'small/gt.json', dt, options: {} }
    const { error } = await pages[kind].evaluate(evaluateThere, run)
    expect(error).toContain(words)
  })
})
