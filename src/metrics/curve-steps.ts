import type { Ranking } from '../matching/scene-index.js'
import type { RangeBits, StrongPairs, SweptMatches } from '../matching/scene-sweep.js'

/**
 * A precision-recall curve by the points that its averages ask for: those where recall grows, which are as many as
 * there are true positives (or fewer, where equal scores come together), and of the point before each its false
 * positives. Buffers that the next curve writes over.
 */
export interface Steps {
  count: number
  /** True positives so far, [step]. */
  tps: Uint32Array
  /** False positives so far, at the step and just before it, [step]. */
  fps: Uint32Array
  fpsBefore: Uint32Array
  /** All false positives, and all true ones. */
  fpTotal: number
  tpTotal: number
}

/** Detections by descending score, class by class or all of them. */
export interface Ranked {
  rows: Int32Array
  scores: Float64Array
  /** Where each class starts, [class + 1]. */
  offsets: Uint32Array
}

export const rankedByClass = ({ rowsByCategory, scoresByCategory, offsets }: Ranking): Ranked => ({
  rows: rowsByCategory,
  scores: scoresByCategory,
  offsets,
})

export const rankedPooled = ({ rows, scores }: Ranking): Ranked => ({
  rows,
  scores,
  offsets: Uint32Array.of(0, rows.length),
})

/**
 * Walks the curves of a ranking, one after another. Only detections that matched something take time at a threshold;
 * of the others it is enough to know how many come before.
 */
export class CurveWalks {
  readonly #ranges: number
  /** Where the detections of each class that matched something start, [class + 1]. */
  readonly #starts: Uint32Array
  /** Position among the strong ones, and first of the same score; [matched]. */
  readonly #strong: Int32Array
  readonly #groups: Int32Array
  /** Whether it would be a false positive: bits of the ranges, [matched]. */
  readonly #base: Uint32Array
  /** Detections that would be false positives before the first of its score, and up to the last; [matched, range]. */
  readonly #before: Uint32Array
  readonly #upTo: Uint32Array
  /** Those of each class, [class, range]. */
  readonly #totals: Uint32Array
  readonly #swept: SweptMatches
  readonly #steps: Steps
  // The curve at work.
  #total = 0
  #range = 0
  #count = 0
  readonly #chosen: Uint32Array
  readonly #hits: Uint32Array
  readonly #ignored: Uint32Array

  /** `grouped`: detections of equal score are one point. */
  constructor(ranked: Ranked, strong: StrongPairs, swept: SweptMatches, bits: RangeBits, grouped: boolean) {
    const { rows, scores, offsets } = ranked
    const ranges = bits.count
    const positions = matchedPositions(strong, swept, bits)
    this.#ranges = ranges
    this.#swept = swept
    this.#starts = new Uint32Array(offsets.length)
    this.#strong = new Int32Array(strong.count)
    this.#groups = new Int32Array(strong.count)
    this.#base = new Uint32Array(strong.count)
    this.#before = new Uint32Array(strong.count * ranges)
    this.#upTo = new Uint32Array(strong.count * ranges)
    this.#totals = new Uint32Array(offsets.length * ranges)
    const seen = new Uint32Array(ranges)
    const before = new Uint32Array(ranges)
    let count = 0
    for (let k = 0; k + 1 < offsets.length; k++) {
      let first = count
      seen.fill(0)
      this.#starts[k] = count
      for (let rank = offsets[k]; rank < offsets[k + 1]; rank++) {
        if (!grouped || rank === offsets[k] || scores[rank] !== scores[rank - 1]) {
          this.#close(first, count, seen)
          first = count
          before.set(seen)
        }
        const d = rows[rank]
        for (let a = 0; a < ranges; a++) seen[a] += (bits.dts[d] >>> a) & 1
        if (positions[d] < 0) continue
        this.#strong[count] = positions[d]
        this.#groups[count] = first
        this.#base[count] = bits.dts[d]
        this.#before.set(before, count * ranges)
        count++
      }
      this.#close(first, count, seen)
      this.#totals.set(seen, k * ranges)
    }
    this.#starts[offsets.length - 1] = count
    const most = longest(this.#starts)
    this.#chosen = new Uint32Array(most)
    this.#hits = new Uint32Array(most)
    this.#ignored = new Uint32Array(most)
    this.#steps = {
      count: 0,
      tps: new Uint32Array(most),
      fps: new Uint32Array(most),
      fpsBefore: new Uint32Array(most),
      fpTotal: 0,
      tpTotal: 0,
    }
  }

  /** The score of `first .. to` ends where so many have been seen. */
  #close(first: number, to: number, seen: Uint32Array): void {
    for (let i = first; i < to; i++) this.#upTo.set(seen, i * this.#ranges)
  }

  /** Turns to class k (0 for all) and size range a. */
  open(k: number, a: number): void {
    const ranges = this.#ranges
    const strong = this.#strong
    const { truePositives, ignored } = this.#swept
    let count = 0
    for (let i = this.#starts[k]; i < this.#starts[k + 1]; i++) {
      const at = strong[i] * ranges + a
      const hits = truePositives[at]
      const lost = ((this.#base[i] >>> a) & 1) === 1 ? ignored[at] : 0
      this.#chosen[count] = i
      this.#hits[count] = hits
      this.#ignored[count] = lost
      if ((hits | lost) !== 0) count++
    }
    this.#count = count
    this.#range = a
    this.#total = this.#totals[k * ranges + a]
  }

  /** The curve at threshold t. */
  at(t: number): Steps {
    const { tps, fps, fpsBefore } = this.#steps
    const hits = this.#hits
    const ignored = this.#ignored
    const ranges = this.#ranges
    const a = this.#range
    const bit = 1 << t
    let tp = 0
    let step = -1
    /** Those among the detections so far, matched, that would be false positives; and before the score under way. */
    let taken = 0
    let takenBefore = 0
    let score = -1
    let scoreOfStep = -1
    for (let i = 0; i < this.#count; i++) {
      const isHit = (hits[i] & bit) !== 0
      if (!isHit && (ignored[i] & bit) === 0) continue
      const at = this.#chosen[i]
      if (this.#groups[at] !== score) {
        score = this.#groups[at]
        takenBefore = taken
      }
      taken += (this.#base[at] >>> a) & 1
      if (isHit) {
        tp++
        if (scoreOfStep !== score) {
          scoreOfStep = score
          fpsBefore[++step] = this.#before[at * ranges + a] - takenBefore
        }
        tps[step] = tp
      }
      if (scoreOfStep === score) fps[step] = this.#upTo[at * ranges + a] - taken
    }
    this.#steps.count = step + 1
    this.#steps.fpTotal = this.#total - taken
    this.#steps.tpTotal = tp
    return this.#steps
  }
}

/** Position among the strong ones of the detections that match anything anywhere, -1 for the others; [detection]. */
function matchedPositions(
  { count, rows }: StrongPairs,
  { truePositives, ignored }: SweptMatches,
  bits: RangeBits,
): Int32Array {
  const positions = new Int32Array(bits.dts.length).fill(-1)
  for (let i = 0; i < count; i++) {
    let any = 0
    for (let at = i * bits.count; at < (i + 1) * bits.count; at++) any |= truePositives[at] | ignored[at]
    if (any !== 0) positions[rows[i]] = i
  }
  return positions
}

function longest(offsets: Uint32Array): number {
  let most = 0
  for (let k = 0; k + 1 < offsets.length; k++) most = Math.max(most, offsets[k + 1] - offsets[k])
  return most
}

/** Regular ground truths of each class by size range, [class][a]; of all as one class where `categories` is null. */
export function regularByClass(
  { gts, count }: RangeBits,
  categories: Int32Array | null,
  classes: number,
): Uint32Array[] {
  const regular = Array.from({ length: classes }, () => new Uint32Array(count))
  for (let g = 0; g < gts.length; g++) {
    const counts = regular[categories ? categories[g] : 0]
    for (let a = 0; a < count; a++) counts[a] += (gts[g] >>> a) & 1
  }
  return regular
}
