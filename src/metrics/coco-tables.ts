import type { Categories } from '../data/columns.js'
import type { Config } from '../data/config.js'
import type { CocoArrays } from '../data/evaluation.js'
import { type AreaMetrics, cocoAverages } from './coco-summary.js'

/** AP and AR of a size range, over the IoU thresholds and at each; null where no ground truth decides them. */
export interface CocoSize extends AreaMetrics {
  /** As the configuration's thresholds. */
  perIou: { iou: number; AP: number | null; AR: number | null }[]
}

export interface CocoClass {
  id: number
  name: string
  /** As the configuration's ranges. */
  sizes: CocoSize[]
}

/** Protocol `coco` by size and IoU threshold with the largest cap, over classes and of each. */
export interface CocoTables {
  sizes: CocoSize[]
  /** Evaluated classes by id; empty when class-agnostic. */
  classes: CocoClass[]
}

export function cocoTables(
  coco: CocoArrays,
  config: Config,
  { ids, names }: Categories,
  evaluatedCategories: Int32Array,
): CocoTables {
  const sizes = (k: number | null): CocoSize[] =>
    config.areas.map(({ name }) => ({
      ...cocoAverages(coco, config, name, { k }),
      perIou: config.iouThresholds.map(iou => {
        const { AP, AR } = cocoAverages(coco, config, name, { iou, k })
        return { iou, AP, AR }
      }),
    }))
  const classes = config.classAgnostic ? [] : Array.from(evaluatedCategories)
  return {
    sizes: sizes(null),
    classes: classes.map((row, k) => ({ id: ids[row], name: names[row], sizes: sizes(k) })),
  }
}
