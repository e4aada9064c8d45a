// Columns of 32 bits.

export function at(column: i32, i: i32): i32 {
  return load<i32>(column + (i << 2))
}

export function put(column: i32, i: i32, value: i32): void {
  store<i32>(column + (i << 2), value)
}

/** Adds one and returns what was there. */
export function next(column: i32, i: i32): i32 {
  const value = at(column, i)
  put(column, i, value + 1)
  return value
}

/** Counts become starts. */
export function toStarts(counts: i32, count: i32): void {
  let start = 0
  for (let i = 0; i < count; i++) {
    const here = at(counts, i)
    put(counts, i, start)
    start += here
  }
}
