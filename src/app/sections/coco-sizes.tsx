import { useMemo } from 'preact/hooks'
import type { CorrectedSize } from '../../metrics/corrected.js'
import { type Pick, WRITTEN } from '../state/state.js'
import { DataTable } from '../ui/data-table.js'
import { useAppState, useReport } from '../ui/hooks.js'
import type { Column } from '../ui/table.js'
import { metricColumn } from './metric-columns.js'

interface Row extends CorrectedSize {
  order: number
  /** By protocol `coco`, which is evaluated in the size ranges of the run. */
  coco: { AP: number | null; AR: number | null } | null
}

/** Metrics over all classes in the size ranges of the moment: protocol `corrected` in full, `coco` where it has them. */
export function MetricsBySize() {
  const report = useReport()
  const state = useAppState()
  const { content, leastScore } = report
  const { name: set } = report.sizeSetOf(state)
  const metrics = set === WRITTEN ? null : content.corrected[set]
  const isRun = set === content.firstSizes
  const rows = useMemo(
    () =>
      metrics?.sizes.map(
        (size, order): Row => ({ ...size, order, coco: isRun ? content.coco.areas[order] : null }),
      ) ?? [],
    [metrics, content, isRun],
  )
  const columns = useMemo(() => columnsOf(set, leastScore, isRun), [set, leastScore, isRun])
  return (
    <DataTable
      title="By size, corrected"
      id="corrected-sizes"
      label="Metrics by size"
      columns={columns}
      rows={rows}
      first="+size"
      keyOf={nameOf}
      marked={state.size}
      empty="Metrics in sizes of one’s own take a run: detscope eval --area."
    />
  )
}

const nameOf = ({ name }: Row): string => name

function columnsOf(sizes: string, score: number, withCoco: boolean): Column<Row>[] {
  const pick =
    (more: Partial<Pick>) =>
    ({ name, order }: Row): Pick => ({
      protocol: 'corrected',
      sizes,
      size: order === 0 ? '' : name,
      category: -1,
      score,
      filter: {},
      ...more,
    })
  const column = (
    id: string,
    title: string,
    about: string,
    value: (row: Row) => number | null,
    more: Partial<Pick> = {},
  ): Column<Row> => metricColumn(id, title, about, value, nameOf, pick(more))
  const found: Partial<Pick> = { filter: { outcomes: ['TP', 'FN'] } }
  const coco: Column<Row>[] = [
    column('cocoAP', 'coco AP', 'As pycocotools computes it', row => row.coco?.AP ?? null, {
      protocol: 'coco',
    }),
    column('cocoAR', 'coco AR', 'As pycocotools computes it', row => row.coco?.AR ?? null, {
      ...found,
      protocol: 'coco',
    }),
  ]
  return [
    { id: 'size', title: 'size', text: true, value: row => row.order, cell: row => row.name },
    ...(withCoco ? coco : []),
    column('auc', 'AP', 'Protocol corrected: mean area under the exact curves', row => row.mAP.auc),
    column('auc50', 'AP50', 'The same at IoU .50', row => row.mAP50.auc, { iou: 0.5 }),
    column('auc75', 'AP75', 'The same at IoU .75', row => row.mAP75.auc, { iou: 0.75 }),
    column('linear', '101 samples', 'Mean precision at the recalls 0, .01, … 1', row => row.mAP.linear),
    column('step', 'steps', 'Sum of each step of recall times the precision at its end', row => row.mAP.step),
    column('AR', 'AR', 'Mean of the last recalls', row => row.mAR, found),
    column(
      'penalised',
      'AP penalised',
      'Classes that have false positives but no object count as 0',
      row => row.mAPPenalised.auc,
    ),
    column('pooled', 'AP pooled', 'All classes as one curve', row => row.pooled.mAP.auc),
  ]
}
