import type { Protocol, SizeRange } from '../data/analysis.js'
import { type AreaRange, OPEN_END } from '../data/config.js'
import type { Scene } from '../data/scene.js'
import { cocoSizes, inSize, percentileSizes } from './sizes.js'

/**
 * A size range and how many regular ground truths it holds, by the protocol's measure of area. `hi` is infinite where
 * protocol `corrected` knows no upper end.
 */
export interface SizeRow extends SizeRange {
  /** `run`: what the evaluation counts by; the others stand beside it. */
  set: 'run' | 'coco' | 'percentile'
  groundTruths: number
}

/** The run's ranges, those by percentiles and the reference's, each with its ground truths. */
export function sizeTable(scene: Scene, sizes: SizeRange[], protocol: Protocol): SizeRow[] {
  const rows = (set: SizeRow['set'], ranges: SizeRange[]): SizeRow[] =>
    ranges.map(range => ({
      set,
      ...range,
      hi: protocol === 'corrected' && range.hi >= OPEN_END ? Number.POSITIVE_INFINITY : range.hi,
      groundTruths: regularIn(scene, range, protocol),
    }))
  return [...rows('run', sizes), ...rows('percentile', percentileSizes(scene)), ...rows('coco', cocoSizes())]
}

function regularIn({ gt }: Scene, range: AreaRange, protocol: Protocol): number {
  const [areas, ignores] = protocol === 'coco' ? [gt.areas, gt.crowds] : [gt.ownAreas, gt.ignores]
  let count = 0
  for (let g = 0; g < gt.count; g++) if (ignores[g] === 0 && inSize(areas[g], range, protocol)) count++
  return count
}
