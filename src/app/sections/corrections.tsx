import { useMemo } from 'preact/hooks'
import type { Correction } from '../../metrics/corrections.js'
import { formatChange } from '../format.js'
import { DataTable } from '../ui/data-table.js'
import { useReport } from '../ui/hooks.js'
import { Explain } from '../ui/parts.js'
import type { Column } from '../ui/table.js'

type Row = Correction & { order: number }

/** What each correction changes in the reference's numbers when it alone is applied. */
export function Corrections() {
  const { content } = useReport()
  const { rows: metrics, alone } = content.compared
  const rows = useMemo(() => alone.map((correction, order): Row => ({ ...correction, order })), [alone])
  const columns = useMemo(
    (): Column<Row>[] => [
      {
        id: 'correction',
        title: 'correction',
        text: true,
        value: row => row.order,
        cell: row => row.name,
      },
      ...metrics.map(
        ({ metric }, i): Column<Row> => ({
          id: metric,
          title: metric,
          value: row => row.changes[i],
          cell: row => <Change value={row.changes[i]} />,
        }),
      ),
    ],
    [metrics],
  )
  return (
    <>
      <DataTable
        title="What each correction changes alone"
        id="corrections"
        label="Changes by correction"
        columns={columns}
        rows={rows}
        first="+correction"
      />
      <Explain term="Why do these not add up to the change above?">
        Each line takes the reference’s numbers and mends one thing only. Where two corrections touch the same
        detections, one hides the other.
      </Explain>
    </>
  )
}

const Change = ({ value }: { value: number | null }) => (
  <span class={value === 0 ? 'muted' : undefined}>{formatChange(value)}</span>
)
