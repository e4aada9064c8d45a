import type { Dataset } from './data/columns.js'
import type { AreaRange, Config, ConfigDraft } from './data/config.js'
import type { Cells } from './data/evaluation.js'
import { sizesFrom } from './metrics/sizes.js'

/**
 * The configuration with every range in px. Percentiles are of the areas of the evaluated ground truths that are not
 * ignored: pixels of the mask, in box runs width times height, whatever the file states.
 */
export function resolveSizes(
  draft: ConfigDraft,
  { groundTruths: { boxes, ignores } }: Dataset,
  { gtRows }: Cells,
  gtMaskAreas: Uint32Array | null,
): Config {
  let count = 0
  const areas = new Float64Array(draft.areas.some(range => !('lo' in range)) ? gtRows.length : 0)
  for (let i = 0; i < areas.length; i++) {
    const row = gtRows[i]
    if (ignores[row] === 1) continue
    areas[count++] = gtMaskAreas ? gtMaskAreas[row] : boxes ? boxes[4 * row + 2] * boxes[4 * row + 3] : 0
  }
  return { ...draft, areas: sizesFrom(areas.subarray(0, count), draft.areas).map(withoutNull) }
}

/** Bounds that were given in px have no percentiles. */
const withoutNull = ({ percentiles, ...range }: AreaRange): AreaRange =>
  percentiles ? { ...range, percentiles } : range
