/** mulberry32: 32 bits of state, enough for test data. Gives numbers in [0, 1). */
export function randomOf(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Standard normal deviates from uniform ones (Box and Muller). */
export const normalOf = random => () =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** Draws 1..count, the frequency of k falling as 1 / k^power: few common classes and many rare ones. */
export function longTail(random, count, power) {
  const weights = Array.from({ length: count }, (_, k) => 1 / (k + 1) ** power)
  const total = weights.reduce((sum, w) => sum + w, 0)
  const bounds = []
  let sum = 0
  for (const weight of weights) {
    sum += weight
    bounds.push(sum)
  }
  return () => {
    const wanted = random() * total
    let [lo, hi] = [0, count - 1]
    while (lo < hi) {
      const mid = (lo + hi) >> 1
      if (bounds[mid] < wanted) lo = mid + 1
      else hi = mid
    }
    return lo + 1
  }
}

export const round = (value, digits) => Number(value.toFixed(digits))

/** The nearest number that half precision has: what detectors that run in it write, with its many ties. */
export function toHalf(value) {
  const step = 2 ** (Math.floor(Math.log2(value)) - 10)
  return Math.round(value / step) * step
}
