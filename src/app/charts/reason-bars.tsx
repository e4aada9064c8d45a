import * as Plot from '@observablehq/plot'
import type { Reason } from '../../data/analysis.js'
import { explainerOf } from '../../metrics/fates.js'
import { matchesIn } from '../../metrics/outcomes.js'
import { selectSteps } from '../../metrics/select.js'
import { formatCount, formatTick } from '../format.js'
import { useActions, useAppState, useReport, useWork } from '../ui/hooks.js'
import { OUTCOME_COLOURS } from '../ui/parts.js'
import { Figure } from './figure.js'
import { pickable } from './picking.js'

/** Reasons of errors in words, in the order of the chart. */
const ERRORS: { code: Reason['code']; outcome: 'FP' | 'FN'; words: string }[] = [
  { code: 'background', outcome: 'FP', words: 'overlaps nothing' },
  { code: 'localisation', outcome: 'FP', words: 'too loose' },
  { code: 'class-confusion', outcome: 'FP', words: 'wrong class' },
  { code: 'confused-and-loose', outcome: 'FP', words: 'wrong class and loose' },
  { code: 'duplicate', outcome: 'FP', words: 'duplicate' },
  { code: 'id-zero', outcome: 'FP', words: 'id 0' },
  { code: 'missed-nothing-near', outcome: 'FN', words: 'nothing near' },
  { code: 'missed-low-iou', outcome: 'FN', words: 'only loose ones' },
  { code: 'missed-other-class', outcome: 'FN', words: 'seen as another class' },
  { code: 'missed-taken', outcome: 'FN', words: 'its detection took another' },
  { code: 'missed-score', outcome: 'FN', words: 'found below the score' },
  { code: 'beyond-cap', outcome: 'FN', words: 'found beyond the cap' },
  { code: 'id-zero', outcome: 'FN', words: 'id 0' },
]

interface Bar {
  code: Reason['code']
  outcome: 'FP' | 'FN'
  words: string
  count: number
}

/** Instances explained at once; the page may draw in between. */
const AT_ONCE = 4000

/** Why errors are errors: counts by reason. */
export function ReasonBars() {
  const state = useAppState()
  const report = useReport()
  const { pick } = useActions()
  const bars = useWork(
    function* () {
      const scene = report.sceneOf(state)
      const index = report.indexOf(state)
      yield
      const view = report.viewOf(state)
      const size = report.sizeIndexOf(state)
      const { matches } = matchesIn(scene, index, view, size)
      yield
      const { dts, gts } = yield* selectSteps(scene, index, view, {
        outcomes: ['FP', 'FN'],
        size: view.sizes[size].name,
        ...(state.category < 0 ? {} : { category: state.category }),
      })
      const explain = explainerOf(scene, index, view)
      const counts = { FP: new Map<string, number>(), FN: new Map<string, number>() }
      for (const [kind, rows, outcome] of [['dt', dts, 'FP'] as const, ['gt', gts, 'FN'] as const]) {
        for (let i = 0; i < rows.length; i++) {
          if (i % AT_ONCE === 0) yield
          const { code } = explain(matches, kind, rows[i])
          counts[outcome].set(code, (counts[outcome].get(code) ?? 0) + 1)
        }
      }
      return ERRORS.map(
        (error): Bar => ({ ...error, count: counts[error.outcome].get(error.code) ?? 0 }),
      ).filter(bar => bar.count > 0)
    },
    [report, state],
  )
  const label = ({ outcome, words }: Bar): string => `${outcome} ${words}`
  return (
    <Figure
      title="Why errors are errors"
      reading="Each bar counts the false positives or missed objects of one kind; click it to list them."
      height={44 + 24 * (bars?.length ?? 8)}
      inputs={[bars]}
      empty={bars?.length === 0 ? 'No errors at these thresholds.' : null}
      draw={
        bars
          ? () => ({
              marginLeft: 190,
              marginRight: 56,
              marginTop: 4,
              x: { label: null, grid: true, ticks: 4, tickFormat: formatTick },
              y: { domain: bars.map(label), label: null, tickSize: 0, padding: 0.2 },
              color: { type: 'identity' },
              marks: [
                Plot.barX(bars, {
                  x: 'count',
                  y: label,
                  fill: ({ outcome }: Bar) => OUTCOME_COLOURS[outcome],
                  ...pickable<Bar>({
                    data: bars,
                    words: bar => `${formatCount(bar.count)} ${label(bar)}`,
                    count: bar => bar.count,
                    pick: ({ outcome, code }) => pick({ filter: { outcomes: [outcome], reasons: [code] } }),
                  }),
                }),
                Plot.text(bars, {
                  x: 'count',
                  y: label,
                  text: (bar: Bar) => formatCount(bar.count),
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
