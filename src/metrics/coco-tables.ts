import type { Categories } from '../data/columns.js'
import type { Config } from '../data/config.js'
import type { CocoArrays } from '../data/evaluation.js'
import { averagesBy } from './coco-columns.js'
import type { AreaMetrics } from './coco-summary.js'

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
  const averages = averagesBy(coco, config)
  const sizes = (k?: number): CocoSize[] =>
    config.areas.map(({ name }, a) => ({
      name,
      ...averages(a, { k }),
      perIou: config.iouThresholds.map((iou, t) => ({ iou, ...averages(a, { t, k }) })),
    }))
  const classes = config.classAgnostic ? [] : Array.from(evaluatedCategories)
  return {
    sizes: sizes(),
    classes: classes.map((row, k) => ({ id: ids[row], name: names[row], sizes: sizes(k) })),
  }
}
