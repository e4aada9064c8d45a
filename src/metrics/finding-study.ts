import { CUT, FP, type Reason, type SceneMatches, type SizeRange, TP, type View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { Steps } from '../data/steps.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { similarityOf } from '../matching/scene-pairs.js'
import { type ImageSums, SumCollector } from './bootstrap.js'
import type { Claim, Sum } from './claims.js'
import { fateOfDetection, fateOfGroundTruth } from './fates.js'
import { eachOutcome, matchesIn } from './outcomes.js'
import { inSize, percentileOf } from './sizes.js'

/** Columns of the sums of true positives, false positives and misses by image. */
export interface Group {
  tp: number
  fp: number
  fn: number
}

/** Rows at the operating point: detections (TP, FP, CUT) and missed ground truths. */
export interface OutcomeRows {
  tp: number[]
  fp: number[]
  fn: number[]
  cut: number[]
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
  const overlaps = Float64Array.from(rows.tp, d => similarityOf(scene, d, matches.gtOfDt[d]))
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
  study.fpKinds = kindsOf(study, 'dt', rows.fp, d => fateOfDetection(at, d).code)
  yield
  study.fnKinds = kindsOf(study, 'gt', rows.fn, g => fateOfGroundTruth(at, g).code)
  return study
}

export function collectRows(scene: Scene, index: SceneIndex, view: View, size: number): OutcomeRows {
  const rows: OutcomeRows = { tp: [], fp: [], fn: [], cut: [] }
  eachOutcome(
    scene,
    index,
    { ...matchesIn(scene, index, view, size), cut: view },
    (d, outcome) => {
      if (outcome === TP) rows.tp.push(d)
      else if (outcome === FP) rows.fp.push(d)
      else if (outcome === CUT) rows.cut.push(d)
    },
    g => rows.fn.push(g),
  )
  return rows
}

/** A column that counts detections or ground truths by image. */
export const countColumn = ({ scene, sums, positions }: Study, kind: 'dt' | 'gt', rows: number[]): number =>
  sums.count(positionsOf(rows, scene[kind].images, positions))

/** A column of values of detections, summed by image. */
export function valueColumn({ scene, sums, positions }: Study, rows: number[], values: number[]): number {
  return sums.add(positionsOf(rows, scene.dt.images, positions), values)
}

export function positionsOf(rows: number[], images: Int32Array, positions: Int32Array): Int32Array {
  const own = new Int32Array(rows.length)
  for (let i = 0; i < own.length; i++) own[i] = positions[images[rows[i]]]
  return own
}

const groupOf = (study: Study, { tp, fp, fn }: Omit<OutcomeRows, 'cut'>): Group => ({
  tp: countColumn(study, 'dt', tp),
  fp: countColumn(study, 'dt', fp),
  fn: countColumn(study, 'gt', fn),
})

function sizeOf(study: Study, size: number): Study['sizes'] {
  const { scene, index, view, matches, rows } = study
  const range = view.sizes[size]
  const isOut = (area: number): boolean => !inSize(area, range, index.protocol)
  const outside = {
    tp: rows.tp.filter(d => isOut(index.gtAreas[matches.gtOfDt[d]])),
    fp: rows.fp.filter(d => isOut(index.dtAreas[d])),
    fn: rows.fn.filter(g => isOut(index.gtAreas[g])),
  }
  if (outside.tp.length + outside.fp.length + outside.fn.length === 0 || isUnion(view.sizes, size)) return []
  const inside = groupOf(study, collectRows(scene, index, view, size))
  return [{ name: range.name, inside, outside: groupOf(study, outside) }]
}

/** Whether a range holds two others or more, so that what is wrong with it is better said of one of them. */
export function isUnion(sizes: SizeRange[], size: number): boolean {
  const { lo, hi } = sizes[size]
  const held = sizes.filter((other, i) => i > 0 && i !== size && other.lo >= lo && other.hi <= hi)
  return held.length > 1
}

/** Rows by row of Categories, each in the order given. */
export function rowsByCategory(
  { scene }: Pick<Study, 'scene'>,
  kind: 'dt' | 'gt',
  rows: number[],
): number[][] {
  const lists: number[][] = Array.from({ length: scene.categories.count }, () => [])
  const { categories } = scene[kind]
  for (let i = 0; i < rows.length; i++) lists[categories[rows[i]]].push(rows[i])
  return lists
}

function classesOf(study: Study): Study['classes'] {
  const { scene, rows } = study
  const tps = rowsByCategory(study, 'dt', rows.tp)
  const fps = rowsByCategory(study, 'dt', rows.fp)
  const fns = rowsByCategory(study, 'gt', rows.fn)
  return [...scene.evaluatedCategories].flatMap(category => {
    const own = { tp: tps[category], fp: fps[category], fn: fns[category] }
    if (own.tp.length + own.fp.length + own.fn.length === 0) return []
    return [{ category, group: groupOf(study, own) }]
  })
}

function kindsOf(
  study: Study,
  kind: 'dt' | 'gt',
  rows: number[],
  codeOf: (row: number) => Reason['code'],
): Kind[] {
  const byCode = new Map<Reason['code'], number[]>()
  for (const row of rows) {
    const code = codeOf(row)
    const list = byCode.get(code)
    if (list) list.push(row)
    else byCode.set(code, [row])
  }
  return [...byCode]
    .map(([code, own]) => ({ code, count: own.length, column: countColumn(study, kind, own) }))
    .sort((one, other) => other.count - one.count || (one.code < other.code ? -1 : 1))
}
