import type { Steps } from './curve-steps.js'

/** A curve where its recall grows, in the reference's arithmetic. Buffers that the next curve writes over. */
export interface Points {
  count: number
  recalls: Float64Array
  precisions: Float64Array
  /** The greatest precision from here on. */
  envelope: Float64Array
  /** Of the point just before each; where there is none, of the point itself. */
  lastPrecisions: Float64Array
  /** Whether there are points of recall 0. */
  startsAtZero: boolean
}

export class PointsBuffer {
  #points: Points = pointsOf(0)

  of({ count, tps, fps, fpsBefore }: Steps, regular: number): Points {
    if (this.#points.recalls.length < count) this.#points = pointsOf(2 * count)
    const points = this.#points
    const { recalls, precisions, envelope, lastPrecisions } = points
    points.count = count
    points.startsAtZero = count > 0 && fpsBefore[0] > 0
    let lastTp = 0
    for (let i = 0; i < count; i++) {
      const tp = tps[i]
      recalls[i] = tp / regular
      precisions[i] = tp / (fps[i] + tp + Number.EPSILON)
      lastPrecisions[i] =
        lastTp + fpsBefore[i] > 0 ? lastTp / (fpsBefore[i] + lastTp + Number.EPSILON) : precisions[i]
      lastTp = tp
    }
    let greatest = 0
    for (let i = count - 1; i >= 0; i--) {
      if (precisions[i] > greatest) greatest = precisions[i]
      envelope[i] = greatest
    }
    return points
  }
}

const pointsOf = (size: number): Points => ({
  count: 0,
  recalls: new Float64Array(size),
  precisions: new Float64Array(size),
  envelope: new Float64Array(size),
  lastPrecisions: new Float64Array(size),
  startsAtZero: false,
})

/** Recall thresholds as configured, and as the decimals that were meant. */
export interface RecallGrid {
  recalls: number[]
  decimals: number[]
}

export const recallGrid = (recalls: number[]): RecallGrid => ({
  recalls,
  decimals: recalls.map(recall => Number(recall.toFixed(12))),
})

/** Writes the precisions whose mean is the average precision: one at each recall, or one in all. */
type Read = (points: Points, grid: RecallGrid, out: Float64Array) => void

/**
 * Readings of a curve. All but "penalised" leave out curves without ground truths.
 */
export const READINGS = {
  /** Samples of the envelope at the configured recalls. */
  reference: { sampled: true, read: (points, { recalls }, out) => samplesOf(points, recalls, out) },
  /** The same, where each recall is the decimal that was meant. */
  grid: { sampled: true, read: (points, { decimals }, out) => samplesOf(points, decimals, out) },
  /** The area under the envelope. */
  envelope: { sampled: false, read: (points, _, out) => addSteps(points, points.envelope, out) },
  /** Samples of the straight lines between points. */
  lines: { sampled: true, read: (points, { recalls }, out) => linesAt(points, recalls, out) },
  /** Steps of recall times the precision at their end. */
  step: { sampled: false, read: (points, _, out) => addSteps(points, points.precisions, out) },
  /** The area under the straight lines. */
  area: { sampled: false, read: (points, _, out) => addLines(points, out) },
  /** "reference", and 0 for a class without ground truths but with false positives. */
  penalised: { sampled: true, read: (points, { recalls }, out) => samplesOf(points, recalls, out) },
} satisfies Record<string, { sampled: boolean; read: Read }>

export type Reading = keyof typeof READINGS

/** The envelope at the first point that reaches each of ascending recalls, 0 where none does. */
function samplesOf({ count, recalls, envelope }: Points, at: number[], out: Float64Array): void {
  let next = 0
  for (let r = 0; r < at.length; r++) {
    while (next < count && recalls[next] < at[r]) next++
    out[r] = next < count ? envelope[next] : 0
  }
}

/** `precisionsAt` of the whole curve. */
function linesAt(points: Points, at: number[], out: Float64Array): void {
  const { count, recalls, precisions, lastPrecisions, startsAtZero } = points
  let next = 0
  for (let r = 0; r < at.length; r++) {
    const recall = at[r]
    if (startsAtZero && next === 0 && recall <= 0) continue // the first point, of precision 0
    while (next < count && recalls[next] < recall) next++
    if (next === count) break
    if ((next === 0 && !startsAtZero) || recalls[next] === recall) out[r] = precisions[next]
    else {
      const lastRecall = next > 0 ? recalls[next - 1] : 0
      const share = (recall - lastRecall) / (recalls[next] - lastRecall)
      out[r] = lastPrecisions[next] + share * (precisions[next] - lastPrecisions[next])
    }
  }
}

function addSteps({ count, recalls }: Points, precisions: Float64Array, out: Float64Array): void {
  let area = 0
  for (let i = 0; i < count; i++) area += (recalls[i] - (i > 0 ? recalls[i - 1] : 0)) * precisions[i]
  out[0] = area
}

function addLines({ count, recalls, precisions, lastPrecisions }: Points, out: Float64Array): void {
  let area = 0
  for (let i = 0; i < count; i++) {
    const lastRecall = i > 0 ? recalls[i - 1] : 0
    area += ((recalls[i] - lastRecall) * (lastPrecisions[i] + precisions[i])) / 2
  }
  out[0] = area
}
