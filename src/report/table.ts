/** Columns of text, the first `left` of them aligned left and the rest right, two spaces apart. */
export function alignedTable(header: string[], rows: string[][], left: number): string[] {
  const lines = [header, ...rows]
  const widths = header.map((_, c) => Math.max(...lines.map(line => line[c].length)))
  return lines.map(line =>
    line
      .map((cell, c) => (c < left ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
      .join('  ')
      .trimEnd(),
  )
}
