import { CUT, FP, type Reason, type SceneMatches, type SizeRange, TP, type View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { Steps } from '../data/steps.js'
import { keyStarts, sortByKey } from '../matching/order.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { similarityOf } from '../matching/scene-pairs.js'
import { type ImageSums, SumCollector } from './bootstrap.js'
import type { Claim, Sum } from './claims.js'
import { findSuitors } from './fates.js'
import {
  countByImage,
  countSize,
  type GroupCounts,
  type Instances,
  type Kept,
  keptSteps,
  keptWith,
  missedBy,
  type OperatingRows,
} from './finding-rows.js'
import { countFalsePositives, countMisses, type KindCounts } from './kind-counts.js'
import { listOutcomes, matchesIn, rowsWith } from './outcomes.js'
import { percentileOf } from './sizes.js'

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
  const kept = yield* keptSteps(scene, index, matches, view, positions)
  const rows: OperatingRows = {
    tp: keptWith(kept, TP),
    fp: keptWith(kept, FP),
    fn: missedBy(scene, matches, view, positions),
    cut: keptWith(kept, CUT),
  }
  yield
  const overlaps = overlapsOf(scene, matches, rows.tp.rows)
  const study: Study = {
    scene,
    index,
    view,
    matches,
    sums,
    positions,
    rows,
    whole: { tp: -1, fp: -1, fn: -1 },
    sizes: [],
    classes: [],
    fpKinds: [],
    fnKinds: [],
    overlaps,
    medianOverlap: percentileOf(overlaps.slice().sort(), 50),
  }
  yield
  study.whole = {
    tp: countColumn(study, rows.tp),
    fp: countColumn(study, rows.fp),
    fn: countColumn(study, rows.fn),
  }
  for (let size = 1; size < view.sizes.length; size++) {
    study.sizes.push(...sizeOf(study, kept, size))
    yield
  }
  study.classes = view.classAgnostic ? [] : classesOf(study)
  yield
  const at = { scene, index, view, matches }
  study.fpKinds = kindsOf(study, countFalsePositives(at, rows.fp, sums.imageCount))
  yield
  findSuitors(scene, matches, rows.fn.rows)
  study.fnKinds = kindsOf(study, countMisses(at, rows.fn, sums.imageCount))
  return study
}

/** Similarity of each true positive with its ground truth. */
function overlapsOf(scene: Scene, { gtOfDt }: SceneMatches, tps: Int32Array): Float64Array {
  const overlaps = new Float64Array(tps.length)
  for (let i = 0; i < overlaps.length; i++) overlaps[i] = similarityOf(scene, tps[i], gtOfDt[tps[i]])
  return overlaps
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

function sizeOf(
  { scene, index, view, sums, positions, rows }: Study,
  kept: Kept,
  size: number,
): Study['sizes'] {
  if (isUnion(view.sizes, size)) return []
  const counts = countSize(scene, index, view, size, kept, rows.fn, positions)
  if (counts.countOutside === 0) return []
  const columns = (of: GroupCounts): Group => {
    const [tp, fp, fn] = [0, 1, 2].map(kind =>
      sums.addCounts(of.subarray(kind * sums.imageCount, (kind + 1) * sums.imageCount)),
    )
    return { tp, fp, fn }
  }
  return [{ name: view.sizes[size].name, inside: columns(counts.inside), outside: columns(counts.outside) }]
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

/** Columns of the instances of each row of Categories: that of row k is `first + k`, of `counts[k]` instances. */
export function classColumns(
  { scene, sums }: Study,
  kind: 'dt' | 'gt',
  instances: Instances,
): { first: number; counts: Uint32Array } {
  return sums.countByKey(
    instances.places,
    keysOf(instances.rows, scene[kind].categories),
    scene.categories.count,
  )
}

function keysOf(rows: Int32Array, categories: Int32Array): Int32Array {
  const keys = new Int32Array(rows.length)
  for (let i = 0; i < rows.length; i++) keys[i] = categories[rows[i]]
  return keys
}

function classesOf(study: Study): Study['classes'] {
  const { scene, rows } = study
  const [tp, fp, fn] = [
    classColumns(study, 'dt', rows.tp),
    classColumns(study, 'dt', rows.fp),
    classColumns(study, 'gt', rows.fn),
  ]
  const classes: Study['classes'] = []
  for (const category of scene.evaluatedCategories) {
    if (tp.counts[category] + fp.counts[category] + fn.counts[category] === 0) continue
    const group = { tp: tp.first + category, fp: fp.first + category, fn: fn.first + category }
    classes.push({ category, group })
  }
  return classes
}

const kindsOf = ({ sums }: Study, counts: KindCounts[]): Kind[] =>
  counts
    .map(({ code, count, byImage }) => ({ code, count, column: sums.addCounts(byImage) }))
    .sort((one, other) => other.count - one.count || (one.code < other.code ? -1 : 1))
