import { useMemo } from 'preact/hooks'
import type { Counts as Numbers } from '../../data/analysis.js'
import { countOutcomes, countsByClass } from '../../metrics/counts.js'
import { matchesIn } from '../../metrics/outcomes.js'
import { Key } from '../charts/key.js'
import { SizeBars } from '../charts/size-bars.js'
import { formatIou, formatMetric, formatScore, named } from '../format.js'
import type { Narrowing, Pick } from '../state/state.js'
import { DataTable } from '../ui/data-table.js'
import { Part, useActions, useAppState, useReport, useWork } from '../ui/hooks.js'
import { Count, Explain, Linked } from '../ui/parts.js'
import type { Column } from '../ui/table.js'
import { sumOf } from './metric-columns.js'
import { Section } from './section.js'

/** Counts with the view that a click on one of them asks for. */
interface Row {
  name: string
  /** What it is sorted by, where that is not its name. */
  key: number
  counts: Numbers
  where: Omit<Pick, 'filter'>
}

const keyOf = ({ key }: Row): number => key
const sizeOf = ({ where }: Row): string => where.size ?? ''

type CountName = 'groundTruths' | 'detections' | 'tp' | 'fp' | 'fn' | 'ignored'

const COUNTS: { id: CountName; title: string; of: string; about: string; outcomes: Narrowing['outcomes'] }[] =
  [
    {
      id: 'groundTruths',
      title: 'GT',
      of: 'ground truths',
      about: 'Ground truths that count: TP + FN',
      outcomes: ['TP', 'FN'],
    },
    {
      id: 'detections',
      title: 'DT',
      of: 'detections',
      about: 'Detections that count: TP + FP',
      outcomes: ['TP', 'FP'],
    },
    {
      id: 'tp',
      title: 'TP',
      of: 'true positives',
      about: 'Detections that found a ground truth',
      outcomes: ['TP'],
    },
    { id: 'fp', title: 'FP', of: 'false positives', about: 'Detections that found none', outcomes: ['FP'] },
    {
      id: 'fn',
      title: 'FN',
      of: 'false negatives',
      about: 'Ground truths that were missed',
      outcomes: ['FN'],
    },
  ]

const IGNORED = {
  id: 'ignored' as const,
  title: 'ignored',
  of: 'ignored detections',
  about: 'Detections that count as neither right nor wrong',
  outcomes: ['ignored' as const],
}

/** With the outcomes that they are computed from. */
const RATIOS: {
  id: 'precision' | 'recall' | 'f1'
  title: string
  about: string
  outcomes: ('TP' | 'FP' | 'FN')[]
}[] = [
  { id: 'precision', title: 'precision', about: 'TP / DT', outcomes: ['TP', 'FP'] },
  { id: 'recall', title: 'recall', about: 'TP / GT', outcomes: ['TP', 'FN'] },
  {
    id: 'f1',
    title: 'F1',
    about: 'Harmonic mean of precision and recall',
    outcomes: ['TP', 'FP', 'FN'],
  },
]

function columnsOf(first: Omit<Column<Row>, 'value'>, byKey: boolean): Column<Row>[] {
  return [
    { ...first, value: row => (byKey ? row.key : row.name) },
    ...[...COUNTS, IGNORED].map(({ id, title, of, about, outcomes }) => ({
      id,
      title,
      about,
      value: (row: Row) => row.counts[id],
      cell: (row: Row) => (
        <Count
          count={row.counts[id]}
          of={`${of}, ${row.name}`}
          pick={{ ...row.where, filter: { outcomes } }}
        />
      ),
    })),
    ...RATIOS.map(({ id, title, about, outcomes }) => ({
      id,
      title,
      about,
      value: (row: Row) => row.counts[id],
      cell: (row: Row) => (
        <Linked
          value={formatMetric(row.counts[id])}
          of={`${title}, ${row.name}`}
          pick={{ ...row.where, filter: { outcomes } }}
          count={sumOf(row.counts, outcomes)}
        />
      ),
    })),
  ]
}

export function Counts() {
  const state = useAppState()
  const report = useReport()
  const view = report.viewOf(state)
  const whole = state.category < 0 ? 'all classes' : report.scene.categories.names[state.category]
  return (
    <Section
      id="counts"
      lead={
        <>
          Of {whole}, at score {view.scoreStrict ? 'above' : 'at least'} {formatScore(view.score)} and IoU{' '}
          {formatIou(view.iou)}. Every number lists its instances.
        </>
      }
    >
      <Explain term="What are TP, FP and FN?">
        A true positive (TP) is a detection that found an object: its class is right and its IoU reaches the
        threshold. A false positive (FP) found none, or one that another detection had taken. A false negative
        (FN) is an object that nothing found. Precision is TP / (TP + FP), recall TP / (TP + FN), F1 their
        harmonic mean.
      </Explain>
      <Part>
        <BySize />
      </Part>
      <Part>
        <ByIou />
      </Part>
      {report.scene.evaluatedCategories.length > 1 && (
        <Part>
          <ByClass />
        </Part>
      )}
    </Section>
  )
}

function BySize() {
  const state = useAppState()
  const report = useReport()
  const rows = useWork(
    function* () {
      const scene = report.sceneOf(state)
      const index = report.indexOf(state)
      const view = report.viewOf(state)
      const scope = state.category < 0 ? {} : { category: state.category }
      const found: Row[] = []
      for (const [size, { name }] of view.sizes.entries()) {
        yield
        const counts = countOutcomes(scene, index, {
          ...matchesIn(scene, index, view, size),
          cut: view,
          scope,
        })
        found.push({ name, key: size, counts, where: { size: size === 0 ? '' : name } })
      }
      return found
    },
    [report, state],
  )
  const columns = useMemo(
    () => columnsOf({ id: 'size', title: 'size', text: true, cell: row => row.name }, true),
    [],
  )
  return (
    <div class="pair">
      <div>
        <SizeBars rows={rows} />
        <Key outcomes={['TP', 'FP', 'FN']} />
      </div>
      <div>
        <DataTable
          title="By size"
          id="sizes"
          label="Counts by size"
          columns={columns}
          rows={rows}
          first="+size"
          keyOf={sizeOf}
          marked={state.size}
        />
      </div>
    </div>
  )
}

function ByIou() {
  const state = useAppState()
  const report = useReport()
  const rows = useWork(
    function* () {
      const scene = report.sceneOf(state)
      const index = report.indexOf(state)
      const view = report.viewOf(state)
      const scope = state.category < 0 ? {} : { category: state.category }
      const size = report.sizeIndexOf(state)
      const thresholds = [...new Set([...scene.config.iouThresholds, state.iou])].sort((a, b) => a - b)
      const found: Row[] = []
      for (const iou of thresholds) {
        yield
        const matched = matchesIn(scene, index, view, size, iou)
        yield
        const counts = countOutcomes(scene, index, { ...matched, cut: view, scope })
        found.push({ name: formatIou(iou), key: iou, counts, where: { iou } })
      }
      return found
    },
    [report, state],
  )
  const columns = useMemo(() => columnsOf({ id: 'iou', title: 'IoU', cell: row => row.name }, true), [])
  return (
    <DataTable
      title={`By IoU threshold${state.size && `, ${state.size}`}`}
      id="thresholds"
      label="Counts by IoU threshold"
      columns={columns}
      rows={rows}
      first="+iou"
      keyOf={keyOf}
      marked={state.iou}
    />
  )
}

function ByClass() {
  const state = useAppState()
  const report = useReport()
  const { step } = useActions()
  const rows = useWork(
    function* () {
      const scene = report.sceneOf(state)
      const index = report.indexOf(state)
      const view = report.viewOf(state)
      const size = report.sizeIndexOf(state)
      matchesIn(scene, index, view, size)
      yield
      const counts = countsByClass(scene, index, view, size)
      yield
      return Array.from(
        scene.evaluatedCategories,
        (category): Row => ({
          name: scene.categories.names[category],
          key: category,
          counts: counts[category],
          where: { category },
        }),
      )
    },
    [report, state],
  )
  const columns = useMemo(
    () =>
      columnsOf(
        {
          id: 'class',
          title: 'class',
          text: true,
          cell: row => (
            <button
              type="button"
              class="link"
              onClick={() => step(now => ({ ...now, category: now.category === row.key ? -1 : row.key }))}
            >
              {named(row.name)}
            </button>
          ),
        },
        false,
      ),
    [step],
  )
  return (
    <DataTable
      title={`By class${state.size && `, ${state.size}`}`}
      id="class-counts"
      label="Counts by class"
      columns={columns}
      rows={rows}
      first="-fn"
      keyOf={keyOf}
      marked={state.category}
    />
  )
}
