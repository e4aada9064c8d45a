import type { Protocol, SizeRange } from '../data/analysis.js'
import {
  type AreaRange,
  COCO_AREAS,
  OPEN_END,
  PERCENTILE_AREAS,
  type PercentileRange,
} from '../data/config.js'
import type { Scene, SceneGroundTruths } from '../data/scene.js'

/** The reference's ranges. */
export const cocoSizes = (): SizeRange[] => COCO_AREAS.map(range => ({ ...range, percentiles: null }))

/** Quartiles of the ground truths' areas, and the smallest objects. */
export const percentileSizes = (scene: Scene): SizeRange[] => sizesOf(scene, PERCENTILE_AREAS)

/** `sizesFrom` the areas of a scene: `ownAreas` of the ground truths that are not ignored. */
export function sizesOf(scene: Scene, ranges: (AreaRange | PercentileRange)[]): SizeRange[] {
  return sizesBy(ranges.some(hasPercentiles) ? orderedAreas(scene.gt) : NO_AREAS, ranges)
}

const NO_AREAS = new Float64Array(0)
const hasPercentiles = (range: AreaRange | PercentileRange): boolean => !('lo' in range)

const ordered = new WeakMap<SceneGroundTruths, Float64Array>()

/** Areas of the ground truths that are not ignored, ascending; ordered once. */
function orderedAreas(gt: SceneGroundTruths): Float64Array {
  const known = ordered.get(gt)
  if (known) return known
  const { ownAreas, ignores } = gt
  const regular = new Float64Array(ownAreas.length)
  let count = 0
  for (let g = 0; g < ownAreas.length; g++) if (ignores[g] === 0) regular[count++] = ownAreas[g]
  const sorted = regular.subarray(0, count).sort()
  ordered.set(gt, sorted)
  return sorted
}

/**
 * Size ranges with their bounds in px. A range named "all" comes first; it is added where it is missing. Percentiles are
 * of `areas` (px); percentile 0 stands for 0 px and 100 for `OPEN_END`. Without areas those between are 0.
 */
export const sizesFrom = (areas: Float64Array, ranges: (AreaRange | PercentileRange)[]): SizeRange[] =>
  sizesBy(ranges.some(hasPercentiles) ? areas.toSorted() : NO_AREAS, ranges)

/** `sizesFrom` ascending areas. */
function sizesBy(sorted: Float64Array, ranges: (AreaRange | PercentileRange)[]): SizeRange[] {
  const bound = (percentile: number): number => {
    if (percentile === 0) return 0
    return percentile === 100 ? OPEN_END : percentileOf(sorted, percentile)
  }
  const whole = ranges.find(({ name }) => name === 'all') ?? COCO_AREAS[0]
  return [whole, ...ranges.filter(range => range !== whole)].map(range =>
    'lo' in range
      ? { ...range, percentiles: range.percentiles ?? null }
      : { ...range, lo: bound(range.percentiles[0]), hi: bound(range.percentiles[1]) },
  )
}

/** Percentile `q` (0 to 100) of ascending values, between two of them linearly (NumPy's "linear"); 0 for none. */
export function percentileOf(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return 0
  const h = (q / 100) * (sorted.length - 1)
  const k = Math.floor(h)
  return k + 1 < sorted.length ? sorted[k] + (h - k) * (sorted[k + 1] - sorted[k]) : sorted[k]
}

/**
 * Whether an area belongs to a range: protocol `coco` includes both ends; `corrected` leaves `hi` out, and `OPEN_END`
 * is none.
 */
export const inSize = (area: number, { lo, hi }: AreaRange, protocol: Protocol): boolean =>
  area >= lo && (protocol === 'coco' ? area <= hi : area < hi || hi >= OPEN_END)
