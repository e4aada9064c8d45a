import * as Plot from '@observablehq/plot'
import type { Counts } from '../../data/analysis.js'
import { formatCount, formatTick } from '../format.js'
import { memo, useActions } from '../ui/hooks.js'
import { OUTCOME_COLOURS, type Outcome } from '../ui/parts.js'
import { Figure } from './figure.js'
import { pickable } from './picking.js'

/** A stretch of a bar. */
interface Stretch {
  name: string
  bar: string
  outcome: Outcome
  from: number
  to: number
}

const OBJECTS = 'objects'
const DETECTIONS = 'detections'

function stretchesOf(name: string, { tp, fp, fn }: Counts): Stretch[] {
  const stretch = (bar: string, outcome: Outcome, from: number, to: number): Stretch => ({
    name,
    bar,
    outcome,
    from,
    to,
  })
  return [
    stretch(OBJECTS, 'TP', 0, tp),
    stretch(OBJECTS, 'FN', tp, tp + fn),
    stretch(DETECTIONS, 'TP', 0, tp),
    stretch(DETECTIONS, 'FP', tp, tp + fp),
  ].filter(({ from, to }) => to > from)
}

/** Bars of TP + FN = objects and TP + FP = detections of each size. */
export const SizeBars = memo(Bars)

function Bars({ rows }: { rows: { name: string; counts: Counts }[] | undefined }) {
  const { pick } = useActions()
  const stretches = rows?.flatMap(({ name, counts }) => stretchesOf(name, counts)) ?? []
  const totals = rows?.flatMap(({ name, counts }) => [
    { name, bar: OBJECTS, total: counts.groundTruths },
    { name, bar: DETECTIONS, total: counts.detections },
  ])
  const whole = rows?.[0]?.name
  const words = ({ name, outcome, from, to }: Stretch): string =>
    `${formatCount(to - from)} ${outcome}, ${name}`
  return (
    <Figure
      title="Objects and detections by size"
      reading="Upper bar: the objects, found and missed. Lower bar: the detections, right and wrong. Equal green parts are the same matches."
      height={40 + 58 * (rows?.length ?? 4)}
      inputs={[rows]}
      draw={
        rows
          ? () => ({
              marginLeft: 72,
              marginRight: 64,
              marginTop: 8,
              x: { label: null, grid: true, ticks: 5, tickFormat: formatTick },
              y: { domain: [OBJECTS, DETECTIONS], axis: null, padding: 0.12 },
              fy: { domain: rows.map(({ name }) => name), label: null, axis: 'left', padding: 0.25 },
              color: { type: 'identity' },
              marks: [
                Plot.barX(stretches, {
                  x1: 'from',
                  x2: 'to',
                  y: 'bar',
                  fy: 'name',
                  fill: ({ outcome }: Stretch) => OUTCOME_COLOURS[outcome],
                  insetRight: 0.5,
                  ...pickable<Stretch>({
                    data: stretches,
                    words,
                    count: ({ from, to }) => to - from,
                    pick: ({ name, outcome }) =>
                      pick({ size: name === whole ? '' : name, filter: { outcomes: [outcome as 'TP'] } }),
                  }),
                }),
                Plot.text(totals, {
                  x: 'total',
                  y: 'bar',
                  fy: 'name',
                  text: ({ total, bar }) => `${formatCount(total)}${bar === OBJECTS ? ' obj.' : ' det.'}`,
                  textAnchor: 'start',
                  dx: 5,
                  fill: 'var(--muted)',
                }),
                Plot.ruleX([0], { stroke: 'var(--line)' }),
              ],
            })
          : null
      }
    />
  )
}
