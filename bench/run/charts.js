// A result as pictures: SVG drawn by Observable Plot.

import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { growthOf, ranked } from './table.js'
import { titleOf } from './tasks.js'

const { document } = parseHTML('<!doctype html><html><body></body></html>')
const STYLE = { fontFamily: 'system-ui, sans-serif', fontSize: '11px', color: '#1b1b1b' }
const OWN = '#0b62a4'
const OTHER = '#8a8a8a'
const WIDTH = 720

/** Time and memory of every tool on every task where there was another tool to compare with. */
export function toolChart(entries) {
  const rows = entries.flatMap(entry => {
    const tools = ranked(entry).flatMap(({ name, summary }) => (summary ? [{ name, ...summary }] : []))
    if (entry.target === 'report' || tools.length < 2) return []
    return [
      {
        title: titleOf(entry),
        parts: [dots(tools, 'wallS', 'seconds'), dots(tools, 'peakMiB', 'MiB, peak')],
      },
    ]
  })
  return rows.length > 0 ? page(rows) : undefined
}

/** One dot a tool on a logarithmic scale, with its value beside it; lines show the least and the longest run. */
function dots(rows, key, label) {
  const text = value => (value < 10 ? value.toFixed(2) : value.toFixed(0))
  return Plot.plot({
    document,
    width: WIDTH / 2,
    height: 44 + 18 * rows.length,
    marginLeft: 130,
    marginRight: 46,
    style: STYLE,
    x: {
      type: 'log',
      label,
      grid: true,
      ticks: 3,
      tickFormat: String,
      domain: wide(rows.map(row => row[key])),
    },
    y: { label: null, domain: rows.map(({ name }) => name) },
    marks: [
      ...(key === 'wallS'
        ? [Plot.ruleY(rows, { y: 'name', x1: r => r.spreadS[0], x2: r => r.spreadS[1] })]
        : []),
      Plot.dot(rows, { x: key, y: 'name', r: 4, fill: r => (r.name === 'detscope' ? OWN : OTHER) }),
      Plot.text(rows, { x: key, y: 'name', text: r => text(r[key]), dx: 8, textAnchor: 'start' }),
    ],
  })
}

/** Seconds against what grows, both logarithmic, with the exponent of the line that fits. */
export function growthChart(entries) {
  const axes = growthOf(entries).filter(({ points }) => points.length > 1)
  if (axes.length === 0) return undefined
  // One scale for all, so that slopes can be compared.
  const domain = wide(axes.flatMap(({ points }) => points.map(({ y }) => y)))
  const plots = axes.map(({ axis, points, exponent }) =>
    Plot.plot({
      document,
      width: WIDTH / 2,
      height: 190,
      marginLeft: 50,
      style: STYLE,
      x: {
        ...{ type: 'log', label: `${axis}: seconds grow with the power ${exponent.toFixed(2)}` },
        ...{ ticks: points.map(({ x }) => x), tickFormat: '~s' },
      },
      y: { type: 'log', label: 'seconds', grid: true, ticks: 3, tickFormat: String, domain },
      marks: [
        Plot.line(fitted(points, exponent), { x: 'x', y: 'y', stroke: OTHER, strokeDasharray: '3 3' }),
        Plot.dot(points, { x: 'x', y: 'y', r: 4, fill: OWN }),
      ],
    }),
  )
  const rows = []
  for (let i = 0; i < plots.length; i += 2) rows.push({ title: '', parts: plots.slice(i, i + 2) })
  return page(rows)
}

/** A range with some room about the values, of a factor of ten or more. */
function wide(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const middle = Math.sqrt(least * most)
  return [Math.min(least / 1.3, middle / 3.2), Math.max(most * 1.3, middle * 3.2)]
}

/** The line through the middle of the points, at their ends. */
function fitted(points, exponent) {
  const mean = key => points.reduce((sum, point) => sum + Math.log(point[key]), 0) / points.length
  const at = x => ({ x, y: Math.exp(mean('y') + exponent * (Math.log(x) - mean('x'))) })
  return [at(points[0].x), at(points.at(-1).x)]
}

/** Rows of pictures side by side, as one. */
function page(rows) {
  let y = 4
  const pieces = []
  for (const { title, parts } of rows) {
    if (title) pieces.push(`<text x="8" y="${y + 14}" font-weight="600">${title}</text>`)
    y += title ? 20 : 0
    for (const [i, part] of parts.entries())
      pieces.push(`<g transform="translate(${(i * WIDTH) / 2} ${y})">${part.outerHTML}</g>`)
    y += Math.max(...parts.map(part => Number(part.getAttribute('height')))) + 8
  }
  const size = `width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}"`
  const font = 'font-family="system-ui, sans-serif" font-size="12" fill="#1b1b1b"'
  const background = `<rect width="${WIDTH}" height="${y}" fill="white"/>`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font}>${background}${pieces.join('\n')}</svg>\n`
}
