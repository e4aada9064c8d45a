import * as Plot from '@observablehq/plot'
import { useState } from 'preact/hooks'
import { formatCount, formatTick } from '../format.js'
import type { ImageRow } from '../sections/images.js'
import { memo, useActions } from '../ui/hooks.js'
import { OUTCOME_COLOURS, type Outcome } from '../ui/parts.js'
import { Figure } from './figure.js'
import { Key } from './key.js'
import { pickable } from './picking.js'

/** px an image, about. */
const BAR = 18

interface Stretch {
  place: number
  row: ImageRow
  outcome: Outcome
  from: number
  to: number
}

/** Detections upwards, objects downwards. */
const stretchesOf = (row: ImageRow, place: number): Stretch[] =>
  [
    { place, row, outcome: 'TP' as const, from: 0, to: row.tp },
    { place, row, outcome: 'FP' as const, from: row.tp, to: row.tp + row.fp },
    { place, row, outcome: 'TP' as const, from: 0, to: -row.tp },
    { place, row, outcome: 'FN' as const, from: -row.tp, to: -row.tp - row.fn },
  ].filter(({ from, to }) => from !== to)

/** Bars of TP + FP = detections and TP + FN = objects of each image, in the order of the table. */
export const ImageBars = memo(Bars)

function Bars({ rows }: { rows: ImageRow[] }) {
  const { pick } = useActions()
  const [page, setPage] = useState(0)
  const perPage = 48
  const last = Math.max(0, Math.ceil(rows.length / perPage) - 1)
  const at = Math.min(page, last)
  const from = at * perPage
  const shown = rows.slice(from, from + perPage)
  const stretches = shown.flatMap((row, i) => stretchesOf(row, from + i + 1))
  const words = ({ row, outcome, from, to }: Stretch): string =>
    `${row.name}: ${formatCount(Math.abs(to - from))} ${outcome}`
  return (
    <>
      <Figure
        wide
        title="Detections and objects of each image"
        reading="One column an image, in the order of the table below: detections rise from the line, objects hang from it; green is what both share."
        height={240}
        inputs={[rows, at]}
        draw={width => ({
          marginBottom: 20,
          width: Math.min(width, Math.max(240, 60 + BAR * 1.6 * shown.length)),
          x: { axis: null, padding: 0.15, domain: shown.map((_, i) => from + i + 1) },
          y: {
            label: '↑ detections   objects ↓',
            grid: true,
            ticks: 6,
            tickFormat: formatTick,
          },
          color: { type: 'identity' },
          marks: [
            Plot.barY(stretches, {
              x: 'place',
              y1: 'from',
              y2: 'to',
              fill: ({ outcome }: Stretch) => OUTCOME_COLOURS[outcome],
              ...pickable<Stretch>({
                data: stretches,
                words,
                count: ({ from, to }) => Math.abs(to - from),
                pick: ({ row, outcome }) =>
                  pick({ filter: { image: row.image, outcomes: [outcome as 'TP'] } }),
              }),
            }),
            Plot.ruleY([0], { stroke: 'var(--ink)' }),
          ],
        })}
      />
      <div class="pager">
        <Key outcomes={['TP', 'FP', 'FN']} />
        {last > 0 && (
          <span>
            <button type="button" class="plain" disabled={at === 0} onClick={() => setPage(at - 1)}>
              ← previous
            </button>{' '}
            {formatCount(from + 1)}–{formatCount(from + shown.length)} of {formatCount(rows.length)}{' '}
            <button type="button" class="plain" disabled={at === last} onClick={() => setPage(at + 1)}>
              next →
            </button>
          </span>
        )}
      </div>
    </>
  )
}
