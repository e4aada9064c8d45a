import type { Counts, View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { categoryOf, eachOutcome, matchesIn, type OutcomeQuery, type Scope } from './outcomes.js'
import { addDetection, countAll, createTally, toCounts } from './tallies.js'

/** Counts of one size range at the operating point of a view. */
export function countOutcomes(scene: Scene, index: SceneIndex, query: OutcomeQuery): Counts {
  const { category, image } = query.scope ?? {}
  if (category === undefined && image === undefined) return countAll(index, query)
  const tally = createTally()
  const addMissed = (): void => {
    tally.fn++
  }
  eachOutcome(scene, index, query, (_, outcome) => addDetection(tally, outcome), addMissed)
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
  const { gt, categories } = scene
  const tallies = Array.from({ length: categories.count }, createTally)
  const { matches, range } = matchesIn(scene, index, view, size)
  eachOutcome(
    scene,
    index,
    { matches, range, cut: view },
    (d, outcome) => addDetection(tallies[categoryOf(scene, matches, d)], outcome),
    g => {
      tallies[gt.categories[g]].fn++
    },
  )
  return tallies.map(toCounts)
}
