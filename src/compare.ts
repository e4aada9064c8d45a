import type { Protocol } from './data/analysis.js'
import type { Scene } from './data/scene.js'
import { indexScene, type SceneIndex } from './matching/scene-index.js'
import { type CorrectedMetrics, correctedBySet } from './metrics/corrected.js'
import {
  comparedSizes,
  readStrict,
  type StrictVersusCorrected,
  strictVersusCorrected,
} from './metrics/corrections.js'
import { type SizeSetName, sizeSetsOf } from './metrics/size-sets.js'
import { sizesOf } from './metrics/sizes.js'
import { SweepKernel } from './metrics/sweep-kernel.js'

/** Protocol `corrected`, and what it changes. The longest work of a report, and the one that nothing else waits for. */
export interface Comparison {
  /** In the sizes of the configuration. */
  corrected: CorrectedMetrics
  /** In the sets of sizes that a page offers, classes without their AP at each threshold; null where the run has no sizes of its own. */
  bySizes: Record<SizeSetName, CorrectedMetrics | null>
  compared: StrictVersusCorrected
}

/** `indices` are those of the scene, as its configuration matches it. One walk serves all sizes. */
export function compareProtocols(
  scene: Scene,
  indices: Record<Protocol, SceneIndex> = indexBoth(scene),
): Comparison {
  const { coco, percentile, own } = sizeSetsOf(scene)
  const asked = sizesOf(scene, scene.config.areas)
  const sets = [asked, comparedSizes(scene.config), coco, percentile, ...(own ? [own] : [])]
  const kernel = SweepKernel.create()
  // First, because its many short calls have V8 make the better code that the long ones of the other need.
  const strict = readStrict(scene, indices, kernel)
  const metrics = correctedBySet(scene, indices.corrected, sets, kernel)
  kernel?.giveBack()
  return {
    corrected: metrics[0],
    bySizes: { coco: metrics[2], percentile: metrics[3], own: own && metrics[4] },
    compared: strictVersusCorrected(scene.config, strict, metrics[1]),
  }
}

export const indexBoth = (scene: Scene): Record<Protocol, SceneIndex> => ({
  coco: indexScene(scene, 'coco', scene.config.classAgnostic),
  corrected: indexScene(scene, 'corrected', scene.config.classAgnostic),
})
