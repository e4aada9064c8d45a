import type { ModelName } from '../metrics/models.js'
import type { Thresholds } from '../metrics/operating-point.js'

/** What `thresholds.json` holds of two models: what it holds of one, for each, under the name of its file. */
export type BothThresholds = Record<ModelName, { detections: string } & Thresholds>

export const bothThresholds = (
  names: Record<ModelName, string>,
  { A, B }: Record<ModelName, Thresholds>,
): BothThresholds => ({ A: { detections: names.A, ...A }, B: { detections: names.B, ...B } })
