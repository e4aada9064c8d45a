import type { Protocol, SizeRange } from '../data/analysis.js'
import { type AreaRange, type Config, OPEN_END } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { readAverages } from './ap-averages.js'
import { metricNames, type Way } from './ap-readings.js'
import type { CorrectedMetrics } from './corrected.js'
import type { Reading } from './readings.js'
import type { SweepKernel } from './sweep-kernel.js'

/** One number by both protocols; null where it is undefined. */
export interface ComparedMetric {
  /** "AP", "AP50", "AP75", "AR", then "AP small" and "AR small" for each further area range. */
  metric: string
  coco: number | null
  /** Area under the exact curve; for AR the mean of the last recalls. */
  corrected: number | null
  /** For AP the sum of steps instead of the area. */
  correctedStep: number | null
}

/** What a single correction makes of the reference's numbers. */
export interface Correction {
  /** Of the list of defects: "D23". */
  id: string
  name: string
  /** In the order of the metrics. */
  values: (number | null)[]
  /** `values` less the reference's; null where either is undefined. */
  changes: (number | null)[]
}

/** Protocols `coco` and `corrected` side by side. */
export interface StrictVersusCorrected {
  rows: ComparedMetric[]
  /** Each correction that can be switched alone. They do not add up: one can hide another. */
  alone: Correction[]
  /** AP of the reference's matches by other readings of the curve: the envelope's area, steps, straight lines. */
  readings: { envelope: number | null; step: number | null; linear: number | null }
}

/** Protocol `coco`, and what single corrections make of it. */
export interface StrictReadings extends Omit<StrictVersusCorrected, 'rows'> {
  /** In the order of the metrics. */
  coco: Averages
}

/**
 * The numbers of protocol `coco`, and the change that each correction makes when it alone is applied to them. A scene is
 * matched again for each correction that asks for it. `indices` are those of the scene, as its configuration matches it;
 * kernel null leaves all to its twin.
 */
export function readStrict(
  scene: Scene,
  indices: Record<Protocol, SceneIndex>,
  kernel: SweepKernel | null,
): StrictReadings {
  const strict: Way = { scene, index: indices.coco, ranges: scene.config.areas }
  const read = <R extends Reading>(change: Partial<Way>, readings: R[], firstArea?: number) =>
    readAverages({ ...strict, ...change }, readings, firstArea, kernel)
  const base = read({}, ['reference', 'grid', 'envelope', 'lines', 'penalised'])
  const coco = base.reference
  const changed = matchedAgain(strict, coco, read)
  // Last, because the others share pairs and ranking.
  const tied = read(withTies(indices.corrected), ['reference', 'envelope', 'step', 'area'])
  return {
    coco,
    alone: corrections(scene, { ...base, ...changed, tied: tied.reference }).map(correction => ({
      ...correction,
      changes: correction.values.map((value, i) => difference(value, coco[i])),
    })),
    readings: { envelope: tied.envelope[0], step: tied.step[0], linear: tied.area[0] },
  }
}

/** `metrics` are in the sizes of `comparedSizes`. */
export function strictVersusCorrected(
  { areas }: Config,
  { coco, alone, readings }: StrictReadings,
  metrics: CorrectedMetrics,
): StrictVersusCorrected {
  const corrected = correctedAverages(metrics)
  const rows = metricNames(areas).map((metric, i) => ({ metric, coco: coco[i], ...corrected[i] }))
  return { rows, alone, readings }
}

const difference = (value: number | null, other: number | null): number | null =>
  value === null || other === null ? null : value - other

type Averages = (number | null)[]

/** What matching again gives, correction by correction; what has nothing to correct is not matched again. */
function matchedAgain(
  strict: Way,
  reference: Averages,
  read: (change: Partial<Way>, readings: ['reference'], firstArea?: number) => { reference: Averages },
) {
  const { scene, ranges } = strict
  const again = (needed: boolean, change: Partial<Way>): Averages =>
    needed ? read(change, ['reference']).reference : reference
  /** What concerns the area ranges alone: the whole is as it was. */
  const inRanges = (needed: boolean, change: Partial<Way>): Averages =>
    needed ? withWholeOf(reference, read(change, ['reference'], 1).reference) : reference
  return {
    zeroId: again(scene.gt.ids.includes(0), { zeroIdCounts: true }),
    uncut: again(isCut(strict), { cap: Number.POSITIVE_INFINITY }),
    once: inRanges(true, { once: true }),
    ownAreas: inRanges(!hasOwnAreas(scene), { ownAreas: true }),
    apart: inRanges(isOnBorder(scene, ranges), { ranges: halfOpen(ranges) }),
  }
}

/** Each correction on its own. */
function corrections(
  { config }: Scene,
  values: ReturnType<typeof matchedAgain> &
    Record<'grid' | 'envelope' | 'lines' | 'penalised' | 'tied', Averages>,
): Omit<Correction, 'changes'>[] {
  const boxes = config.iouType === 'bbox'
  return [
    { id: 'D1', name: 'a ground truth with id 0 can be found', values: values.zeroId },
    {
      id: boxes ? 'D15' : 'D18',
      name: boxes ? 'areas are those of the boxes' : 'areas are those of the masks',
      values: values.ownAreas,
    },
    { id: 'D17', name: 'area ranges do not share their borders', values: values.apart },
    { id: 'D19', name: 'matched once for all area ranges', values: values.once },
    { id: 'D23', name: 'recall thresholds are exact', values: values.grid },
    { id: 'D24', name: 'area under the envelope, not 101 samples', values: values.envelope },
    { id: 'D25', name: 'straight lines between points, no envelope', values: values.lines },
    { id: 'D27', name: 'equal scores count together', values: values.tied },
    {
      id: 'D31',
      name: 'false positives of classes without ground truth count',
      values: values.penalised,
    },
    { id: 'D35', name: 'no cap on detections', values: values.uncut },
  ]
}

/** Averages of the whole, of which `metricNames` has four, and of the other area ranges. */
const withWholeOf = (whole: Averages, others: Averages): Averages => [
  ...whole.slice(0, 4),
  ...others.slice(4),
]

const hasOwnAreas = ({ gt, dt }: Scene): boolean =>
  isEqual(gt.areas, gt.ownAreas) && isEqual(dt.areas, dt.ownAreas)

function isEqual(column: Float64Array, other: Float64Array): boolean {
  if (column === other) return true
  for (let i = 0; i < column.length; i++) if (column[i] !== other[i]) return false
  return true
}

const isOnBorder = ({ gt, dt }: Scene, ranges: AreaRange[]): boolean =>
  ranges.slice(1).some(({ hi }) => gt.areas.includes(hi) || dt.areas.includes(hi))

function isCut({ scene: { config }, index: { ranks } }: Way): boolean {
  const cap = config.maxDets[config.maxDets.length - 1]
  return ranks.includes(cap) // a cell with more has one of this rank
}

/**
 * Detections of equal score match in the order of protocol `corrected` and make one point of the curve; which of them
 * a cap keeps is as it was.
 */
const withTies = ({ live }: SceneIndex): Partial<Way> => ({ order: live.rows, grouped: true })

/** Both ends belong to the reference's ranges; here the upper one is the float64 before it. */
const halfOpen = (ranges: AreaRange[]): AreaRange[] =>
  ranges.map(range => ({ ...range, hi: before(range.hi) }))

/** The greatest float64 below a positive one. */
function before(value: number): number {
  const bits = new BigUint64Array(1)
  const number = new Float64Array(bits.buffer)
  number[0] = value
  if (value > 0) bits[0] -= 1n
  return number[0]
}

/** The configuration's area ranges, which have no upper bound where the whole has its own. */
export const comparedSizes = ({ areas }: Config): SizeRange[] =>
  areas.map(({ name, lo, hi }) => ({
    name,
    lo,
    hi: hi >= OPEN_END ? Number.POSITIVE_INFINITY : hi,
    percentiles: null,
  }))

function correctedAverages(metrics: CorrectedMetrics): Pick<ComparedMetric, 'corrected' | 'correctedStep'>[] {
  const [whole, ...others] = metrics.sizes
  const ap = ({ auc, step }: { auc: number | null; step: number | null }) => ({
    corrected: auc,
    correctedStep: step,
  })
  const ar = (mAR: number | null) => ({ corrected: mAR, correctedStep: null })
  return [
    ap(whole.mAP),
    ap(whole.mAP50),
    ap(whole.mAP75),
    ar(whole.mAR),
    ...others.flatMap(({ mAP, mAR }) => [ap(mAP), ar(mAR)]),
  ]
}
