import { useCallback, useMemo } from 'preact/hooks'
import type { FoundBy } from '../../data/analysis.js'
import { type FlipRow, flipDescriber } from '../../metrics/flip-rows.js'
import { selectFlips } from '../../metrics/flips.js'
import type { ModelName } from '../../metrics/models.js'
import { formatMetric, formatPx, plural } from '../format.js'
import type { Pair } from '../pair.js'
import { FlipCrops } from '../pictures/flip-crops.js'
import { filterOf, type State } from '../state/state.js'
import { DataTable } from '../ui/data-table.js'
import { useActions, useAppState, usePair, useReport, useWork } from '../ui/hooks.js'
import { imageName } from '../ui/instance-cells.js'
import type { Column } from '../ui/table.js'

interface Row {
  gt: number
  flip: FlipRow
}

const FLIPS: FoundBy[] = ['A', 'B']

const WORDS: Record<FoundBy, string> = { A: 'A alone', B: 'B alone', both: 'both', neither: 'neither' }

/** Those of the filter, or without one all that one model alone finds, in the size and class of the state. */
function* rowsOf(pair: Pair, state: State): Generator<void, Row[]> {
  yield* pair.prepare(state)
  const views = pair.viewsOf(state)
  const { foundBy = FLIPS, reasons, image, gtArea, confusedWith } = state.filter
  const narrowed = state.filter.foundBy ? { reasons, image, gtArea, confusedWith } : {}
  const { size, category } = filterOf(state)
  const gts = selectFlips(views, { ...narrowed, size, category, foundBy }, state.model)
  yield
  const describe = flipDescriber(views, pair.A.sizeIndexOf(state))
  return Array.from(gts, gt => new LazyRow(gt, describe))
}

/** A row that is described when it is looked at: there may be tens of thousands. */
class LazyRow implements Row {
  readonly gt: number
  readonly #describe: (gt: number) => FlipRow
  #flip: FlipRow | undefined

  constructor(gt: number, describe: (gt: number) => FlipRow) {
    this.gt = gt
    this.#describe = describe
  }

  get flip(): FlipRow {
    this.#flip ??= this.#describe(this.gt)
    return this.#flip
  }
}

/** The objects that one model alone finds, as both see them. */
export function FlippedObjects({ viewKey }: { viewKey: string }) {
  const pair = usePair()
  const state = useAppState()
  const report = useReport()
  const { step } = useActions()
  const { filter, size, category } = state
  const by = filter.foundBy ?? FLIPS
  const rows = useWork(
    function* () {
      return pair ? yield* rowsOf(pair, state) : []
    },
    [pair, viewKey, filter.foundBy ? filter : null, size, category],
  )
  const columns = useMemo((): Column<Row>[] => {
    const { images, categories, gt } = report.scene
    const columns: Column<Row>[] = [
      {
        id: 'object',
        title: 'A | B',
        text: true,
        width: 116,
        value: row => row.gt,
        cell: row => (
          <button
            type="button"
            class="open"
            aria-label={`ground truth ${gt.ids[row.gt]}, found by ${WORDS[row.flip.foundBy]}: open both pictures`}
          >
            <FlipCrops row={row.gt} side={44} />
          </button>
        ),
      },
      { id: 'found', title: 'found by', text: true, width: 84, value: row => WORDS[row.flip.foundBy] },
      { id: 'class', title: 'class', text: true, value: row => categories.names[gt.categories[row.gt]] },
      { id: 'image', title: 'image', text: true, value: row => imageName(report, gt.images[row.gt]) },
      { id: 'size', title: 'size', text: true, width: 76, value: row => row.flip.size },
      {
        id: 'area',
        title: 'area',
        width: 88,
        value: row => row.flip.area,
        cell: row => formatPx(row.flip.area),
      },
      ...sideColumns('A'),
      ...sideColumns('B'),
    ]
    return columns.filter(({ id }) => id !== 'image' || images.count > 1)
  }, [report])
  const open = useCallback(
    (row: Row): void =>
      step(now => ({
        ...now,
        filter: now.filter.foundBy ? now.filter : { foundBy: FLIPS },
        open: { kind: 'gt', row: row.gt },
      })),
    [step],
  )
  const what = by.map(name => WORDS[name]).join(' or ')
  return (
    <DataTable
      title={rows ? `${plural(rows.length, 'object')} found by ${what}` : '…'}
      id="flips"
      label="Objects by who finds them"
      columns={columns}
      rows={rows}
      first="-area"
      rowHeight={52}
      onRow={open}
      empty="No object is like that."
    />
  )
}

const sideColumns = (model: ModelName): Column<Row>[] => [
  {
    id: `${model} score`,
    title: `${model} score`,
    about: 'Of the detection that found it, else of the most similar one',
    width: 76,
    value: row => row.flip[model].score,
    cell: row => formatMetric(row.flip[model].score),
  },
  {
    id: `${model} IoU`,
    title: `${model} IoU`,
    about: 'With that detection',
    width: 68,
    value: row => row.flip[model].iou,
    cell: row => formatMetric(row.flip[model].iou),
  },
  {
    id: `${model} why`,
    title: `${model}: why`,
    text: true,
    value: row => row.flip[model].reason.text,
    cell: row => <span title={row.flip[model].reason.text}>{row.flip[model].reason.text}</span>,
  },
]
