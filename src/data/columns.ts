import type { EncodedMasks } from './masks.js'

/** Images in ascending order of id. A row of this table is called `image`, an id from the file `imageId`. */
export interface Images {
  count: number
  /** [image] */
  ids: Float64Array
  /** px, 0 where the file does not say; [image] */
  heights: Uint32Array
  widths: Uint32Array
  /** '' where the file does not say; [image] */
  fileNames: string[]
}

/** Categories in ascending order of id. */
export interface Categories {
  count: number
  ids: Float64Array
  names: string[]
}

/** What ground truths and detections share; rows stand in the order of the file. */
export interface Instances {
  count: number
  /** Row in Images, [instance]. */
  images: Int32Array
  /** Row in Categories, [instance]. */
  categories: Int32Array
  /** x, y, width, height in px, [instance, 4]. Null in mask runs. */
  boxes: Float64Array | null
  /** Row i is the mask of instance i. Null in box runs. */
  masks: EncodedMasks | null
  /**
   * px, [instance]: what protocol `coco` compares with area ranges. NaN stands for "the pixels of the mask",
   * which are counted when the mask is loaded.
   */
  areas: Float64Array
}

export interface GroundTruths extends Instances {
  ids: Float64Array
  /** 1 for a crowd region (iscrowd), [instance]. */
  crowds: Uint8Array
  /** 1 where the file says "ignore" or "iscrowd"; protocol `coco` overwrites the first with the second. */
  ignores: Uint8Array
}

export interface Detections extends Instances {
  scores: Float64Array
  /** Position in the file's list, from 0, [instance]. Differs from the row where records were dropped. */
  records: Uint32Array
}

/** What overlaps are found from. */
export interface Shapes {
  groundTruths: Pick<GroundTruths, 'boxes' | 'masks' | 'crowds'>
  detections: Pick<Detections, 'boxes' | 'masks'>
}

/** The shapes alone: what threads that find overlaps are sent. */
export const shapesOf = ({ groundTruths, detections }: Shapes): Shapes => ({
  groundTruths: { boxes: groundTruths.boxes, masks: groundTruths.masks, crowds: groundTruths.crowds },
  detections: { boxes: detections.boxes, masks: detections.masks },
})

/** One evaluation's input: ids resolved to rows, every record checked. */
export interface Dataset {
  images: Images
  categories: Categories
  groundTruths: GroundTruths
  detections: Detections
}
