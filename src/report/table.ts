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

/** Text of a file for a terminal: in one line, and without characters that would steer it. */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, sign =>
    JSON.stringify(sign)
      .slice(1, -1)
      .replace(/[^ -~]/, `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
  )

export { count as grouped } from '../metrics/words.js'
