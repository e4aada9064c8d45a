import * as Plot from '@observablehq/plot'
import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Histogram, SizeRange } from '../../data/analysis.js'
import { rangeOfBin } from '../../metrics/histogram.js'
import { formatCompact, formatCount, formatTick } from '../format.js'
import { memo } from '../ui/hooks.js'
import { OUTCOME_COLOURS, type Outcome } from '../ui/parts.js'
import { barsMark, COUNTS, type CountBar, countAxis, moveBars, nameCounts, topOf } from './counting.js'
import { type Drawn, Figure } from './figure.js'

/** One of the histograms that a chart stacks. */
export interface Layer {
  outcome: Outcome | null
  /** Of what, in words: "true positives". */
  of: string
  histogram: Histogram
}

interface Bin {
  layer: Layer
  /** Edges, and the range of values that a filter asks for. */
  x1: number
  x2: number
  range: [number, number]
  from: number
  to: number
}

interface HistogramProps {
  title: string
  reading: string
  /** From the bottom up; they share their edges. */
  layers: Layer[] | undefined
  axis: string
  format: (value: number) => string
  /** Powers of two; `sizes` are drawn as bands. */
  log?: { sizes: SizeRange[] }
  onPick: (layer: Layer, range: [number, number]) => void
  /** Beside the title. */
  children?: ComponentChildren
}

function binsOf(layers: Layer[], isLog: boolean): Bin[] {
  const { edges } = layers[0].histogram
  const tops = edges.map(() => 0)
  return layers.flatMap(layer =>
    layer.histogram.counts.flatMap((count, i) => {
      const from = tops[i]
      tops[i] += count
      if (count === 0) return []
      const x1 = isLog ? Math.max(edges[i], edges[i + 1] / 2) : edges[i]
      return [{ layer, x1, x2: edges[i + 1], range: rangeOfBin(layer.histogram, i), from, to: tops[i] }]
    }),
  )
}

/** A histogram whose bins list what they hold; several are stacked. */
export const HistogramChart = memo(Chart)

function Chart({ title, reading, layers, axis, format, log, onPick, children }: HistogramProps) {
  const isLog = log !== undefined
  const bins = useMemo(() => (layers ? binsOf(layers, isLog) : []), [layers, isLog])
  const edges = layers?.[0].histogram.edges ?? [0, 1]
  const [least, most] = isLog ? [firstOf(edges), edges[edges.length - 1]] : niceDomain(edges)
  const adjust = useMemo(
    () => moverOf(bins, [least, most], format, onPick),
    [bins, least, most, format, onPick],
  )
  return (
    <Figure
      title={title}
      beside={children}
      reading={reading}
      height={log ? 264 : 232}
      inputs={[layers === undefined, least, most, log?.sizes]}
      adjust={adjust}
      empty={layers && bins.length === 0 ? 'None at these thresholds.' : null}
      draw={
        layers
          ? () => ({
              marginTop: log ? 44 : 20,
              x: log
                ? {
                    type: 'log',
                    base: 2,
                    domain: [least, most],
                    label: `${axis} →`,
                    ticks: powersIn([least, most]),
                    tickFormat: formatCompact,
                  }
                : { domain: [least, most], label: `${axis} →`, ticks: 6, tickFormat: format },
              y: COUNTS,
              marks: [
                ...countAxis('y'),
                ...(log ? sizeBands(log.sizes, [least, most]) : []),
                barsMark,
                Plot.ruleY([0], { stroke: 'var(--line)' }),
              ],
            })
          : null
      }
    />
  )
}

/** A log axis has no 0. */
const firstOf = (edges: number[]): number => Math.max(edges[0], edges[1] / 2)

/** So wide that it seldom changes while a slider moves. */
function niceDomain(edges: number[]): [number, number] {
  const domain = [edges[0], edges[edges.length - 1]]
  return Plot.scale({ x: { type: 'linear', domain, nice: 5 } }).domain as [number, number]
}

/** What moves the bars of a chart over `domain`: of another, which is about to be drawn again, it leaves them. */
function moverOf(
  bins: Bin[],
  domain: [number, number],
  format: HistogramProps['format'],
  onPick: HistogramProps['onPick'],
): (drawn: Drawn) => void {
  const top = topOf(bins.reduce((most, { to }) => Math.max(most, to), 0))
  return drawn => {
    const [x, y] = [drawn.scale('x'), drawn.scale('y')]
    if (!x || !y || String(x.domain) !== String(domain)) return
    const bars = bins.map((bin): CountBar => {
      const { layer, x1, x2, range, from, to } = bin
      const left = x.apply(x1) + GAP / 2
      const upper = y.apply(to / top)
      return {
        x: left,
        y: upper,
        width: Math.max(0, x.apply(x2) - left - GAP / 2),
        height: y.apply(from / top) - upper,
        fill: layer.outcome ? OUTCOME_COLOURS[layer.outcome] : 'var(--ignored)',
        words: wordsOf(bin, format),
        count: to - from,
        pick: () => onPick(layer, range),
      }
    })
    moveBars(drawn, bars)
    nameCounts(drawn, top, formatTick)
  }
}

/** Between bars, px. */
const GAP = 1

function wordsOf(
  { layer, range: [lo, hi], x1, x2, from, to }: Bin,
  format: HistogramProps['format'],
): string {
  const bounds = Number.isFinite(lo) || Number.isFinite(hi) ? `${format(x1)} to ${format(x2)}` : format(x1)
  return `${formatCount(to - from)} ${layer.of}, ${bounds}`
}

/** Powers of two, six at most. */
function powersIn([least, most]: number[]): number[] {
  const first = Math.ceil(Math.log2(least))
  const last = Math.floor(Math.log2(most))
  const step = Math.max(1, Math.ceil((last - first) / 5))
  const powers: number[] = []
  for (let power = first; power <= last; power += step) powers.push(2 ** power)
  return powers
}

interface Band {
  name: string
  lo: number
  hi: number
}

/** Size ranges as bands above the bars, each beside and none over another, with their bounds in px. */
function sizeBands(sizes: SizeRange[], [least, most]: number[]): Plot.Markish[] {
  const bands: Band[] = []
  for (const { name, lo, hi } of sizes.slice(1)) {
    const band = { name, lo: Math.max(lo, least), hi: Math.min(hi, most) }
    if (band.hi > band.lo && bands.every(({ lo, hi }) => band.lo >= hi || band.hi <= lo)) bands.push(band)
  }
  const bounds = [...new Set(bands.flatMap(({ lo, hi }) => [lo, hi]))].filter(px => px > least && px < most)
  return [
    Plot.ruleX(bounds, { stroke: 'var(--muted)', strokeOpacity: 0.6, strokeDasharray: '2 3', insetTop: -14 }),
    Plot.text(bands, {
      x: ({ lo, hi }: Band) => Math.sqrt(lo * hi),
      frameAnchor: 'top',
      dy: -34,
      text: 'name',
      fill: 'var(--ink)',
      filter: ({ lo, hi }: Band) => hi / lo > 2,
    }),
    Plot.text(bounds, {
      x: px => px,
      frameAnchor: 'top',
      dy: -19,
      text: px => `${formatCount(Math.round(px))} px`,
      fill: 'var(--muted)',
    }),
  ]
}
