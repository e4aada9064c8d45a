import type { Dataset } from './columns.js'
import type { Config } from './config.js'
import type { Scene } from './scene.js'

/** Sizes of the axes of the COCO arrays: IoU thresholds, recall thresholds, categories, areas, caps. */
export interface CocoShape {
  T: number
  R: number
  K: number
  A: number
  M: number
}

/** The reference's arrays in C order; -1 where a category has no ground truth in the area range. */
export interface CocoArrays {
  shape: CocoShape
  /** [T, R, K, A, M] */
  precision: Float64Array
  /** [T, K, A, M] */
  recall: Float64Array
  /** [T, R, K, A, M] */
  scores: Float64Array
}

/** Index of [t, k, a, m] in `recall`. */
export const recallAt = (s: CocoShape, t: number, k: number, a: number, m: number): number =>
  ((t * s.K + k) * s.A + a) * s.M + m

/** Index of [t, r, k, a, m] in `precision` and `scores`. */
export const precisionAt = (s: CocoShape, t: number, r: number, k: number, a: number, m: number): number =>
  (((t * s.R + r) * s.K + k) * s.A + a) * s.M + m

/**
 * Detections and ground truths of a run, grouped by image and category. Cells without either are absent.
 * Cells ascend by category, then by image.
 */
export interface Cells {
  count: number
  /** Row in Images, [cell]. */
  images: Int32Array
  /** Axis k: index in the evaluated categories, 0 for all when class-agnostic; [cell]. */
  categories: Int32Array
  /** [cell + 1], into `gtRows`. */
  gtOffsets: Uint32Array
  /** Rows of GroundTruths, in file order within a cell. */
  gtRows: Int32Array
  /** [cell + 1], into `dtRows`. */
  dtOffsets: Uint32Array
  /** Rows of Detections by descending score, ties in file order, cut to the largest cap. */
  dtRows: Int32Array
}

/**
 * Pairs of a detection and a ground truth of one cell whose similarity is above 0. In a run for the numbers
 * alone, without a scene, pairs below every IoU threshold are left out.
 * The pairs of the detection at position d of `cells.dtRows` are `offsets[d] .. offsets[d + 1]`, the preferred
 * first: descending similarity, and on equal similarity the later ground truth.
 */
export interface Overlaps {
  /** [dtRows + 1] */
  offsets: Uint32Array
  /** Position in `cells.gtRows`, [pair]. */
  gts: Int32Array
  /** IoU, or for a crowd the shared part of the detection, [pair]. */
  similarities: Float64Array
}

/** Instances in the evaluated images and categories, before any cap, crowds too; [category]. */
export interface EvaluatedCounts {
  groundTruths: Uint32Array
  detections: Uint32Array
}

/** Where masks were intersected. */
export interface BackendUse {
  kind: 'cpu' | 'webgpu'
  /** The device in words, null on the CPU. */
  adapter: string | null
  /** Why work moved to the CPU in mid-run; absent when it did not. */
  fallback?: string
}

/** Something a reader of the numbers should know. `code` is stable, `text` is for people. */
export interface Warning {
  code: string
  count: number
  /** The first occurrence, in words. */
  example: string
  text: string
}

/** One evaluation; every number and picture is a view of it. */
export interface Evaluation {
  config: Config
  dataset: Dataset
  cells: Cells
  counts: EvaluatedCounts
  overlaps: Overlaps
  /** px of each mask, by row of the dataset; null in box runs. */
  gtMaskAreas: Uint32Array | null
  dtMaskAreas: Uint32Array | null
  coco: CocoArrays
  /** Overlaps of all classes and what else a report needs; null unless asked for. */
  scene: Scene | null
  /** Rows of Categories on axis k (one entry, -1, when class-agnostic). */
  evaluatedCategories: Int32Array
  backend: BackendUse
  warnings: Warning[]
  /** Wall time of each stage. */
  timingsMs: Record<string, number>
}
