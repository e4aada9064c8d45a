/**
 * `value` with `digits` decimals as Python's '%.3f' prints it. JavaScript's toFixed rounds by the exact binary value
 * too, but takes exact ties away from zero where Python takes them to the even digit: 0.0625 is 0.062, not 0.063.
 */
export function pythonFixed(value: number, digits: number): string {
  const magnitude = Math.abs(value)
  // A binary fraction lies half-way between two decimals only as an odd multiple of 2^-(digits + 1).
  const halves = magnitude * 2 ** (digits + 1)
  if (!Number.isInteger(halves) || halves % 2 === 0) return value.toFixed(digits)
  const below = Math.floor(magnitude * 10 ** digits)
  const even = below % 2 === 0 ? below : below + 1
  return (value < 0 ? '-' : '') + (even / 10 ** digits).toFixed(digits)
}
