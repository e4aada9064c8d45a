/** Characters that no reader sees but that move or hide text around them: controls, and marks of direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+/g

/**
 * Text of a file in GitHub flavoured Markdown, in one line of any cell: inside `<code>`, where GitHub looks for no
 * mentions and links, and with every sign that could mean anything written as a number.
 */
export const markdownName = (text: string): string => `<code>${escaped(text)}</code>`

/** Prose that may quote names: nothing in it is markup, and `@` and `#` refer to nobody. */
export const markdownProse = (text: string): string =>
  text
    .split(/("[^"]*")/)
    .map((part, i) => (i % 2 === 1 ? markdownName(part.slice(1, -1)) : escaped(part)))
    .join('')

/** Letters, digits, blanks and plain punctuation stay; an underscore between letters does, too. */
const escaped = (text: string): string =>
  text
    .replace(UNSEEN, ' ')
    .replace(/[!-~]/g, (sign, at: number, whole: string) =>
      isPlain(sign, whole[at - 1] ?? ' ', whole[at + 1] ?? ' ') ? sign : `&#${sign.charCodeAt(0)};`,
    )

const isPlain = (sign: string, before: string, after: string): boolean => {
  if (/[A-Za-z0-9,;()%?']/.test(sign)) return true
  const inWord = /[A-Za-z0-9]/.test(before) && /[A-Za-z0-9]/.test(after)
  // A full stop ends a sentence or parts a number; within a word it could make a link.
  if (sign === '.') return !/[A-Za-z]/.test(after)
  return (sign === '_' || sign === '-' || sign === '/') && inWord
}

/** A table; cells are Markdown already. The first `left` columns are aligned left, the others right. */
export function markdownTable(header: string[], rows: string[][], left = 1): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map((_, i) => (i < left ? ':--' : '--:'))), ...rows.map(line)].join('\n')
}
