import type { Protocol, SizeRange } from '../data/analysis.js'
import { type AreaRange, type Config, OPEN_END } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import { indexScene, type SceneIndex } from '../matching/scene-index.js'
import { collectLivePairs } from '../matching/scene-pairs.js'
import { averagesOf, type Measured, measure, metricNames, type Way } from './ap-readings.js'
import { type CorrectedMetrics, correctedMetrics } from './corrected.js'
import type { Reading } from './readings.js'

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

/** What the comparison is made from, where it is at hand. */
export interface Compared {
  /** Of the scene, as its configuration matches it. */
  indices: Record<Protocol, SceneIndex>
  /** In the sizes of `comparedSizes`. */
  metrics: CorrectedMetrics
}

/**
 * The numbers of both protocols, and the change that each correction makes when it alone is applied to protocol `coco`.
 * A scene is matched again for each correction that asks for it.
 */
export function strictVersusCorrected(scene: Scene, known: Partial<Compared> = {}): StrictVersusCorrected {
  const { config } = scene
  const index = known.indices?.coco ?? indexScene(scene, 'coco', config.classAgnostic)
  const correctedIndex = known.indices?.corrected ?? indexScene(scene, 'corrected', config.classAgnostic)
  const metrics = known.metrics ?? correctedMetrics(scene, correctedIndex, comparedSizes(config))
  const strict: Way = { scene, index, ranges: config.areas }
  const base = measure(strict, ['reference', 'grid', 'envelope', 'lines', 'penalised'])
  const ties = withTies(strict, correctedIndex)
  const tied = measure({ ...strict, ...ties }, ['reference', 'envelope', 'step', 'area'])
  const coco = averagesOf(base, 'reference', config)
  const corrected = correctedAverages(metrics)
  const ap = (reading: Reading): number | null => averagesOf(tied, reading, config)[0]
  return {
    rows: metricNames(config.areas).map((metric, i) => ({ metric, coco: coco[i], ...corrected[i] })),
    alone: corrections(strict, base, tied).map(({ id, name, measured, reading }) => {
      const values = averagesOf(measured, reading, config)
      return { id, name, values, changes: values.map((value, i) => difference(value, coco[i])) }
    }),
    readings: { envelope: ap('envelope'), step: ap('step'), linear: ap('area') },
  }
}

const difference = (value: number | null, other: number | null): number | null =>
  value === null || other === null ? null : value - other

interface Switched {
  id: string
  name: string
  measured: Measured
  reading: Reading
}

/** Each correction on its own. What has nothing to correct is not matched again. */
function corrections(strict: Way, base: Measured, tied: Measured): Switched[] {
  const { scene, ranges } = strict
  const boxes = scene.config.iouType === 'bbox'
  const read = (id: string, name: string, reading: Reading, measured = base): Switched => ({
    id,
    name,
    measured,
    reading,
  })
  const again = (id: string, name: string, needed: boolean, change: Partial<Way>): Switched =>
    read(id, name, 'reference', needed ? measure({ ...strict, ...change }, ['reference']) : base)
  /** What concerns the area ranges alone: the whole is as it was. */
  const inRanges = (id: string, name: string, needed: boolean, change: Partial<Way>): Switched =>
    read(
      id,
      name,
      'reference',
      needed ? withWholeOf(base, measure({ ...strict, ...change }, ['reference'], 1)) : base,
    )
  return [
    again('D1', 'a ground truth with id 0 can be found', scene.gt.ids.includes(0), { zeroIdCounts: true }),
    inRanges(
      boxes ? 'D15' : 'D18',
      boxes ? 'areas are those of the boxes' : 'areas are those of the masks',
      !hasOwnAreas(scene),
      { ownAreas: true },
    ),
    inRanges('D17', 'area ranges do not share their borders', isOnBorder(scene, ranges), {
      ranges: halfOpen(ranges),
    }),
    inRanges('D19', 'matched once for all area ranges', true, { once: true }),
    read('D23', 'recall thresholds are exact', 'grid'),
    read('D24', 'area under the envelope, not 101 samples', 'envelope'),
    read('D25', 'straight lines between points, no envelope', 'lines'),
    read('D27', 'equal scores count together', 'reference', tied),
    read('D31', 'false positives of classes without ground truth count', 'penalised'),
    again('D35', 'no cap on detections', isCut(strict), { cap: Number.POSITIVE_INFINITY }),
  ]
}

/** `ranges` with the first area range of `base`. */
function withWholeOf(base: Measured, { precisions, recalls }: Measured): Measured {
  const join = <T>(whole: T[], others: T[]): T[] => [whole[0], ...others.slice(1)]
  return {
    precisions: { reference: join(base.precisions.reference ?? [], precisions.reference ?? []) },
    recalls: join(base.recalls, recalls),
  }
}

const hasOwnAreas = ({ gt, dt }: Scene): boolean =>
  [gt, dt].every(({ areas, ownAreas }) => areas.every((area, i) => area === ownAreas[i]))

const isOnBorder = ({ gt, dt }: Scene, ranges: AreaRange[]): boolean => {
  const borders = new Set(ranges.slice(1).map(({ hi }) => hi))
  return [gt, dt].some(({ areas }) => areas.some(area => borders.has(area)))
}

const isCut = ({ scene: { config }, index }: Way): boolean => {
  const cap = config.maxDets[config.maxDets.length - 1]
  return index.ranks.some(rank => rank >= cap)
}

/**
 * Detections of equal score match in the order of protocol `corrected` and make one point of the curve; which of them
 * a cap keeps is as it was.
 */
const withTies = ({ scene, index }: Way, corrected: SceneIndex): Partial<Way> => ({
  live: collectLivePairs(scene, corrected.cells.dtRows, 'coco', index.classAgnostic),
  grouped: true,
})

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
