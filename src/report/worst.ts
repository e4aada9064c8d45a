import { FP, type SceneMatches, TP, type View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { similarityOf } from '../matching/scene-pairs.js'
import { selectFlips } from '../metrics/flips.js'
import type { ModelPair } from '../metrics/models.js'
import { isMissed, keptCount, listOutcomes, matchesIn, rowsWith } from '../metrics/outcomes.js'
import type { InstanceRef } from './picture.js'

/**
 * Up to `count` instances at the operating point of a view, worst first: false positives by descending score and missed
 * ground truths by descending area, in turn; after the errors the true positives, the loosest first. Equal ones by row.
 */
export function worstInstances(
  scene: Scene,
  index: SceneIndex,
  view: View,
  count: number,
  errorsOnly = false,
): InstanceRef[] {
  const { matches, range } = matchesIn(scene, index, view, 0)
  const fps = highestFps(scene, index, view, matches, count)
  const fns = largestMisses(scene, index, view, matches, count)
  const worst: InstanceRef[] = []
  for (let i = 0; i < Math.max(fps.length, fns.length) && worst.length < count; i++) {
    if (i < fps.length) worst.push({ kind: 'dt', row: fps[i] })
    if (i < fns.length) worst.push({ kind: 'gt', row: fns[i] })
  }
  if (!errorsOnly && worst.length < count) {
    const looseness = new Float64Array(scene.dt.count)
    const tps = rowsWith(listOutcomes(scene, index, { matches, range, cut: view }), TP)
    for (const d of tps) looseness[d] = -similarityOf(scene, d, matches.gtOfDt[d])
    for (const row of firstBy(tps, looseness, count - worst.length)) worst.push({ kind: 'dt', row })
  }
  return worst.slice(0, count)
}

/** The first `count` false positives by descending score, equal ones by row: no more ranks are looked at than it takes. */
function highestFps(
  { dt }: Scene,
  index: SceneIndex,
  view: View,
  { dtOutcomes }: SceneMatches,
  count: number,
): number[] {
  const { rows, scores } = index.ranking
  const kept = keptCount(scores, view)
  const found: number[] = []
  for (let i = 0; i < kept; i++) {
    if (found.length >= count && scores[i] < dt.scores[found[found.length - 1]]) break
    if (dtOutcomes[rows[i]] === FP) found.push(rows[i])
  }
  return found.sort((a, b) => dt.scores[b] - dt.scores[a] || a - b).slice(0, count)
}

/** The first `count` missed ground truths by descending area, equal ones by row. */
function largestMisses(
  scene: Scene,
  { gtAreas }: SceneIndex,
  view: View,
  matches: SceneMatches,
  count: number,
): number[] {
  const first = (rows: number[]): number[] =>
    rows.sort((a, b) => gtAreas[b] - gtAreas[a] || a - b).slice(0, count)
  let found: number[] = []
  let least = Number.NEGATIVE_INFINITY
  for (let g = 0; g < gtAreas.length; g++) {
    // Most are smaller than those that have been found, and need no look at whether they are missed.
    if (gtAreas[g] <= least || !isMissed(scene, matches, view, g)) continue
    if (found.push(g) < 2 * count) continue
    found = first(found)
    if (found.length > 0) least = gtAreas[found[found.length - 1]]
  }
  return first(found)
}

/** The `count` rows with the greatest values, greatest first; equal ones by row. */
function firstBy(rows: Int32Array, values: Float64Array, count: number): Int32Array {
  const own = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) own[i] = values[rows[i]]
  const ascending = own.slice().sort()
  const least = count < rows.length ? ascending[rows.length - count] : Number.NEGATIVE_INFINITY
  const first = rows.filter((_, i) => own[i] >= least)
  return first.sort((a, b) => values[b] - values[a] || a - b).slice(0, count)
}

/**
 * Up to `count` ground truths that one of two models alone finds: those of A and those of B in turn, each by descending
 * area. Equal ones by row.
 */
export function worstFlips(pair: ModelPair, count: number): number[] {
  const { gtAreas } = pair.A.index
  const [a, b] = (['A', 'B'] as const).map(model =>
    Array.from(selectFlips(pair, { foundBy: [model] }, model)).sort(
      (g, h) => gtAreas[h] - gtAreas[g] || g - h,
    ),
  )
  const worst: number[] = []
  for (let i = 0; i < Math.max(a.length, b.length) && worst.length < count; i++) {
    if (i < a.length) worst.push(a[i])
    if (i < b.length) worst.push(b[i])
  }
  return worst.slice(0, count)
}
