import type { Protocol, SizeRange } from '../data/analysis.js'
import { type AreaRange, COCO_AREAS } from '../data/config.js'
import type { Scene } from '../data/scene.js'

/** An end of a size range: px, or a percentile (0 to 100) of the areas of the ground truths. */
export type SizeBound = { px: number } | { percentile: number }

/** A size range as a user states it. */
export interface SizeSpec {
  name: string
  lo: SizeBound
  hi: SizeBound
}

const percentiles = (name: string, lo: number, hi: number): SizeSpec => ({
  name,
  lo: { percentile: lo },
  hi: { percentile: hi },
})

/** The ranges of protocol `corrected`: thirds of a kind, and everything but the smallest. */
export const PERCENTILE_SPECS: SizeSpec[] = [
  percentiles('all', 0, 100),
  percentiles('small', 0, 25),
  percentiles('medium', 25, 75),
  percentiles('large', 75, 100),
  percentiles('smallest', 0, 7.5),
  percentiles('corrected', 7.5, 100),
]

/** The reference's ranges; protocol `corrected` has no upper end. */
export const cocoSizes = (protocol: Protocol = 'coco'): SizeRange[] =>
  COCO_AREAS.map(({ name, lo, hi }) => ({
    name,
    lo,
    hi: protocol === 'corrected' && hi === COCO_AREAS[0].hi ? Number.POSITIVE_INFINITY : hi,
    percentiles: null,
  }))

export const percentileSizes = (scene: Scene): SizeRange[] => sizesOf(scene, PERCENTILE_SPECS)

/**
 * Size ranges with their bounds in px. A range named "all" comes first; the whole is added where it is missing.
 * Percentiles are of the `ownAreas` of regular ground truths (not ignored) and interpolated linearly; percentile 0
 * means from 0 px and 100 without end. Without ground truths those between are 0.
 */
export function sizesOf(scene: Scene, specs: SizeSpec[]): SizeRange[] {
  const areas = scene.gt.ownAreas.filter((_, g) => scene.gt.ignores[g] === 0).sort()
  const whole = specs.find(spec => spec.name === 'all') ?? PERCENTILE_SPECS[0]
  return [whole, ...specs.filter(spec => spec !== whole)].map(({ name, lo, hi }) => ({
    name,
    lo: bound(areas, lo),
    hi: bound(areas, hi),
    percentiles: 'percentile' in lo && 'percentile' in hi ? [lo.percentile, hi.percentile] : null,
  }))
}

function bound(sortedAreas: Float64Array, end: SizeBound): number {
  if ('px' in end) return end.px
  if (end.percentile <= 0) return 0
  return end.percentile >= 100 ? Number.POSITIVE_INFINITY : percentileOf(sortedAreas, end.percentile)
}

/** Percentile `q` (0 to 100) of ascending values, between two of them linearly (NumPy's "linear"); 0 for none. */
export function percentileOf(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return 0
  const h = (q / 100) * (sorted.length - 1)
  const k = Math.floor(h)
  return k + 1 < sorted.length ? sorted[k] + (h - k) * (sorted[k + 1] - sorted[k]) : sorted[k]
}

/** Whether an area belongs to a range: protocol `coco` includes both ends, `corrected` leaves `hi` out. */
export const inSize = (area: number, { lo, hi }: AreaRange, protocol: Protocol): boolean =>
  area >= lo && (protocol === 'coco' ? area <= hi : area < hi)
