import {
  type CellData,
  constructTable,
  type RowData,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/table-core'
import { storeReactivityBindings } from '@tanstack/table-core/store-reactivity-bindings'
import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { formatCount } from '../format.js'
import type { Sort } from '../state/state.js'
import { isAlike, memo, useActions } from './hooks.js'
import { PRINTED_ROWS, usePrinting } from './printing.js'
import { useVirtualRows } from './virtual.js'

export interface Column<Row> {
  id: string
  title: string
  /** What the title means, for those who ask. */
  about?: string
  /** What the column is sorted by and what a CSV file says; null for undefined. */
  value: (row: Row) => number | string | null
  /** What a reader sees. Default: the value as text. */
  cell?: (row: Row) => ComponentChildren
  /** Texts stand left, numbers right. */
  text?: boolean
  /** px; texts share what is left. */
  width?: number
}

export interface TableProps<Row> {
  /** Name in the address, once a page. */
  id: string
  label: string
  columns: Column<Row>[]
  count: number
  /** By place in the order shown. */
  rowAt: (place: number) => Row
  sort: Sort
  rowHeight?: number
  isMarked?: (row: Row) => boolean
  /** What a click on a row does; a button in it does it for the keyboard. */
  onRow?: (row: Row) => void
  empty?: string
}

const features = tableFeatures({ coreReactivityFeature: storeReactivityBindings(), rowSortingFeature })

/** TanStack's model of the columns: what is sorted how, and what a click on a title makes of it. */
function useModel<Row extends RowData>({ id, columns, sort }: TableProps<Row>) {
  const { adjust } = useActions()
  const model = useMemo(
    () =>
      constructTable<typeof features, Row>({
        features,
        data: [],
        columns: columns.map(({ id, value, text }) => ({
          id,
          accessorFn: (row: Row): CellData => value(row),
          sortDescFirst: !text,
        })),
        manualSorting: true,
        enableMultiSort: false,
        enableSortingRemoval: false,
        onSortingChange: updater => {
          const before = model.store.state.sorting
          const [next] = typeof updater === 'function' ? updater(before) : updater
          if (!next) return
          adjust(state => ({
            ...state,
            sorts: { ...state.sorts, [id]: { column: next.id, descending: next.desc } },
          }))
        },
      }),
    [id, columns, adjust],
  )
  const sorting = [{ id: sort.column, desc: sort.descending }]
  model.setOptions(options => ({ ...options, state: { sorting } }))
  return model
}

/** A table whose rows are drawn as they come into sight. Rows come sorted. */
export function VirtualTable<Row extends RowData>(props: TableProps<Row>) {
  const { columns, count, rowAt, sort, rowHeight = 32, label, onRow } = props
  const model = useModel(props)
  const { ref, items, before, after } = useVirtualRows(count, rowHeight)
  const isPrinting = usePrinting()
  const places = isPrinting
    ? Array.from({ length: Math.min(count, PRINTED_ROWS) }, (_, place) => place)
    : items.map(({ index }) => index)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a section would be a landmark
    <div class="table" ref={ref} tabIndex={0} role="group" aria-label={label}>
      <table aria-rowcount={count + 1}>
        <thead>
          <tr>
            {model.getFlatHeaders().map((header, i) => {
              const { title, about, text, width } = columns[i]
              const sorted = sort.column === header.column.id
              return (
                <th
                  key={header.id}
                  scope="col"
                  class={text ? 'text' : undefined}
                  style={width ? { '--width': `${width}px` } : undefined}
                  aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
                >
                  <button
                    type="button"
                    title={about}
                    onClick={event => header.column.getToggleSortingHandler()?.(event)}
                  >
                    {title}
                    {sorted && (
                      <span class="arrow" aria-hidden="true">
                        {sort.descending ? '↓' : '↑'}
                      </span>
                    )}
                  </button>
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {before > 0 && !isPrinting && <tr class="spacer" style={{ height: `${before}px` }} />}
          {places.map(place => {
            const row = rowAt(place)
            const isMarked = props.isMarked?.(row) === true
            return <TableRow key={place} {...{ columns, row, place, isMarked, onRow }} height={rowHeight} />
          })}
          {after > 0 && !isPrinting && <tr class="spacer" style={{ height: `${after}px` }} />}
        </tbody>
      </table>
      {isPrinting && count > PRINTED_ROWS && (
        <p class="empty">{`${formatCount(PRINTED_ROWS)} of ${formatCount(count)} rows are printed.`}</p>
      )}
      {count === 0 && <p class="empty">{props.empty ?? 'Nothing here.'}</p>}
    </div>
  )
}

interface RowProps<Row> extends Pick<TableProps<Row>, 'columns' | 'onRow'> {
  row: Row
  place: number
  isMarked: boolean
  height: number
}

/** Drawn again only when it says something else: at a step of a slider most rows say the same as before. */
const TableRow = memo(DrawnRow, isAlike) as typeof DrawnRow

function DrawnRow<Row>({ columns, row, place, height, isMarked, onRow }: RowProps<Row>) {
  return (
    // Keyboards reach what a row does by the button in it.
    <tr
      aria-rowindex={place + 2}
      class={[isMarked ? 'marked' : '', onRow ? 'active' : ''].join(' ')}
      style={{ '--row': `${height}px` }}
      // Whoever marks text to copy it ends with a click, too.
      onClick={onRow && (() => getSelection()?.isCollapsed !== false && onRow(row))}
    >
      {columns.map(({ id, text, value, cell }) => (
        <td key={id} class={text ? 'text' : undefined}>
          {cell ? cell(row) : (value(row) ?? '–')}
        </td>
      ))}
    </tr>
  )
}
