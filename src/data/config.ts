export type IouType = 'bbox' | 'segm'

/** Sizes from `lo` to `hi` px; protocol `coco` includes both ends. */
export interface AreaRange {
  name: string
  lo: number
  hi: number
  /** Percentiles of the ground truths' areas that gave the bounds; absent or null for bounds in px. */
  percentiles?: [number, number] | null
}

/** Sizes between two percentiles (0 to 100) of the ground truths' areas, which tell the px once they are known. */
export interface PercentileRange {
  name: string
  percentiles: [number, number]
}

/** Everything that decides the numbers. Fully resolved: nothing here is optional. */
export interface Config {
  protocol: 'coco'
  iouType: IouType
  /** Axis t. Each above 0 and at most 1. */
  iouThresholds: number[]
  /** Axis r. Ascending, 0 to 1. */
  recallThresholds: number[]
  /** Axis a. The first is the whole. */
  areas: AreaRange[]
  /** Axis m. Ascending: detections kept an image and category. */
  maxDets: number[]
  /** Ids to evaluate; null for all of the file. */
  imageIds: number[] | null
  categoryIds: number[] | null
  classAgnostic: boolean
}

/** What is decided before any shape has been measured; a Config is one, too. */
export interface ConfigDraft extends Omit<Config, 'areas'> {
  areas: (AreaRange | PercentileRange)[]
}

/** numpy.linspace(.5, .95, 10): index 8 is 0.8999999999999999 (pycocotools Params). */
export const COCO_IOU_THRESHOLDS: number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9),
)

/** numpy.linspace(0, 1, 101): i * 0.01, which is not i / 100 at ten places (pycocotools Params). */
export const COCO_RECALL_THRESHOLDS: number[] = Array.from({ length: 101 }, (_, i) =>
  i === 100 ? 1 : i * 0.01,
)

export const COCO_MAX_DETS: number[] = [1, 10, 100]

/** px; the reference's stand-in for "without end". */
export const OPEN_END = 1e10

export const COCO_AREAS: AreaRange[] = [
  { name: 'all', lo: 0, hi: OPEN_END },
  { name: 'small', lo: 0, hi: 1024 },
  { name: 'medium', lo: 1024, hi: 9216 },
  { name: 'large', lo: 9216, hi: OPEN_END },
]

/** Quartiles and the smallest objects, as in docs/protocols.md (protocol `corrected`). */
export const PERCENTILE_AREAS: PercentileRange[] = [
  { name: 'all', percentiles: [0, 100] },
  { name: 'small', percentiles: [0, 25] },
  { name: 'medium', percentiles: [25, 75] },
  { name: 'large', percentiles: [75, 100] },
  { name: 'smallest', percentiles: [0, 7.5] },
  { name: 'corrected', percentiles: [7.5, 100] },
]
