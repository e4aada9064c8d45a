import type { AreaRange } from './config.js'

export type Protocol = 'coco' | 'corrected'

/** A range of sizes as a report shows it: protocol `coco` includes both ends, `corrected` leaves `hi` out. */
export interface SizeRange extends AreaRange {
  /** Percentiles of the ground truths' areas that gave the bounds; null for bounds in px. */
  percentiles: [number, number] | null
}

/** What a report looks at; everything it shows follows from this and the scene. */
export interface View {
  protocol: Protocol
  /** IoU threshold of everything but the tables over all thresholds. */
  iou: number
  /** Detections below do not count at the operating point. */
  score: number
  /** Whether a score equal to `score` is left out too (the article's preset). */
  scoreStrict: boolean
  /** The first is the whole. */
  sizes: SizeRange[]
  /** Match without regard to the class. */
  classAgnostic: boolean
}

/** Fate of a detection at one IoU threshold. */
export const TP = 0
export const FP = 1
/** Matched an ignored ground truth, or (protocol `coco`, a size range) lies outside unmatched. */
export const IGNORED = 2
/** Beyond the cap of detections an image and class (protocol `coco`). */
export const CUT = 3
/** Fate of a ground truth: TP (found), FN (missed), IGNORED. */
export const FN = 4

/** Outcome of every instance of a scene at one IoU threshold, for one size range, before any score threshold. */
export interface SceneMatches {
  /** TP, FP, IGNORED or CUT, [detection]. */
  dtOutcomes: Uint8Array
  /** Row of the ground truth that the detection took, regular or ignored; -1 for none. [detection] */
  gtOfDt: Int32Array
  /** TP, FN or IGNORED, [ground truth]. */
  gtOutcomes: Uint8Array
  /** Row of the detection that took the ground truth (for a crowd the first), -1 for none. [ground truth] */
  dtOfGt: Int32Array
}

/** Counts at an operating point; a ratio is null where it is undefined. */
export interface Counts {
  groundTruths: number
  /** TP + FP. */
  detections: number
  tp: number
  fp: number
  fn: number
  precision: number | null
  recall: number | null
  f1: number | null
  /** Detections at or above the score that count as neither. */
  ignored: number
}

/** An exact curve: a point after each distinct score, descending (spec of protocol `corrected`, curves). */
export interface Curve {
  /** Ground truths that count. */
  groundTruths: number
  scores: Float64Array
  /** tp / groundTruths, [point]. Empty without ground truths. */
  recalls: Float64Array
  precisions: Float64Array
  /** Cumulative, [point]. */
  tps: Uint32Array
  fps: Uint32Array
  /** Area under the linearly joined points, null without ground truths. */
  auc: number | null
  /** Sum of (r_k - r_{k-1}) p_k. */
  apStep: number | null
  /** Mean of the linear curve at the recall thresholds. */
  ap101: number | null
  maxRecall: number | null
}

/** How the best score threshold is chosen. */
export type Objective =
  | { kind: 'f-beta'; beta: number }
  | { kind: 'min-precision'; precision: number }
  | { kind: 'min-recall'; recall: number }
  | { kind: 'cost'; falsePositive: number; falseNegative: number }

/** The score threshold that an objective picks on a curve; null where the curve has no such point. */
export interface OperatingPoint {
  score: number
  precision: number
  recall: number
  f1: number
  tp: number
  fp: number
  fn: number
}

/** One image at an operating point. */
export interface ImageCounts extends Counts {
  /** Row in Images. */
  image: number
  /** Mean IoU of its true positives. */
  meanIou: number | null
  /** Highest-scored false positive, -1 for none: row of a detection. */
  worstFp: number
  /** Largest missed ground truth, -1 for none: row of a ground truth. */
  worstFn: number
}

/** Counts in bins: `edges` [bin + 1]. */
export interface Histogram {
  edges: number[]
  counts: number[]
}

/** Why an instance has its outcome. `code` is stable; `text` names the numbers and the other instance. */
export interface Reason {
  code:
    | 'matched'
    | 'matched-crowd'
    | 'matched-ignored'
    | 'outside-size'
    | 'beyond-cap'
    | 'id-zero'
    | 'duplicate'
    | 'localisation'
    | 'class-confusion'
    | 'confused-and-loose'
    | 'background'
    | 'missed-nothing-near'
    | 'missed-low-iou'
    | 'missed-other-class'
    | 'missed-taken'
    | 'missed-score'
    | 'ignored-ground-truth'
  text: string
}

/** A sentence about what limits the model, with the numbers that prove it. */
export interface Finding {
  code: string
  text: string
  /** The effect and its 95 % interval from a bootstrap over images; the finding is said only if it excludes none. */
  effect: number
  interval: [number, number]
  /** Instances that prove it, as a filter of the page. */
  filter: InstanceFilter
}

/** Of two models: which of them finds a ground truth; A and B mean that one alone. */
export type FoundBy = 'A' | 'B' | 'both' | 'neither'

/** Which instances; every part that is present must hold. The page keeps it in its URL. */
export interface InstanceFilter {
  /** Of two models that are compared, whose instances. */
  model?: 'A' | 'B'
  /** Of two models that are compared: ground truths, by who finds them. */
  foundBy?: FoundBy[]
  outcomes?: ('TP' | 'FP' | 'FN' | 'ignored' | 'cut')[]
  /** Name of a size range: the outcome is that of this range. */
  size?: string
  /** IoU threshold other than the view's. */
  iou?: number
  /** Row in Categories. */
  category?: number
  /** Row in Images. */
  image?: number
  /** Row in Categories of the class that the instance was confused with. */
  confusedWith?: number
  reasons?: Reason['code'][]
  /** Inclusive, exclusive; of the detection's score. */
  score?: [number, number]
  /** Of the similarity with the matched ground truth (TP) or the best one (FP, FN). */
  overlap?: [number, number]
  /** Of the instance's own shape, as the protocol measures it. */
  area?: [number, number]
  /** Of the ground truth: matched (TP) or missed (FN). */
  gtArea?: [number, number]
  /** Ground truths and detections that count (TP + FN, TP + FP) of the instance's image. */
  imageGroundTruths?: [number, number]
  imageDetections?: [number, number]
}
