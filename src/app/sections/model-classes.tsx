import { useMemo } from 'preact/hooks'
import type { MetricDifferences } from '../../metrics/metric-differences.js'
import type { CountDifferences, Difference, OperatingDifferences } from '../../metrics/model-differences.js'
import type { ModelName } from '../../metrics/models.js'
import { formatMetric, named } from '../format.js'
import type { Pick } from '../state/state.js'
import { DataTable } from '../ui/data-table.js'
import { useActions, useAppState, useStore } from '../ui/hooks.js'
import { OfModel } from '../ui/of-model.js'
import { Count, Linked } from '../ui/parts.js'
import type { Column } from '../ui/table.js'
import { signed } from './model-duels.js'

interface Row extends CountDifferences {
  name: string
  category: number
  AP: Difference
  AR: Difference
}

interface Props {
  metrics: MetricDifferences | undefined
  operating: OperatingDifferences | undefined
  /** Whether intervals of `operating` are still to come. */
  isPending: boolean
}

const categoryOf = ({ category }: Row): number => category

/** Both models in each class. */
export function DifferencesByClass({ metrics, operating, isPending }: Props) {
  const { report } = useStore()
  const { category } = useAppState()
  const { step } = useActions()
  const { categories } = report.scene
  const rows = useMemo(
    () =>
      operating &&
      metrics &&
      operating.classes.map(
        (each, k): Row => ({
          ...each,
          name: categories.names[each.category],
          AP: metrics.classes[k].AP,
          AR: metrics.classes[k].AR,
        }),
      ),
    [operating, metrics, categories],
  )
  const columns = useMemo((): Column<Row>[] => {
    const choose = (row: number): void => step(now => ({ ...now, category: now.category === row ? -1 : row }))
    return [
      {
        id: 'class',
        title: 'class',
        text: true,
        value: row => row.name,
        cell: row => (
          <button type="button" class="link" onClick={() => choose(row.category)}>
            {named(row.name)}
          </button>
        ),
      },
      valueColumn('AP', 'A', row => row.AP),
      valueColumn('AP', 'B', row => row.AP),
      ...differenceColumns('AP', row => row.AP),
      valueColumn('recall', 'A', row => row.recall),
      valueColumn('recall', 'B', row => row.recall),
      ...differenceColumns('recall', row => row.recall, isPending),
      aloneColumn('A'),
      aloneColumn('B'),
      falseColumn('A'),
      falseColumn('B'),
    ]
  }, [step, isPending])
  if (operating && operating.classes.length < 2) return null
  return (
    <DataTable
      title="By class, B against A"
      id="model-classes"
      label="Both models by class"
      columns={columns}
      rows={rows}
      first="-AP change"
      keyOf={categoryOf}
      marked={category}
    />
  )
}

const pickOf = ({ category }: Row, filter: Pick['filter']): Pick => ({ size: '', category, filter })

type DifferenceOf = (row: Row) => Difference

const valueColumn = (name: 'AP' | 'recall', model: ModelName, of: DifferenceOf): Column<Row> => ({
  id: `${name} ${model}`,
  title: `${name} ${model}`,
  value: row => of(row)[model],
  cell: row => (
    <OfModel model={model}>
      <Value row={row} name={name} value={of(row)[model]} />
    </OfModel>
  ),
})

function Value({ row, name, value }: { row: Row; name: 'AP' | 'recall'; value: number | null }) {
  const { report } = useStore()
  const pick: Pick =
    name === 'AP'
      ? { ...pickOf(row, {}), sizes: 'coco', score: report.leastScore }
      : pickOf(row, { outcomes: ['TP', 'FN'] })
  return <Linked value={formatMetric(value)} of={`${name}, ${row.name}`} pick={pick} />
}

/** The difference, muted where it may be chance, and its interval. */
const differenceColumns = (name: string, of: DifferenceOf, isPending = false): Column<Row>[] => [
  {
    id: `${name} change`,
    title: `${name} B − A`,
    about: `${name} of B less that of A; bold where its 95 % interval excludes 0`,
    value: row => of(row).difference,
    cell: row => {
      const { difference, certain } = of(row)
      if (certain) return <b>{signed(difference)}</b>
      return (
        <span class="muted" title="may be chance">
          {signed(difference)}
        </span>
      )
    },
  },
  {
    id: `${name} interval`,
    title: `${name} 95 %`,
    about: 'Interval of the difference; none where fewer than 10 images bear on it',
    value: row => of(row).interval?.[0] ?? null,
    cell: row => {
      const { interval } = of(row)
      return interval ? `${signed(interval[0])} to ${signed(interval[1])}` : isPending ? '…' : '–'
    },
  },
]

const aloneColumn = (model: ModelName): Column<Row> => ({
  id: `alone ${model}`,
  title: `${model} alone`,
  about: `Objects that ${model} finds and the other misses`,
  value: row => row.found[model],
  cell: row => (
    <OfModel model={model}>
      <Count
        count={row.found[model]}
        of={`objects of ${row.name} found by ${model} alone`}
        pick={pickOf(row, { foundBy: [model] })}
      />
    </OfModel>
  ),
})

const falseColumn = (model: ModelName): Column<Row> => ({
  id: `FP ${model}`,
  title: `FP ${model}`,
  value: row => row.counts[model].fp,
  cell: row => (
    <OfModel model={model}>
      <Count
        count={row.counts[model].fp}
        of={`false positives of ${model} in ${row.name}`}
        pick={pickOf(row, { outcomes: ['FP'] })}
      />
    </OfModel>
  ),
})
