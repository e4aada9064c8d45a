export { type AnalyseOptions, type Analysis, analyse } from './analyse.js'
export type { MaskBackend, MaskSet, Pairs } from './backends/backend.js'
export { createCpuBackend } from './backends/cpu.js'
export { createWebGpuBackend, type WebGpuBackend, type WebGpuOptions } from './backends/webgpu/backend.js'
export { compareModels, type ModelComparison } from './compare-models.js'
export type {
  Counts,
  Curve,
  Finding,
  ImageCounts,
  Objective,
  Protocol,
  SizeRange,
  View,
} from './data/analysis.js'
export type { Categories, Dataset, Detections, GroundTruths, Images, Instances } from './data/columns.js'
export type { AreaRange, Config, IouType, PercentileRange } from './data/config.js'
export {
  COCO_AREAS,
  COCO_IOU_THRESHOLDS,
  COCO_MAX_DETS,
  COCO_RECALL_THRESHOLDS,
  PERCENTILE_AREAS,
} from './data/config.js'
export type { BackendUse, CocoArrays, CocoShape, Evaluation, Warning } from './data/evaluation.js'
export type { EncodedMasks } from './data/masks.js'
export type { ConfigOptions } from './data/resolve-config.js'
export type { ByteSource } from './data/source.js'
export { DeviceError, InputError, MaskError } from './errors.js'
export { type EvaluateOptions, evaluate, type ProgressReport } from './evaluate.js'
export type { BitmapObject } from './ingest/bitmap-objects.js'
export type { OnUnknown } from './ingest/link.js'
export type { Input } from './ingest/objects.js'
export type { RleObject } from './ingest/rle-objects.js'
export { type IouMatrix, type IouMatrixOptions, iouMatrix, type Shapes } from './iou-matrix.js'
export type { ProcessMemory } from './memory-budget.js'
export type { ClassMetrics, CocoMetrics } from './metrics/coco-summary.js'
export { type Summary, summarize } from './summary.js'

import type { Evaluation } from './data/evaluation.js'
import { summarize } from './summary.js'

/** The reference's twelve numbers, literally (pycocotools `stats`). */
export const cocoStats = (evaluation: Evaluation): number[] => summarize(evaluation).stats
