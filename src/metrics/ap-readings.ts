import type { AreaRange, Config } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import type { LivePairs } from '../matching/scene-pairs.js'
import { type RangeBits, rangeBits, strongPairs, sweepThresholds } from '../matching/scene-sweep.js'
import { packThresholds } from '../matching/thresholds.js'
import {
  CurveWalks,
  type Ranked,
  rankedByClass,
  rankedPooled,
  regularByClass,
  type Steps,
} from './curve-steps.js'
import { numpyMean } from './numpy-mean.js'
import { PointsBuffer, READINGS, type Reading, type RecallGrid, recallGrid } from './readings.js'

/** How a scene is matched: as the reference does, or with single steps replaced. */
export interface Way {
  scene: Scene
  /** Of protocol `coco`. */
  index: SceneIndex
  /** Area ranges; the first is the whole. */
  ranges: AreaRange[]
  /** Detections kept a cell; the configuration's largest cap where it is left out. */
  cap?: number
  /** Rows of the live detections in the order in which they match; that of the index where it is left out. */
  order?: Int32Array
  /** Areas are those of the shapes, not those that the files state. */
  ownAreas?: boolean
  /** A ground truth with id 0 can be found. */
  zeroIdCounts?: boolean
  /** Match in the whole only; what a range holds is told by area. */
  once?: boolean
  /** Equal scores make one point of the curve. */
  grouped?: boolean
}

/** Numbers to average: those of each class that counts, one class after another. */
class Values {
  /** Numbers of a class. */
  readonly width: number
  length = 0
  readonly #values: Float64Array

  constructor(width: number, classes: number) {
    this.width = width
    this.#values = new Float64Array(width * classes)
  }

  /** Room for the numbers of one more class. */
  next(): Float64Array {
    const from = this.length
    this.length += this.width
    return this.#values.subarray(from, this.length)
  }

  /** Copies them class by class within each recall, as the reference sums them; returns where they end. */
  copyTo(flat: Float64Array, at: number): number {
    let to = at
    for (let r = 0; r < this.width; r++) {
      for (let i = r; i < this.length; i += this.width) flat[to++] = this.#values[i]
    }
    return to
  }
}

/** [a][t] */
export interface Measured {
  precisions: Partial<Record<Reading, Values[][]>>
  /** Last recalls. */
  recalls: Values[][]
}

/** Matches a scene and reads its curves, in the area ranges from `firstArea` on; those before are left empty. */
export function measure(way: Way, readings: Reading[], firstArea = 0): Measured {
  const { scene, index, ranges, order, grouped = false } = way
  const live = order ? inOrder(index.live, order, scene.dt.count) : index.live
  const { iouThresholds, classAgnostic } = scene.config
  const bits = bitsOf(way)
  const classes = classesOf(scene)
  const regular = regularByClass(bits, classAgnostic ? null : scene.gt.categories, scene.categories.count)
  const reader = new Reader(scene.config, ranges.length, classes.length, readings)
  packThresholds(iouThresholds).forEach((word, w) => {
    const strong = strongPairs(live, word)
    const swept = sweepThresholds(scene, {
      strong,
      bits,
      apart: !way.once,
      endless: scene.gt.crowds,
      ranks: index.ranks,
      cap: capOf(way),
      zeroIdIsNone: !way.zeroIdCounts,
    })
    const walks = new CurveWalks(rankedIn(index), strong, swept, bits, grouped)
    for (let a = firstArea; a < ranges.length; a++) {
      for (const k of classes) {
        walks.open(k, a)
        for (let t = 32 * w; t < Math.min(iouThresholds.length, 32 * (w + 1)); t++)
          reader.read(walks.at(t % 32), regular[k][a], a, t)
      }
    }
  })
  return reader.measured
}

/** The pairs of the same detections, of rows below `count`, in another order. */
function inOrder(live: LivePairs, rows: Int32Array, count: number): LivePairs {
  const places = new Int32Array(count)
  for (let i = 0; i < live.count; i++) places[live.rows[i]] = i
  const offsets = new Uint32Array(live.count + 1)
  const gts = new Int32Array(live.gts.length)
  const similarities = new Float64Array(live.gts.length)
  for (let i = 0; i < live.count; i++) {
    const from = live.offsets[places[rows[i]]]
    const to = live.offsets[places[rows[i]] + 1]
    offsets[i + 1] = offsets[i] + to - from
    for (let pair = from; pair < to; pair++) {
      gts[offsets[i] + pair - from] = live.gts[pair]
      similarities[offsets[i] + pair - from] = live.similarities[pair]
    }
  }
  return { ...live, rows, offsets, gts, similarities }
}

/** Rows of Categories whose curves are read; 0 where all are one. */
export const classesOf = ({ config, evaluatedCategories }: Scene): Int32Array =>
  config.classAgnostic ? Int32Array.of(0) : evaluatedCategories

export const rankedIn = ({ classAgnostic, ranking }: SceneIndex): Ranked =>
  classAgnostic ? rankedPooled(ranking) : rankedByClass(ranking)

export const capOf = ({ scene: { config }, cap }: Way): number =>
  cap ?? config.maxDets[config.maxDets.length - 1]

/** Bits by areas and ranges, which most ways share. */
const knownBits = new WeakMap<AreaRange[], WeakMap<Float64Array, Uint32Array>>()

function bitsIn(areas: Float64Array, ranges: AreaRange[]): Uint32Array {
  const known = knownBits.get(ranges) ?? new WeakMap<Float64Array, Uint32Array>()
  knownBits.set(ranges, known)
  const bits = known.get(areas) ?? rangeBits(areas, ranges, true)
  known.set(areas, bits)
  return bits
}

function bitsOf(way: Way): RangeBits {
  const { scene, index, ranges, ownAreas, once } = way
  const areas = ownAreas ? 'ownAreas' : 'areas'
  const gts = bitsIn(scene.gt[areas], ranges).slice()
  const dts = bitsIn(scene.dt[areas], ranges).slice()
  const cap = capOf(way)
  for (let g = 0; g < gts.length; g++) if (scene.gt.crowds[g] === 1 || (once && isOutside(gts[g]))) gts[g] = 0
  for (let d = 0; d < dts.length; d++) if (index.ranks[d] >= cap || (once && isOutside(dts[d]))) dts[d] = 0
  return { count: ranges.length, gts, dts }
}

/** Whether the whole lacks it. */
const isOutside = (bits: number): boolean => (bits & 1) === 0

/** Reads curves, class by class within each threshold and area range. */
class Reader {
  readonly measured: Measured
  readonly #grid: RecallGrid
  readonly #wanted: [Reading, Values[][]][]
  readonly #points = new PointsBuffer()

  constructor(
    { iouThresholds, recallThresholds }: Config,
    ranges: number,
    classes: number,
    readings: Reading[],
  ) {
    const values = (width: number): Values[][] =>
      Array.from({ length: ranges }, () => iouThresholds.map(() => new Values(width, classes)))
    const widthOf = (reading: Reading): number => (READINGS[reading].sampled ? recallThresholds.length : 1)
    this.#grid = recallGrid(recallThresholds)
    this.#wanted = readings.map(reading => [reading, values(widthOf(reading))])
    this.measured = { precisions: Object.fromEntries(this.#wanted), recalls: values(1) }
  }

  read(steps: Steps, regular: number, a: number, t: number): void {
    if (regular > 0) this.measured.recalls[a][t].next()[0] = steps.tpTotal / regular
    const points = this.#points.of(steps, regular)
    for (const [reading, values] of this.#wanted) {
      if (counts(steps, regular, reading)) READINGS[reading].read(points, this.#grid, values[a][t].next())
    }
  }
}

const counts = ({ tpTotal, fpTotal }: Steps, regular: number, reading: Reading): boolean =>
  regular > 0 || (reading === 'penalised' && tpTotal + fpTotal > 0)

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
  const ar = (a: number): number | null => meanOf(recalls[a])
  const rest = recalls.slice(1).flatMap((_, i) => [ap(i + 1, null), ar(i + 1)])
  return [ap(0, null), ap(0, 0.5), ap(0, 0.75), ar(0), ...rest]
}

/** Mean over thresholds and classes as the reference sums it: thresholds outside, then recalls, then classes. */
function meanOf(values: Values[]): number | null {
  const flat = new Float64Array(values.reduce((size, { length }) => size + length, 0))
  let at = 0
  for (const each of values) at = each.copyTo(flat, at)
  return at > 0 ? numpyMean(flat) : null
}
