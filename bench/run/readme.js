// Puts a result into the README, between its markers: node bench/run/readme.js RESULT.json

import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { growthOf, ranked, summaryOf } from './table.js'
import { shortTitleOf, titleOf } from './tasks.js'

const BEGIN = '<!-- bench: begin -->'
const END = '<!-- bench: end -->'

/** The README's block of a result: only what was measured. `charts` are paths of pictures. */
export function readmeBlock(result, file, charts = []) {
  const { machine, commit, date, versions } = result
  const tools = Object.keys(versions).filter(name => !['numpy', 'python'].includes(name))
  const against = result.entries.filter(
    entry => entry.done && entry.target !== 'growth' && entry.target !== 'report',
  )
  const where = `${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}`
  const what = tools.map(name => `${name} ${versions[name]}`).join(', ')
  const python = versions.python ? `, Python ${versions.python}, NumPy ${versions.numpy}` : ''
  return [
    `Measured on ${date} at commit \`${commit}\`: ${where}${python}${what && `; ${what}`}. Whole processes, the median of up to ${mostRuns(result)} runs in turn: seconds and peak memory.`,
    ...(against.length > 0 ? [matrix(against, ['detscope', ...tools])] : []),
    ...notes(against),
    ...reportLines(result.entries),
    ...growthLines(result.entries),
    ...charts.map(({ path, text }) => `![${text}](${path})`),
    `All runs: [${basename(file)}](${file}). [bench/README.md](bench/README.md) says how to repeat them.`,
  ].join('\n\n')
}

const mostRuns = ({ entries }) =>
  Math.max(1, ...entries.flatMap(({ tools = {} }) => Object.values(tools).map(({ runs }) => runs.length)))

function matrix(entries, names) {
  const rows = entries.map(entry => {
    const cells = names.map(name => cellOf(entry.tools[name]))
    return `| ${titleOf(entry)} | ${cells.join(' | ')} |`
  })
  return [`| | ${names.join(' | ')} |`, `|---|${names.map(() => '---|').join('')}`, ...rows].join('\n')
}

function cellOf(record) {
  const summary = record && !record.failure && summaryOf(record)
  if (!summary) return '-'
  const wrong = record.equality?.verdict === 'different' ? ' (another result)' : ''
  return `${summary.wallS.toFixed(2)} s, ${summary.peakMiB.toFixed(0)} MiB${wrong}`
}

/** How the results compare, and why a place is empty. */
function notes(entries) {
  const compared = entries.flatMap(({ tools }) =>
    Object.entries(tools).filter(([, { equality }]) => equality),
  )
  const named = verdict => [
    ...new Set(compared.filter(([, { equality }]) => equality.verdict === verdict).map(([name]) => name)),
  ]
  const [equal, close, different] = ['equal', 'close', 'different'].map(named)
  const lines = []
  const always = equal.filter(name => !close.includes(name) && !different.includes(name))
  if (always.length > 0)
    lines.push(`Arrays of precision, recall and scores equal to the bit: ${always.join(', ')}.`)
  if (close.length > 0)
    lines.push(`Equal up to the rounding of a division (below 1e-12): ${close.join(', ')}.`)
  if (different.length > 0) lines.push(`Another result in places: ${different.join(', ')}.`)
  return [lines.join(' '), emptyLines(entries)].filter(text => text)
}

/** Why places are empty: a line for each tool and reason. */
function emptyLines(entries) {
  const titles = new Map()
  for (const entry of entries) {
    for (const { name, record } of ranked(entry)) {
      const why = record.failure ?? record.leftOut
      if (!why) continue
      const key = `${name} ${why}`
      titles.set(key, [...(titles.get(key) ?? []), shortTitleOf(entry)])
    }
  }
  const reasons = Array.from(titles, ([key, where]) => `- ${key}: ${where.join('; ')}`)
  return reasons.length > 0 ? ['Not measured:', '', ...reasons.sort()].join('\n') : ''
}

function reportLines(entries) {
  const ratios = entries
    .filter(({ target, done }) => target === 'report' && done)
    .flatMap(entry => {
      const [numbers, report] = ['detscope', 'detscope --report'].map(name => summaryOf(entry.tools[name]))
      if (!numbers || !report) return []
      const times = (report.wallS / numbers.wallS).toFixed(2)
      return [`${titleOf(entry)}: ${report.wallS.toFixed(2)} s, ${times} times the twelve numbers alone`]
    })
  return ratios.length > 0 ? [`With the whole report (\`--report\`): ${ratios.join('; ')}.`] : []
}

function growthLines(entries) {
  const axes = growthOf(entries).filter(({ exponent }) => exponent !== null)
  if (axes.length === 0) return []
  const text = axes.map(({ axis, points, exponent }) => {
    const range = `${points[0].x.toLocaleString('en')} to ${points.at(-1).x.toLocaleString('en')}`
    return `${axis} ${exponent.toFixed(2)} (${range})`
  })
  return [`Seconds grow with these powers of what grows alone: ${text.join(', ')}.`]
}

/** The README with the block in its place. */
export function withBlock(readme, block) {
  const [from, to] = [readme.indexOf(BEGIN), readme.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`README.md: expected ${BEGIN} before ${END}`)
  return `${readme.slice(0, from + BEGIN.length)}\n${block}\n${readme.slice(to)}`
}

if (process.argv[1] === import.meta.filename) {
  const root = join(import.meta.dirname, '../..')
  const [file] = process.argv.slice(2)
  if (!file) throw new Error('usage: npm run bench:readme -- bench/results/RESULT.json')
  const result = JSON.parse(readFileSync(file, 'utf8'))
  const path = `bench/results/${basename(file)}`
  const charts = [
    { path: path.replace('.json', '-tools.svg'), text: 'Time and memory of each tool' },
    { path: path.replace('.json', '-growth.svg'), text: 'Seconds against what grows' },
  ].filter(chart => result.charts?.includes(basename(chart.path)))
  const readme = join(root, 'README.md')
  writeFileSync(readme, withBlock(readFileSync(readme, 'utf8'), readmeBlock(result, path, charts)))
}
