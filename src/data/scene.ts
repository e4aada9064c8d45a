import type { Categories, Images } from './columns.js'
import type { Config } from './config.js'

/** Ground truths or detections of a scene; rows stand in the order of their file. */
export interface SceneInstances {
  count: number
  /** Row in Images, [instance]. */
  images: Int32Array
  /** Row in Categories, [instance]. */
  categories: Int32Array
  /** px, what protocol `coco` compares with size ranges: the file's area where it states one. */
  areas: Float64Array
  /** px, what protocol `corrected` compares: pixels of the mask, in box runs width times height. */
  ownAreas: Float64Array
  /** x, y, width, height in px: the file's box, in mask runs the bounds of the mask. [instance, 4] */
  boxes: Float64Array
}

export interface SceneGroundTruths extends SceneInstances {
  ids: Float64Array
  /** 1 for a crowd region. */
  crowds: Uint8Array
  /** 1 where protocol `corrected` ignores it: a crowd, or "ignore" in the file. */
  ignores: Uint8Array
}

export interface SceneDetections extends SceneInstances {
  scores: Float64Array
  /** Position in the file's list, from 0. */
  records: Uint32Array
}

/**
 * Pairs of a detection and a ground truth of one image, of any classes, whose similarity is above 0: those of
 * detection d are `offsets[d] .. offsets[d + 1]`, by descending similarity, equal ones by descending row.
 */
export interface ScenePairs {
  /** [detection + 1] */
  offsets: Uint32Array
  /** Row in SceneGroundTruths, [pair]. */
  gts: Int32Array
  /** IoU, or for a crowd the shared part of the detection, [pair]. */
  similarities: Float64Array
}

/**
 * Everything that a report is computed from, in columns: what was evaluated and which shapes overlap by how much.
 * The page carries it, so that every threshold can be matched again there.
 */
export interface Scene {
  config: Config
  images: Images
  /** Rows of Images that take part, ascending. */
  evaluatedImages: Int32Array
  categories: Categories
  /** Rows of Categories that take part, ascending. */
  evaluatedCategories: Int32Array
  gt: SceneGroundTruths
  dt: SceneDetections
  pairs: ScenePairs
}
