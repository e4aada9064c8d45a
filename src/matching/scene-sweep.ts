import type { AreaRange } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import type { LivePairs } from './scene-pairs.js'
import type { ThresholdWord } from './thresholds.js'

/** As many size ranges as there are bits. */
export const MOST_RANGES = 32

/** What counts in which size ranges; bit a stands for range a, the first of which is the whole. */
export interface RangeBits {
  /** Number of ranges. */
  count: number
  /** Where it is regular: not ignored, and of this size. [ground truth] */
  gts: Uint32Array
  /** Where it is a false positive unless it is matched. [detection] */
  dts: Uint32Array
}

/** Live pairs that reach a threshold, and the detections that have one, in matching order. */
export interface StrongPairs {
  count: number
  /** Row of the detection, [strong]. */
  rows: Int32Array
  /** Pairs of strong detection i are `offsets[i] .. offsets[i + 1]`, [strong + 1]. */
  offsets: Uint32Array
  /** Row of the ground truth, [pair]. */
  gts: Int32Array
  /** Bits of the thresholds that the similarity reaches, fewer and fewer within a detection. [pair] */
  reached: Uint32Array
}

/** How a scene is matched at many thresholds. */
export interface Sweep {
  strong: StrongPairs
  bits: RangeBits
  /**
   * Whether each range is matched on its own, ground truths of other sizes being ignored there (protocol `coco`), or
   * all are matched once and a true positive belongs to the ranges of its ground truth.
   */
  apart: boolean
  /** 1 where a ground truth, being ignored, is never used up. */
  endless: Uint8Array
  /** Position of each detection in its cell, and how many of a cell are kept. */
  ranks: Int32Array
  cap: number
  /** Whether a ground truth with id 0 is used up but counts as no match. */
  zeroIdIsNone: boolean
}

/** Fates of the strong detections, bit t at threshold t; where it is neither it counts as if nothing matched it. */
export interface SweptMatches {
  /** [range][strong] */
  truePositives: Uint32Array[]
  /** Left out because of what it matched. [range][strong] */
  ignored: Uint32Array[]
}

/** Bit a of each area that range a holds, with its upper end (`closed`) or without. */
export function rangeBits(areas: Float64Array, ranges: AreaRange[], closed: boolean): Uint32Array {
  const bits = new Uint32Array(areas.length)
  ranges.forEach(({ lo, hi }, a) => {
    for (let i = 0; i < areas.length; i++) {
      const area = areas[i]
      if (area >= lo && (area < hi || (closed && area === hi))) bits[i] |= 1 << a
    }
  })
  return bits
}

export function strongPairs(live: LivePairs, { ascending, reached }: ThresholdWord): StrongPairs {
  const strong: StrongPairs = {
    count: 0,
    rows: new Int32Array(live.count),
    offsets: new Uint32Array(live.count + 1),
    gts: new Int32Array(live.gts.length),
    reached: new Uint32Array(live.gts.length),
  }
  let end = 0
  for (let i = 0; i < live.count; i++) {
    let level = ascending.length
    for (let pair = live.offsets[i]; pair < live.offsets[i + 1]; pair++) {
      while (level > 0 && live.similarities[pair] < ascending[level - 1]) level--
      if (level === 0) break
      strong.gts[end] = live.gts[pair]
      strong.reached[end++] = reached[level]
    }
    if (end === strong.offsets[strong.count]) continue
    strong.rows[strong.count++] = live.rows[i]
    strong.offsets[strong.count] = end
  }
  return strong
}

/**
 * Matches as `matchScene` does, at up to 32 IoU thresholds at once: a detection goes through its pairs one time, with
 * the set of thresholds at which it is still free.
 */
export function sweepThresholds(scene: Scene, sweep: Sweep): SweptMatches {
  const { strong, bits, apart, ranks, cap } = sweep
  const columns = (): Uint32Array[] => Array.from({ length: bits.count }, () => new Uint32Array(strong.count))
  const swept = { truePositives: columns(), ignored: columns() }
  const turn = new Turn(scene, sweep, swept)
  const matchings = apart ? bits.count : 1
  for (let i = 0; i < strong.count; i++) {
    if (ranks[strong.rows[i]] >= cap) continue
    const isOne = strong.offsets[i + 1] === strong.offsets[i] + 1
    for (let a = 0; a < matchings; a++) {
      if (isOne) turn.takeOnly(i, a)
      else turn.takeBest(i, a)
    }
  }
  return swept
}

/** Ground truths as they are taken. */
class Turn {
  readonly #strong: StrongPairs
  readonly #bits: Uint32Array
  readonly #ranges: number
  readonly #apart: boolean
  readonly #endless: Uint8Array
  readonly #swept: SweptMatches
  /** Ids, where 0 stands for no match. */
  readonly #ids: Float64Array | null
  /** Thresholds at which it is used up, [ground truth, matching]. */
  readonly #taken: Uint32Array
  readonly #matchings: number
  /** Ignored ground truths that the detection at work may take, and the thresholds of each. */
  readonly #fallbacks: number[] = []
  readonly #fallbackBits: number[] = []

  constructor({ gt }: Scene, { strong, bits, apart, endless, zeroIdIsNone }: Sweep, swept: SweptMatches) {
    this.#strong = strong
    this.#bits = bits.gts
    this.#ranges = bits.count
    this.#apart = apart
    this.#endless = endless
    this.#swept = swept
    this.#ids = zeroIdIsNone && gt.ids.includes(0) ? gt.ids : null
    this.#matchings = apart ? bits.count : 1
    this.#taken = new Uint32Array(gt.count * this.#matchings)
  }

  /** Strong detection i, which has one pair, in matching a. */
  takeOnly(i: number, a: number): void {
    const { offsets, gts, reached } = this.#strong
    const pair = offsets[i]
    const g = gts[pair]
    const at = g * this.#matchings + a
    const free = this.#endless[g] === 1 ? reached[pair] : reached[pair] & ~this.#taken[at]
    if (free === 0) return
    this.#taken[at] |= free
    if (((this.#bits[g] >>> a) & 1) === 0) this.#ignore(i, a, free)
    else this.#credit(i, a, g, free)
  }

  /** Strong detection i in matching a: at each threshold its first free regular pair, else its first free ignored one. */
  takeBest(i: number, a: number): void {
    const { offsets, gts, reached } = this.#strong
    const end = offsets[i + 1]
    let open = -1
    let fallback = 0
    let count = 0
    for (let pair = offsets[i]; pair < end; pair++) {
      if ((open & reached[pair]) === 0) break
      const g = gts[pair]
      const at = g * this.#matchings + a
      const free = open & reached[pair] & (this.#endless[g] === 1 ? -1 : ~this.#taken[at])
      if (free === 0) continue
      if (((this.#bits[g] >>> a) & 1) === 0) {
        this.#fallbacks[count] = g
        this.#fallbackBits[count++] = free & ~fallback
        fallback |= free
        continue
      }
      open &= ~free
      this.#taken[at] |= free
      this.#credit(i, a, g, free)
    }
    for (let j = 0; j < count; j++) {
      const lost = this.#fallbackBits[j] & open
      this.#taken[this.#fallbacks[j] * this.#matchings + a] |= lost
      this.#ignore(i, a, lost)
    }
  }

  #credit(i: number, a: number, g: number, free: number): void {
    if (this.#ids !== null && this.#ids[g] === 0) return
    const { truePositives, ignored } = this.#swept
    if (this.#apart) {
      truePositives[a][i] |= free
      return
    }
    const own = this.#bits[g]
    for (let b = 0; b < this.#ranges; b++) {
      if (((own >>> b) & 1) === 1) truePositives[b][i] |= free
      else ignored[b][i] |= free
    }
  }

  #ignore(i: number, a: number, free: number): void {
    const { ignored } = this.#swept
    if (this.#apart) ignored[a][i] |= free
    else for (let b = 0; b < this.#ranges; b++) ignored[b][i] |= free
  }
}
