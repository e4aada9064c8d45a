import { type Reason, TP } from '../data/analysis.js'
import { type Circumstances, fateOfDetection, fateOfGroundTruth, kindOfFalsePositive } from './fates.js'
import type { Instances } from './finding-rows.js'

/** How often a code explains instances: in all, and by image at its place among the evaluated ones. */
export interface KindCounts {
  code: Reason['code']
  count: number
  byImage: Uint32Array
}

/** False positives by their kind. */
export function countFalsePositives(at: Circumstances, fps: Instances, imageCount: number): KindCounts[] {
  const near = { same: -1, other: -1 }
  const { gtOfDt } = at.matches
  return countKinds(fps, imageCount, d =>
    gtOfDt[d] < 0 ? kindOfFalsePositive(at, d, near) : fateOfDetection(at, d).code,
  )
}

/** Misses by their kind. What is missed although a detection took it lies below the score threshold, as most do. */
export function countMisses(at: Circumstances, fns: Instances, imageCount: number): KindCounts[] {
  const { gtOutcomes } = at.matches
  return countKinds(fns, imageCount, g =>
    gtOutcomes[g] === TP ? 'missed-score' : fateOfGroundTruth(at, g).code,
  )
}

function countKinds(
  { rows, places }: Instances,
  imageCount: number,
  kindOf: (row: number) => Reason['code'],
): KindCounts[] {
  const byCode = new Map<Reason['code'], KindCounts>()
  let at: KindCounts | undefined
  for (let i = 0; i < rows.length; i++) {
    const code = kindOf(rows[i])
    if (at === undefined || at.code !== code) {
      // Most rows are of the kind of the row before.
      at = byCode.get(code) ?? { code, count: 0, byImage: new Uint32Array(imageCount) }
      byCode.set(code, at)
    }
    at.count++
    at.byImage[places[i]]++
  }
  return [...byCode.values()]
}
