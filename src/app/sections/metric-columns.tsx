import { formatChange, formatMetric } from '../format.js'
import type { Pick } from '../state/state.js'
import { Linked } from '../ui/parts.js'
import type { Column } from '../ui/table.js'

/** A column of metrics; `pick` gives what one of them is computed from. */
export function metricColumn<Row>(
  id: string,
  title: string,
  about: string,
  value: (row: Row) => number | null,
  nameOf: (row: Row) => string,
  pick?: (row: Row) => Pick,
): Column<Row> {
  return {
    id,
    title,
    about,
    value,
    cell: row => {
      const shown = formatMetric(value(row))
      return pick ? <Linked value={shown} of={`${title}, ${nameOf(row)}`} pick={pick(row)} /> : shown
    },
  }
}

interface Compared {
  name: string
  coco: number | null
  corrected: number | null
}

export const changeOf = ({ coco, corrected }: Omit<Compared, 'name'>): number | null =>
  coco === null || corrected === null ? null : corrected - coco

/** A metric by both protocols and the change between them. */
export function comparedColumns<Row extends Compared>(pick: (row: Row) => Pick): Column<Row>[] {
  const name = (row: Row): string => row.name
  const by =
    (protocol: 'coco' | 'corrected') =>
    (row: Row): Pick => ({ ...pick(row), protocol })
  return [
    metricColumn('coco', 'coco', 'As pycocotools computes it', row => row.coco, name, by('coco')),
    metricColumn(
      'corrected',
      'corrected',
      'Without the reference’s quirks',
      row => row.corrected,
      name,
      by('corrected'),
    ),
    { id: 'change', title: 'change', value: changeOf, cell: row => formatChange(changeOf(row)) },
  ]
}

type Outcome = 'TP' | 'FP' | 'FN'

/** How many instances have one of these outcomes. */
export const sumOf = ({ tp, fp, fn }: Record<'tp' | 'fp' | 'fn', number>, outcomes: Outcome[]): number =>
  outcomes.reduce((sum, outcome) => sum + { TP: tp, FP: fp, FN: fn }[outcome], 0)
