import {
  CUT,
  FP,
  type Protocol,
  type Reason,
  type SceneMatches,
  type SizeRange,
  TP,
  type View,
} from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { Steps } from '../data/steps.js'
import { keyStarts, sortByKey } from '../matching/order.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { similarityOf } from '../matching/scene-pairs.js'
import { type ImageSums, SumCollector } from './bootstrap.js'
import type { Claim, Sum } from './claims.js'
import { fateOfDetection, fateOfGroundTruth, findSuitors } from './fates.js'
import { listOutcomes, matchesIn, rowsWith } from './outcomes.js'
import { inSize, percentileOf } from './sizes.js'

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
  rows: OutcomeRows
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
  const rows = collectRows(scene, index, view, 0)
  const overlaps = new Float64Array(rows.tp.length)
  for (let i = 0; i < overlaps.length; i++)
    overlaps[i] = similarityOf(scene, rows.tp[i], matches.gtOfDt[rows.tp[i]])
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
  study.whole = groupOf(study, rows)
  for (let size = 1; size < view.sizes.length; size++) {
    study.sizes.push(...sizeOf(study, size))
    yield
  }
  study.classes = view.classAgnostic ? [] : classesOf(study)
  yield
  const at = { scene, index, view, matches }
  const fps = rows.fp.slice().sort() // in the order of memory
  study.fpKinds = kindsOf(study, 'dt', fps, d => fateOfDetection(at, d).code)
  yield
  findSuitors(scene, matches, rows.fn)
  // What is missed although a detection took it lies below the score threshold, as most do.
  study.fnKinds = kindsOf(study, 'gt', rows.fn, g =>
    matches.gtOutcomes[g] === TP ? 'missed-score' : fateOfGroundTruth(at, g).code,
  )
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

/** A column that counts detections or ground truths by image. */
export const countColumn = ({ scene, sums, positions }: Study, kind: 'dt' | 'gt', rows: Int32Array): number =>
  sums.count(rows, scene[kind].images, positions)

/** A column of values of detections, summed by image. */
export function valueColumn(
  { scene, sums, positions }: Study,
  rows: Int32Array,
  values: Float64Array,
): number {
  const own = new Int32Array(rows.length)
  for (let i = 0; i < own.length; i++) own[i] = positions[scene.dt.images[rows[i]]]
  return sums.add(own, values)
}

const groupOf = (study: Study, { tp, fp, fn }: Omit<OutcomeRows, 'cut'>): Group => ({
  tp: countColumn(study, 'dt', tp),
  fp: countColumn(study, 'dt', fp),
  fn: countColumn(study, 'gt', fn),
})

function sizeOf(study: Study, size: number): Study['sizes'] {
  const { scene, index, view, matches, rows } = study
  if (isUnion(view.sizes, size)) return []
  const range = view.sizes[size]
  const outside = {
    tp: outsideOf(rows.tp, index.gtAreas, matches.gtOfDt, range, index.protocol),
    fp: outsideOf(rows.fp, index.dtAreas, null, range, index.protocol),
    fn: outsideOf(rows.fn, index.gtAreas, null, range, index.protocol),
  }
  if (outside.tp.length + outside.fp.length + outside.fn.length === 0) return []
  const inside = groupOf(study, collectRows(scene, index, view, size))
  return [{ name: range.name, inside, outside: groupOf(study, outside) }]
}

/** The rows whose area, or that of their partner, does not belong to a range. */
function outsideOf(
  rows: Int32Array,
  areas: Float64Array,
  partners: Int32Array | null,
  range: SizeRange,
  protocol: Protocol,
): Int32Array {
  const outside = new Int32Array(rows.length)
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    if (!inSize(areas[partners ? partners[row] : row], range, protocol)) outside[count++] = row
  }
  return outside.subarray(0, count)
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

function classesOf(study: Study): Study['classes'] {
  const { scene, rows } = study
  const { gt, dt, categories } = scene
  const tps = rowsByCategory(rows.tp, dt.categories, categories.count)
  const fps = rowsByCategory(rows.fp, dt.categories, categories.count)
  const fns = rowsByCategory(rows.fn, gt.categories, categories.count)
  const classes: Study['classes'] = []
  for (const category of scene.evaluatedCategories) {
    const own = { tp: tps(category), fp: fps(category), fn: fns(category) }
    if (own.tp.length + own.fp.length + own.fn.length > 0)
      classes.push({ category, group: groupOf(study, own) })
  }
  return classes
}

function kindsOf(
  { scene, sums, positions }: Study,
  kind: 'dt' | 'gt',
  rows: Int32Array,
  codeOf: (row: number) => Reason['code'],
): Kind[] {
  const { images } = scene[kind]
  const byCode = new Map<Reason['code'], { count: number; byImage: Uint32Array }>()
  let last: Reason['code'] | null = null
  let count = 0
  let byImage: Uint32Array = new Uint32Array(0)
  for (let i = 0; i < rows.length; i++) {
    const code = codeOf(rows[i])
    if (code !== last) {
      // Most rows are of the kind of the row before.
      if (last) byCode.set(last, { count, byImage })
      ;({ count, byImage } = byCode.get(code) ?? { count: 0, byImage: new Uint32Array(sums.imageCount) })
      last = code
    }
    count++
    byImage[positions[images[rows[i]]]]++
  }
  if (last) byCode.set(last, { count, byImage })
  return [...byCode]
    .map(([code, { count, byImage }]) => ({ code, count, column: sums.addCounts(byImage) }))
    .sort((one, other) => other.count - one.count || (one.code < other.code ? -1 : 1))
}
