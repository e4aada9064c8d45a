import type { Dataset } from './data/columns.js'
import {
  type AreaRange,
  type Config,
  type ConfigDraft,
  OPEN_END,
  type PercentileRange,
} from './data/config.js'
import type { Cells } from './data/evaluation.js'
import { percentileOf } from './metrics/sizes.js'

/**
 * The configuration with every range in px. Percentiles are of the areas of the evaluated ground truths that are not
 * ignored: pixels of the mask, in box runs width times height, whatever the file states. Percentile 0 stands for 0 px
 * and 100 for no upper end.
 */
export function resolveSizes(
  draft: ConfigDraft,
  { groundTruths: { boxes, ignores } }: Dataset,
  { gtRows }: Cells,
  gtMaskAreas: Uint32Array | null,
): Config {
  let areas: Float64Array | null = null
  const bound = (percentile: number): number => {
    if (percentile === 0) return 0
    if (percentile === 100) return OPEN_END
    areas ??= Float64Array.from(
      gtRows.filter(row => ignores[row] === 0),
      row => (gtMaskAreas ? gtMaskAreas[row] : boxes ? boxes[4 * row + 2] * boxes[4 * row + 3] : 0),
    ).sort()
    return percentileOf(areas, percentile)
  }
  const inPx = (range: AreaRange | PercentileRange): AreaRange =>
    'lo' in range ? range : { ...range, lo: bound(range.percentiles[0]), hi: bound(range.percentiles[1]) }
  return { ...draft, areas: draft.areas.map(inPx) }
}
