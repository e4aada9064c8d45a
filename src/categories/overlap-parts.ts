import type { Overlaps } from '../data/evaluation.js'

/** Overlaps of neighbouring detections that come part by part. */
export class OverlapParts {
  readonly #offsets: Uint32Array
  readonly #gts: Int32Array[] = []
  readonly #similarities: Float64Array[] = []
  #detections = 0
  #count = 0

  /** For `detections` detections in all. */
  constructor(detections: number) {
    this.#offsets = new Uint32Array(detections + 1)
  }

  /** Pairs so far. */
  get count(): number {
    return this.#count
  }

  /** The next detections: where the pairs of each begin among all, with the end of the last, and copies of the pairs. */
  add(offsets: Uint32Array, gts: Uint32Array | Int32Array, similarities: Float64Array): void {
    this.#offsets.set(offsets, this.#detections)
    this.#detections += offsets.length - 1
    this.#gts.push(Int32Array.from(gts))
    this.#similarities.push(similarities.slice())
    this.#count += gts.length
  }

  /** The next detections, with offsets that count from 0. */
  append({ offsets, gts, similarities }: Overlaps): void {
    const base = this.#count
    this.add(
      offsets.map(offset => base + offset),
      gts,
      similarities,
    )
  }

  /** Where it stands, for `rewind`. */
  mark(): { parts: number; detections: number; count: number } {
    return { parts: this.#gts.length, detections: this.#detections, count: this.#count }
  }

  /** Forgets what came since `mark`. */
  rewind({ parts, detections, count }: ReturnType<OverlapParts['mark']>): void {
    this.#gts.length = parts
    this.#similarities.length = parts
    this.#detections = detections
    this.#count = count
  }

  join(): Overlaps {
    const gts = new Int32Array(this.#count)
    const similarities = new Float64Array(this.#count)
    let at = 0
    this.#gts.forEach((part, i) => {
      gts.set(part, at)
      similarities.set(this.#similarities[i], at)
      at += part.length
    })
    return { offsets: this.#offsets, gts, similarities }
  }
}
