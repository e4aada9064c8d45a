import type { Config } from '../data/config.js'
import type { CocoArrays } from '../data/evaluation.js'
import { entriesOf } from './coco-entries.js'
import { type AreaMetrics, cocoAverages } from './coco-summary.js'

/** AP and AR with the largest cap of area range `a`: at IoU threshold `t` or over all, of category `k` or over all. */
export type AveragesBy = (a: number, at?: { t?: number; k?: number }) => Omit<AreaMetrics, 'name'>

/** `cocoAverages` for those who ask for many, by position. */
export function averagesBy(coco: CocoArrays, config: Config): AveragesBy {
  const { areas, iouThresholds, maxDets } = config
  if (![areas.map(({ name }) => name), iouThresholds, maxDets].every(areDistinct)) {
    return (a, { t, k = null } = {}) => {
      const iou = t === undefined ? null : iouThresholds[t]
      const { AP, AR } = cocoAverages(coco, config, areas[a].name, { iou, k })
      return { AP, AR }
    }
  }
  const precisions = entriesOf(coco.precision, coco.shape, coco.shape.M - 1)
  const recalls = entriesOf(coco.recall, { ...coco.shape, R: 1 }, coco.shape.M - 1)
  return (a, { t, k } = {}) =>
    k === undefined
      ? { AP: precisions.overAll(a, t), AR: recalls.overAll(a, t) }
      : { AP: precisions.ofCategory(a, k, t), AR: recalls.ofCategory(a, k, t) }
}

const areDistinct = (values: (string | number)[]): boolean => new Set(values).size === values.length
