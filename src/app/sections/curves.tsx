import { useMemo } from 'preact/hooks'
import type { Curve } from '../../data/analysis.js'
import { keptCount, type ScoreCut } from '../../metrics/outcomes.js'
import { ScoreCurves, SizeCurve } from '../charts/curve-charts.js'
import { exactCurve, type GridCurve, gridCurves } from '../curves.js'
import { DASH, formatIou, formatMetric } from '../format.js'
import type { Pick } from '../state/state.js'
import { DataTable } from '../ui/data-table.js'
import { Part, useAppState, useReport, useWork } from '../ui/hooks.js'
import { Count, Explain, Linked } from '../ui/parts.js'
import type { Column } from '../ui/table.js'
import { Section } from './section.js'
import { BestThresholds } from './thresholds.js'

const NONE: GridCurve[] = []

const keyOfCurve = ({ size, iou }: GridCurve): string => `${size} ${iou}`

export function Curves() {
  const state = useAppState()
  const report = useReport()
  const { protocol, classAgnostic, crowds, maxDet, sizes, areas, category, iou } = state
  const view = report.viewOf(state)
  const rules = [report, protocol, classAgnostic, crowds, maxDet, sizes, areas, category]
  const grid = useWork(() => gridCurves(report, state), rules)
  const exact = useWork(
    function* () {
      const curves: Curve[] = []
      for (let size = 0; size < view.sizes.length; size++)
        curves.push(yield* exactCurve(report, state, size, iou))
      return { curves, ranges: view.sizes }
    },
    [...rules, iou],
  )
  const size = report.sizeIndexOf(state)
  const curves = exact?.ranges === view.sizes ? exact.curves : []
  const rows = useMemo(() => grid ?? NONE, [grid])
  const bySize = useMemo(() => groupBySize(rows), [rows])
  const where = useMemo(() => ({ iou, size: state.size }), [iou, state.size])
  const columns = useMemo(
    () => curveColumns(view.sizes[0].name, report.leastScore),
    [view.sizes[0].name, report],
  )
  return (
    <Section
      id="curves"
      lead="What precision costs in recall. Computed from every detection; the score threshold applies after."
    >
      <Explain term="What is a precision-recall curve?">
        Take the detections by falling score. After each, precision is the share of those so far that are
        right, recall the share of all objects that have been found. Detections of equal score enter together,
        so that the order of a file plays no part. The area under the curve is one number for all thresholds.
      </Explain>
      <div class="multiples">
        {view.sizes.map(({ name }, i) => (
          <SizeCurve
            key={name}
            name={name}
            size={i === 0 ? '' : name}
            curves={bySize.get(name) ?? NONE}
            exact={curves[i]}
            iou={iou}
            at={curves[i] ? placeOf(curves[i], view) : -1}
          />
        ))}
      </div>
      <p class="reading">
        One chart a size; thin lines from IoU {formatIou(report.scene.config.iouThresholds[0])} (dark) upwards
        (light), the thick one at the threshold of the moment, the dot at the score. Click the thick line to
        list what it keeps.
      </p>
      <div class="pair">
        <ScoreCurves curve={curves[size]} bounds={report.scoreBounds} score={view.score} where={where} />
        <div>
          <DataTable
            title="Areas under the curves"
            id="areas"
            label="Areas under the curves by size and IoU threshold"
            columns={columns}
            rows={rows}
            first="+size"
            keyOf={keyOfCurve}
            marked={`${view.sizes[size].name} ${iou}`}
          />
        </div>
      </div>
      <Part>
        <BestThresholds curve={curves[size]} />
      </Part>
    </Section>
  )
}

function groupBySize(rows: GridCurve[]): Map<string, GridCurve[]> {
  const groups = new Map<string, GridCurve[]>()
  for (const row of rows) groups.set(row.size, [...(groups.get(row.size) ?? []), row])
  return groups
}

/** The last point that the score threshold keeps. */
const placeOf = ({ scores }: Curve, cut: ScoreCut): number => keptCount(scores, cut) - 1

/** `score` keeps every detection, as areas under curves do. */
function curveColumns(whole: string, score: number): Column<GridCurve>[] {
  const metric = (
    id: 'auc' | 'linear' | 'step' | 'maxRecall',
    title: string,
    about: string,
  ): Column<GridCurve> => ({
    id,
    title,
    about,
    value: row => row[id],
    cell: row => (
      <Linked
        value={formatMetric(row[id])}
        of={`${title}, ${row.size}, IoU ${formatIou(row.iou)}`}
        pick={pickOf(row, score, id === 'maxRecall' ? ['TP', 'FN'] : ['TP', 'FP', 'FN'])}
      />
    ),
  })
  const pickOf = ({ iou, size }: GridCurve, score: number, outcomes: ('TP' | 'FP' | 'FN')[]): Pick => ({
    iou,
    size: size === whole ? '' : size,
    score,
    filter: { outcomes },
  })
  return [
    { id: 'size', title: 'size', text: true, value: row => row.order, cell: row => row.size },
    { id: 'iou', title: 'IoU', value: row => row.iou, cell: row => formatIou(row.iou) },
    metric('auc', 'area', 'Area under the straight lines that join the points of the exact curve'),
    metric('linear', '101 samples', 'Mean precision at the recalls 0, .01, … 1, interpolated linearly'),
    metric('step', 'steps', 'Sum of each step of recall times the precision at its end'),
    metric('maxRecall', 'last recall', 'Recall when every detection counts'),
    {
      id: 'f1',
      title: 'best F1',
      value: row => row.best?.f1 ?? null,
      cell: row =>
        row.best ? (
          <Linked
            value={formatMetric(row.best.f1)}
            of={`best F1, ${row.size}, IoU ${formatIou(row.iou)}`}
            pick={pickOf(row, row.best.score, ['TP', 'FP', 'FN'])}
            count={row.best.tp + row.best.fp + row.best.fn}
          />
        ) : (
          DASH
        ),
    },
    {
      id: 'score',
      title: 'at score',
      value: row => row.best?.score ?? null,
      cell: row => formatMetric(row.best?.score ?? null),
    },
    {
      id: 'kept',
      title: 'kept',
      about: 'Detections at and above that score',
      value: row => (row.best ? row.best.tp + row.best.fp : null),
      cell: row =>
        row.best && (
          <Count
            count={row.best.tp + row.best.fp}
            of={`detections kept, ${row.size}, IoU ${formatIou(row.iou)}`}
            pick={pickOf(row, row.best.score, ['TP', 'FP'])}
          />
        ),
    },
  ]
}
