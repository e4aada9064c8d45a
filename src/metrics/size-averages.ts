import { FP, type SceneMatches, type SizeRange, TP } from '../data/analysis.js'
import { gtsOf, type SceneIndex } from '../matching/scene-index.js'
import { isRegularIn } from './outcomes.js'
import { RECALL_GRID } from './pr-curves.js'
import { inSize } from './sizes.js'

/** What averages over classes and IoU thresholds need of an exact curve; the numbers are those of `curveOf`. */
export interface CurveAverages {
  groundTruths: number
  /** Whether it has detections that count. */
  hasDetections: boolean
  ap101: number | null
  auc: number | null
  apStep: number | null
  maxRecall: number | null
}

/**
 * Detections by descending score, prepared for walks at any IoU threshold: only those with a partner can be anything
 * but false positives, and how many of each size come before a rank is known beforehand.
 */
interface RankedSizes {
  rows: Int32Array
  /** Where each class starts, among the ranks and in `live`. */
  offsets: Uint32Array
  liveOffsets: Uint32Array
  /** Ranks of the detections with a partner, and the ranks from and to which their score reaches. */
  live: Int32Array
  starts: Int32Array
  ends: Int32Array
  /** Detections of size a before a rank, [rank, a]. */
  before: Uint32Array
}

/** Which instances belong to which size ranges, in the order of curves. */
export interface SizeWalks {
  sizes: SizeRange[]
  /** Bit a where an instance belongs to size range a; the first holds all. */
  gtBits: Uint32Array
  dtBits: Uint32Array
  pooled: RankedSizes
  byClass: RankedSizes
}

/** As many as there are bits. */
export const MOST_SIZES = 32

/** Below a threshold this far under the least that is asked for nothing can be matched: boxes are forgiven some ulps. */
const SLACK = 1e-9

/** For walks at IoU thresholds from `leastIou` up, in up to MOST_SIZES size ranges. */
export function sizeWalksOf(index: SceneIndex, sizes: SizeRange[], leastIou: number): SizeWalks {
  const bitsOf = (areas: Float64Array): Uint32Array => {
    const bits = new Uint32Array(areas.length).fill(1)
    for (let i = 0; i < areas.length; i++) {
      for (let a = 1; a < sizes.length; a++) if (inSize(areas[i], sizes[a], index.protocol)) bits[i] |= 1 << a
    }
    return bits
  }
  const { rows, scores, offsets, rowsByCategory, scoresByCategory } = index.ranking
  const dtBits = bitsOf(index.dtAreas)
  const partnered = new Uint8Array(dtBits.length)
  const { count, rows: liveRows, offsets: pairs, similarities } = index.live
  for (let i = 0; i < count; i++) if (similarities[pairs[i]] >= leastIou - SLACK) partnered[liveRows[i]] = 1
  const whole = Uint32Array.of(0, rows.length)
  return {
    sizes,
    gtBits: bitsOf(index.gtAreas),
    dtBits,
    pooled: rankSizes(rows, scores, whole, dtBits, sizes.length, partnered),
    byClass: rankSizes(rowsByCategory, scoresByCategory, offsets, dtBits, sizes.length, partnered),
  }
}

function rankSizes(
  rows: Int32Array,
  scores: Float64Array,
  offsets: Uint32Array,
  dtBits: Uint32Array,
  sizeCount: number,
  partnered: Uint8Array,
): RankedSizes {
  const count = rows.length
  const ranked: RankedSizes = {
    rows,
    offsets,
    liveOffsets: new Uint32Array(offsets.length),
    live: new Int32Array(count),
    starts: new Int32Array(count),
    ends: new Int32Array(count),
    before: new Uint32Array((count + 1) * sizeCount),
  }
  const { live, starts, ends, before } = ranked
  let found = 0
  for (let k = 0; k + 1 < offsets.length; k++) {
    ranked.liveOffsets[k] = found
    const to = offsets[k + 1]
    for (let start = offsets[k]; start < to; ) {
      let end = start
      while (end < to && scores[end] === scores[start]) {
        const bits = dtBits[rows[end]]
        for (let a = 0; a < sizeCount; a++)
          before[(end + 1) * sizeCount + a] = before[end * sizeCount + a] + ((bits >>> a) & 1)
        if (partnered[rows[end]]) {
          live[found] = end
          starts[found++] = start
        }
        end++
      }
      for (let i = found; i > 0 && live[i - 1] >= start; i--) ends[i - 1] = end
      start = end
    }
  }
  ranked.liveOffsets[offsets.length - 1] = found
  return ranked
}

/**
 * The averages of one class, or of all pooled (null), in each size range by protocol `corrected`: one walk for all
 * ranges, without the points. Needs matches of the whole.
 */
export function averagesBySize(
  index: SceneIndex,
  matches: SceneMatches,
  walks: SizeWalks,
  category: number | null,
): CurveAverages[] {
  const { gtBits, dtBits } = walks
  const { dtOutcomes, gtOfDt } = matches
  const ranked = category === null ? walks.pooled : walks.byClass
  const k = category ?? 0
  const walk = new SizeWalk(ranked, ranked.offsets[k], groundTruthsOf(index, matches, walks, category))
  for (let i = ranked.liveOffsets[k]; i < ranked.liveOffsets[k + 1]; i++) {
    const d = ranked.rows[ranked.live[i]]
    const outcome = dtOutcomes[d]
    if (outcome === FP) continue
    walk.enter(ranked.starts[i], ranked.ends[i])
    addBits(walk.taken, dtBits[d])
    if (outcome === TP) addBits(walk.tps, gtBits[gtOfDt[d]])
  }
  return walk.end(ranked.offsets[k + 1])
}

function groundTruthsOf(
  index: SceneIndex,
  matches: SceneMatches,
  { sizes, gtBits }: SizeWalks,
  category: number | null,
): Uint32Array {
  const counts = new Uint32Array(sizes.length)
  for (const g of gtsOf(index, category)) if (isRegularIn(index, matches, null, g)) addBits(counts, gtBits[g])
  return counts
}

function addBits(counts: Uint32Array, bits: number): void {
  for (let a = 0; a < counts.length; a++) counts[a] += (bits >>> a) & 1
}

/** Adds up the curves of all size ranges score by score, in the arithmetic of `curveOf`. */
class SizeWalk {
  /** True positives by the size of their ground truth; those and ignored detections by their own. [size] */
  readonly tps: Uint32Array
  readonly taken: Uint32Array
  readonly #ranked: RankedSizes
  readonly #from: number
  readonly #groundTruths: Uint32Array
  /** As they were before the score that is under way. */
  readonly #lastTps: Uint32Array
  readonly #lastTaken: Uint32Array
  readonly #auc: Float64Array
  readonly #step: Float64Array
  /** Sum of the linear curve at the grid's recalls before `#next`. */
  readonly #sum: Float64Array
  readonly #next: Uint32Array
  /** Ranks of the score under way. */
  #start = -1
  #end = -1

  constructor(ranked: RankedSizes, from: number, groundTruths: Uint32Array) {
    const { length } = groundTruths
    this.#ranked = ranked
    this.#from = from
    this.#groundTruths = groundTruths
    this.tps = new Uint32Array(length)
    this.taken = new Uint32Array(length)
    this.#lastTps = new Uint32Array(length)
    this.#lastTaken = new Uint32Array(length)
    this.#auc = new Float64Array(length)
    this.#step = new Float64Array(length)
    this.#sum = new Float64Array(length)
    this.#next = new Uint32Array(length)
  }

  /** What is added from here on has the score of these ranks. */
  enter(start: number, end: number): void {
    if (start === this.#start) return
    this.#finishScore()
    this.#start = start
    this.#end = end
  }

  /** A score without a true positive adds no area. */
  #finishScore(): void {
    for (let a = 0; a < this.tps.length; a++) {
      if (this.tps[a] !== this.#lastTps[a]) {
        const fpBefore = this.#seen(a, this.#start) - this.#lastTaken[a]
        this.#advance(a, fpBefore, this.#seen(a, this.#end) - this.taken[a])
      }
      this.#lastTps[a] = this.tps[a]
      this.#lastTaken[a] = this.taken[a]
    }
  }

  /** Detections of size a before a rank. */
  #seen(a: number, rank: number): number {
    const { before } = this.#ranked
    const { length } = this.tps
    return before[rank * length + a] - before[this.#from * length + a]
  }

  #advance(a: number, fpBefore: number, fp: number): void {
    const tp = this.tps[a]
    const lastTp = this.#lastTps[a]
    const recall = tp / this.#groundTruths[a]
    const precision = tp / (tp + fp)
    const isFirst = lastTp + fpBefore === 0
    const lastRecall = lastTp / this.#groundTruths[a]
    const lastPrecision = isFirst ? precision : lastTp / (lastTp + fpBefore)
    const width = recall - lastRecall
    this.#auc[a] += (width * (lastPrecision + precision)) / 2
    this.#step[a] += width * precision
    let next = this.#next[a]
    for (; next < RECALL_GRID.length && RECALL_GRID[next] <= recall; next++) {
      const share = (RECALL_GRID[next] - lastRecall) / width
      this.#sum[a] +=
        isFirst || RECALL_GRID[next] === recall
          ? precision
          : lastPrecision + share * (precision - lastPrecision)
    }
    this.#next[a] = next
  }

  /** `to` is the rank after the last. */
  end(to: number): CurveAverages[] {
    this.#finishScore()
    return Array.from(this.#groundTruths, (groundTruths, a) => {
      const some = groundTruths > 0
      return {
        groundTruths,
        hasDetections: this.tps[a] + this.#seen(a, to) - this.taken[a] > 0,
        ap101: some ? this.#sum[a] / RECALL_GRID.length : null,
        auc: some ? this.#auc[a] : null,
        apStep: some ? this.#step[a] : null,
        maxRecall: some ? this.tps[a] / groundTruths : null,
      }
    })
  }
}
