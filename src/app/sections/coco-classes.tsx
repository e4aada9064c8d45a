import { useMemo } from 'preact/hooks'
import { formatMetric, named } from '../format.js'
import { headlineOf } from '../headline.js'
import type { Pick } from '../state/state.js'
import { DataTable } from '../ui/data-table.js'
import { useActions, useAppState, useReport } from '../ui/hooks.js'
import { Linked } from '../ui/parts.js'
import type { Column } from '../ui/table.js'
import { comparedColumns, metricColumn } from './metric-columns.js'

interface Row {
  name: string
  category: number
  coco: number | null
  corrected: number | null
  AP50: number | null
  AP75: number | null
  AR: number | null
  /** In the size ranges of the run but the whole. */
  bySize: { AP: number | null; AR: number | null }[]
}

const nameOf = ({ name }: Row): string => name
const categoryOf = ({ category }: Row): number => category

/** Metrics by class: the chosen protocol's in full, the other's AP beside. */
export function MetricsByClass() {
  const { scene, content, leastScore } = useReport()
  const { protocol, category } = useAppState()
  const { step } = useActions()
  const set = content.firstSizes
  const rows = useMemo(() => {
    const own = content.corrected[set]
    return Array.from(scene.evaluatedCategories, (row, k): Row => {
      const bySize =
        protocol === 'coco'
          ? (content.coco.classes[k]?.bySize ?? [])
          : (own?.perClass[k]?.bySize.map(({ mAP, mAR }) => ({ AP: mAP.auc, AR: mAR })) ?? [])
      const { AP50, AP75, AR } = headlineOf(content, { protocol }, k)
      return {
        name: scene.categories.names[row],
        category: row,
        coco: content.coco.classes[k]?.AP ?? null,
        corrected: content.corrected.coco?.perClass[k]?.mAP.auc ?? null,
        AP50,
        AP75,
        AR,
        bySize: bySize.slice(1),
      }
    })
  }, [scene, content, set, protocol])
  const columns = useMemo((): Column<Row>[] => {
    const sizes = content.corrected[set]?.sizes.slice(1).map(({ name }) => name) ?? []
    const choose = (row: number): void => step(now => ({ ...now, category: now.category === row ? -1 : row }))
    return [
      {
        id: 'class',
        title: 'class',
        text: true,
        value: nameOf,
        cell: row => (
          <button type="button" class="link" onClick={() => choose(row.category)}>
            {named(row.name)}
          </button>
        ),
      },
      ...metricColumns(protocol, leastScore),
      ...sizeColumns(sizes, { protocol, sizes: set, score: leastScore }),
      ...comparedColumns<Row>(pickOf({ score: leastScore })),
    ]
  }, [content, set, step, protocol, leastScore])
  if (content.coco.classes.length < 2) return null
  return (
    <DataTable
      title={`By class, ${protocol}`}
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

const pickOf =
  (more: Partial<Pick>) =>
  ({ category }: Row): Pick => ({ size: '', category, filter: {}, ...more })

const FOUND: Pick['filter'] = { outcomes: ['TP', 'FN'] }

function metricColumns(protocol: 'coco' | 'corrected', score: number): Column<Row>[] {
  const all = { protocol, score }
  return [
    {
      id: 'AP',
      title: 'AP',
      value: row => row[protocol],
      cell: row => <Bar value={row[protocol]} of={row.name} pick={pickOf(all)(row)} />,
    },
    metricColumn('AP50', 'AP50', 'At IoU .50', row => row.AP50, nameOf, pickOf({ ...all, iou: 0.5 })),
    metricColumn('AP75', 'AP75', 'At IoU .75', row => row.AP75, nameOf, pickOf({ ...all, iou: 0.75 })),
    metricColumn(
      'AR',
      'AR',
      'Mean recall when every detection counts',
      row => row.AR,
      nameOf,
      pickOf({ ...all, filter: FOUND }),
    ),
  ]
}

function sizeColumns(names: string[], all: Partial<Pick>): Column<Row>[] {
  return names.flatMap((size, a) => [
    metricColumn<Row>(
      `AP ${size}`,
      `AP ${size}`,
      `Among objects of size ${size}`,
      row => row.bySize[a]?.AP ?? null,
      nameOf,
      pickOf({ ...all, size }),
    ),
    metricColumn<Row>(
      `AR ${size}`,
      `AR ${size}`,
      `Among objects of size ${size}`,
      row => row.bySize[a]?.AR ?? null,
      nameOf,
      pickOf({ ...all, size, filter: FOUND }),
    ),
  ])
}

/** A proportion as a bar and a number. */
const Bar = ({ value, of, pick }: { value: number | null; of: string; pick: Pick }) => (
  <span class="bar">
    <span style={{ width: `${100 * Math.max(0, Math.min(1, value ?? 0))}%` }} />
    <Linked value={formatMetric(value)} of={`AP, ${of}`} pick={pick} />
  </span>
)
