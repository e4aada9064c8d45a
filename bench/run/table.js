// A result as text for a terminal.

import { verdictText } from './equality.js'
import { exponent, median, spread } from './statistics.js'
import { sizeOf, titleOf } from './tasks.js'

/** Median, spread and count of a tool's runs; undefined where it has none. */
export function summaryOf({ runs }) {
  if (runs.length === 0) return undefined
  const of = key => median(runs.map(run => run[key]))
  return {
    wallS: of('wallS'),
    spreadS: spread(runs.map(({ wallS }) => wallS)),
    cpuS: of('cpuS'),
    peakMiB: of('peakMiB'),
    runs: runs.length,
  }
}

/** Tools of an entry that were measured, the fastest first, then those that were not. */
export function ranked(entry) {
  const tools = Object.entries(entry.tools ?? {}).map(([name, record]) => ({
    ...{ name, record, summary: record.failure ? undefined : summaryOf(record) },
  }))
  return tools.sort((a, b) => (a.summary?.wallS ?? Infinity) - (b.summary?.wallS ?? Infinity))
}

export function entryTable(entry) {
  const own = summaryOf(entry.tools.detscope ?? { runs: [] })
  const rows = ranked(entry).map(({ name, record, summary }) => {
    if (!summary) return [name, '-', '', '', '', '', '', record.failure ?? record.leftOut ?? 'not measured']
    const [least, most] = summary.spreadS
    return [
      name,
      summary.wallS.toFixed(2),
      `${least.toFixed(2)}-${most.toFixed(2)}`,
      own ? `${(summary.wallS / own.wallS).toFixed(1)}x` : '',
      summary.cpuS.toFixed(2),
      summary.peakMiB.toFixed(0),
      String(summary.runs),
      record.equality ? verdictText(record.equality) : '',
    ]
  })
  const head = ['tool', 'wall s', 'spread', 'times', 'CPU s', 'peak MiB', 'runs', 'result']
  return `${titleOf(entry)}\n${aligned([head, ...rows])}`
}

/** The exponents of growth along each axis: 1 is linear. */
export function growthOf(entries) {
  const axes = [...new Set(entries.map(({ axis }) => axis).filter(axis => axis))]
  return axes.map(axis => {
    const points = entries
      .filter(entry => entry.axis === axis)
      .map(entry => ({ x: sizeOf(entry), y: summaryOf(entry.tools.detscope)?.wallS }))
      .filter(({ y }) => y !== undefined)
    return { axis, points, exponent: points.length > 1 ? exponent(points) : null }
  })
}

export const growthTable = entries =>
  growthOf(entries)
    .map(({ axis, points, exponent }) => {
      const times = points.map(({ x, y }) => `${x.toLocaleString('en')}: ${y.toFixed(2)} s`)
      return `${axis}: ${times.join(', ')}; exponent ${exponent?.toFixed(2) ?? '-'}`
    })
    .join('\n')

/** Medians of the stages of a tool's runs, seconds. */
export function stagesOf({ runs }) {
  const names = Object.keys(runs[0]?.stages ?? {}).filter(name => name !== 'in all')
  return Object.fromEntries(names.map(name => [name, median(runs.map(({ stages }) => stages?.[name] ?? 0))]))
}

const aligned = rows => {
  const widths = rows[0].map((_, i) => Math.max(...rows.map(row => row[i].length)))
  const last = widths.length - 1
  const cell = (text, i) =>
    i === 0 || i === last ? text.padEnd(i === last ? 0 : widths[i]) : text.padStart(widths[i])
  return rows.map(row => `  ${row.map(cell).join('  ')}`.trimEnd()).join('\n')
}
