// Times what a report costs beyond the twelve numbers: `detscope eval` alone and with `--report`, whole processes, in
// turn. Checks that both print the same numbers and that the page holds them. Prints JSON: medians in ms and their
// ratio.
//
//   npm run build
//   node bench/report.js --gt data/gt.json --dt data/dt_bbox.json [--runs 5] [--threads 0]

import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { decodePage } from '../dist/report/page-data.js'

const run = promisify(execFile)
const bin = join(import.meta.dirname, '../bin/detscope.js')

const median = times => times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)]

/** { numbersMs, reportMs, ratio }: wall times of whole processes, medians of `runs` of each in turn. */
export async function timeReport({ gt, dt, runs = 5, threads = 0 }) {
  const folder = mkdtempSync(join(tmpdir(), 'detscope-report-'))
  const options = ['--gt', gt, '--dt', dt, '--backend', 'cpu', '--threads', `${threads}`, '--quiet']
  const time = async (...more) => {
    const fromMs = performance.now()
    const { stdout } = await run(process.execPath, [bin, 'eval', ...options, ...more])
    return { tookMs: performance.now() - fromMs, text: stdout }
  }
  try {
    const numbers = []
    const report = []
    for (let i = 0; i < runs; i++) {
      const alone = await time()
      const whole = await time('--report', folder)
      if (alone.text !== whole.text) throw new Error('a report changes the numbers')
      numbers.push(alone.tookMs)
      report.push(whole.tookMs)
      if (i === 0) await checkPage(join(folder, 'index.html'), alone.text)
    }
    const [numbersMs, reportMs] = [median(numbers), median(report)]
    return { numbersMs, reportMs, ratio: reportMs / numbersMs }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The page decodes, and its table of both protocols starts with the AP that was printed. */
async function checkPage(path, text) {
  const html = readFileSync(path, 'utf8')
  const blocks = new Map(
    Array.from(html.matchAll(/data-block="([^"]*)">([^<]*)</g), ([, name, block]) => [name, block]),
  )
  const { content, scene } = await decodePage(name => blocks.get(name) ?? '')
  const printed = Number(text.match(/= (-?\d\.\d+)/)?.[1])
  const shown = content.compared.rows[0].coco
  if (scene.dt.count === 0 || Math.abs(printed - shown) > 0.0006)
    throw new Error(`the page says AP ${shown}, the command ${printed}`)
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      gt: { type: 'string' },
      dt: { type: 'string' },
      runs: { type: 'string', default: '5' },
      threads: { type: 'string', default: '0' },
    },
  })
  const { gt, dt } = values
  if (!gt || !dt) throw new Error('usage: node bench/report.js --gt GT.json --dt DT.json')
  const times = await timeReport({ gt, dt, runs: Number(values.runs), threads: Number(values.threads) })
  console.log(JSON.stringify(times, null, 2))
}
