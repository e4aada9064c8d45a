import { FN, type InstanceFilter, type Reason, type SceneMatches, TP, type View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import { finish, type Steps } from '../data/steps.js'
import { InputError } from '../errors.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { similarityOf } from '../matching/scene-pairs.js'
import { explainerOf } from './fates.js'
import { eachOutcome, matchesIn, OUTCOME_NAMES, type OutcomeQuery } from './outcomes.js'
import { tallyImages } from './per-image.js'

/** Instances of a scene: TP, FP, ignored and cut ones are detections, FN are ground truths. */
export interface Selection {
  /** Rows of detections by descending score. */
  dts: Int32Array
  /** Rows of missed ground truths, ascending. */
  gts: Int32Array
}

/** Why an instance has its outcome, as far as filters ask. */
export interface Explanation {
  code: Reason['code']
  /** Row in Categories, -1 for none. */
  confusedWith: number
}

export type Explain = (matches: SceneMatches, kind: 'dt' | 'gt', row: number) => Explanation

/** An instance at the filter's size and IoU threshold. */
interface Instance {
  kind: 'dt' | 'gt'
  row: number
  outcome: number
}

type Test = (instance: Instance) => boolean

/**
 * The instances at the view's operating point for which every part of the filter holds. The filter
 * `{outcomes: ['TP', 'FP'], size}` has as many rows as the counts of that size have detections, and so on. Fails with
 * InputError on a size that the view lacks.
 */
export const selectInstances = (
  scene: Scene,
  index: SceneIndex,
  view: View,
  filter: InstanceFilter,
  explain?: Explain,
): Selection => finish(selectSteps(scene, index, view, filter, explain))

/** Instances explained at once. */
const AT_ONCE = 4000

/** `selectInstances` in steps of some 10 ms for 200,000 detections, for a page that must not stand still. */
export function* selectSteps(
  scene: Scene,
  index: SceneIndex,
  view: View,
  filter: InstanceFilter,
  explain: Explain = explainerOf(scene, index, { ...view, iou: filter.iou ?? view.iou }),
): Steps<Selection> {
  const size = filter.size === undefined ? 0 : view.sizes.findIndex(({ name }) => name === filter.size)
  if (size < 0) throw new InputError(`size: expected a size range of the view, got "${filter.size}"`)
  const { matches, range } = matchesIn(scene, index, view, size, filter.iou)
  const query: OutcomeQuery = { matches, range, cut: view, scope: filter }
  const tests = [
    ...shapeTests(scene, index, matches, filter),
    ...imageTests(scene, index, view, filter, size),
  ]
  const dts = new Int32Array(scene.dt.count)
  const missed = new Uint8Array(scene.gt.count)
  let dtCount = 0
  const isWanted = wantedOutcomes(filter)
  const isPlain = tests.length === 0
  const passes = (kind: Instance['kind'], row: number, outcome: number): boolean =>
    tests.every(test => test({ kind, row, outcome }))
  eachOutcome(
    scene,
    index,
    query,
    (row, outcome) => {
      if (isWanted[outcome] === 1 && (isPlain || passes('dt', row, outcome))) dts[dtCount++] = row
    },
    row => {
      if (isWanted[FN] === 1 && (isPlain || passes('gt', row, FN))) missed[row] = 1
    },
  )
  yield
  const hasReason = reasonTest(matches, filter, explain)
  const kept: Record<Instance['kind'], Int32Array> = { dt: dts.subarray(0, dtCount), gt: markedRows(missed) }
  if (hasReason) {
    for (const kind of ['dt', 'gt'] as const) {
      const rows = kept[kind]
      let count = 0
      for (let i = 0; i < rows.length; i++) {
        if (i % AT_ONCE === 0) yield
        if (hasReason(kind, rows[i])) rows[count++] = rows[i]
      }
      kept[kind] = rows.subarray(0, count)
    }
  }
  return { dts: kept.dt.slice(), gts: kept.gt.slice() }
}

/** Rows that are marked, ascending. */
function markedRows(marks: Uint8Array): Int32Array {
  const rows = new Int32Array(marks.length)
  let count = 0
  for (let row = 0; row < marks.length; row++) if (marks[row] === 1) rows[count++] = row
  return rows.subarray(0, count)
}

/** 1 for each outcome that a filter asks for, [outcome]. */
function wantedOutcomes({ outcomes }: InstanceFilter): Uint8Array {
  const wanted = new Uint8Array(FN + 1)
  for (const [outcome, name] of Object.entries(OUTCOME_NAMES)) {
    if (outcomes === undefined || outcomes.includes(name)) wanted[Number(outcome)] = 1
  }
  return wanted
}

const isWithin = (value: number, [lo, hi]: [number, number]): boolean => value >= lo && value < hi

/** Similarity with the partner, without one the best of any class: what `InstanceFilter.overlap` is about. */
export function overlapOf(
  scene: Scene,
  index: SceneIndex,
  matches: SceneMatches,
  kind: 'dt' | 'gt',
  row: number,
): number {
  if (kind === 'gt') return index.best.gtSimilarities[row]
  const partner = matches.gtOfDt[row]
  return partner >= 0 ? similarityOf(scene, row, partner) : index.best.dtSimilarities[row]
}

function shapeTests(
  scene: Scene,
  index: SceneIndex,
  matches: SceneMatches,
  { score, overlap, area, gtArea }: InstanceFilter,
): Test[] {
  const tests: Test[] = []
  if (score) tests.push(({ kind, row }) => kind === 'dt' && isWithin(scene.dt.scores[row], score))
  if (overlap) {
    tests.push(({ kind, row }) => isWithin(overlapOf(scene, index, matches, kind, row), overlap))
  }
  if (area) {
    tests.push(({ kind, row }) => isWithin((kind === 'dt' ? index.dtAreas : index.gtAreas)[row], area))
  }
  if (gtArea) {
    tests.push(({ kind, row, outcome }) => {
      const gt = kind === 'gt' ? row : outcome === TP ? matches.gtOfDt[row] : -1
      return gt >= 0 && isWithin(index.gtAreas[gt], gtArea)
    })
  }
  return tests
}

/** Null where the filter does not ask for reasons. */
function reasonTest(
  matches: SceneMatches,
  { reasons, confusedWith }: InstanceFilter,
  explain: Explain,
): ((kind: Instance['kind'], row: number) => boolean) | null {
  if (reasons === undefined && confusedWith === undefined) return null
  return (kind, row) => {
    const explanation = explain(matches, kind, row)
    if (reasons && !reasons.includes(explanation.code)) return false
    return confusedWith === undefined || explanation.confusedWith === confusedWith
  }
}

function imageTests(
  scene: Scene,
  index: SceneIndex,
  view: View,
  { imageGroundTruths, imageDetections, category, iou }: InstanceFilter,
  size: number,
): Test[] {
  if (!imageGroundTruths && !imageDetections) return []
  const wanted = new Uint8Array(scene.images.count)
  const at = iou === undefined ? view : { ...view, iou }
  const { tp, fp, fn } = tallyImages(scene, index, at, size, category)
  for (const image of scene.evaluatedImages) {
    const isIn =
      (!imageGroundTruths || isWithin(tp[image] + fn[image], imageGroundTruths)) &&
      (!imageDetections || isWithin(tp[image] + fp[image], imageDetections))
    if (isIn) wanted[image] = 1
  }
  return [({ kind, row }) => wanted[(kind === 'dt' ? scene.dt : scene.gt).images[row]] === 1]
}
