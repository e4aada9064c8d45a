import * as Plot from '@observablehq/plot'
import { useMemo } from 'preact/hooks'
import type { OperatingDifferences } from '../../metrics/model-differences.js'
import type { ModelName } from '../../metrics/models.js'
import { formatCount, formatTick, named } from '../format.js'
import { MODELS } from '../pair.js'
import type { Pick } from '../state/state.js'
import { memo, useActions, useReport } from '../ui/hooks.js'
import { Figure } from './figure.js'
import { pickable } from './picking.js'

/** Rows of a chart at most: what flips most. */
const MOST = 16

interface Bar {
  /** Place of its row: names need not differ. */
  place: number
  name: string
  model: ModelName
  /** Below 0 for A. */
  to: number
  count: number
  pick: Pick
}

interface Part {
  name: string
  found: OperatingDifferences['whole']['found']
  pick: Pick
}

/** Objects that one model alone finds, by class and by size. */
export const FlipBars = memo(Bars)

function Bars({ operating }: { operating: OperatingDifferences | undefined }) {
  const { scene } = useReport()
  const byClass = useMemo(
    () =>
      operating?.classes
        .map(
          ({ category, found }): Part => ({
            name: scene.categories.names[category],
            found,
            pick: { size: '', category, filter: {} },
          }),
        )
        .sort((a, b) => b.found.A + b.found.B - a.found.A - a.found.B),
    [operating, scene],
  )
  const bySize = useMemo(
    () =>
      operating?.sizes.map(
        ({ name, found }): Part => ({ name, found, pick: { size: name, category: -1, filter: {} } }),
      ),
    [operating],
  )
  return (
    <div class="pair">
      {(byClass === undefined || byClass.length > 1) && (
        <Diverging title="Found by one alone, by class" parts={byClass} />
      )}
      <Diverging title="Found by one alone, by size" parts={bySize} />
    </div>
  )
}

function Diverging({ title, parts }: { title: string; parts: Part[] | undefined }) {
  const { pick } = useActions()
  const shown = parts?.slice(0, MOST)
  const bars = shown?.flatMap(barsOf) ?? []
  const most = Math.max(1, ...bars.map(({ count }) => count))
  const left = parts && parts.length > MOST ? ` The ${MOST} classes with most of them.` : ''
  return (
    <Figure
      title={title}
      reading={`Left: objects that A finds and B misses. Right: those that B finds and A misses.${left}`}
      height={52 + 30 * (shown && bars.length > 0 ? shown.length : 3)}
      inputs={[parts]}
      empty={shown && bars.length === 0 ? 'Both find the same objects.' : null}
      draw={
        shown
          ? () => ({
              marginLeft: 112,
              marginRight: 16,
              marginTop: 20,
              x: {
                domain: [-1.25 * most, 1.25 * most],
                label: null,
                grid: true,
                ticks: 5,
                tickFormat: formatTick,
              },
              y: {
                domain: shown.map((_, place) => place),
                type: 'band',
                label: null,
                padding: 0.25,
                tickFormat: place => shortened(named(shown[place].name)),
              },
              marks: [
                Plot.barX(bars, {
                  x1: 0,
                  x2: 'to',
                  y: 'place',
                  fill: ({ model }: Bar) => `var(--model-${model.toLowerCase()})`,
                  ...pickable<Bar>({
                    data: bars,
                    words: ({ name, model, count }) =>
                      `${formatCount(count)} found by ${model} alone, ${named(name)}`,
                    count: ({ count }) => count,
                    pick: ({ pick: picked }) => pick(picked),
                  }),
                }),
                ...MODELS.map(model =>
                  Plot.text(
                    bars.filter(bar => bar.model === model),
                    {
                      x: 'to',
                      y: 'place',
                      text: ({ count }: Bar) => formatCount(count),
                      textAnchor: model === 'A' ? 'end' : 'start',
                      dx: model === 'A' ? -5 : 5,
                      fill: 'var(--ink)',
                    },
                  ),
                ),
                Plot.ruleX([0], { stroke: 'var(--line)' }),
              ],
            })
          : null
      }
    />
  )
}

const shortened = (name: string): string => (name.length > 15 ? `${name.slice(0, 14)}…` : name)

const barsOf = ({ name, found, pick }: Part, place: number): Bar[] =>
  MODELS.flatMap(model => {
    const count = found[model as 'A' | 'B']
    if (count === 0) return []
    const to = model === 'A' ? -count : count
    return [{ place, name, model, to, count, pick: { ...pick, filter: { foundBy: [model as 'A' | 'B'] } } }]
  })
