import { useMemo } from 'preact/hooks'
import type { Curve, Objective, OperatingPoint } from '../../data/analysis.js'
import { bestThreshold, thresholdsJson } from '../../metrics/operating-point.js'
import { exactCurve } from '../curves.js'
import { saveFile } from '../download.js'
import { DASH, formatMetric, formatScore } from '../format.js'
import { DataTable } from '../ui/data-table.js'
import { useActions, useAppState, useReport, useWork } from '../ui/hooks.js'
import { Count, Explain, Linked, Select } from '../ui/parts.js'
import type { Column } from '../ui/table.js'
import { sumOf } from './metric-columns.js'

interface Row {
  name: string
  /** Row in Categories, -1 for all. */
  category: number
  point: OperatingPoint | null
}

const categoryOf = ({ category }: Row): number => category

const KINDS: { value: Objective['kind']; title: string }[] = [
  { value: 'f-beta', title: 'the best F-beta' },
  { value: 'min-precision', title: 'a precision of at least' },
  { value: 'min-recall', title: 'a recall of at least' },
  { value: 'cost', title: 'the least cost' },
]

const FIRST: Record<Objective['kind'], Objective> = {
  'f-beta': { kind: 'f-beta', beta: 1 },
  'min-precision': { kind: 'min-precision', precision: 0.9 },
  'min-recall': { kind: 'min-recall', recall: 0.9 },
  cost: { kind: 'cost', falsePositive: 1, falseNegative: 1 },
}

const FIELDS: Record<string, { title: string; step: number }> = {
  beta: { title: 'beta', step: 0.5 },
  precision: { title: 'precision', step: 0.05 },
  recall: { title: 'recall', step: 0.05 },
  falsePositive: { title: 'of a false positive', step: 1 },
  falseNegative: { title: 'of a miss', step: 1 },
}

/** Score thresholds that serve an aim, of all classes and of each. `curve` is that of the view. */
export function BestThresholds({ curve }: { curve: Curve | undefined }) {
  const state = useAppState()
  const report = useReport()
  const { step } = useActions()
  const { protocol, classAgnostic, crowds, maxDet, sizes, areas, iou, objective } = state
  const rows = useWork(
    function* () {
      const { scene } = report
      const found: Row[] = []
      const own = classAgnostic ? [] : Array.from(scene.evaluatedCategories)
      for (const category of [-1, ...own]) {
        yield
        const curve = yield* exactCurve(report, { ...state, category }, 0, iou)
        const name = category < 0 ? 'all classes' : scene.categories.names[category]
        found.push({ name, category, point: bestThreshold(curve, objective) })
      }
      return { rows: found, iou }
    },
    [report, protocol, classAgnostic, crowds, maxDet, sizes, areas, iou, JSON.stringify(objective)],
  )
  const columns = useMemo(() => columnsAt(rows?.iou ?? iou), [rows?.iou, iou])
  const best = curve && bestThreshold(curve, objective)
  const save = (): void => {
    const thresholds = thresholdsJson(
      report.sceneOf(state),
      report.indexOf(state),
      report.viewOf(state),
      objective,
    )
    saveFile('thresholds.json', 'application/json', [`${JSON.stringify(thresholds, null, 2)}\n`])
  }
  return (
    <>
      <h3>Thresholds to choose</h3>
      <Explain term="What is F-beta?">
        A mean of precision and recall in which recall counts beta times as much: 1 treats both alike, 2
        prefers to find more, .5 to raise fewer false alarms.
      </Explain>
      <div class="row tools">
        <Select
          label="the score that gives"
          value={objective.kind}
          options={KINDS}
          onChange={kind => step(now => ({ ...now, objective: FIRST[kind as Objective['kind']] }))}
        />
        <ObjectiveNumbers />
        {best && (
          <button type="button" class="plain" onClick={() => step(now => ({ ...now, score: best.score }))}>
            use {formatScore(best.score)}
          </button>
        )}
        <button type="button" class="quiet" onClick={save}>
          Save thresholds.json
        </button>
      </div>
      <DataTable
        title="By class"
        id="thresholds-by-class"
        label="Best score threshold by class"
        columns={columns}
        rows={rows?.rows}
        first="+class"
        keyOf={categoryOf}
        marked={state.category}
      />
    </>
  )
}

function ObjectiveNumbers() {
  const { objective } = useAppState()
  const { step } = useActions()
  const { kind: _, ...numbers } = objective
  return (
    <>
      {Object.entries(numbers).map(([name, value]) => (
        <label class="field number" key={name}>
          <span>{FIELDS[name].title}</span>
          <input
            type="number"
            min={0}
            step={FIELDS[name].step}
            value={value}
            onChange={event => {
              const entered = event.currentTarget.valueAsNumber
              if (entered > 0)
                step(now => ({ ...now, objective: { ...now.objective, [name]: entered } as Objective }))
            }}
          />
        </label>
      ))}
    </>
  )
}

function columnsAt(iou: number): Column<Row>[] {
  const metric = (
    id: 'precision' | 'recall' | 'f1',
    title: string,
    outcomes: ('TP' | 'FP' | 'FN')[],
  ): Column<Row> => ({
    id,
    title,
    value: ({ point }) => point?.[id] ?? null,
    cell: ({ point, name, category }) =>
      point ? (
        <Linked
          value={formatMetric(point[id])}
          of={`${title}, ${name}, at score ${formatScore(point.score)}`}
          pick={{ iou, size: '', category, score: point.score, filter: { outcomes } }}
          count={sumOf(point, outcomes)}
        />
      ) : (
        DASH
      ),
  })
  const count = (id: 'tp' | 'fp' | 'fn', title: 'TP' | 'FP' | 'FN'): Column<Row> => ({
    id,
    title,
    value: ({ point }) => point?.[id] ?? null,
    cell: ({ point, name, category }) =>
      point ? (
        <Count
          count={point[id]}
          of={`${title}, ${name}, at score ${formatScore(point.score)}`}
          pick={{ iou, size: '', category, score: point.score, filter: { outcomes: [title] } }}
        />
      ) : (
        DASH
      ),
  })
  return [
    // All classes come first.
    {
      id: 'class',
      title: 'class',
      text: true,
      value: row => (row.category < 0 ? '' : row.name),
      cell: row => row.name,
    },
    {
      id: 'score',
      title: 'score',
      value: ({ point }) => point?.score ?? null,
      cell: ({ point }) => formatMetric(point?.score ?? null),
    },
    metric('precision', 'precision', ['TP', 'FP']),
    metric('recall', 'recall', ['TP', 'FN']),
    metric('f1', 'F1', ['TP', 'FP', 'FN']),
    count('tp', 'TP'),
    count('fp', 'FP'),
    count('fn', 'FN'),
  ]
}
