import { type Reason, TP } from '../data/analysis.js'
import { type Circumstances, fateOfDetection, fateOfGroundTruth, kindOfFalsePositive } from './fates.js'
import type { Instances } from './finding-rows.js'

/** How often a code explains instances: in all, and by image at its place among the evaluated ones. */
export interface KindCounts {
  code: Reason['code']
  count: number
  byImage: Uint32Array
}

/** The kinds that kernels/studies.ts tells, by their numbers there. */
export const FALSE_KINDS: readonly Reason['code'][] = [
  'localisation',
  'class-confusion',
  'duplicate',
  'confused-and-loose',
  'background',
]
export const MISS_KINDS: readonly Reason['code'][] = [
  'missed-score',
  'beyond-cap',
  'missed-taken',
  'missed-other-class',
  'missed-low-iou',
  'missed-nothing-near',
]

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

/** Instances by their kind, added to those that have been `found`. */
export function countKinds(
  { rows, places }: Instances,
  imageCount: number,
  kindOf: (row: number) => Reason['code'],
  found = new Map<Reason['code'], KindCounts>(),
): KindCounts[] {
  let at: KindCounts | undefined
  for (let i = 0; i < rows.length; i++) {
    const code = kindOf(rows[i])
    if (at === undefined || at.code !== code) {
      // Most rows are of the kind of the row before.
      at = found.get(code) ?? { code, count: 0, byImage: new Uint32Array(imageCount) }
      found.set(code, at)
    }
    at.count++
    at.byImage[places[i]]++
  }
  return [...found.values()]
}
