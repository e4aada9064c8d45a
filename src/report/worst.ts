import { FP, TP, type View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { similarityOf } from '../matching/scene-pairs.js'
import { selectFlips } from '../metrics/flips.js'
import type { ModelPair } from '../metrics/models.js'
import { eachOutcome, matchesIn } from '../metrics/outcomes.js'
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
  const fps: number[] = []
  const fns: number[] = []
  const tps: number[] = []
  const { matches, range } = matchesIn(scene, index, view, 0)
  eachOutcome(
    scene,
    index,
    { matches, range, cut: view },
    (d, outcome) => {
      if (outcome === FP) fps.push(d)
      else if (outcome === TP) tps.push(d)
    },
    g => fns.push(g),
  )
  const { scores } = scene.dt
  fps.sort((a, b) => scores[b] - scores[a] || a - b)
  fns.sort((a, b) => index.gtAreas[b] - index.gtAreas[a] || a - b)
  const worst: InstanceRef[] = []
  for (let i = 0; i < Math.max(fps.length, fns.length) && worst.length < count; i++) {
    if (i < fps.length) worst.push({ kind: 'dt', row: fps[i] })
    if (i < fns.length) worst.push({ kind: 'gt', row: fns[i] })
  }
  if (!errorsOnly && worst.length < count) {
    const overlaps = new Map(tps.map(d => [d, similarityOf(scene, d, matches.gtOfDt[d])]))
    const overlap = (d: number): number => overlaps.get(d) as number
    tps.sort((a, b) => overlap(a) - overlap(b) || a - b)
    for (const row of tps.slice(0, count - worst.length)) worst.push({ kind: 'dt', row })
  }
  return worst.slice(0, count)
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
