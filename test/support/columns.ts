import type { Dataset } from '../../src/data/columns.js'
import {
  COCO_AREAS,
  COCO_IOU_THRESHOLDS,
  COCO_MAX_DETS,
  COCO_RECALL_THRESHOLDS,
  type Config,
} from '../../src/data/config.js'
import type { EncodedMasks } from '../../src/data/masks.js'

/**
 * A ground truth as a test states it. Left out: id by position from 1, image and category 1, area of the box, neither
 * crowd nor "ignore".
 */
export interface Truth {
  id?: number
  image?: number
  category?: number
  box?: number[]
  area?: number
  crowd?: boolean
  ignore?: boolean
}

/** A detection as a test states it. Left out: image and category 1, area of the box. */
export interface Guess {
  image?: number
  category?: number
  box?: number[]
  area?: number
  score: number
}

/** Ids that exist besides those of the records, and masks by record. */
export interface Surroundings {
  images?: number[]
  categories?: number[]
  gtMasks?: EncodedMasks
  dtMasks?: EncodedMasks
}

/** The columns that ingest would make of these records. */
export function buildDataset(truths: Truth[], guesses: Guess[], surroundings: Surroundings = {}): Dataset {
  const records = [...truths, ...guesses]
  const imageIds = distinct([...(surroundings.images ?? []), ...records.map(record => record.image ?? 1)])
  const categoryIds = distinct([
    ...(surroundings.categories ?? []),
    ...records.map(record => record.category ?? 1),
  ])
  const instances = (rows: (Truth | Guess)[]) => ({
    count: rows.length,
    images: Int32Array.from(rows, row => imageIds.indexOf(row.image ?? 1)),
    categories: Int32Array.from(rows, row => categoryIds.indexOf(row.category ?? 1)),
    boxes: Float64Array.from(rows.flatMap(row => row.box ?? [0, 0, 0, 0])),
    areas: Float64Array.from(rows, row => row.area ?? (row.box ? row.box[2] * row.box[3] : Number.NaN)),
  })
  return {
    images: {
      count: imageIds.length,
      ids: Float64Array.from(imageIds),
      heights: new Uint32Array(imageIds.length).fill(1000),
      widths: new Uint32Array(imageIds.length).fill(1000),
      fileNames: imageIds.map(() => ''),
    },
    categories: {
      count: categoryIds.length,
      ids: Float64Array.from(categoryIds),
      names: categoryIds.map(id => `class ${id}`),
    },
    groundTruths: {
      ...instances(truths),
      masks: surroundings.gtMasks ?? null,
      ids: Float64Array.from(truths, (truth, i) => truth.id ?? i + 1),
      crowds: Uint8Array.from(truths, truth => (truth.crowd ? 1 : 0)),
      ignores: Uint8Array.from(truths, truth => (truth.crowd || truth.ignore ? 1 : 0)),
    },
    detections: {
      ...instances(guesses),
      masks: surroundings.dtMasks ?? null,
      scores: Float64Array.from(guesses, guess => guess.score),
      records: Uint32Array.from(guesses, (_, i) => i),
    },
  }
}

const distinct = (ids: number[]): number[] => [...new Set(ids)].sort((one, other) => one - other)

/** The reference's configuration for boxes, with changes. */
export const cocoConfig = (changes: Partial<Config> = {}): Config => ({
  protocol: 'coco',
  iouType: 'bbox',
  iouThresholds: COCO_IOU_THRESHOLDS,
  recallThresholds: COCO_RECALL_THRESHOLDS,
  areas: COCO_AREAS,
  maxDets: COCO_MAX_DETS,
  imageIds: null,
  categoryIds: null,
  classAgnostic: false,
  ...changes,
})

/** Bits of a float64 as hexadecimal digits, most significant first. */
export const bitsOf = (value: number): string => {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  return view.getBigUint64(0).toString(16).padStart(16, '0')
}
