import type { SizeRange } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import { cocoSizes, percentileSizes } from './sizes.js'

/** The reference's ranges, the percentiles, and the run's own. */
export type SizeSetName = 'coco' | 'percentile' | 'own'

/** Sets of size ranges by name, and that of the run. */
export interface SizeSets {
  coco: SizeRange[]
  percentile: SizeRange[]
  /** null where the run has one of the others. */
  own: SizeRange[] | null
  first: SizeSetName
}

export const sizeSetsOf = (scene: Scene): SizeSets => ({
  coco: cocoSizes(),
  percentile: percentileSizes(scene),
  ...ownSizesOf(scene),
})

/** Those of the run. */
export function ownSizesOf(scene: Scene): Pick<SizeSets, 'own' | 'first'> {
  const areas = scene.config.areas.map(range => ({ ...range, percentiles: range.percentiles ?? null }))
  if (sameRanges(areas, cocoSizes())) return { own: null, first: 'coco' }
  if (sameRanges(areas, percentileSizes(scene))) return { own: null, first: 'percentile' }
  return { own: areas, first: 'own' }
}

const sameRanges = (ranges: SizeRange[], others: SizeRange[]): boolean =>
  ranges.length === others.length &&
  ranges.every(({ name, lo, hi }, i) => name === others[i].name && lo === others[i].lo && hi === others[i].hi)
