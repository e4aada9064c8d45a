type Values = Float64Array | Uint32Array | Uint8Array

/**
 * Values of the records that were kept, which ascend, `width` values a record: `values` themselves where no record
 * was dropped.
 */
export function keep<T extends Values>(values: T, records: Uint32Array, width = 1): T {
  return values.length === width * records.length ? values : pick(values, records, width)
}

/** Values of `records`, in that order, `width` values a record. */
export function pick<T extends Values>(values: T, records: Uint32Array, width = 1): T {
  const out = new (values.constructor as new (length: number) => T)(width * records.length)
  for (let row = 0; row < records.length; row++) {
    const from = width * records[row]
    for (let i = 0; i < width; i++) out[width * row + i] = values[from + i]
  }
  return out
}
