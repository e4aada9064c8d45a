import { type Counts, FP, IGNORED, TP, type View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { eachOutcome, matchesIn, type OutcomeQuery, type Scope } from './outcomes.js'

/** Plain tallies, from which `ratios` makes Counts. */
export interface Tally {
  tp: number
  fp: number
  fn: number
  ignored: number
}

export const createTally = (): Tally => ({ tp: 0, fp: 0, fn: 0, ignored: 0 })

/** `a / b`, null where b is 0. */
export const ratio = (a: number, b: number): number | null => (b > 0 ? a / b : null)

export const toCounts = ({ tp, fp, fn, ignored }: Tally): Counts => ({
  groundTruths: tp + fn,
  detections: tp + fp,
  tp,
  fp,
  fn,
  precision: ratio(tp, tp + fp),
  recall: ratio(tp, tp + fn),
  f1: ratio(2 * tp, 2 * tp + fp + fn),
  ignored,
})

export function addDetection(tally: Tally, outcome: number): void {
  if (outcome === TP) tally.tp++
  else if (outcome === FP) tally.fp++
  else if (outcome === IGNORED) tally.ignored++
}

/** Counts of one size range at the operating point of a view. */
export function countOutcomes(scene: Scene, index: SceneIndex, query: OutcomeQuery): Counts {
  const tally = createTally()
  eachOutcome(
    scene,
    index,
    query,
    (_, outcome) => addDetection(tally, outcome),
    () => {
      tally.fn++
    },
  )
  return toCounts(tally)
}

/** Counts of each size range of the view, in their order, at IoU threshold `iou`. */
export const countsBySize = (
  scene: Scene,
  index: SceneIndex,
  view: View,
  scope: Scope = {},
  iou: number = view.iou,
): Counts[] =>
  view.sizes.map((_, size) =>
    countOutcomes(scene, index, { ...matchesIn(scene, index, view, size, iou), cut: view, scope }),
  )

/** Counts of each size range at each IoU threshold, [iou][size]. */
export const countsTable = (
  scene: Scene,
  index: SceneIndex,
  view: View,
  iouThresholds: number[],
  scope: Scope = {},
): Counts[][] => iouThresholds.map(iou => countsBySize(scene, index, view, scope, iou))

/** Counts of each class in the size range `size` of the view, by row of Categories. */
export function countsByClass(scene: Scene, index: SceneIndex, view: View, size = 0): Counts[] {
  const { gt, dt, categories } = scene
  const tallies = Array.from({ length: categories.count }, createTally)
  const { matches, range } = matchesIn(scene, index, view, size)
  eachOutcome(
    scene,
    index,
    { matches, range, cut: view },
    (d, outcome) =>
      addDetection(tallies[outcome === TP ? gt.categories[matches.gtOfDt[d]] : dt.categories[d]], outcome),
    g => {
      tallies[gt.categories[g]].fn++
    },
  )
  return tallies.map(toCounts)
}
