import type { Config } from '../data/config.js'

/**
 * The precision-recall curves of one category and area range, all caps and IoU thresholds at once.
 *
 * Precision falls between true positives, so its envelope is decided at true positives alone, and only its
 * greatest value between two recall thresholds matters. So a curve is R numbers, however many detections it has.
 */
export interface Curves {
  M: number
  T: number
  R: number
  /** Regular ground truths. */
  regular: number
  /** Detections, by the first cap that keeps them, not counting those ignored at every threshold; [M]. */
  seen: Uint32Array
  /** [M, T] */
  truePositives: Uint32Array
  /** Detections matched or ignored, among `seen`: the others are false positives. [M, T] */
  explained: Uint32Array
  /** Recall thresholds reached so far, in ascending order; [M, T]. */
  reached: Uint32Array
  /** Greatest precision between recall threshold r (ascending) and the next; [M, T, R]. */
  precision: Float64Array
  /** Score at which recall threshold r (ascending) is reached; [M, T, R]. */
  scores: Float64Array
  /** True positives that each recall threshold (ascending) needs; [R]. */
  needed: Uint32Array
  /** Recall thresholds ascending, [R]. */
  ascending: Float64Array
  /** Position in `ascending` of each recall threshold as configured; [R]. */
  places: Uint32Array
}

export function createCurves(config: Config): Curves {
  const M = config.maxDets.length
  const T = config.iouThresholds.length
  const R = config.recallThresholds.length
  const sorted = config.recallThresholds.map((_, r) => r)
  sorted.sort((one, other) => config.recallThresholds[one] - config.recallThresholds[other])
  const places = new Uint32Array(R)
  sorted.forEach((r, place) => {
    places[r] = place
  })
  return {
    M,
    T,
    R,
    regular: 0,
    seen: new Uint32Array(M),
    truePositives: new Uint32Array(M * T),
    explained: new Uint32Array(M * T),
    reached: new Uint32Array(M * T),
    precision: new Float64Array(M * T * R),
    scores: new Float64Array(M * T * R),
    needed: new Uint32Array(R),
    ascending: Float64Array.from(sorted, r => config.recallThresholds[r]),
    places,
  }
}

/** Empties the curves for `regular` > 0 ground truths; `topScore` is the highest score, where there is one. */
export function resetCurves(curves: Curves, regular: number, topScore: number): void {
  const { needed, ascending, R } = curves
  curves.regular = regular
  curves.truePositives.fill(0)
  curves.explained.fill(0)
  curves.precision.fill(0)
  curves.scores.fill(0)
  let reached = 0
  for (let r = 0; r < R; r++) {
    needed[r] = truePositivesFor(ascending[r], regular)
    if (needed[r] === 0) reached++
  }
  curves.reached.fill(reached)
  for (let curve = 0; curve < curves.M * curves.T; curve++) {
    curves.scores.fill(topScore, curve * R, curve * R + reached)
  }
}

/** The least number of true positives with `number / regular >= threshold` in float64. */
function truePositivesFor(threshold: number, regular: number): number {
  if (!(threshold > 0)) return 0
  if (threshold > 1) return regular + 1 // out of reach
  let count = Math.ceil(threshold * regular)
  while (count > 0 && (count - 1) / regular >= threshold) count--
  while (count / regular < threshold) count++
  return count
}

/**
 * Adds a detection kept by the caps `cap` and up: `bits` are the thresholds `t0 ..` at which it is matched or
 * ignored, `hits` those at which it is a true positive.
 */
export function addDetection(
  curves: Curves,
  cap: number,
  bits: number,
  hits: number,
  t0: number,
  score: number,
): void {
  const { M, T, seen, explained } = curves
  let before = 0
  for (let m = 0; m < cap; m++) before += seen[m]
  for (let m = cap; m < M; m++) {
    before += seen[m]
    for (let left = bits; left !== 0; left &= left - 1) {
      const bit = left & -left
      const curve = m * T + t0 + 31 - Math.clz32(bit)
      explained[curve]++
      if ((hits & bit) !== 0) addTruePositive(curves, curve, before - explained[curve], score)
    }
  }
}

function addTruePositive(curves: Curves, curve: number, falsePositives: number, score: number): void {
  const { R, needed, precision } = curves
  const truePositives = ++curves.truePositives[curve]
  const first = curve * R
  let reached = curves.reached[curve]
  while (reached < R && needed[reached] <= truePositives) curves.scores[first + reached++] = score
  curves.reached[curve] = reached
  if (reached === 0) return
  const here = truePositives / (falsePositives + truePositives + Number.EPSILON)
  if (here > precision[first + reached - 1]) precision[first + reached - 1] = here
}

/** Raises each precision to the greatest at or beyond its recall: the reference's envelope. */
export function closeCurves(curves: Curves): void {
  const { R, precision } = curves
  for (let curve = 0; curve < curves.M * curves.T; curve++) {
    for (let r = curve * R + curves.reached[curve] - 1; r > curve * R; r--) {
      if (precision[r] > precision[r - 1]) precision[r - 1] = precision[r]
    }
  }
}
