import * as Plot from '@observablehq/plot'
import { useMemo } from 'preact/hooks'
import type { Reason } from '../../data/analysis.js'
import { explainerOf } from '../../metrics/fates.js'
import { matchesIn } from '../../metrics/outcomes.js'
import { selectSteps } from '../../metrics/select.js'
import { formatCount, formatTick } from '../format.js'
import { type Actions, useActions, useAppState, useReport, useWork } from '../ui/hooks.js'
import { OUTCOME_COLOURS } from '../ui/parts.js'
import {
  barsMark,
  COUNTS,
  type CountBar,
  countAxis,
  moveBars,
  moveTexts,
  nameCounts,
  textsMark,
  topOf,
} from './counting.js'
import { type Drawn, Figure } from './figure.js'

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
  const labels = bars?.map(labelOf)
  const adjust = useMemo(() => bars && moverOf(bars, pick), [bars, pick])
  return (
    <Figure
      title="Why errors are errors"
      reading="Each bar counts the false positives or missed objects of one kind; click it to list them."
      height={44 + 24 * (bars?.length ?? 8)}
      inputs={[labels?.join()]}
      adjust={adjust}
      empty={bars?.length === 0 ? 'No errors at these thresholds.' : null}
      draw={
        labels
          ? () => ({
              marginLeft: 190,
              marginRight: 56,
              marginTop: 4,
              x: COUNTS,
              y: { type: 'band', domain: labels, label: null, tickSize: 0, padding: 0.2 },
              marks: [...countAxis('x'), barsMark, textsMark, Plot.ruleX([0], { stroke: 'var(--line)' })],
            })
          : null
      }
    />
  )
}

const labelOf = ({ outcome, words }: Bar): string => `${outcome} ${words}`

/** What moves the bars of the chart: of another set of reasons, which is about to be drawn again, it leaves them. */
function moverOf(bars: Bar[], pick: Actions['pick']): (drawn: Drawn) => void {
  const top = topOf(Math.max(...bars.map(({ count }) => count)))
  return drawn => {
    const [x, y] = [drawn.scale('x'), drawn.scale('y')]
    if (!x || !y || String(y.domain) !== String(bars.map(labelOf))) return
    const height = y.bandwidth ?? 0
    const left = x.apply(0)
    const rects = bars.map((bar): CountBar => {
      const { outcome, code, count } = bar
      return {
        x: left,
        y: y.apply(labelOf(bar)),
        width: x.apply(count / top) - left,
        height,
        fill: OUTCOME_COLOURS[outcome],
        words: `${formatCount(count)} ${labelOf(bar)}`,
        count,
        pick: () => pick({ filter: { outcomes: [outcome], reasons: [code] } }),
      }
    })
    moveBars(drawn, rects)
    moveTexts(
      drawn,
      rects.map(({ x, y, width, count }) => ({
        x: x + width + 5,
        y: y + height / 2,
        text: formatCount(count),
      })),
    )
    nameCounts(drawn, top, formatTick)
  }
}
