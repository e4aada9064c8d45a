type Column = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array

/** `column` itself where it holds `length` entries, else a copy with room for more. */
export function grown<T extends Column>(column: T, length: number): T {
  if (column.length >= length) return column
  const Typed = column.constructor as new (length: number) => T
  const larger = new Typed(Math.max(length, 2 * column.length, 64))
  larger.set(column)
  return larger
}

/** All parts one after the other; that part itself where only one has entries. */
export function joined<T extends Column>(Typed: new (length: number) => T, parts: T[]): T {
  const filled = parts.filter(part => part.length > 0)
  if (filled.length === 1) return filled[0]
  const whole = new Typed(filled.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of filled) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** 0, 1, 2 .. count - 1. */
export function firstRows(count: number): Int32Array {
  const rows = new Int32Array(count)
  for (let row = 0; row < count; row++) rows[row] = row
  return rows
}
