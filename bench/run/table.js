// A result as text for a terminal.

import { verdictText } from './equality.js'
import { exponent, line, median, spread } from './statistics.js'
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
      .map(entry => ({ x: sizeOf(entry), summary: summaryOf(entry.tools.detscope) }))
      .filter(({ summary }) => summary !== undefined)
      .map(({ x, summary }) => ({ x, y: summary.wallS, cpuS: summary.cpuS, peakMiB: summary.peakMiB }))
    return { axis, points, exponent: points.length > 1 ? exponent(points) : null }
  })
}

/** Each axis with the power and the straight line that fit its times; of what is not threads, its CPU and memory too. */
export const growthTable = entries =>
  growthOf(entries)
    .map(({ axis, points, exponent }) => {
      const times = points.map(({ x, y, cpuS, peakMiB }) => {
        const seconds = `${y.toFixed(2)} s, CPU ${cpuS.toFixed(2)}`
        return `  ${x.toLocaleString('en').padStart(10)}: ${seconds}, ${peakMiB.toFixed(0)} MiB`
      })
      if (exponent === null) return [axis, ...times].join('\n')
      const lines = axis.startsWith('threads') ? [] : linesOf(points)
      return [axis, ...times, `  exponent of time ${exponent.toFixed(2)}${lines.join('')}`].join('\n')
    })
    .join('\n')

/** What growth costs beyond what every run costs: exponents alone are low where the start is most of a run. */
function linesOf(points) {
  const per = Math.max(...points.map(({ x }) => x)) > 2000 ? 1e6 : 1000
  const of = (key, unit, digits) => {
    const { base, slope } = line(points.map(point => ({ x: point.x, y: point[key] })))
    return `${base.toFixed(digits)} ${unit} and ${(per * slope).toFixed(digits)} for ${per.toLocaleString('en')}`
  }
  return [`; time ${of('y', 's', 2)}`, `; CPU ${of('cpuS', 's', 2)}`, `; memory ${of('peakMiB', 'MiB', 0)}`]
}

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
