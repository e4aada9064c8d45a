import { FP, type SceneMatches, TP } from '../data/analysis.js'
import type { AreaRange, Config } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import { rankedOf, type SceneIndex } from '../matching/scene-index.js'
import { matchScene } from '../matching/scene-match.js'
import { numpyMean } from './numpy-mean.js'
import { countRegular, outcomeIn } from './outcomes.js'
import { precisionsAt } from './pr-curves.js'

/** How a scene is matched: as the reference does, or with single steps replaced. */
export interface Way {
  scene: Scene
  /** Of protocol `coco`. */
  index: SceneIndex
  /** Area ranges; the first is the whole. */
  ranges: AreaRange[]
  /** Detections kept a cell; the configuration's largest cap where it is left out. */
  cap?: number
  /** Match in the whole only; what a range holds is told by area. */
  once?: boolean
  /** Equal scores make one point of the curve. */
  grouped?: boolean
}

/** A curve without ignored detections: a point after each detection, or after each distinct score. */
interface Points {
  /** Regular ground truths. */
  regular: number
  recalls: Float64Array
  precisions: Float64Array
}

/**
 * Readings of a curve: the precisions whose mean over thresholds, recalls and classes is the average precision. All but
 * "penalised" leave out curves without ground truths.
 */
const READINGS = {
  /** Samples of the envelope at the configured recalls. */
  reference: (points: Points, recalls: number[]) => samplesOf(enveloped(points), recalls),
  /** The same, where each recall is the decimal that was meant. */
  grid: (points: Points, recalls: number[]) => samplesOf(enveloped(points), recalls.map(toDecimal)),
  /** The area under the envelope. */
  envelope: (points: Points) => [stepArea(enveloped(points))],
  /** Samples of the straight lines between points. */
  lines: (points: Points, recalls: number[]) => precisionsAt(points, recalls),
  /** Steps of recall times the precision at their end. */
  step: (points: Points) => [stepArea(points)],
  /** The area under the straight lines. */
  area: (points: Points) => [linearArea(points)],
  /** "reference", and 0 for a class without ground truths but with false positives. */
  penalised: (points: Points, recalls: number[]) => samplesOf(enveloped(points), recalls),
}

export type Reading = keyof typeof READINGS

/** Precisions by reading, [a][t][class]; null for a class that does not count. */
export interface Measured {
  precisions: Partial<Record<Reading, (ArrayLike<number> | null)[][][]>>
  /** Last recall, [a][t][class]. */
  recalls: (number | null)[][][]
}

/** Matches a scene and reads its curves. Areas from `firstArea` on; those before are left empty. */
export function measure(way: Way, readings: Reading[], firstArea = 0): Measured {
  const { scene, index, ranges, cap: maxDet, once } = way
  const { iouThresholds, recallThresholds, classAgnostic } = scene.config
  const categories = classAgnostic ? [null] : [...scene.evaluatedCategories]
  const measured: Measured = { precisions: {}, recalls: ranges.map(() => []) }
  for (const reading of readings) measured.precisions[reading] = ranges.map(() => [])
  for (const iou of iouThresholds) {
    const whole = once ? matchScene(scene, index, { iou, range: ranges[0], maxDet }) : null
    for (let a = firstArea; a < ranges.length; a++) {
      const matches = whole ?? matchScene(scene, index, { iou, range: ranges[a], maxDet })
      const range = whole && a > 0 ? ranges[a] : null
      const curves = categories.map(category => pointsOf(way, matches, range, category))
      measured.recalls[a].push(curves.map(lastRecall))
      for (const reading of readings) {
        const read = (points: Points): ArrayLike<number> | null =>
          counts(points, reading) ? READINGS[reading](points, recallThresholds) : null
        measured.precisions[reading]?.[a].push(curves.map(read))
      }
    }
  }
  return measured
}

const counts = ({ regular, recalls }: Points, reading: Reading): boolean =>
  regular > 0 || (reading === 'penalised' && recalls.length > 0)

const lastRecall = ({ regular, recalls }: Points): number | null => {
  if (regular === 0) return null
  return recalls.length > 0 ? recalls[recalls.length - 1] : 0
}

function pointsOf(
  { index, grouped }: Way,
  matches: SceneMatches,
  range: AreaRange | null,
  category: number | null,
): Points {
  const regular = countRegular(index, matches, range, category)
  const { rows, scores } = rankedOf(index, category)
  const recalls = new Float64Array(rows.length)
  const precisions = new Float64Array(rows.length)
  let count = 0
  let tp = 0
  let fp = 0
  let last = Number.NaN
  for (let i = 0; i < rows.length; i++) {
    const outcome = outcomeIn(index, matches, range, rows[i])
    if (outcome !== TP && outcome !== FP) continue
    if (outcome === TP) tp++
    else fp++
    if (!(grouped && scores[i] === last)) count++
    last = scores[i]
    recalls[count - 1] = regular > 0 ? tp / regular : 0
    precisions[count - 1] = tp / (fp + tp + Number.EPSILON)
  }
  return { regular, recalls: recalls.subarray(0, count), precisions: precisions.subarray(0, count) }
}

function enveloped(points: Points): Points {
  const precisions = points.precisions.slice()
  for (let i = precisions.length - 1; i > 0; i--) {
    if (precisions[i] > precisions[i - 1]) precisions[i - 1] = precisions[i]
  }
  return { ...points, precisions }
}

/** The precision at the first point that reaches each of ascending recalls, 0 where none does. */
function samplesOf({ recalls, precisions }: Points, at: number[]): Float64Array {
  const samples = new Float64Array(at.length)
  let next = 0
  for (let r = 0; r < at.length; r++) {
    while (next < recalls.length && recalls[next] < at[r]) next++
    if (next === recalls.length) break
    samples[r] = precisions[next]
  }
  return samples
}

const toDecimal = (recall: number): number => Number(recall.toFixed(12))

function stepArea({ recalls, precisions }: Points): number {
  let area = 0
  for (let i = 0; i < recalls.length; i++) area += (recalls[i] - (i > 0 ? recalls[i - 1] : 0)) * precisions[i]
  return area
}

function linearArea({ recalls, precisions }: Points): number {
  let area = 0
  for (let i = 0; i < recalls.length; i++) {
    const [recall, precision] = i > 0 ? [recalls[i - 1], precisions[i - 1]] : [0, precisions[0]]
    area += ((recalls[i] - recall) * (precision + precisions[i])) / 2
  }
  return area
}

/** What averages are listed: of the whole also at two thresholds, of each area range AP and AR. */
export const metricNames = (areas: AreaRange[]): string[] => [
  'AP',
  'AP50',
  'AP75',
  'AR',
  ...areas.slice(1).flatMap(({ name }) => [`AP ${name}`, `AR ${name}`]),
]

/** The averages of one reading, in the order of `metricNames`; null where no ground truth decides them. */
export function averagesOf(
  { precisions, recalls }: Measured,
  reading: Reading,
  { iouThresholds }: Config,
): (number | null)[] {
  const ap = (a: number, iou: number | null): number | null =>
    meanOf(precisions[reading]?.[a].filter((_, t) => iou === null || iouThresholds[t] === iou) ?? [])
  const ar = (a: number): number | null =>
    meanOf(recalls[a].map(classes => classes.map(recall => (recall === null ? null : [recall]))))
  const rest = recalls.slice(1).flatMap((_, i) => [ap(i + 1, null), ar(i + 1)])
  return [ap(0, null), ap(0, 0.5), ap(0, 0.75), ar(0), ...rest]
}

/** Mean over [t][class] as the reference sums it: thresholds outside, then recalls, then classes. */
function meanOf(values: (ArrayLike<number> | null)[][]): number | null {
  const defined = values.map(classes => classes.filter(value => value !== null))
  const flat = new Float64Array(
    defined.reduce((size, classes) => size + classes.length * (classes[0]?.length ?? 0), 0),
  )
  let count = 0
  for (const classes of defined) {
    const length = classes[0]?.length ?? 0
    for (let r = 0; r < length; r++) for (const value of classes) flat[count++] = value[r]
  }
  return count > 0 ? numpyMean(flat) : null
}
