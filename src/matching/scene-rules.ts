import type { Scene, ScenePairs } from '../data/scene.js'
import { finish, inRanges, type Steps } from '../data/steps.js'
import { boxIou } from '../geometry/boxes.js'
import { pairsWhere } from './scene-pairs.js'

/**
 * What a crowd region does. `ignored`: as both protocols have it, any number of detections may match it and none of
 * them counts. `counted`: it is an ordinary ground truth, to be found once, by its IoU. `out`: as if it were not there.
 */
export type CrowdRule = 'ignored' | 'counted' | 'out'

export const CROWD_RULES: CrowdRule[] = ['ignored', 'counted', 'out']

/**
 * The scene as it would be of a ground truth whose crowd regions were annotated otherwise. `counted`: "iscrowd" 0 and
 * no "ignore"; `out`: they had no partner (they stay as rows, ignored, because rows have their meaning elsewhere).
 */
export const withCrowds = (scene: Scene, rule: CrowdRule): Scene => finish(crowdSteps(scene, rule))

/** `withCrowds` in steps. */
export function* crowdSteps(scene: Scene, rule: CrowdRule): Steps<Scene> {
  const { gt } = scene
  if (rule === 'ignored' || !gt.crowds.includes(1)) return scene
  if (rule === 'out') return { ...scene, pairs: yield* pairsWhere(scene, (_, g) => gt.crowds[g] !== 1) }
  const ignores = gt.ignores.map((ignored, g) => (gt.crowds[g] === 1 ? 0 : ignored))
  return {
    ...scene,
    gt: { ...gt, crowds: new Uint8Array(gt.count), ignores },
    pairs: yield* withCrowdIous(scene),
  }
}

/** The scene with another largest cap of detections. */
export const withCap = (scene: Scene, maxDet: number): Scene => ({
  ...scene,
  config: { ...scene.config, maxDets: [...scene.config.maxDets.filter(cap => cap < maxDet), maxDet] },
})

/** Pairs with crowd regions by IoU; each detection's in order again. */
function* withCrowdIous(scene: Scene): Steps<ScenePairs> {
  const { offsets } = scene.pairs
  const pairs: ScenePairs = {
    offsets,
    gts: scene.pairs.gts.slice(),
    similarities: scene.pairs.similarities.slice(),
  }
  yield* inRanges(scene.dt.count, (from, to) => orderByIou(scene, pairs, from, to))
  return pairs
}

/** Puts IoUs in place, detection by detection. */
function orderByIou(scene: Scene, { gts, similarities }: ScenePairs, fromDt: number, toDt: number): void {
  const { gt, pairs } = scene
  for (let d = fromDt; d < toDt; d++) {
    const from = pairs.offsets[d]
    for (let pair = from; pair < pairs.offsets[d + 1]; pair++) {
      const g = pairs.gts[pair]
      const known = pairs.similarities[pair]
      const similarity = gt.crowds[g] === 1 ? iouOf(scene, d, g, known) : known
      // An insertion: the pairs before are in order, by descending similarity, then by descending row.
      let to = pair
      for (; to > from; to--) {
        const above = similarities[to - 1]
        if (above > similarity || (above === similarity && gts[to - 1] > g)) break
        gts[to] = gts[to - 1]
        similarities[to] = above
      }
      gts[to] = g
      similarities[to] = similarity
    }
  }
}

/** IoU of a detection with a crowd region, of which `part` says how much of the detection lies in it. */
function iouOf({ config, gt, dt }: Scene, d: number, g: number, part: number): number {
  if (config.iouType === 'bbox') return boxIou(dt.boxes, d, gt.boxes, g, false)
  const shared = Math.round(part * dt.ownAreas[d])
  return shared / (dt.ownAreas[d] + gt.ownAreas[g] - shared)
}
