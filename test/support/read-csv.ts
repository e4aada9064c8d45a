/** Rows of a CSV text by RFC 4180, keyed by the header. Strict: a stray quote, a bare LF or a ragged row fails. */
export function readCsv(text: string): Record<string, string>[] {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < text.length) {
    let cell = ''
    if (text[at] === '"') {
      const quoted = matchAt(/"(?:[^"]|"")*"/y, text, at)
      if (quoted === '') throw new Error('a quote is left open')
      cell = quoted.slice(1, -1).replaceAll('""', '"')
      at += quoted.length
    } else {
      cell = matchAt(/[^,\r\n"]*/y, text, at)
      at += cell.length
    }
    row.push(cell)
    if (text[at] === ',') at++
    else if (text.startsWith('\r\n', at)) {
      at += 2
      rows.push(row)
      row = []
    } else throw new Error(`expected a comma or CR LF, got ${JSON.stringify(text.slice(at, at + 20))}`)
  }
  const [header, ...body] = rows
  return body.map(cells => {
    if (cells.length !== header.length)
      throw new Error(`expected ${header.length} cells, got ${cells.length}`)
    return Object.fromEntries(header.map((name, i) => [name, cells[i]]))
  })
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}
