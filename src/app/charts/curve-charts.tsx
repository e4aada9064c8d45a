import * as Plot from '@observablehq/plot'
import { useMemo } from 'preact/hooks'
import type { Curve } from '../../data/analysis.js'
import { RECALL_GRID } from '../../metrics/pr-curves.js'
import { byScore, type GridCurve, markedPoints, pointAt, type ScorePoint, visiblePoints } from '../curves.js'
import { formatCount, formatIou, formatMetric, formatScore } from '../format.js'
import type { Pick } from '../state/state.js'
import { memo, useActions } from '../ui/hooks.js'
import { Figure } from './figure.js'
import { pickable } from './picking.js'

const PROPORTION = { domain: [0, 1], grid: true, ticks: [0, 0.25, 0.5, 0.75, 1], tickFormat: formatScore }

/** More columns than the chart has px. */
const CURVE_COLUMNS = 800

/** Recall between two points that can be picked. */
const PICK_STEP = 0.02

const wordsOf = ({ score, precision, recall, tp, fp }: ScorePoint): string =>
  `score ≥ ${formatScore(score)}: precision ${formatMetric(precision)}, recall ${formatMetric(recall)}; ${formatCount(tp)} TP + ${formatCount(fp)} FP = ${formatCount(tp + fp)} detections`

/** Keeping what a point of a curve keeps: its detections are listed. */
const pickPoint = ({ score }: ScorePoint, where: Omit<Pick, 'filter'>): Pick => ({
  ...where,
  score,
  filter: { outcomes: ['TP', 'FP'] },
})

interface SizeCurveProps {
  name: string
  /** Name in the state: '' for the whole. */
  size: string
  /** Of this size, at the thresholds of the run. */
  curves: GridCurve[]
  /** At the IoU threshold of the moment. */
  exact: Curve | undefined
  iou: number
  /** Where on the exact curve the score threshold lies, -1 for before its start. */
  at: number
}

/** Precision against recall of one size: a line for each IoU threshold, the lower the darker. */
export const SizeCurve = memo(OneSize)

function OneSize({ name, size, curves, exact, iou, at }: SizeCurveProps) {
  const { pick } = useActions()
  const thin = useMemo(() => thinLines(curves), [curves])
  const points = exact ? markedPoints(exact, PICK_STEP).map(i => pointAt(exact, i)) : []
  const over = useMemo(() => {
    if (!exact || at < 0) return null
    const { recall, precision } = pointAt(exact, at)
    return { kind: 'dot' as const, x: recall, y: precision }
  }, [exact, at])
  const title =
    exact && exact.auc !== null ? `${name}: area ${formatMetric(exact.auc)}` : `${name}: no objects`
  const last = points[points.length - 1]
  return (
    <Figure
      title={title}
      height={220}
      inputs={[curves, exact]}
      over={over}
      empty={exact && exact.scores.length === 0 ? 'No detections.' : null}
      draw={() => ({
        marginLeft: 36,
        x: { ...PROPORTION, label: 'recall →' },
        y: { ...PROPORTION, label: '↑ precision' },
        opacity: { type: 'identity' },
        marks: [
          Plot.line(thin, {
            x: 'recall',
            y: 'precision',
            z: 'iou',
            stroke: 'var(--accent)',
            strokeWidth: 1,
            strokeOpacity: 'opacity',
          }),
          exact &&
            Plot.line(visiblePoints(exact, CURVE_COLUMNS), {
              x: i => exact.recalls[i],
              y: i => exact.precisions[i],
              stroke: 'var(--accent)',
              strokeWidth: 2.25,
              strokeLinejoin: 'round',
            }),
          last &&
            Plot.text([last], {
              x: 'recall',
              y: 'precision',
              text: () => `IoU ${formatIou(iou)}`,
              textAnchor: last.recall > 0.75 ? 'end' : 'start',
              dx: last.recall > 0.75 ? -6 : 6,
              dy: last.precision < 0.15 ? -12 : 12,
              fill: 'var(--accent-ink)',
              stroke: 'var(--paper)',
              strokeWidth: 4,
            }),
          Plot.dot(points, {
            x: 'recall',
            y: 'precision',
            r: 7,
            fill: 'var(--accent)',
            fillOpacity: 0,
            ...pickable<ScorePoint>({
              data: points,
              words: wordsOf,
              count: ({ tp, fp }) => tp + fp,
              pick: point => pick(pickPoint(point, { size, iou })),
            }),
          }),
        ],
      })}
    />
  )
}

/** Points of the curves at every threshold of the run; one mark draws them all, which takes a tenth of the time. */
function thinLines(
  curves: GridCurve[],
): { iou: number; recall: number; precision: number; opacity: number }[] {
  const drawn = curves.filter(({ precisions }) => precisions.length > 0)
  return drawn.flatMap(({ iou, precisions, maxRecall }, i) => {
    const opacity = 0.65 - (0.5 * i) / Math.max(1, drawn.length - 1)
    return precisions
      .map((precision, r) => ({ iou, recall: RECALL_GRID[r], precision, opacity }))
      .filter(({ recall }) => recall <= (maxRecall ?? 0))
  })
}

interface ScoreCurvesProps {
  curve: Curve | undefined
  bounds: [number, number]
  score: number
  where: Omit<Pick, 'filter'>
}

/** Precision, recall and F1 against the score threshold. */
export const ScoreCurves = memo(ByScore)

function ByScore({ curve, bounds, score, where }: ScoreCurvesProps) {
  const { pick } = useActions()
  const points = curve && curve.groundTruths > 0 ? byScore(curve, bounds, 240) : []
  const picks = curve && curve.groundTruths > 0 ? byScore(curve, bounds, 50) : []
  const lines = [
    { name: 'precision', of: (point: ScorePoint) => point.precision, stroke: 'var(--ink)', dash: '5 3' },
    { name: 'recall', of: (point: ScorePoint) => point.recall, stroke: 'var(--ink)', dash: '1 3' },
    { name: 'F1', of: (point: ScorePoint) => point.f1, stroke: 'var(--accent)', dash: undefined },
  ]
  return (
    <Figure
      title="Precision, recall and F1 by score threshold"
      reading="What remains when detections below a score are left out; the upright line is the threshold of the moment. Click a point to move it there."
      height={280}
      inputs={[curve, bounds]}
      over={useMemo(() => ({ kind: 'ruleX' as const, x: score }), [score])}
      empty={curve && points.length === 0 ? 'No curve without objects and detections.' : null}
      draw={() => ({
        marginRight: 64,
        x: { domain: bounds, label: 'score threshold →', tickFormat: formatScore },
        y: { ...PROPORTION, label: null },
        marks: [
          ...lines.map(({ of, stroke, dash }) =>
            Plot.line(points, {
              x: 'score',
              y: of,
              stroke,
              strokeWidth: 1.75,
              strokeDasharray: dash,
              strokeLinecap: 'round',
            }),
          ),
          Plot.text(labelsOf(points, lines), {
            x: 'x',
            y: 'y',
            text: 'name',
            textAnchor: 'start',
            dx: 6,
            fill: 'stroke',
          }),
          Plot.dot(picks, {
            x: 'score',
            y: 'f1',
            r: 7,
            fill: 'var(--accent)',
            fillOpacity: 0,
            ...pickable<ScorePoint>({
              data: picks,
              words: wordsOf,
              count: ({ tp, fp }) => tp + fp,
              pick: point => pick(pickPoint(point, where)),
            }),
          }),
        ],
        color: { type: 'identity' },
      })}
    />
  )
}

/** Names at the right ends of the lines, kept apart. */
function labelsOf(
  points: ScorePoint[],
  lines: { name: string; of: (point: ScorePoint) => number; stroke: string }[],
): { x: number; y: number; name: string; stroke: string }[] {
  const first = points[0]
  if (!first) return []
  const labels = lines.map(({ name, of, stroke }) => ({ x: first.score, y: of(first), name, stroke }))
  labels.sort((a, b) => a.y - b.y)
  for (let i = 1; i < labels.length; i++) labels[i].y = Math.max(labels[i].y, labels[i - 1].y + 0.07)
  return labels
}
