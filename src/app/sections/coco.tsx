import { useMemo } from 'preact/hooks'
import type { CorrectedMetrics } from '../../metrics/corrected.js'
import { IouLines, type IouPoint } from '../charts/iou-lines.js'
import { formatChange, formatMetric } from '../format.js'
import { headlineOf } from '../headline.js'
import { DataTable } from '../ui/data-table.js'
import { useActions, useAppState, useReport } from '../ui/hooks.js'
import { Explain } from '../ui/parts.js'
import type { Column } from '../ui/table.js'
import { Corrections } from './corrections.js'
import { Section } from './section.js'

export function Coco() {
  return (
    <Section
      id="coco"
      lead="The numbers that everyone compares, and what they would be without the reference’s quirks."
    >
      <Explain term="How are both computed?">
        “coco” is pycocotools’ AP: the upper envelope of the precision-recall curve, sampled at 101 recalls,
        averaged over classes and IoU thresholds. “corrected” takes the area under the exact curve, with ties
        together and each match made once; its AR is the last recall without a cap. No score threshold applies
        to either.
      </Explain>
      <div class="pair">
        <Comparison />
        <ByIou />
      </div>
      <Corrections />
      <CorrectedSizes />
      <ByClass />
    </Section>
  )
}

interface ComparedRow {
  name: string
  order: number
  coco: number | null
  corrected: number | null
}

const change = ({ coco, corrected }: { coco: number | null; corrected: number | null }): number | null =>
  coco === null || corrected === null ? null : corrected - coco

export const metricColumn = <Row,>(
  id: string,
  title: string,
  about: string,
  value: (row: Row) => number | null,
): Column<Row> => ({ id, title, about, value, cell: row => formatMetric(value(row)) })

function comparedColumns<Row extends { coco: number | null; corrected: number | null }>(): Column<Row>[] {
  return [
    metricColumn('coco', 'coco', 'As pycocotools computes it', row => row.coco),
    metricColumn('corrected', 'corrected', 'Without the reference’s quirks', row => row.corrected),
    { id: 'change', title: 'change', value: change, cell: row => formatChange(change(row)) },
  ]
}

const COMPARED: Column<ComparedRow>[] = [
  { id: 'metric', title: 'metric', text: true, value: row => row.order, cell: row => row.name },
  ...comparedColumns<ComparedRow>(),
]

function Comparison() {
  const { content } = useReport()
  const rows = useMemo(
    () => content.compared.rows.map((row, order): ComparedRow => ({ ...row, name: row.metric, order })),
    [content],
  )
  return (
    <div>
      <DataTable
        title="Both protocols"
        id="protocols"
        label="Metrics by both protocols"
        columns={COMPARED}
        rows={rows}
        first="+metric"
      />
    </div>
  )
}

function ByIou() {
  const { content } = useReport()
  const { iou } = useAppState()
  const points = useMemo(() => {
    const coco = content.coco.thresholds.map(({ iou, areas }) => ({
      protocol: 'coco',
      iou,
      value: areas[0].AP,
    }))
    const corrected = content.corrected.coco?.perIou.map(({ auc }, t) => ({
      protocol: 'corrected',
      iou: content.coco.thresholds[t].iou,
      value: auc,
    }))
    return [...coco, ...(corrected ?? [])].filter((point): point is IouPoint => point.value !== null)
  }, [content])
  return <IouLines title="AP at each IoU threshold" points={points} iou={iou} />
}

type SizeRow = CorrectedMetrics['sizes'][number] & { order: number }

const SIZE_COLUMNS: Column<SizeRow>[] = [
  { id: 'size', title: 'size', text: true, value: row => row.order, cell: row => row.name },
  metricColumn('auc', 'AP', 'Mean area under the exact curves', row => row.mAP.auc),
  metricColumn('auc50', 'AP50', 'The same at IoU .50', row => row.mAP50.auc),
  metricColumn('auc75', 'AP75', 'The same at IoU .75', row => row.mAP75.auc),
  metricColumn('linear', '101 samples', 'Mean precision at the recalls 0, .01, … 1', row => row.mAP.linear),
  metricColumn(
    'step',
    'steps',
    'Sum of each step of recall times the precision at its end',
    row => row.mAP.step,
  ),
  metricColumn('AR', 'AR', 'Mean of the last recalls', row => row.mAR),
  metricColumn(
    'penalised',
    'AP penalised',
    'Classes that have false positives but no object count as 0',
    row => row.mAPPenalised.auc,
  ),
  metricColumn('pooled', 'AP pooled', 'All classes as one curve', row => row.pooled.mAP.auc),
]

/** Protocol `corrected` in the size ranges of the moment. */
function CorrectedSizes() {
  const report = useReport()
  const state = useAppState()
  const metrics = report.content.corrected[report.sizeSetOf(state).name]
  const rows = useMemo(() => metrics?.sizes.map((size, order) => ({ ...size, order })) ?? [], [metrics])
  return (
    <DataTable
      title="By size, corrected"
      id="corrected-sizes"
      label="Metrics of protocol corrected by size"
      columns={SIZE_COLUMNS}
      rows={rows}
      first="+size"
      keyOf={nameOf}
      marked={state.size}
    />
  )
}

const nameOf = ({ name }: SizeRow): string => name
const categoryOf = ({ category }: ClassRow): number => category

interface ClassRow {
  name: string
  category: number
  coco: number | null
  corrected: number | null
  AP50: number | null
  AP75: number | null
  AR: number | null
}

/** Metrics by class: the chosen protocol's in full, the other's AP beside. */
function ByClass() {
  const report = useReport()
  const { scene, content } = report
  const { protocol, category } = useAppState()
  const { step } = useActions()
  const rows = useMemo(
    () =>
      Array.from(scene.evaluatedCategories, (row, k): ClassRow => {
        const both = { coco: content.coco.classes[k], corrected: content.corrected.coco?.perClass[k] }
        const { AP50, AP75, AR } = headlineOf(content, { protocol }, k)
        return {
          name: scene.categories.names[row],
          category: row,
          coco: both.coco?.AP ?? null,
          corrected: both.corrected?.mAP.auc ?? null,
          AP50,
          AP75,
          AR,
        }
      }),
    [scene, content, protocol],
  )
  const columns = useMemo(
    (): Column<ClassRow>[] => [
      {
        id: 'class',
        title: 'class',
        text: true,
        value: row => row.name,
        cell: row => (
          <button
            type="button"
            class="link"
            onClick={() =>
              step(now => ({ ...now, category: now.category === row.category ? -1 : row.category }))
            }
          >
            {row.name}
          </button>
        ),
      },
      {
        id: 'AP',
        title: 'AP',
        value: row => row[protocol],
        cell: row => <Bar value={row[protocol]} />,
      },
      metricColumn('AP50', 'AP50', 'At IoU .50', row => row.AP50),
      metricColumn('AP75', 'AP75', 'At IoU .75', row => row.AP75),
      metricColumn('AR', 'AR', 'Mean recall when every detection counts', row => row.AR),
      ...comparedColumns<ClassRow>(),
    ],
    [step, protocol],
  )
  if (content.coco.classes.length < 2) return null
  return (
    <DataTable
      title="By class"
      id="classes"
      label="Metrics by class"
      columns={columns}
      rows={rows}
      first="+AP"
      keyOf={categoryOf}
      marked={category}
    />
  )
}

/** A proportion as a bar and a number. */
const Bar = ({ value }: { value: number | null }) => (
  <span class="bar">
    <span style={{ width: `${100 * Math.max(0, Math.min(1, value ?? 0))}%` }} />
    {formatMetric(value)}
  </span>
)
