import { SCALE } from '../../geometry/polygons.js'

/**
 * Which edges integers cannot decide. The reference walks an edge in float64. With 32-bit integers the device finds
 * the same rows as long as products fit, coordinates are small enough for float64's own rounding not to show, and
 * no point that matters lies exactly half-way between two grid points (a tie), where float64 may fall to either side.
 */

/** Grid coordinates within +-2^22: float64 then errs by less than 2^-27, and two fractions differ by 2^-24 or more. */
const MAX_COORDINATE = 2 ** 22
/** 2 * dx * dy + 2 * dx stays below 2^32. */
const MAX_PRODUCT = 2 ** 31 - 2 ** 24

const isPowerOfTwo = (n: number): boolean => (n & (n - 1)) === 0

/** Remainder of floored division, 0 to SCALE - 1. */
const phase = (n: number): number => ((n % SCALE) + SCALE) % SCALE

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}

/** Whether the edge between two vertices on the grid must be walked in float64. */
export function needsFloat64(x0: number, y0: number, x1: number, y1: number): boolean {
  // Written so that NaN needs float64.
  const small =
    Math.abs(x0) <= MAX_COORDINATE &&
    Math.abs(y0) <= MAX_COORDINATE &&
    Math.abs(x1) <= MAX_COORDINATE &&
    Math.abs(y1) <= MAX_COORDINATE
  if (!small) return true
  const dx = Math.abs(x1 - x0)
  const dy = Math.abs(y1 - y0)
  if (dx * dy > MAX_PRODUCT) return true
  if (dx >= dy) return x0 < x1 ? flatTie(x0, dx, y1 - y0) : flatTie(x1, dx, y0 - y1)
  return y0 < y1 ? steepTie(x0, dy, x1 - x0) : steepTie(x1, dy, x0 - x1)
}

/**
 * Ties on an edge of `major` steps that moves `minor` across: with g = gcd(major, |minor|) they stand at
 * t = (2n + 1) * major / (2g), n = 0 .. g - 1, when major / g is even, and nowhere else. When major / g is a power of
 * two, the slope is exact in float64 and so is everything after it. Returns g, or 0 where ties cannot matter.
 */
function tieCount(major: number, minor: number): number {
  const across = Math.abs(minor)
  if (across === 0 || (major & -major) <= (across & -across)) return 0
  const g = greatestCommonDivisor(major, across)
  return isPowerOfTwo(major / g) ? 0 : g
}

/** An edge at most 45 degrees steep that starts at `ax`: a tie matters beside a column's cut, at u = 5c + 2 or 5c + 3. */
function flatTie(ax: number, run: number, rise: number): boolean {
  const g = tieCount(run, rise)
  const half = run / g / 2
  // Phases repeat after SCALE ties.
  for (let n = 0; n < Math.min(g, SCALE); n++) {
    if (phase(ax + (2 * n + 1) * half) === (rise >= 0 ? 2 : 3)) return true
  }
  return false
}

/** A steeper edge that starts at `ax`: a tie matters half-way over a column's cut, at u = 5c + 2.5. */
function steepTie(ax: number, rise: number, run: number): boolean {
  const g = tieCount(rise, run)
  for (let n = 0; n < Math.min(g, SCALE); n++) {
    if (phase(ax + ((2 * n + 1) * (run / g) - 1) / 2) === 2) return true
  }
  return false
}
