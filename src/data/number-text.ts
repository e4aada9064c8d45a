import { InputError } from '../errors.js'

/** A decimal number; fails with InputError, which says what was expected of the whole `text`. */
export function parseNumber(part: string, text: string, expected: string): number {
  const trimmed = part.trim()
  // Number() also takes '', '0x10' and 'Infinity', none of which is meant here.
  const isDecimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)
  // Nor is what float64 takes for infinite, such as 1e400.
  if (!isDecimal || !Number.isFinite(Number(trimmed))) throw unexpected(expected, text)
  return Number(trimmed)
}

export const unexpected = (expected: string, text: string, value?: number): InputError =>
  new InputError(`expected ${expected}, got ${value === undefined ? '' : `${value} in `}"${text}"`)
