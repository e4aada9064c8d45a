import type { Overlaps } from '../data/evaluation.js'
import { sharedBytes } from '../data/shared.js'
import { grown } from '../matching/buffers.js'

/**
 * Room for so many pairs a detection is there from the beginning. Mostly they are fewer; room that is never written to
 * takes no memory, and nothing is copied to grow.
 */
const PAIRS_PER_DETECTION = 2

/** Overlaps of neighbouring detections that come part by part. */
export class OverlapParts {
  readonly #offsets: Uint32Array
  #gts: Int32Array
  #similarities: Float64Array
  #detections = 0
  #count = 0

  /** For `detections` detections in all; `isShared`: in memory that threads see, unless it must grow. */
  constructor(detections: number, isShared = false) {
    const bytes = (count: number) => (isShared ? sharedBytes(count).buffer : new ArrayBuffer(count))
    const most = PAIRS_PER_DETECTION * detections
    this.#offsets = new Uint32Array(bytes(4 * (detections + 1)))
    this.#gts = new Int32Array(bytes(4 * most))
    this.#similarities = new Float64Array(bytes(8 * most))
  }

  /** Pairs so far. */
  get count(): number {
    return this.#count
  }

  /** The next detections: where the pairs of each begin among all, with the end of the last, and the pairs, copied. */
  add(offsets: Uint32Array, gts: Uint32Array | Int32Array, similarities: Float64Array): void {
    this.#offsets.set(offsets, this.#detections)
    this.#detections += offsets.length - 1
    const end = this.#count + gts.length
    this.#gts = grown(this.#gts, end)
    this.#similarities = grown(this.#similarities, end)
    this.#gts.set(gts, this.#count)
    this.#similarities.set(similarities.subarray(0, gts.length), this.#count)
    this.#count = end
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
  mark(): { detections: number; count: number } {
    return { detections: this.#detections, count: this.#count }
  }

  /** Forgets what came since `mark`. */
  rewind({ detections, count }: ReturnType<OverlapParts['mark']>): void {
    this.#detections = detections
    this.#count = count
  }

  /** All of them: views, which hold the room that was left over too. */
  join(): Overlaps {
    return {
      offsets: this.#offsets,
      gts: this.#gts.subarray(0, this.#count),
      similarities: this.#similarities.subarray(0, this.#count),
    }
  }
}
