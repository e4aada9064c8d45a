/**
 * Decimal text to the nearest float64, equal to JSON.parse and Python's float, without making strings.
 *
 * Up to 15 digits and a power of ten up to 22 are both exact, so one multiplication or division rounds correctly.
 * Up to 30 digits are taken as a double-double (an unevaluated sum of two float64) with some 100 correct bits;
 * where even those leave the rounding open, the caller falls back to Number().
 */
export const POWERS_OF_TEN: number[] = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`))

/** Dekker's constant: splits a float64 into two halves of 26 bits. */
const SPLITTER = 134217729

/** The part of a * b that its rounded product `p` lost, exactly. */
function productError(a: number, b: number, p: number): number {
  const aBig = SPLITTER * a
  const aHigh = aBig - (aBig - a)
  const aLow = a - aHigh
  const bBig = SPLITTER * b
  const bHigh = bBig - (bBig - b)
  const bLow = b - bHigh
  return aHigh * bHigh - p + aHigh * bLow + aLow * bHigh + aLow * bLow
}

/** Beyond this share of the remainder the rounding is not settled by a double-double. */
const MARGIN = 1 + 2 ** -30

/**
 * (head * 10^tailDigits + tail) / 10^scale for head, tail below 10^15 and powers up to 22, or NaN where the
 * nearest float64 cannot be told for sure.
 */
function combine(head: number, tail: number, tailDigits: number, scale: number): number {
  const power = POWERS_OF_TEN[tailDigits]
  const product = head * power
  const sum = product + tail
  const carried = sum - product
  const low = productError(head, power, product) + (product - (sum - carried) + (tail - carried))
  const divisor = POWERS_OF_TEN[scale]
  const quotient = sum / divisor
  const back = quotient * divisor
  const rest = (sum - back - productError(quotient, divisor, back) + low) / divisor
  const result = quotient + rest
  const open = quotient - result + rest
  return result + open * MARGIN === result ? result : Number.NaN
}

const ZERO = 48

/** A decimal of 16 to 30 significant digits at `bytes[from .. to]`, or NaN where only Number() can tell. */
export function longDecimal(bytes: Uint8Array, from: number, to: number, scale: number): number {
  let head = 0
  let tail = 0
  let digits = 0
  for (let i = from; i < to; i++) {
    const digit = bytes[i] - ZERO
    if (digit < 0) continue
    if (digits === 0 && digit === 0) continue
    if (digits < 15) head = head * 10 + digit
    else tail = tail * 10 + digit
    digits++
  }
  if (digits <= 15) return head / POWERS_OF_TEN[scale]
  return digits <= 30 ? combine(head, tail, digits - 15, scale) : Number.NaN
}
