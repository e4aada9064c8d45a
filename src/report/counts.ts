import type { Evaluation } from '../data/evaluation.js'

/** What an evaluation was about. */
export interface Counts {
  images: number
  categories: number
  groundTruths: number
  /** Ground truths that are crowd regions; part of `groundTruths`. */
  crowds: number
  detections: number
  /** Records of the files that were left out, each kind of which has its warning. */
  ignoredRecords: number
}

/** Codes of warnings whose count is a number of records left out. */
const DROPPED_CODES = new Set(['unknown-image', 'unknown-category'])

export function countsOf({ dataset, warnings }: Evaluation): Counts {
  const { images, categories, groundTruths, detections } = dataset
  return {
    images: images.count,
    categories: categories.count,
    groundTruths: groundTruths.count,
    crowds: groundTruths.crowds.reduce((sum, crowd) => sum + crowd, 0),
    detections: detections.count,
    ignoredRecords: warnings
      .filter(warning => DROPPED_CODES.has(warning.code))
      .reduce((sum, warning) => sum + warning.count, 0),
  }
}
