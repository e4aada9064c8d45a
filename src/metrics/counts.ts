import { type Counts, FN, TP, type View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { listOutcomes, matchesIn, type OutcomeQuery, type Scope } from './outcomes.js'
import { addDetection, countAll, createTally, toCounts } from './tallies.js'

/** Counts of one size range at the operating point of a view. */
export function countOutcomes(scene: Scene, index: SceneIndex, query: OutcomeQuery): Counts {
  const { category, image } = query.scope ?? {}
  if (category === undefined && image === undefined) return countAll(index, query)
  const { outcomes, missed } = listOutcomes(scene, index, query)
  const tally = { ...createTally(), fn: missed.length }
  for (let i = 0; i < outcomes.length; i++) addDetection(tally, outcomes[i])
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
  const { matches, range } = matchesIn(scene, index, view, size)
  const { dts, outcomes, missed } = listOutcomes(scene, index, { matches, range, cut: view })
  const tallies = new Uint32Array(OUTCOMES * categories.count)
  for (let i = 0; i < dts.length; i++) {
    const d = dts[i]
    const category = outcomes[i] === TP ? gt.categories[matches.gtOfDt[d]] : dt.categories[d]
    tallies[OUTCOMES * category + outcomes[i]]++
  }
  for (let i = 0; i < missed.length; i++) tallies[OUTCOMES * gt.categories[missed[i]] + FN]++
  return Array.from({ length: categories.count }, (_, category) => {
    const [tp, fp, ignored, , fn] = tallies.subarray(OUTCOMES * category, OUTCOMES * (category + 1))
    return toCounts({ tp, fp, fn, ignored })
  })
}

/** TP, FP, IGNORED, CUT and FN. */
const OUTCOMES = 5
