// Opens a report in a headless browser and tells how long a reader waits: until the first numbers stand there, until
// everything is drawn, from a slider's move to the first change in each section, and from a click on each reason of
// errors, each title of the instance table and each protocol until all has been drawn. Names what held the page up for
// more than 50 ms.
//
//   npm run build
//   node bench/generate.js data --detections 185000
//   node bin/detscope.js eval --gt data/gt.json --dt data/dt_bbox.json --report data/report
//   node bench/page.js data/report/index.html
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
  return found.length > 0 ? `blocks of ${found.join(', ')} ms` : 'no block above 50 ms'
}

const fromMs = performance.now()
const sinceStart = () => `${Math.round(performance.now() - fromMs)} ms`
await page.goto(pathToFileURL(path).href, { waitUntil: 'commit' })
await page.waitForSelector('.point .value')
console.log(`first numbers   ${sinceStart()}`)
await settled()
console.log(`all drawn       ${sinceStart()}, ${await blocks()}`)

/** Time in ms from each move of a slider to the first change in a section. */
const moves = (section, slider, values) =>
  page.evaluate(
    async ([section, slider, values]) => {
      const input = document.querySelectorAll('.slider input')[slider]
      const target = document.querySelector(section)
      const times = []
      for (const value of values) {
        const fromMs = performance.now()
        const changed = new Promise(resolve => {
          const observer = new MutationObserver(() => {
            observer.disconnect()
            resolve(Math.round(performance.now() - fromMs))
          })
          observer.observe(target, { subtree: true, childList: true, characterData: true })
        })
        input.value = value
        input.dispatchEvent(new Event('input', { bubbles: true }))
        times.push(await changed)
        await new Promise(resolve => setTimeout(resolve, 600))
      }
      return times
    },
    [section, slider, values],
  )

for (const section of ['.point', '#curves', '#counts', '#images', '#distributions', '#instances']) {
  await page.locator(section).evaluate(element => element.scrollIntoView())
  await settled()
  const score = await moves(section, 0, [0.31, 0.36, 0.42, 0.57, 0.64])
  const iou = await moves(section, 1, [0.53, 0.57, 0.61, 0.72, 0.83])
  console.log(`${section.padEnd(15)} score ${score.join(' ')} ms, IoU ${iou.join(' ')} ms, ${await blocks()}`)
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
