/** Bytes of all typed arrays in plain data, each counted once. */
export function heldBytes(...values: unknown[]): number {
  const seen = new Set<object>()
  let bytes = 0
  const add = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (ArrayBuffer.isView(value)) bytes += value.byteLength
    else for (const part of Object.values(value)) add(part)
  }
  values.forEach(add)
  return bytes
}
