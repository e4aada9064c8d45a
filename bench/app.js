// @ts-check
// Evaluates files in the built app in a headless browser, and tells whether the page answered meanwhile: the longest
// time that it did not, by stage, with the memory of the tab's process. Then cancels at each stage.
//
//   npm run build
//   node bench/generate.js data
//   node bench/app.js data/gt.json data/dt_segm.json [--transfers]
//
// With --transfers the page is not cross-origin isolated: threads share no memory. The browser is that of the tests (run
// them once), or that of the variable CHROMIUM. Memory is read from /proc, so on Linux only.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const [gt, dt, ...flags] = process.argv.slice(2)
if (!dt) throw new Error('usage: node bench/app.js GT.json DT.json [--transfers]')
const app = join(import.meta.dirname, '../dist/app')

/** Without the headers that isolate, as GitHub Pages serves it. */
async function servePlainly() {
  const types = { html: 'text/html', js: 'text/javascript', css: 'text/css' }
  const server = createServer((request, response) => {
    const path = join(app, request.url === '/' ? 'index.html' : `${request.url}`)
    // Without the service worker, which isolates as well.
    if (!existsSync(path) || path.endsWith('sw.js')) response.writeHead(404).end()
    else {
      const kind = /** @type {keyof typeof types} */ (path.split('.').at(-1))
      response.setHeader('content-type', types[kind] ?? 'image/png').end(readFileSync(path))
    }
  })
  await new Promise(done => server.listen(0, '127.0.0.1', () => done(null)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() }
}

async function serveIsolated() {
  const path = '../dist/node/serve-app.js'
  /** @type {typeof import('../src/node/serve-app.js')} */
  const { serveApp } = await import(path)
  return serveApp(app, { port: 0 })
}

const cache = join(import.meta.dirname, '../node_modules/.cache/detscope-swiftshader')
const folder = process.env.CHROMIUM ? '' : join(cache, readdirSync(cache).sort()[0])
const server = flags.includes('--transfers') ? await servePlainly() : await serveIsolated()
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? join(folder, 'chromium'),
  args: ['--no-sandbox'],
  env: { ...process.env, LD_LIBRARY_PATH: [folder, join(folder, 'lib')].join(':') },
})

/** Peak so far of the memory that belongs to the browser's page processes alone (Pss), MiB. */
const memory = { nowMiB: 0, peakMiB: 0 }
const session = await browser.newBrowserCDPSession()
async function measureMemory() {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  let kib = 0
  for (const { type, id } of processInfo) {
    if (type !== 'renderer') continue
    try {
      kib += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
    } catch {
      // It ended meanwhile.
    }
  }
  memory.nowMiB = Math.round(kib / 1024)
  memory.peakMiB = Math.max(memory.peakMiB, memory.nowMiB)
}
const timer = setInterval(() => measureMemory().catch(() => {}), 250)

/**
 * Runs in the page: notes by stage the longest time between two turns of a timer of 10 ms, and marks each stage for the
 * trace. Cancels when the stage `cancelAt` begins.
 * @param {string | null} cancelAt
 */
function watch(cancelAt) {
  /** @type {Record<string, number>} */
  const stages = {}
  const cancel = { atMs: 0, backMs: 0 }
  let [last, before] = [performance.now(), '']
  setInterval(() => {
    const now = performance.now()
    const title = document.querySelector('.stages .now span')?.textContent
    const name = title ?? (document.querySelector('#summary') ? 'the report' : 'choice')
    stages[name] = Math.max(stages[name] ?? 0, now - last)
    last = now
    if (name !== before) console.timeStamp(`stage: ${name}`)
    if (name === cancelAt && cancel.atMs === 0) {
      cancel.atMs = now
      for (const button of document.querySelectorAll('button'))
        if (button.textContent === 'Cancel') button.click()
    }
    if (name === 'choice' && cancel.atMs > 0 && cancel.backMs === 0) cancel.backMs = now
    before = name
  }, 10)
  Object.assign(globalThis, { stages, cancel })
}

/** @param {string | null} cancelAt */
async function open(cancelAt = null) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  page.on('pageerror', error => console.log(`error in the page: ${error.message}`))
  await page.goto(server.url)
  await page.getByLabel('Files', { exact: true }).first().setInputFiles([gt, dt])
  await page.getByRole('button', { name: 'Evaluate' }).waitFor()
  await page.waitForTimeout(500)
  await page.evaluate(watch, cancelAt)
  return page
}

/**
 * CPU ms of the longest tasks of the page's own thread by stage. Unlike the time between two turns of a timer they do not
 * depend on what else the machine does.
 * @param {{ name: string, ts: number, tdur?: number, tid: number, args: any }[]} trace
 */
function longestTasks(trace) {
  const marks = trace.filter(
    ({ name, args }) => name === 'TimeStamp' && args.data?.message?.startsWith('stage: '),
  )
  /** @type {Record<string, number[]>} */
  const longest = {}
  for (const [i, { ts, tid, args }] of marks.entries()) {
    const toTs = marks[i + 1]?.ts ?? Number.POSITIVE_INFINITY
    const tasks = trace.filter(
      event => event.tid === tid && event.name.endsWith('RunTask') && event.ts >= ts && event.ts < toTs,
    )
    const ms = tasks.map(({ tdur = 0 }) => tdur / 1000)
    longest[args.data.message.slice('stage: '.length)] = ms.sort((a, b) => b - a).slice(0, 4)
  }
  return longest
}

const page = await open()
memory.peakMiB = 0
await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] })
const fromMs = performance.now()
await page.getByRole('button', { name: 'Evaluate' }).click()
await page.locator('.first, #summary').first().waitFor({ timeout: 600_000 })
const shownMs = performance.now() - fromMs
await page.locator('#summary').waitFor({ timeout: 600_000 })
const reportMs = performance.now() - fromMs
await page.waitForFunction(() => document.documentElement.dataset.work === 'done')
const drawnMs = performance.now() - fromMs
await page.waitForTimeout(1000)
await measureMemory()
console.log((await page.locator('p.hardware').first().textContent())?.trim())
const seconds = [shownMs, reportMs, drawnMs].map(ms => (ms / 1000).toFixed(1))
console.log(`first numbers ${seconds[0]} s, the report ${seconds[1]} s, all drawn ${seconds[2]} s`)
console.log(`memory of the tab: ${memory.peakMiB} MiB at its peak, ${memory.nowMiB} MiB with the report`)
const trace = JSON.parse((await browser.stopTracing()).toString()).traceEvents
const stages = await page.evaluate(() => /** @type {any} */ (globalThis).stages)
const longest = longestTasks(trace)
for (const [name, gapMs] of Object.entries(stages)) {
  const tasks = longest[name]?.map(ms => ms.toFixed(0)).join(', ')
  console.log(
    `${name.padEnd(30)} no answer for at most ${Math.round(gapMs)} ms; longest tasks ${tasks} ms of CPU`,
  )
}
await page.close()

for (const stage of Object.keys(stages).filter(name => name !== 'choice' && name !== 'the report')) {
  const page = await open(stage)
  await page.getByRole('button', { name: 'Evaluate' }).click()
  await page.waitForFunction(() => /** @type {any} */ (globalThis).cancel.backMs > 0)
  const { atMs, backMs } = await page.evaluate(() => /** @type {any} */ (globalThis).cancel)
  await page.waitForTimeout(3000) // a browser gives a worker at work two seconds to end
  await measureMemory()
  const left = `${page.workers().length} workers left, ${memory.nowMiB} MiB`
  console.log(`cancelled at "${stage}": back after ${Math.round(backMs - atMs)} ms, ${left}`)
  await page.close()
}
clearInterval(timer)
await browser.close()
await server.close()
