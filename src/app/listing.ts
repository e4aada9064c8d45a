import type { View } from '../data/analysis.js'
import { firstRows } from '../matching/buffers.js'
import { countOutcomes } from '../metrics/counts.js'
import { explainerOf } from '../metrics/fates.js'
import { selectFlips } from '../metrics/flips.js'
import { type InstanceColumn, type InstanceRow, instanceTable, sortSteps } from '../metrics/instances.js'
import { matchesIn } from '../metrics/outcomes.js'
import { type Selection, selectSteps } from '../metrics/select.js'
import type { Pair } from './pair.js'
import type { Report } from './report.js'
import { filterOf, type InstanceRef, type Sort, type State } from './state/state.js'

/** The instances that a state asks for, in the order of its table. */
export interface Listing {
  count: number
  rowAt: (place: number) => InstanceRow
  /** -1 for an instance that is not listed. */
  placeOf: (ref: InstanceRef) => number
  view: View
}

export const INSTANCE_COLUMNS: InstanceColumn[] = [
  'outcome',
  'category',
  'image',
  'score',
  'iou',
  'bestIou',
  'partnerId',
  'area',
  'size',
  'reason',
]

export const FIRST_SORT: Sort = { column: 'score', descending: true }

/** Name of the instance table's sort in the state. */
export const INSTANCE_TABLE = 'instances'

export const sortOf = ({ sorts }: State): Sort => {
  const sort = sorts[INSTANCE_TABLE]
  return sort && INSTANCE_COLUMNS.some(name => name === sort.column) ? sort : FIRST_SORT
}

/** In steps, so that none takes long. Flips, of which `pair` knows, are ground truths. */
export function* listInstances(report: Report, state: State, pair: Pair | null): Generator<void, Listing> {
  const scene = report.sceneOf(state)
  const index = report.indexOf(state)
  yield
  const view = report.viewOf(state)
  const size = report.sizeIndexOf(state)
  const { matches } = matchesIn(scene, index, view, size)
  yield
  const selection = yield* selectListed(report, state, pair)
  yield
  const table = instanceTable(scene, index, view, matches, selection, view.sizes[size])
  const { column, descending } = sortOf(state)
  const { dts, gts } = selection
  // A selection comes by descending score, ground truths last.
  const isSorted = column === 'score' && descending
  const order = isSorted
    ? firstRows(table.count)
    : yield* sortSteps(table, column as InstanceColumn, descending)
  return {
    count: table.count,
    rowAt: place => table.row(order[place]),
    placeOf: ({ kind, row }) => {
      const at = (kind === 'dt' ? dts : gts).indexOf(row)
      return at < 0 ? -1 : order.indexOf(kind === 'dt' ? at : dts.length + at)
    },
    view,
  }
}

/** The selection found last in each report: several parts of the page ask for the same. */
const latest = new WeakMap<Report, { state: State; selection: Selection }>()

function* selectListed(report: Report, state: State, pair: Pair | null): Generator<void, Selection> {
  const known = latest.get(report)
  if (known?.state === state) return known.selection
  const scene = report.sceneOf(state)
  const index = report.indexOf(state)
  const view = report.viewOf(state)
  const explain = explainerOf(scene, index, view)
  const selected =
    state.filter.foundBy && pair
      ? flipsIn(pair, report, state)
      : yield* selectSteps(scene, index, view, filterOf(state), explain)
  const selection = state.find === '' ? selected : findText(report, selected, state.find)
  latest.set(report, { state, selection })
  return selection
}

function flipsIn(pair: Pair, { model }: Report, state: State): Selection {
  return { dts: new Int32Array(0), gts: selectFlips(pair.viewsOf(state), filterOf(state), model) }
}

/** How many instances a state lists, and how many there are in its view without any filter. */
export interface ListedCounts {
  count: number
  all: number
}

export function* countListed(report: Report, state: State, pair: Pair | null): Generator<void, ListedCounts> {
  const scene = report.sceneOf(state)
  const index = report.indexOf(state)
  const view = report.viewOf(state)
  const countAt = (size: number, category: number): number => {
    const scope = category < 0 ? {} : { category }
    const matched = matchesIn(scene, index, view, size)
    const { tp, fp, fn } = countOutcomes(scene, index, { ...matched, cut: view, scope })
    return tp + fp + fn
  }
  const all = countAt(0, -1)
  yield
  if (Object.keys(state.filter).length === 0 && state.find === '')
    return { count: countAt(report.sizeIndexOf(state), state.category), all }
  const { dts, gts } = yield* selectListed(report, state, pair)
  return { count: dts.length + gts.length, all }
}

/** How many instances a state lists. */
export function* countInstances(
  report: Report,
  state: State,
  pair: Pair | null = null,
): Generator<void, number> {
  if (state.filter.foundBy && pair) return flipsIn(pair, report, state).gts.length

  const scene = report.sceneOf(state)
  const index = report.indexOf(state)
  const view = report.viewOf(state)
  matchesIn(scene, index, view, report.sizeIndexOf(state))
  yield
  const explain = explainerOf(scene, index, view)
  const { dts, gts } = yield* selectSteps(scene, index, view, filterOf(state), explain)
  return dts.length + gts.length
}

/** Instances whose class or file name contains the text. */
function findText({ scene }: Report, { dts, gts }: Selection, find: string): Selection {
  const wanted = find.toLowerCase()
  const has = (text: string): boolean => text.toLowerCase().includes(wanted)
  const classes = scene.categories.names.map(has)
  const images = scene.images.fileNames.map(has)
  const isFound = (
    { categories, images: rows }: { categories: Int32Array; images: Int32Array },
    row: number,
  ) => classes[categories[row]] || images[rows[row]]
  return {
    dts: dts.filter(row => isFound(scene.dt, row)),
    gts: gts.filter(row => isFound(scene.gt, row)),
  }
}
