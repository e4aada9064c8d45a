import type { Counts, Finding } from '../data/analysis.js'
import { finish, type Steps } from '../data/steps.js'
import {
  type BootstrapOptions,
  type ImageSums,
  percentileInterval,
  resampleSteps,
  totals,
} from './bootstrap.js'
import { effectsOf, type Rate, type ResampledSums, type Sum, share } from './claims.js'
import type { Group } from './finding-study.js'
import type { FlipCounts } from './flips.js'
import { f1Of, precisionOf, recallOf } from './group-rates.js'
import { modelClaims } from './model-findings.js'
import { type ModelGroup, type ModelStudy, modelStudySteps } from './model-study.js'
import type { ModelName, ModelPair } from './models.js'
import { findingsFrom, LEAST_IMAGES } from './proof.js'
import { toCounts } from './tallies.js'

/** A number of both models; null where it is undefined. */
export interface Difference {
  A: number | null
  B: number | null
  /** B - A. */
  difference: number | null
  /**
   * 95 % interval of the difference, from a bootstrap over images that draws the same images for both models. Null where
   * the difference is, and where fewer than 10 images bear on it.
   */
  interval: [number, number] | null
  /** Whether the interval excludes 0: without this, the difference may be chance. */
  certain: boolean
}

export const RATIOS = ['precision', 'recall', 'f1'] as const

/** Two models at their operating points, over some of the instances. */
export interface CountDifferences extends Record<(typeof RATIOS)[number], Difference> {
  counts: Record<ModelName, Omit<Counts, 'ignored'>>
  found: FlipCounts
}

export interface OperatingDifferences {
  whole: CountDifferences
  /** The size ranges of the views but the whole. */
  sizes: (CountDifferences & { name: string })[]
  /** The evaluated classes, by row of Categories; none when class-agnostic. */
  classes: (CountDifferences & { category: number })[]
  /** What differs for certain, see docs/findings.md. */
  findings: Finding[]
}

export const operatingDifferences = (pair: ModelPair, options: BootstrapOptions = {}): OperatingDifferences =>
  finish(operatingDifferenceSteps(pair, options))

/**
 * In steps of some 10 ms, for a page that must not stand still. With 0 replicates there are no intervals and no findings,
 * which take most of the time.
 */
export function* operatingDifferenceSteps(
  pair: ModelPair,
  options: BootstrapOptions = {},
): Steps<OperatingDifferences> {
  const study = yield* modelStudySteps(pair)
  const sums = study.sums.finish()
  const { replicates, sums: drawn } = yield* resampleSteps(sums, options)
  const whole = totals(sums)
  const of = (column: number) => drawn.subarray(column * replicates, (column + 1) * replicates)
  const compare = (group: ModelGroup): CountDifferences =>
    compareGroup(group, sums, column => whole[column], { replicates, of })
  const differences: OperatingDifferences = {
    whole: compare(study.whole),
    sizes: [],
    classes: [],
    findings: [],
  }
  for (const { name, group } of study.sizes) differences.sizes.push({ name, ...compare(group) })
  for (const { category, group } of study.classes) {
    yield
    differences.classes.push({ category, ...compare(group) })
  }
  if (replicates > 0) differences.findings = yield* findingsIn(study, sums, whole, options)
  return differences
}

function* findingsIn(
  study: ModelStudy,
  sums: ImageSums,
  whole: Float64Array,
  options: BootstrapOptions,
): Steps<Finding[]> {
  const sum: Sum = column => whole[column]
  const { A, B } = study.whole
  // The errors of both: a difference may be of one alone.
  const errors = sum(A.fp) + sum(A.fn) + sum(B.fp) + sum(B.fn)
  return yield* findingsFrom(modelClaims(study, sums, sum), sums, sum, errors / 2, options)
}

const RATES: Record<(typeof RATIOS)[number], (group: Group) => Rate> = {
  precision: precisionOf,
  recall: recallOf,
  f1: f1Of,
}

const NO_VALUES = new Float64Array(0)

function compareGroup(group: ModelGroup, sums: ImageSums, sum: Sum, drawn: ResampledSums): CountDifferences {
  const { A, B } = group
  const counts = { A: countsOf(A, sum), B: countsOf(B, sum) }
  const onlyA = sum(group.onlyA)
  const both = counts.A.tp - onlyA
  const bears = hasEnoughImages(sums, [A.tp, A.fp, A.fn, B.tp, B.fp, B.fn])
  const compare = (name: (typeof RATIOS)[number]): Difference => {
    const [own, others] = [RATES[name](B), RATES[name](A)]
    const values = bears ? effectsOf({ own, others }, drawn) : NO_VALUES
    return differenceOf(share(others, sum), share(own, sum), values)
  }
  return {
    counts,
    found: {
      A: onlyA,
      B: sum(group.onlyB),
      both,
      neither: counts.A.groundTruths - both - onlyA - sum(group.onlyB),
    },
    precision: compare('precision'),
    recall: compare('recall'),
    f1: compare('f1'),
  }
}

/** `values` are differences in resampled images, NaN where they are undefined; none where no interval is to be had. */
export function differenceOf(a: number, b: number, values: Float64Array): Difference {
  const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value)
  const difference = orNull(b - a)
  const interval =
    difference === null ? null : percentileInterval(values.filter(value => !Number.isNaN(value)))
  const certain = interval !== null && (interval[0] > 0 || interval[1] < 0)
  return { A: orNull(a), B: orNull(b), difference, interval, certain }
}

function countsOf({ tp, fp, fn }: Group, sum: Sum): Omit<Counts, 'ignored'> {
  const { ignored: _, ...counts } = toCounts({ tp: sum(tp), fp: sum(fp), fn: sum(fn), ignored: 0 })
  return counts
}

/** Whether some of the columns have an entry in enough images. */
function hasEnoughImages({ imageCount, offsets, images }: ImageSums, columns: number[]): boolean {
  const seen = new Uint8Array(imageCount)
  let count = 0
  for (const column of columns) {
    for (let entry = offsets[column]; entry < offsets[column + 1]; entry++) {
      count += 1 - seen[images[entry]]
      seen[images[entry]] = 1
      if (count >= LEAST_IMAGES) return true
    }
  }
  return false
}
