/**
 * What averages over classes and IoU thresholds need of exact curves; the numbers are those of `curveOf`. Each curve has
 * CURVE_WIDTH of them: those of AVERAGE, NaN where no ground truth decides them, then two counts.
 */
export interface CurveTable {
  thresholds: number
  ranges: number
  classes: number
  /** [threshold, range, class, CURVE_WIDTH] */
  numbers: Float64Array
}

/** Numbers of a curve. */
export const CURVE_WIDTH = 6
/** Where its averages lie: three of precision, then the last recall. */
export const AVERAGE = { linear: 0, auc: 1, step: 2, recall: 3 }
const AVERAGES = 4
/** Where the number of detections that count lies, and that of the ground truths. */
export const DETECTIONS = 4
export const GROUND_TRUTHS = 5

/** Where the numbers of a curve begin. */
export const curveAt = ({ ranges, classes }: Omit<CurveTable, 'numbers'>, t: number, a: number, k: number) =>
  CURVE_WIDTH * ((t * ranges + a) * classes + k)

/** Means over classes, as a table of one class. `penalised`: one with detections but no ground truth counts as 0. */
export function meansOverClasses(table: CurveTable, penalised: boolean): CurveTable {
  const { thresholds, ranges, classes, numbers } = table
  const means = {
    thresholds,
    ranges,
    classes: 1,
    numbers: new Float64Array(CURVE_WIDTH * thresholds * ranges),
  }
  for (let t = 0; t < thresholds; t++) {
    for (let a = 0; a < ranges; a++) {
      const from = curveAt(table, t, a, 0)
      const to = curveAt(means, t, a, 0)
      for (let i = 0; i < AVERAGES; i++)
        means.numbers[to + i] = meanOf(numbers, from, from + CURVE_WIDTH * classes, i, penalised)
    }
  }
  return means
}

/** Mean of number `i` of the curves between two places, NaN where no curve counts. */
function meanOf(numbers: Float64Array, from: number, to: number, i: number, penalised: boolean): number {
  let sum = 0
  let count = 0
  for (let at = from; at < to; at += CURVE_WIDTH) {
    if (numbers[at + GROUND_TRUTHS] > 0) {
      sum += numbers[at + i]
      count++
    } else if (penalised && numbers[at + DETECTIONS] > 0) count++
  }
  return count > 0 ? sum / count : Number.NaN
}

/** Means over some thresholds of what is defined, as a table of one threshold. */
export function meansOverIous(table: CurveTable, chosen: number[]): CurveTable {
  const { ranges, classes, numbers } = table
  const curves = ranges * classes
  const means = { thresholds: 1, ranges, classes, numbers: new Float64Array(CURVE_WIDTH * curves) }
  for (let curve = 0; curve < CURVE_WIDTH * curves; curve += CURVE_WIDTH) {
    for (let i = curve; i < curve + AVERAGES; i++) {
      let sum = 0
      let count = 0
      for (let t = 0; t < chosen.length; t++) {
        const value = numbers[CURVE_WIDTH * curves * chosen[t] + i]
        if (!(value >= 0)) continue // NaN
        sum += value
        count++
      }
      means.numbers[i] = count > 0 ? sum / count : Number.NaN
    }
  }
  return means
}
