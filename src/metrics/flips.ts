import type { FoundBy, InstanceFilter, SceneMatches } from '../data/analysis.js'
import { TP } from '../data/analysis.js'
import type { AreaRange } from '../data/config.js'
import { InputError } from '../errors.js'
import { explainerOf } from './fates.js'
import type { ModelName, ModelPair, ModelView } from './models.js'
import { isKept, isRegularIn, matchesIn } from './outcomes.js'

/** Who finds a ground truth, in the order of the codes that `foundBy` gives. */
export const FOUND_BY: FoundBy[] = ['neither', 'A', 'B', 'both']

/** Of a ground truth that counts for neither model: ignored, or outside the size range. */
export const NOT_COUNTED = 255

/** How many regular ground truths both models find, one of them alone, or neither; together they are all. */
export type FlipCounts = Record<FoundBy, number>

/** Matches of one model in a size range, and which ground truths it finds. */
interface Found {
  matches: SceneMatches
  range: AreaRange | null
  isFound: (gt: number) => boolean
}

function foundIn({ scene, index, view }: ModelView, size: number): Found {
  const { matches, range } = matchesIn(scene, index, view, size)
  const { gtOutcomes, dtOfGt } = matches
  const isFound = (gt: number): boolean => gtOutcomes[gt] === TP && isKept(view, scene.dt.scores[dtOfGt[gt]])
  return { matches, range, isFound }
}

/**
 * Who finds each ground truth at the operating point of its view, in the size range `size` of the views: an index into
 * FOUND_BY, or NOT_COUNTED. [ground truth]
 */
export function foundBy({ A, B }: ModelPair, size = 0): Uint8Array {
  const [a, b] = [foundIn(A, size), foundIn(B, size)]
  const found = new Uint8Array(A.scene.gt.count)
  for (let g = 0; g < found.length; g++) {
    const counts = isRegularIn(A.index, a.matches, a.range, g)
    found[g] = counts ? Number(a.isFound(g)) + 2 * Number(b.isFound(g)) : NOT_COUNTED
  }
  return found
}

const noFlips = (): FlipCounts => ({ A: 0, B: 0, both: 0, neither: 0 })

/** Counts of what `foundBy` says, of the whole and of each class (by row of Categories). */
export function countFlips({ A: { scene } }: ModelPair, found: Uint8Array): [FlipCounts, FlipCounts[]] {
  const whole = noFlips()
  const classes = Array.from({ length: scene.categories.count }, noFlips)
  for (let g = 0; g < found.length; g++) {
    if (found[g] === NOT_COUNTED) continue
    const name = FOUND_BY[found[g]]
    whole[name]++
    classes[scene.gt.categories[g]][name]++
  }
  return [whole, classes]
}

/** What of a filter applies to ground truths that are found or not. */
export type FlipFilter = Pick<
  InstanceFilter,
  'foundBy' | 'size' | 'category' | 'image' | 'gtArea' | 'reasons' | 'confusedWith'
>

/**
 * The ground truths, ascending, for which every part of the filter holds; without `foundBy` all that count. Reasons and
 * confusions are those that `model` has. Fails with InputError on a size that the views lack.
 */
export function selectFlips(pair: ModelPair, filter: FlipFilter, model: ModelName): Int32Array {
  const { scene, index, view } = pair[model]
  const size = filter.size === undefined ? 0 : view.sizes.findIndex(({ name }) => name === filter.size)
  if (size < 0) throw new InputError(`size: expected a size range of the view, got "${filter.size}"`)
  const found = foundBy(pair, size)
  const { matches } = matchesIn(scene, index, view, size)
  const explain = explainerOf(scene, index, view)
  const { foundBy: by = FOUND_BY, category, image, gtArea, reasons, confusedWith } = filter
  const rows: number[] = []
  for (let g = 0; g < found.length; g++) {
    if (found[g] === NOT_COUNTED || !by.includes(FOUND_BY[found[g]])) continue
    if (category !== undefined && scene.gt.categories[g] !== category) continue
    if (image !== undefined && scene.gt.images[g] !== image) continue
    if (gtArea && !(index.gtAreas[g] >= gtArea[0] && index.gtAreas[g] < gtArea[1])) continue
    if (reasons || confusedWith !== undefined) {
      const explanation = explain(matches, 'gt', g)
      if (reasons && !reasons.includes(explanation.code)) continue
      if (confusedWith !== undefined && explanation.confusedWith !== confusedWith) continue
    }
    rows.push(g)
  }
  return Int32Array.from(rows)
}
