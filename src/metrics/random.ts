/**
 * The generator xoshiro128** 1.1 (Blackman and Vigna, 2018), its state filled from a seed through the mixer of MurmurHash3.
 * The same seed gives the same numbers on every platform.
 */
export class Random {
  readonly #state = new Uint32Array(4)

  constructor(seed: number) {
    let counter = seed >>> 0
    for (let i = 0; i < 4; i++) {
      counter = (counter + 0x9e3779b9) >>> 0
      let mixed = Math.imul(counter ^ (counter >>> 16), 0x85ebca6b)
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
      this.#state[i] = mixed ^ (mixed >>> 16)
    }
  }

  /** A generator that goes on from a state of four words, not all 0. */
  static from(state: ArrayLike<number>): Random {
    const random = new Random(0)
    random.#state.set(state)
    return random
  }

  /** A copy of the state, four words. */
  get state(): Uint32Array {
    return this.#state.slice()
  }

  /** The next whole number from 0 to 2^32 - 1. */
  next(): number {
    const state = this.#state
    // Taken apart as a list it would go through an iterator, ten times as long.
    const a = state[0]
    const b = state[1]
    const c = state[2]
    const d = state[3]
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    state[2] = c ^ a
    state[3] = d ^ b
    state[1] = b ^ state[2]
    state[0] = a ^ state[3]
    state[2] ^= b << 9
    state[3] = (state[3] << 11) | (state[3] >>> 21)
    return result
  }

  /**
   * Adds `draws` draws of a whole number from 0 to `counts.length - 1` to `counts`, each equally likely to within
   * one part in 2^32 / counts.length.
   */
  drawInto(counts: Uint32Array, draws: number): void {
    const scale = counts.length / 2 ** 32
    let [a, b, c, d] = this.#state
    for (let draw = 0; draw < draws; draw++) {
      const product = Math.imul(b, 5)
      counts[((Math.imul((product << 7) | (product >>> 25), 9) >>> 0) * scale) | 0]++
      const shifted = b << 9
      c ^= a
      d ^= b
      b ^= c
      a ^= d
      c ^= shifted
      d = (d << 11) | (d >>> 21)
    }
    this.#state.set([a, b, c, d])
  }
}
