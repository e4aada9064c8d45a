/** Characters a piece has at least, but for the last. */
const CHUNK = 1 << 16

/**
 * JSON indented by two blanks, lists of numbers in one line. Each number is the shortest text of its double; what is not
 * finite, and typed arrays' NaN, becomes null. In pieces, as a string has an end.
 */
export function* jsonChunks(value: unknown): Generator<string> {
  let chunk = ''
  for (const piece of pieces(value, '')) {
    chunk += piece
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ''
  }
  yield `${chunk}\n`
}

function* pieces(value: unknown, indent: string): Generator<string> {
  const list = Array.isArray(value)
    ? value
    : ArrayBuffer.isView(value)
      ? Array.from(value as Float64Array)
      : null
  if (list) {
    if (list.every(isShort)) yield `[${list.map(shortText).join(', ')}]`
    else yield* block(list.entries(), '[]', indent, () => '')
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
    yield* block(entries, '{}', indent, key => `${JSON.stringify(key)}: `)
  } else yield scalarText(value)
}

function* block<K>(
  entries: Iterable<[K, unknown]>,
  [open, close]: string,
  indent: string,
  label: (key: K) => string,
): Generator<string> {
  const inner = `${indent}  `
  let before = open
  for (const [key, entry] of entries) {
    const start = `${before}\n${inner}${label(key)}`
    if (typeof entry === 'object' && entry !== null) {
      yield start
      yield* pieces(entry, inner)
    } else yield start + scalarText(entry)
    before = ','
  }
  yield before === open ? open + close : `\n${indent}${close}`
}

const scalarText = (value: unknown): string =>
  typeof value === 'number' ? shortText(value) : JSON.stringify(value ?? null)

const isShort = (value: unknown): boolean =>
  typeof value === 'number' || value === null || typeof value === 'boolean'

const shortText = (value: unknown): string =>
  typeof value === 'number' && !Number.isFinite(value) ? 'null' : String(value)
