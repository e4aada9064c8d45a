export type IouType = 'bbox' | 'segm'

/** Sizes from `lo` to `hi` px; protocol `coco` includes both ends. */
export interface AreaRange {
  name: string
  lo: number
  hi: number
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

/** numpy.linspace(.5, .95, 10): index 8 is 0.8999999999999999 (pycocotools Params). */
export const COCO_IOU_THRESHOLDS: number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9),
)

/** numpy.linspace(0, 1, 101): i * 0.01, which is not i / 100 at ten places (pycocotools Params). */
export const COCO_RECALL_THRESHOLDS: number[] = Array.from({ length: 101 }, (_, i) =>
  i === 100 ? 1 : i * 0.01,
)

export const COCO_MAX_DETS: number[] = [1, 10, 100]

export const COCO_AREAS: AreaRange[] = [
  { name: 'all', lo: 0, hi: 1e10 },
  { name: 'small', lo: 0, hi: 1024 },
  { name: 'medium', lo: 1024, hi: 9216 },
  { name: 'large', lo: 9216, hi: 1e10 },
]
