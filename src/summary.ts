import type { Evaluation } from './data/evaluation.js'
import { lazily } from './lazily.js'
import {
  type ClassMetrics,
  type CocoMetrics,
  cocoMetrics,
  cocoStats,
  perClass,
} from './metrics/coco-summary.js'

/** What an evaluation says in numbers. */
export interface Summary {
  /** The reference's twelve numbers, literally: -1 where undefined, AP -1 when no cap is 100. */
  stats: number[]
  /** The same with the largest cap, null where undefined. */
  metrics: CocoMetrics
  perClass: ClassMetrics[]
}

/** Each part is computed when it is first read. */
export function summarize({ coco, config, dataset, counts, evaluatedCategories }: Evaluation): Summary {
  return lazily<Summary>({
    stats: () => cocoStats(coco, config),
    metrics: () => cocoMetrics(coco, config),
    perClass: () => perClass(coco, config, dataset.categories, evaluatedCategories, counts),
  })
}
