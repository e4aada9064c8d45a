import type { Config } from '../data/config.js'
import type { CocoArrays } from '../data/evaluation.js'
import { cocoMetrics } from './coco-summary.js'

/** All categories and thresholds of one area range, with the largest cap. */
export interface AreaMetrics {
  name: string
  AP: number | null
  AR: number | null
}

/** Metrics of every configured area range, in their order. */
export function perArea(coco: CocoArrays, config: Config): AreaMetrics[] {
  return config.areas.map((range, a) => {
    // The summary finds ranges by name: this one takes the place of "small".
    const areas = config.areas.map((other, i) => ({ ...other, name: i === a ? 'small' : `other ${i}` }))
    const { APs, ARs } = cocoMetrics(coco, { ...config, areas })
    return { name: range.name, AP: APs, AR: ARs }
  })
}
