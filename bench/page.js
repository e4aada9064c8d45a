// Opens a report in a headless browser and tells how long a reader waits: until the first numbers stand there, until
// everything is drawn, from a slider's move or a switch until the screen shows it, and from a click on each reason of
// errors, each title of the instance table and each protocol until all has been drawn. Names what held the page up for
// more than 50 ms.
//
//   npm run build
//   node bench/generate.js data --detections 185000
//   node bin/detscope.js eval --gt data/gt.json --dt data/dt_bbox.json --report data/report
//   node bench/page.js data/report/index.html
//
// Of a report of two models (--compare) the steps of the comparison are measured, too.
//
// The browser is that of the tests (run them once), or that of the variable CHROMIUM.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const path = process.argv[2]
if (!path) throw new Error('usage: node bench/page.js REPORT.html')

const cache = join(import.meta.dirname, '../node_modules/.cache/detscope-swiftshader')
const folder = process.env.CHROMIUM ? '' : join(cache, readdirSync(cache).sort()[0])
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? join(folder, 'chromium'),
  args: ['--no-sandbox'],
  env: { ...process.env, LD_LIBRARY_PATH: [folder, join(folder, 'lib')].join(':') },
})
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
await page.addInitScript(() => {
  const blocks = []
  Object.assign(window, { blocks })
  const observer = new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) blocks.push(Math.round(duration))
  })
  observer.observe({ type: 'longtask', buffered: true })
})

const settled = () => page.waitForFunction(() => document.documentElement.dataset.work === 'done')
const blocks = async () => {
  await page.waitForTimeout(200) // the browser tells of them later
  const found = await page.evaluate(() => window.blocks.splice(0))
  if (found.length === 0) return 'no block above 50 ms'
  if (found.length <= 6) return `blocks of ${found.join(', ')} ms`
  return `${found.length} blocks above 50 ms, the longest ${Math.max(...found)} ms`
}

const fromMs = performance.now()
const sinceStart = () => `${Math.round(performance.now() - fromMs)} ms`
await page.goto(pathToFileURL(path).href, { waitUntil: 'commit' })
await page.waitForSelector('.point .value')
console.log(`first numbers   ${sinceStart()}`)
await settled()
console.log(`all drawn       ${sinceStart()}, ${await blocks()}`)

const session = await page.context().newCDPSession(page)
await session.send('Performance.enable', { timeDomain: 'threadTicks' })

/** CPU time of the page's main thread so far, ms. */
async function cpuMs() {
  const { metrics } = await session.send('Performance.getMetrics')
  return 1000 * metrics.find(({ name }) => name === 'TaskDuration').value
}

/** Waits for the page's own readout of a change: ms until the screen showed it. */
async function drawnAfter(change) {
  const known = await page.evaluate(() => document.querySelector('.readout').dataset.step)
  await change()
  await page.waitForFunction(known => document.querySelector('.readout').dataset.step !== known, known, {
    polling: 50,
  })
  return Number(await page.evaluate(() => document.querySelector('.readout').dataset.drawn))
}

const input = (slider, value) =>
  page.evaluate(
    ([slider, value]) => {
      const input = document.querySelectorAll('.slider input')[slider]
      input.value = value
      input.dispatchEvent(new Event('input', { bubbles: true }))
    },
    [slider, value],
  )

const median = values => values.toSorted((a, b) => a - b)[values.length >> 1]

/** Moves a slider and tells how long until the screen showed it, and the CPU time that this took. */
async function moves(slider, values) {
  const walls = []
  const cpus = []
  for (const value of values) {
    const before = await cpuMs()
    walls.push(await drawnAfter(() => input(slider, value)))
    cpus.push((await cpuMs()) - before)
    await settled()
  }
  const shown = walls.map(ms => Math.round(ms)).join(' ')
  return `${median(walls).toFixed(0)} ms (${shown}), CPU ${median(cpus).toFixed(0)} ms`
}

const SCORES = [0.31, 0.36, 0.42, 0.57, 0.64, 0.48, 0.39, 0.52, 0.45]
const IOUS = [0.53, 0.57, 0.61, 0.72, 0.83, 0.66, 0.78, 0.59, 0.69]
const comparison = (await page.locator('#comparison').count()) > 0 ? ['#comparison'] : []
for (const section of [
  ...comparison,
  '.point',
  '#curves',
  '#counts',
  '#images',
  '#distributions',
  '#instances',
]) {
  await page
    .locator(section)
    .first()
    .evaluate(element => element.scrollIntoView({ behavior: 'instant' }))
  await page.waitForTimeout(1500) // what comes into sight is drawn, and what is prepared is ready
  await settled()
  console.log(`${section.padEnd(15)} score ${await moves(0, SCORES)}`)
  console.log(`${''.padEnd(15)} IoU   ${await moves(1, IOUS)}; ${await blocks()}`)
}

await page.locator('#setup').evaluate(element => element.scrollIntoView({ behavior: 'instant' }))
for (const label of ['class-agnostic', 'within a class', 'counted', 'left out', 'ignored', 'Percentiles']) {
  const choice = page.getByLabel(label, { exact: true }).first()
  if ((await choice.count()) === 0) continue
  await page.waitForTimeout(2500)
  await settled()
  await blocks()
  const ms = await drawnAfter(() => choice.evaluate(element => element.click()))
  console.log(`${label.padEnd(15)} ${ms.toFixed(0)} ms, ${await blocks()}`)
}
for (const cap of [5, 20, 50]) {
  await settled()
  const field = page.getByLabel('Detections kept of an image and class').first()
  const ms = await drawnAfter(() =>
    field.evaluate((element, cap) => {
      element.value = cap
      element.dispatchEvent(new Event('input', { bubbles: true }))
    }, cap),
  )
  console.log(`cap of ${String(cap).padEnd(8)} ${ms.toFixed(0)} ms, ${await blocks()}`)
}

/** Clicks an element and tells how long the page was at work. */
async function click(name, target) {
  await target.scrollIntoViewIfNeeded()
  await settled()
  await blocks()
  const fromMs = performance.now()
  await target.evaluate(element => element.dispatchEvent(new MouseEvent('click', { bubbles: true })))
  await settled()
  const tookMs = Math.round(performance.now() - fromMs)
  console.log(`${name.padEnd(40)} ${`${tookMs}`.padStart(5)} ms, ${await blocks()}`)
}

const reasons = page.locator('#instances .chart [data-pick]')
for (let place = 0; place < (await reasons.count()); place++) {
  await click(await reasons.nth(place).getAttribute('aria-label'), reasons.nth(place))
  await page.keyboard.press('Escape')
  await settled()
}
await page
  .locator('.slider input')
  .first()
  .evaluate(input => {
    input.value = input.min
    input.dispatchEvent(new Event('input', { bubbles: true }))
  })
await page.waitForTimeout(500)
await settled()
const all = Number(await page.locator('#instances table').getAttribute('aria-rowcount')) - 1
const titles = page.locator('#instances thead button')
for (let place = 0; place < (await titles.count()); place++) {
  const title = await titles.nth(place).textContent()
  await click(`${all} instances by ${title}`, titles.nth(place))
  await click(`${all} instances by ${title}, turned`, titles.nth(place))
}
for (const protocol of ['corrected', 'coco', 'corrected'])
  await click(`protocol ${protocol}`, page.getByLabel(protocol, { exact: true }))
await browser.close()
