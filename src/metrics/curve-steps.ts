import type { Ranking } from '../matching/scene-ranking.js'
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
  readonly #swept: SweptMatches
  readonly #offsets: Uint32Array
  /** Bits of the ranges in which a detection would be a false positive, [rank]. */
  readonly #dtBits: Uint32Array
  /** Where the detections of each class that matched something start, [class + 1]. */
  readonly #starts: Uint32Array
  /** Position among the strong ones; rank; ranks from and to which its score reaches. [matched] */
  readonly #strong: Int32Array
  readonly #ranks: Int32Array
  readonly #froms: Int32Array
  readonly #tos: Int32Array
  /** Of the class and range at work. */
  readonly #matched: Matched
  #count = 0
  #total = 0
  readonly #steps: Steps

  /** `grouped`: detections of equal score are one point. */
  constructor(ranked: Ranked, strong: StrongPairs, swept: SweptMatches, bits: RangeBits, grouped: boolean) {
    const { rows, scores, offsets } = ranked
    const positions = matchedPositions(strong, swept, bits.dts.length)
    this.#swept = swept
    this.#offsets = offsets
    this.#dtBits = new Uint32Array(rows.length)
    this.#starts = new Uint32Array(offsets.length)
    this.#strong = new Int32Array(strong.count)
    this.#ranks = new Int32Array(strong.count)
    this.#froms = new Int32Array(strong.count)
    this.#tos = new Int32Array(strong.count)
    let count = 0
    for (let k = 0; k + 1 < offsets.length; k++) {
      this.#starts[k] = count
      let first = count
      let from = offsets[k]
      for (let rank = offsets[k]; rank < offsets[k + 1]; rank++) {
        if (rank > from && !(grouped && scores[rank] === scores[from])) {
          for (; first < count; first++) this.#tos[first] = rank
          from = rank
        }
        const d = rows[rank]
        this.#dtBits[rank] = bits.dts[d]
        if (positions[d] < 0) continue
        this.#strong[count] = positions[d]
        this.#ranks[count] = rank
        this.#froms[count++] = from
      }
      for (; first < count; first++) this.#tos[first] = offsets[k + 1]
    }
    this.#starts[offsets.length - 1] = count
    const most = longest(this.#starts)
    this.#matched = createMatched(most)
    this.#steps = createSteps(most)
  }

  /** Turns to class k (0 for all) and size range a. */
  open(k: number, a: number): void {
    const dtBits = this.#dtBits
    const truePositives = this.#swept.truePositives[a]
    const ignored = this.#swept.ignored[a]
    const { hits, lost, base, scores, before, upTo } = this.#matched
    let rank = this.#offsets[k]
    let seen = 0
    let seenBefore = 0
    let count = 0
    for (let i = this.#starts[k]; i < this.#starts[k + 1]; i++) {
      const own = this.#strong[i]
      const counts = (dtBits[this.#ranks[i]] >>> a) & 1
      // Neither counts nor would have.
      if (truePositives[own] === 0 && (ignored[own] === 0 || counts === 0)) continue
      const from = this.#froms[i]
      if (count === 0 || scores[count - 1] !== from) {
        while (rank < from) seen += (dtBits[rank++] >>> a) & 1
        seenBefore = seen
        while (rank < this.#tos[i]) seen += (dtBits[rank++] >>> a) & 1
      }
      hits[count] = truePositives[own]
      base[count] = counts
      lost[count] = counts === 1 ? ignored[own] : 0
      scores[count] = from
      before[count] = seenBefore
      upTo[count++] = seen
    }
    while (rank < this.#offsets[k + 1]) seen += (dtBits[rank++] >>> a) & 1
    this.#count = count
    this.#total = seen
  }

  /** The curve at threshold t. */
  at(t: number): Steps {
    const steps = this.#steps
    const { tps, fps, fpsBefore } = steps
    const { hits, lost, base, scores, before, upTo } = this.#matched
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
      if (!isHit && (lost[i] & bit) === 0) continue
      if (scores[i] !== score) {
        score = scores[i]
        takenBefore = taken
      }
      taken += base[i]
      if (isHit) {
        tp++
        if (scoreOfStep !== score) {
          scoreOfStep = score
          fpsBefore[++step] = before[i] - takenBefore
        }
        tps[step] = tp
      }
      if (scoreOfStep === score) fps[step] = upTo[i] - taken
    }
    steps.count = step + 1
    steps.fpTotal = this.#total - taken
    steps.tpTotal = tp
    return steps
  }
}

/** Detections of one class that matched something in a range, by descending score. */
interface Matched {
  /** Thresholds at which it is a true positive, and at which it does not count though it would without a match. */
  hits: Uint32Array
  lost: Uint32Array
  /** Whether it would be a false positive if nothing matched it. */
  base: Uint8Array
  /** Equal where scores are and come together: the first rank of the score. */
  scores: Int32Array
  /** Detections that would be false positives before the first of its score, and up to the last. */
  before: Uint32Array
  upTo: Uint32Array
}

const createMatched = (size: number): Matched => ({
  hits: new Uint32Array(size),
  lost: new Uint32Array(size),
  base: new Uint8Array(size),
  scores: new Int32Array(size),
  before: new Uint32Array(size),
  upTo: new Uint32Array(size),
})

const createSteps = (size: number): Steps => ({
  count: 0,
  tps: new Uint32Array(size),
  fps: new Uint32Array(size),
  fpsBefore: new Uint32Array(size),
  fpTotal: 0,
  tpTotal: 0,
})

/** Position among the strong ones of the detections that match anything anywhere, -1 for the others; [detection]. */
function matchedPositions(
  { count, rows }: StrongPairs,
  { truePositives, ignored }: SweptMatches,
  dtCount: number,
): Int32Array {
  const any = new Uint32Array(count)
  for (const column of [...truePositives, ...ignored]) for (let i = 0; i < count; i++) any[i] |= column[i]
  const positions = new Int32Array(dtCount).fill(-1)
  for (let i = 0; i < count; i++) if (any[i] !== 0) positions[rows[i]] = i
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
