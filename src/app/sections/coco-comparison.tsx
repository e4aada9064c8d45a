import { useMemo } from 'preact/hooks'
import type { Pick } from '../state/state.js'
import { DataTable } from '../ui/data-table.js'
import { useReport } from '../ui/hooks.js'
import type { Column } from '../ui/table.js'
import { comparedColumns } from './metric-columns.js'

interface Row {
  name: string
  order: number
  coco: number | null
  corrected: number | null
}

/** The reference's metrics by both protocols, over all classes. */
export function Comparison() {
  const { content, leastScore } = useReport()
  const rows = useMemo(
    () => content.compared.rows.map((row, order): Row => ({ ...row, name: row.metric, order })),
    [content],
  )
  const columns = useMemo(
    (): Column<Row>[] => [
      { id: 'metric', title: 'metric', text: true, value: row => row.order, cell: row => row.name },
      ...comparedColumns<Row>(({ name }) => pickOf(name, leastScore)),
    ],
    [leastScore],
  )
  return (
    <div>
      <DataTable
        title="Both protocols"
        id="protocols"
        label="Metrics by both protocols"
        columns={columns}
        rows={rows}
        first="+metric"
      />
    </div>
  )
}

/** What a metric such as "AP75" or "AR small" is computed from. */
function pickOf(metric: string, score: number): Pick {
  const [name, size = ''] = metric.split(' ')
  const iou = { AP50: { iou: 0.5 }, AP75: { iou: 0.75 } }[name]
  const filter: Pick['filter'] = name === 'AR' ? { outcomes: ['TP', 'FN'] } : {}
  return { sizes: 'coco', size, category: -1, score, filter, ...iou }
}
