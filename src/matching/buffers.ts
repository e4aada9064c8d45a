type Column = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array

/** `column` itself where it holds `length` entries, else a copy with room for more. */
export function grown<T extends Column>(column: T, length: number): T {
  if (column.length >= length) return column
  const Typed = column.constructor as new (length: number) => T
  const larger = new Typed(Math.max(length, 2 * column.length, 64))
  larger.set(column)
  return larger
}

/** 0, 1, 2 .. count - 1. */
export function firstRows(count: number): Int32Array {
  const rows = new Int32Array(count)
  for (let row = 0; row < count; row++) rows[row] = row
  return rows
}
