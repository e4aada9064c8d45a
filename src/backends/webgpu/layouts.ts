/** Scalars that a record on the device is made of, four bytes each. */
type Scalar = 'u32' | 'i32'

/** A record that shaders and host share: one description makes the WGSL text, the writer and the reader. */
export interface Layout<Field extends string> {
  wgsl: string
  /** Size in 32-bit words. */
  words: number
  /** Where each field stands in a record, in words: for loops where `write` and `read` are too slow. */
  at: Record<Field, number>
  /** Writes record `row` of `table`. */
  write(table: Uint32Array, row: number, values: Record<Field, number>): void
  /** Reads unsigned field `field` of record `row`. */
  read(table: Uint32Array, row: number, field: Field): number
}

export function defineLayout<Field extends string>(
  name: string,
  fields: Record<Field, Scalar>,
): Layout<Field> {
  const names = Object.keys(fields) as Field[]
  const words = names.length
  const at = Object.fromEntries(names.map((field, i) => [field, i])) as Record<Field, number>
  return {
    wgsl: `struct ${name} {\n${names.map(field => `  ${field}: ${fields[field]},\n`).join('')}}\n`,
    words,
    at,
    write(table, row, values) {
      for (const field of names) table[row * words + at[field]] = values[field]
    },
    read: (table, row, field) => table[row * words + at[field]],
  }
}

/** A compressed RLE string among the batch's bytes. */
export const RleString = defineLayout('RleString', {
  first_byte: 'u32',
  byte_count: 'u32',
  height: 'u32',
  width: 'u32',
})

/** What parse-runs finds in a string; bounds as in MaskSet. `fault` is 1 where the string is no mask of its size. */
export const RunSummary = defineLayout('RunSummary', {
  runs: 'u32',
  fault: 'u32',
  area: 'u32',
  x0: 'u32',
  y0: 'u32',
  x1: 'u32',
  y1: 'u32',
})

/**
 * A bit map: pixel (x, y) is bit y % 32 of word base + (x - x0) * column_words + floor(y / 32) - first_word.
 * RLE masks also name their runs, `first_run .. first_run + run_count`.
 */
export const Mask = defineLayout('Mask', {
  base: 'u32',
  x0: 'u32',
  columns: 'u32',
  first_word: 'u32',
  column_words: 'u32',
  height: 'u32',
  first_run: 'u32',
  run_count: 'u32',
})

/** LANES consecutive words of a mask, or columns of a part: the work of one workgroup. */
export const Tile = defineLayout('Tile', { owner: 'u32', first: 'u32' })

/** A polygon's part: a bit map of toggles, laid out like a mask's; rows from y1 on are outside it. */
export const Part = defineLayout('Part', {
  base: 'u32',
  x0: 'u32',
  columns: 'u32',
  first_word: 'u32',
  column_words: 'u32',
  y1: 'u32',
  mask: 'u32',
})

/** An edge between two vertices on the grid of fifths of a pixel. */
export const Edge = defineLayout('Edge', { x0: 'i32', y0: 'i32', x1: 'i32', y1: 'i32', part: 'u32' })

/** A bit to flip. */
export const Toggle = defineLayout('Toggle', { word: 'u32', bit: 'u32' })

/** Pixels of a mask, and its bounds as in MaskSet. */
export const Extent = defineLayout('Extent', { area: 'u32', x0: 'u32', y0: 'u32', x1: 'u32', y1: 'u32' })

/** Rows in the two mask tables. */
export const Pair = defineLayout('Pair', { dt: 'u32', gt: 'u32' })

/** Invocations in a workgroup, in every kernel. */
export const LANES = 64

/** WGSL text of all the above. */
export const layoutsWgsl = [
  `const LANES = ${LANES}u;\n`,
  ...[RleString, RunSummary, Mask, Tile, Part, Edge, Toggle, Extent, Pair].map(layout => layout.wgsl),
].join('\n')
