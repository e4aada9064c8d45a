/** Files that the page makes itself. */

type Cell = string | number | null

/** RFC 4180; a text that a spreadsheet would take for a formula is kept from that by a quote mark before it. */
const quoted = (cell: Cell): string => {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const ROWS_AT_ONCE = 2000

/** A CSV file in parts; the page may draw in between. */
export async function csvParts(
  names: string[],
  count: number,
  cells: (place: number) => Cell[],
): Promise<string[]> {
  const parts = [`${names.map(quoted).join(',')}\r\n`]
  for (let from = 0; from < count; from += ROWS_AT_ONCE) {
    let part = ''
    for (let place = from; place < Math.min(count, from + ROWS_AT_ONCE); place++)
      part += `${cells(place).map(quoted).join(',')}\r\n`
    parts.push(part)
    await new Promise(resolve => setTimeout(resolve))
  }
  return parts
}

export const saveFile = (name: string, type: string, parts: string[]): void =>
  saveBlob(name, new Blob(parts, { type }))

/** Gives a file to the reader. */
export function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
