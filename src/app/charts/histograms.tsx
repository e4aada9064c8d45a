import * as Plot from '@observablehq/plot'
import type { ComponentChildren } from 'preact'
import type { Histogram, SizeRange } from '../../data/analysis.js'
import { rangeOfBin } from '../../metrics/histogram.js'
import { formatCompact, formatCount, formatTick } from '../format.js'
import { memo } from '../ui/hooks.js'
import { OUTCOME_COLOURS, type Outcome } from '../ui/parts.js'
import { Figure } from './figure.js'
import { pickable } from './picking.js'

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
      // A log axis has no 0.
      const x1 = isLog ? Math.max(edges[i], edges[i + 1] / 2) : edges[i]
      return [{ layer, x1, x2: edges[i + 1], range: rangeOfBin(layer.histogram, i), from, to: tops[i] }]
    }),
  )
}

/** A histogram whose bins list what they hold; several are stacked. */
export const HistogramChart = memo(Chart)

function Chart({ title, reading, layers, axis, format, log, onPick, children }: HistogramProps) {
  const bins = layers ? binsOf(layers, log !== undefined) : []
  const edges = layers?.[0].histogram.edges ?? [0, 1]
  const domain = [log ? Math.max(edges[0], edges[1] / 2) : edges[0], edges[edges.length - 1]]
  const words = ({ layer, range: [lo, hi], x1, x2, from, to }: Bin): string => {
    const bounds = Number.isFinite(lo) || Number.isFinite(hi) ? `${format(x1)} to ${format(x2)}` : format(x1)
    return `${formatCount(to - from)} ${layer.of}, ${bounds}`
  }
  return (
    <Figure
      title={title}
      beside={children}
      reading={reading}
      height={log ? 264 : 232}
      inputs={[layers, log?.sizes]}
      empty={layers && bins.length === 0 ? 'None at these thresholds.' : null}
      draw={
        layers
          ? () => ({
              marginTop: log ? 44 : 20,
              x: log
                ? {
                    type: 'log',
                    base: 2,
                    domain,
                    label: `${axis} →`,
                    ticks: powersIn(domain),
                    tickFormat: formatCompact,
                  }
                : { domain, label: `${axis} →`, ticks: 6, tickFormat: format },
              y: { label: null, grid: true, ticks: 4, tickFormat: formatTick },
              color: { type: 'identity' },
              marks: [
                ...(log ? sizeBands(log.sizes, domain) : []),
                Plot.rect(bins, {
                  x1: 'x1',
                  x2: 'x2',
                  y1: 'from',
                  y2: 'to',
                  insetLeft: 0.5,
                  insetRight: 0.5,
                  fill: ({ layer }: Bin) =>
                    layer.outcome ? OUTCOME_COLOURS[layer.outcome] : 'var(--ignored)',
                  ...pickable<Bin>({
                    data: bins,
                    words,
                    count: ({ from, to }) => to - from,
                    pick: ({ layer, range }) => onPick(layer, range),
                  }),
                }),
                Plot.ruleY([0], { stroke: 'var(--line)' }),
              ],
            })
          : null
      }
    />
  )
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
