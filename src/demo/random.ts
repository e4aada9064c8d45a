/** A small seeded generator (sfc32). Integer arithmetic only, so every engine draws the same numbers. */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  /** Streams of one seed are independent of each other: one image's draws do not move another's. */
  constructor(seed: number, stream: number) {
    this.#a = seed >>> 0
    this.#b = Math.floor(seed / 2 ** 32) >>> 0
    this.#c = stream >>> 0
    for (let i = 0; i < 15; i++) this.next()
  }

  /** Uniform in [0, 1), a multiple of 2^-32. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    return (sum >>> 0) / 2 ** 32
  }

  between(lo: number, hi: number): number {
    return lo + (hi - lo) * this.next()
  }

  /** Whole number from `lo` to `hi`, both included. */
  whole(lo: number, hi: number): number {
    return lo + Math.floor((hi - lo + 1) * this.next())
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(items.length * this.next())]
  }

  /** Bell-shaped around 0 with standard deviation 1, within ±3.47 (a sum of four uniforms). */
  bell(): number {
    return (this.next() + this.next() + this.next() + this.next() - 2) * 1.7320508075688772
  }
}
