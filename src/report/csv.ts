/** A table of a CSV file; `null` and numbers that are not finite become empty cells. */
export interface CsvTable {
  header: string[]
  rows: Iterable<CsvCell[]>
}

/** A table and the file that it goes to. docs/report.md says what each column holds. */
export interface NamedTable extends CsvTable {
  name: string
}

export type CsvCell = string | number | boolean | null

/** Characters a piece of `csvChunks` has at least, but for the last. */
const CHUNK = 1 << 16

/**
 * A table by RFC 4180: comma, CR LF, a header, quotes doubled. Numbers are the shortest text of their double. Text that
 * a spreadsheet would take for a formula gets an apostrophe in front, see `csvText`.
 */
export function* csvChunks({ header, rows }: CsvTable): Generator<string> {
  let chunk = csvHeader(header)
  for (const row of rows) {
    chunk += `${row.map(csvCell).join(',')}\r\n`
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}

/** The first line, as `csvChunks` writes it. */
export const csvHeader = (header: string[]): string => `${header.map(csvText).join(',')}\r\n`

function csvCell(cell: CsvCell): string {
  if (typeof cell === 'string') return csvText(cell)
  if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) return ''
  return String(cell)
}

/** What spreadsheets take for the start of a formula, also after white space and in full width. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/
/** Quoted are also the separators of other locales, so that no cell is split there. */
const SPECIAL = /[",;\t\r\n]|^\s|\s$/

/** Text as a cell: names come from files, and a spreadsheet must not compute them. */
export function csvText(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return SPECIAL.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
