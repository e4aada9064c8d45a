// Opens a report in a headless browser and tells how long a reader waits: until the first numbers stand there, until
// everything is drawn, and from a slider's move to the first change in each section. Names what held the page up for
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
await browser.close()
