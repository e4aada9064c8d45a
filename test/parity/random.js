// @ts-check
/** A seeded source of random numbers; the same seed gives the same data on every machine. */
export class Random {
  #state

  /** @param {...number} seeds */
  constructor(...seeds) {
    this.#state = 0x9e3779b9
    for (const seed of seeds) {
      this.#state = (this.#state ^ seed) >>> 0
      this.next()
      this.#state = Math.imul(this.#state, 0x85ebca6b) >>> 0
    }
  }

  /** Uniform in [0, 1), 32 random bits (mulberry32). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let x = this.#state
    x = Math.imul(x ^ (x >>> 15), x | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }

  /** Whole number from lo to hi, both included. @param {number} lo @param {number} hi */
  int(lo, hi) {
    return lo + Math.floor(this.next() * (hi - lo + 1))
  }

  /** @param {number} probability */
  chance(probability) {
    return this.next() < probability
  }

  /** @template T @param {readonly T[]} items @returns {T} */
  pick(items) {
    return items[this.int(0, items.length - 1)]
  }

  /** Picks a key in proportion to its weight. @param {Record<string, number>} weights */
  weighted(weights) {
    const entries = Object.entries(weights)
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [name, weight] of entries) {
      left -= weight
      if (left < 0) return name
    }
    return entries[entries.length - 1][0]
  }

  /** A shuffled copy. @template T @param {readonly T[]} items @returns {T[]} */
  shuffle(items) {
    const out = [...items]
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(0, i)
      const swapped = out[i]
      out[i] = out[j]
      out[j] = swapped
    }
    return out
  }

  /** @template T @param {number} count @param {(i: number) => T} make @returns {T[]} */
  times(count, make) {
    return Array.from({ length: count }, (_, i) => make(i))
  }
}
