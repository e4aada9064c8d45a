import { useEffect, useId, useMemo, useState } from 'preact/hooks'
import type { SizeRange } from '../../data/analysis.js'
import { parseAreas } from '../../data/area-text.js'
import { cocoSizes, inSize } from '../../metrics/sizes.js'
import { DASH, formatPx, formatShare } from '../format.js'
import { WRITTEN } from '../state/state.js'
import { DataTable } from '../ui/data-table.js'
import { useActions, useAppState, useReport } from '../ui/hooks.js'
import { Count, Switch } from '../ui/parts.js'
import type { Column } from '../ui/table.js'

interface SizeRow {
  range: SizeRange
  order: number
  objects: number
  all: number
}

const nameOf = ({ range }: SizeRow): string => range.name

const COCO = new Map(cocoSizes().map(range => [range.name, range]))

const SIZE_COLUMNS: Column<SizeRow>[] = [
  { id: 'size', title: 'size', text: true, value: row => row.order, cell: nameOf },
  {
    id: 'percentiles',
    title: 'percentiles',
    about: 'Of the areas of the objects',
    value: ({ range }) => range.percentiles?.[0] ?? null,
    cell: ({ range }) => range.percentiles?.join('–') ?? DASH,
  },
  {
    id: 'area',
    title: 'area',
    value: ({ range }) => range.lo,
    cell: ({ range }) => boundsWords(range, formatPx),
  },
  {
    id: 'side',
    title: 'side',
    about: 'Of a square of that area, px',
    value: ({ range }) => range.hi,
    cell: ({ range }) => boundsWords(range, area => `${Math.round(Math.sqrt(area))}`),
  },
  {
    id: 'objects',
    title: 'objects',
    value: row => row.objects,
    cell: ({ objects, all, range, order }) => (
      <>
        <Count
          count={objects}
          of={`objects, ${range.name}`}
          pick={{ size: order === 0 ? '' : range.name, category: -1, filter: { outcomes: ['TP', 'FN'] } }}
        />{' '}
        <span class="muted">{formatShare(objects, all)}</span>
      </>
    ),
  },
]

const COCO_COLUMN: Column<SizeRow> = {
  id: 'coco',
  title: 'COCO’s',
  about: 'The reference’s range of that name',
  value: ({ range }) => COCO.get(range.name)?.lo ?? null,
  cell: ({ range }) => {
    const twin = COCO.get(range.name)
    return twin ? boundsWords(twin, formatPx) : DASH
  },
}

const COMPARED_COLUMNS = [...SIZE_COLUMNS, COCO_COLUMN]

/** Size ranges: their names, bounds and shares. */
export function Sizes() {
  const state = useAppState()
  const report = useReport()
  const { step } = useActions()
  const { protocol, sizes, areas, crowds, classAgnostic } = state
  const rows = useMemo(() => {
    const index = report.indexOf({ protocol, classAgnostic, crowds })
    const ranges = report.sizesOf({ sizes, areas, crowds })
    const px = index.gtAreas.filter((_, g) => index.gtIgnores[g] === 0)
    const countIn = (range: SizeRange): number => px.filter(area => inSize(area, range, protocol)).length
    const counts = ranges.map((range, i) =>
      i === 0 && protocol === 'corrected' ? px.length : countIn(range),
    )
    return ranges.map((range, order): SizeRow => ({ range, order, objects: counts[order], all: counts[0] }))
  }, [report, protocol, sizes, areas, crowds, classAgnostic])
  const choice = useMemo(
    () => (
      <Switch
        label="Size ranges"
        value={sizes}
        options={report.sizeSets.map(({ name, title }) => ({ value: name, title }))}
        onChange={next => step(now => ({ ...now, sizes: next, size: '' }))}
      />
    ),
    [report, sizes, step],
  )
  return (
    <div>
      <DataTable
        title="Sizes"
        id="ranges"
        label="Size ranges"
        columns={sizes === 'coco' ? SIZE_COLUMNS : COMPARED_COLUMNS}
        rows={rows}
        first="+size"
        keyOf={nameOf}
        marked={state.size}
      >
        {choice}
      </DataTable>
      {sizes === WRITTEN && <OwnSizes />}
      <p class="reading">
        {protocol === 'coco'
          ? 'Both ends belong to a range, by the area that the file states.'
          : 'The lower end belongs to a range, the upper does not; areas are those of the shapes.'}
      </p>
    </div>
  )
}

function boundsWords({ lo, hi }: { lo: number; hi: number }, format: (area: number) => string): string {
  if (hi >= 1e10) return lo === 0 ? 'any' : `from ${format(lo)}`
  // Whether ends belong to a range depends on the protocol, and is said below.
  return lo === 0 ? `up to ${format(hi)}` : `${format(lo)} – ${format(hi)}`
}

/** Size ranges as a reader writes them, followed letter by letter where they make sense. */
function OwnSizes() {
  const { areas } = useAppState()
  const { slide } = useActions()
  const id = useId()
  const [text, setText] = useState(areas)
  const [fault, setFault] = useState<string | null>(null)
  // What came from elsewhere: a step back, another address.
  useEffect(() => {
    setText(areas)
    setFault(null)
  }, [areas])
  const onInput = (written: string): void => {
    setText(written)
    const found = faultOf(written)
    setFault(found)
    if (found === null) slide(now => ({ ...now, sizes: WRITTEN, areas: written, size: '' }))
  }
  return (
    <div class="written">
      <input
        type="text"
        aria-label="Size ranges of your own"
        aria-invalid={fault !== null}
        aria-describedby={id}
        spellcheck={false}
        autocomplete="off"
        value={text}
        onInput={event => onInput(event.currentTarget.value)}
      />
      <p class={fault === null ? 'reading' : 'reading fault'} id={id} role="status">
        {fault ??
          'Name and bounds of each, as --area takes them: tiny=0:256 in px, mid=P25:P75 by percentiles of the objects, coco or percentile for those sets.'}
      </p>
    </div>
  )
}

function faultOf(text: string): string | null {
  try {
    parseAreas(text)
    return null
  } catch (error) {
    return (error as Error).message
  }
}
