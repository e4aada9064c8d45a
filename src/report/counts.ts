import type { Evaluation } from '../data/evaluation.js'

/** What an evaluation was about: the evaluated images and categories, and what lies in them. */
export interface Counts {
  images: number
  categories: number
  /** Crowds included. */
  groundTruths: number
  crowds: number
  /** Before any cap. */
  detections: number
  /** Records of the files that were left out; each kind has its warning. */
  ignoredRecords: number
}

/** Codes of warnings that count records left out. No record has two of them. */
const DROPPED_CODES = new Set(['unknown-image', 'unknown-category'])

export function countsOf({ config, dataset, cells, counts, warnings }: Evaluation): Counts {
  const { groundTruths, detections } = counts
  return {
    images: new Set(config.imageIds ?? dataset.images.ids).size,
    categories: new Set(config.categoryIds ?? dataset.categories.ids).size,
    groundTruths: sum(groundTruths),
    crowds: countCrowds(cells.gtRows, dataset.groundTruths.crowds),
    detections: sum(detections),
    ignoredRecords: warnings
      .filter(warning => DROPPED_CODES.has(warning.code))
      .reduce((total, warning) => total + warning.count, 0),
  }
}

function countCrowds(rows: Int32Array, crowds: Uint8Array): number {
  let count = 0
  for (let i = 0; i < rows.length; i++) count += crowds[rows[i]]
  return count
}

function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]
  return total
}
