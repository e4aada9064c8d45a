import type { Config } from '../data/config.js'

/**
 * The precision-recall curves of one category: all area ranges, caps and IoU thresholds at once.
 *
 * Precision falls between true positives, so its envelope is decided at true positives alone, and only its
 * greatest value between two recall thresholds matters. So a curve is R numbers, however many detections it has.
 */
export interface Curves {
  A: number
  M: number
  T: number
  R: number
  /** Regular ground truths, [A]. */
  regular: Uint32Array
  /**
   * Detections by word of 32 thresholds and the first cap that keeps them, not counting those ignored at all
   * thresholds of the word; [word, A, M].
   */
  seen: Uint32Array
  /** [A, M, T], see `curveAt`; so `explained` and `reached`. */
  truePositives: Uint32Array
  /** Detections matched or ignored, among `seen`: the others are false positives. */
  explained: Uint32Array
  /** Recall thresholds reached so far, in ascending order. */
  reached: Uint32Array
  /** Greatest precision between recall threshold r (ascending) and the next; [A, M, T, R]. */
  precision: Float64Array
  /** Score at which recall threshold r (ascending) is reached; [A, M, T, R]. */
  scores: Float64Array
  /** True positives that each recall threshold (ascending) needs; [A, R]. */
  needed: Uint32Array
  /** Recall thresholds ascending, [R]. */
  ascending: Float64Array
  /** Position in `ascending` of each recall threshold as configured; [R]. */
  places: Uint32Array
}

/** Index of a curve in `truePositives`, `explained` and `reached`. */
export const curveAt = (curves: Curves, a: number, m: number, t: number): number =>
  (a * curves.M + m) * curves.T + t

export function createCurves(config: Config): Curves {
  const A = config.areas.length
  const M = config.maxDets.length
  const T = config.iouThresholds.length
  const R = config.recallThresholds.length
  return {
    A,
    M,
    T,
    R,
    regular: new Uint32Array(A),
    seen: new Uint32Array(Math.ceil(T / 32) * A * M),
    truePositives: new Uint32Array(A * M * T),
    explained: new Uint32Array(A * M * T),
    reached: new Uint32Array(A * M * T),
    precision: new Float64Array(A * M * T * R),
    scores: new Float64Array(A * M * T * R),
    needed: new Uint32Array(A * R),
    ...orderRecalls(config.recallThresholds),
  }
}

/** Recall thresholds ascending, and the position there of each as configured. */
export function orderRecalls(thresholds: number[]): Pick<Curves, 'ascending' | 'places'> {
  const sorted = thresholds.map((_, r) => r).sort((one, other) => thresholds[one] - thresholds[other])
  const places = new Uint32Array(sorted.length)
  sorted.forEach((r, place) => {
    places[r] = place
  })
  return { ascending: Float64Array.from(sorted, r => thresholds[r]), places }
}

/**
 * Empties the curves of a category with `regular` ground truths by area range, [A], whose highest score is
 * `topScore`. What needs no true positive is reached there.
 */
export function resetCurves(curves: Curves, regular: Uint32Array, topScore: number): void {
  const { A, M, R, needed, ascending } = curves
  curves.regular.set(regular)
  curves.seen.fill(0)
  curves.truePositives.fill(0)
  curves.explained.fill(0)
  curves.precision.fill(0)
  curves.scores.fill(0)
  for (let a = 0; a < A; a++) {
    let reached = 0
    for (let r = 0; r < R; r++) {
      needed[a * R + r] = truePositivesFor(ascending[r], regular[a])
      if (needed[a * R + r] === 0) reached++
    }
    for (let curve = curveAt(curves, a, 0, 0); curve < curveAt(curves, a, M, 0); curve++) {
      curves.reached[curve] = reached
      curves.scores.fill(topScore, curve * R, curve * R + reached)
    }
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

/** Adds a false positive at all thresholds of word `word`, kept by the caps `cap` and up. */
export function addFalsePositive(curves: Curves, word: number, a: number, cap: number): void {
  curves.seen[(word * curves.A + a) * curves.M + cap]++
}

/**
 * Adds a detection kept by the caps `cap` and up: `bits` are the thresholds of word `word` at which it is matched or
 * ignored, `hits` those at which it is a true positive. At the others it is a false positive.
 */
export function addDetection(
  curves: Curves,
  word: number,
  a: number,
  cap: number,
  bits: number,
  hits: number,
  score: number,
): void {
  const { M, seen, explained } = curves
  const row = (word * curves.A + a) * M
  seen[row + cap]++
  let before = 0
  for (let m = 0; m < cap; m++) before += seen[row + m]
  for (let m = cap; m < M; m++) {
    before += seen[row + m]
    const first = curveAt(curves, a, m, 32 * word)
    for (let left = bits; left !== 0; left &= left - 1) {
      const bit = left & -left
      const curve = first + 31 - Math.clz32(bit)
      explained[curve]++
      if ((hits & bit) !== 0) addTruePositive(curves, a, curve, before - explained[curve], score)
    }
  }
}

function addTruePositive(
  curves: Curves,
  a: number,
  curve: number,
  falsePositives: number,
  score: number,
): void {
  const { R, needed, precision } = curves
  const truePositives = ++curves.truePositives[curve]
  const first = curve * R
  let reached = curves.reached[curve]
  while (reached < R && needed[a * R + reached] <= truePositives) curves.scores[first + reached++] = score
  curves.reached[curve] = reached
  if (reached === 0) return
  const here = truePositives / (falsePositives + truePositives + Number.EPSILON)
  if (here > precision[first + reached - 1]) precision[first + reached - 1] = here
}

/** Raises each precision to the greatest at or beyond its recall: the reference's envelope. */
export function closeCurves(curves: Curves): void {
  const { A, M, T, R, precision } = curves
  for (let curve = 0; curve < A * M * T; curve++) {
    for (let r = curve * R + curves.reached[curve] - 1; r > curve * R; r--) {
      if (precision[r] > precision[r - 1]) precision[r - 1] = precision[r]
    }
  }
}
