import type { RowData } from '@tanstack/table-core'
import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { csvParts, saveFile } from '../download.js'
import type { Sort } from '../state/state.js'
import { memo, useSelected } from './hooks.js'
import { orderBy, placesOf } from './order.js'
import { type Column, type TableProps, VirtualTable } from './table.js'

/** Fewer rows are found by eye. */
const FIND_FROM = 16

interface DataTableProps<Row> extends Omit<TableProps<Row>, 'count' | 'rowAt' | 'sort' | 'isMarked'> {
  title: ComponentChildren
  /** undefined while they are being computed. */
  rows: Row[] | undefined
  /** Until a reader chooses: -name descends, +name ascends. */
  first: string
  /** What tells rows apart; the row for which it is `marked` is marked. */
  keyOf?: (row: Row) => string | number
  marked?: string | number
  /** Beside the title. */
  children?: ComponentChildren
  /** Between title and table, of the rows in the order of the table. */
  above?: (rows: Row[]) => ComponentChildren
}

/** A table of rows at hand, sorted, searched and saved here. Drawn again when a property is another: callers keep them. */
export const DataTable = memo(KnownTable) as typeof KnownTable

function KnownTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { id, title, rows, columns, first, keyOf, marked, children, above } = props
  const chosen = useSelected(state => state.sorts[id])
  const [find, setFind] = useState('')
  const sort = knownSort(chosen, columns) ?? { column: first.slice(1), descending: first[0] === '-' }
  const { column, descending } = sort
  const shown = useMemo(
    () => sortRows(rowsWith(rows ?? [], columns, find), columns, { column, descending }),
    [rows, columns, find, column, descending],
  )
  const save = async (): Promise<void> => {
    const titles = columns.map(({ title }) => title)
    const parts = await csvParts(titles, shown.length, place =>
      columns.map(one => plainValue(one, shown[place])),
    )
    saveFile(`${id}.csv`, 'text/csv', parts)
  }
  return (
    <>
      <div class="row tabletop">
        <h3>{title}</h3>
        {children}
        {rows && rows.length >= FIND_FROM && (
          <input
            type="search"
            aria-label={`Find in ${props.label}`}
            placeholder="find"
            value={find}
            onInput={event => setFind(event.currentTarget.value)}
          />
        )}
        <button type="button" class="plain csv" aria-label={`Save ${props.label} as CSV`} onClick={save}>
          CSV
        </button>
      </div>
      {above?.(shown)}
      <VirtualTable
        {...props}
        count={shown.length}
        rowAt={place => shown[place]}
        sort={sort}
        isMarked={keyOf && (row => keyOf(row) === marked)}
      />
    </>
  )
}

/** Rows of which some text contains `find`. */
function rowsWith<Row>(rows: Row[], columns: Column<Row>[], find: string): Row[] {
  if (find === '') return rows
  const wanted = find.toLowerCase()
  const texts = columns.filter(({ text }) => text)
  return rows.filter(row =>
    texts.some(one =>
      String(plainValue(one, row) ?? '')
        .toLowerCase()
        .includes(wanted),
    ),
  )
}

/** What a cell says without its looks: texts as shown, numbers in full. */
function plainValue<Row>({ text, cell, value }: Column<Row>, row: Row): string | number | null {
  const shown = text ? cell?.(row) : undefined
  return typeof shown === 'string' ? shown : value(row)
}

/** A sort that an address asks for, where the table has its column. */
export const knownSort = (sort: Sort | undefined, columns: { id: string }[]): Sort | undefined =>
  sort && columns.some(({ id }) => id === sort.column) ? sort : undefined

export function sortRows<Row>(rows: Row[], columns: Column<Row>[], { column, descending }: Sort): Row[] {
  const by = columns.find(({ id }) => id === column)
  if (!by) return rows
  const values = rows.map(by.value)
  const places = values.some(value => typeof value === 'string')
    ? placesOf(values.map(value => String(value ?? '')))
    : null
  const order = orderBy(
    rows.length,
    i => (values[i] === null ? null : places ? places[i] : (values[i] as number)),
    descending,
  )
  return Array.from(order, i => rows[i])
}
