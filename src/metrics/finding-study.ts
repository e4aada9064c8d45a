import { CUT, FP, type Reason, type SceneMatches, type SizeRange, TP, type View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { Steps } from '../data/steps.js'
import { keyStarts, sortByKey } from '../matching/order.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { type ImageSums, SumCollector } from './bootstrap.js'
import type { Claim, Sum } from './claims.js'
import { countByImage, type GroupCounts, type Instances, type OperatingRows } from './finding-rows.js'
import type { KindCounts } from './kind-counts.js'
import { listOutcomes, matchesIn, rowsWith } from './outcomes.js'
import type { ScoreSums } from './score-sums.js'
import { countStudy, type StudyCounts } from './study-counts.js'

/** Columns of the sums of true positives, false positives and misses by image. */
export interface Group {
  tp: number
  fp: number
  fn: number
}

/** Rows at the operating point: detections (TP, FP, CUT) by descending score and missed ground truths. */
export interface OutcomeRows {
  tp: Int32Array
  fp: Int32Array
  fn: Int32Array
  cut: Int32Array
}

/** What the rules of findings look at: outcomes at the operating point of a view, summed by image. */
export interface Study {
  scene: Scene
  index: SceneIndex
  view: View
  matches: SceneMatches
  sums: SumCollector
  /** Position among the evaluated images, by row of Images. */
  positions: Int32Array
  rows: OperatingRows
  whole: Group
  /** The size ranges after the whole that do not hold everything, and are not put together from others. */
  sizes: { name: string; inside: Group; outside: Group }[]
  /** The evaluated classes with any instance; none when class-agnostic. */
  classes: { category: number; group: Group }[]
  /** Column and number of the false positives and of the misses of each kind. */
  fpKinds: Kind[]
  fnKinds: Kind[]
  /** Similarity of each true positive with its ground truth, and their median. */
  overlaps: Float64Array
  medianOverlap: number
  /** Columns of the true positives below the median: of all, and of the first row of Categories, which others follow. */
  loose: number
  looseOfClasses: number
  scores: ScoreSums
}

/**
 * One rule of docs/findings.md: first it adds the columns that it needs, then, when all sums are known, it makes its
 * claims. `sum` gives the sums over all images.
 */
export type Rule = (study: Study) => (sums: ImageSums, sum: Sum) => Claim[]

export interface Kind {
  code: Reason['code']
  column: number
  count: number
}

/** In steps, see `findingSteps`. */
export function* studySteps(scene: Scene, index: SceneIndex, view: View): Steps<Study> {
  const { matches } = matchesIn(scene, index, view, 0)
  const sums = new SumCollector(scene.evaluatedImages.length)
  const positions = new Int32Array(scene.images.count).fill(-1)
  scene.evaluatedImages.forEach((image, position) => {
    positions[image] = position
  })
  const sizes = view.sizes.map((_, size) => size).filter(size => size > 0 && !isUnion(view.sizes, size))
  const counts = yield* countStudy({ scene, index, view, matches, positions, sizes })
  const { rows, overlaps, medianOverlap } = counts
  const study: Study = {
    scene,
    index,
    view,
    matches,
    sums,
    positions,
    rows,
    whole: groupOf(sums, counts.whole),
    sizes: [],
    classes: [],
    fpKinds: kindsOf(sums, counts.fpKinds),
    fnKinds: kindsOf(sums, counts.fnKinds),
    overlaps,
    medianOverlap,
    loose: sums.addCounts(counts.loose),
    looseOfClasses: -1,
    scores: counts.scores,
  }
  yield
  sizes.forEach((size, i) => {
    const { inside, outside, countOutside } = counts.sizes[i]
    if (countOutside === 0) return
    const { name } = view.sizes[size]
    study.sizes.push({ name, inside: groupOf(sums, inside), outside: groupOf(sums, outside) })
  })
  if (counts.classes) addClasses(study, counts.classes)
  return study
}

export function collectRows(scene: Scene, index: SceneIndex, view: View, size: number): OutcomeRows {
  const found = listOutcomes(scene, index, { ...matchesIn(scene, index, view, size), cut: view })
  return {
    tp: rowsWith(found, TP),
    fp: rowsWith(found, FP),
    fn: found.missed,
    cut: rowsWith(found, CUT),
  }
}

/** A column that counts instances by image. */
export const countColumn = ({ sums }: Study, instances: Instances): number =>
  sums.addCounts(countByImage(instances, sums.imageCount))

function groupOf(sums: SumCollector, counts: GroupCounts): Group {
  const { imageCount } = sums
  const column = (kind: number): number =>
    sums.addCounts(counts.subarray(kind * imageCount, (kind + 1) * imageCount))
  return { tp: column(0), fp: column(1), fn: column(2) }
}

const kindsOf = (sums: SumCollector, counts: KindCounts[]): Kind[] =>
  counts
    .map(({ code, count, byImage }) => ({ code, count, column: sums.addCounts(byImage) }))
    .sort((one, other) => other.count - one.count || (one.code < other.code ? -1 : 1))

function addClasses(study: Study, counts: NonNullable<StudyCounts['classes']>): void {
  const { scene, sums } = study
  const [tp, fp, fn, loose] = [counts.tp, counts.fp, counts.fn, counts.loose].map(own => sums.addKeyed(own))
  study.looseOfClasses = loose
  for (const category of scene.evaluatedCategories) {
    const isAny = [counts.tp, counts.fp, counts.fn].some(
      ({ offsets }) => offsets[category + 1] > offsets[category],
    )
    if (!isAny) continue
    const group = { tp: tp + category, fp: fp + category, fn: fn + category }
    study.classes.push({ category, group })
  }
}

/** Whether a range holds two others or more, so that what is wrong with it is better said of one of them. */
export function isUnion(sizes: SizeRange[], size: number): boolean {
  const { lo, hi } = sizes[size]
  const held = sizes.filter((other, i) => i > 0 && i !== size && other.lo >= lo && other.hi <= hi)
  return held.length > 1
}

/** Rows by row of Categories, each in the order given. */
export function rowsByCategory(
  rows: Int32Array,
  categories: Int32Array,
  categoryCount: number,
): (category: number) => Int32Array {
  const starts = keyStarts(rows, categories, categoryCount)
  const sorted = sortByKey(rows, categories, categoryCount)
  return category => sorted.subarray(starts[category], starts[category + 1])
}
