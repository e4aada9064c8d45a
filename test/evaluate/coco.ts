import { expect } from 'vitest'
import {
  type ByteSource,
  cocoStats,
  type EvaluateOptions,
  evaluate,
  InputError,
  type Warning,
} from '../../src/index.js'
import { bytesSource } from '../../src/ingest/records.js'
import { compress, runsOf } from '../parity/masks.js'

/** x, y, width, height in px. */
export type Box = [number, number, number, number]
type Fields = Record<string, unknown>

/** 100 x 100 px unless stated. */
export const image = (id: number, height = 100, width = 100) => ({
  id,
  height,
  width,
  file_name: `${String(id).padStart(6, '0')}.jpg`,
})

export const category = (id: number) => ({ id, name: `class ${id}` })

export const rectangle = ([x, y, w, h]: Box): number[] => [x, y, x + w, y, x + w, y + h, x, y + h]

/** Run lengths of a box of whole px, column-major, background first. */
export function runs([x, y, w, h]: Box, height = 100, width = 100): number[] {
  const bits = new Uint8Array(height * width)
  for (let column = x; column < x + w; column++) {
    bits.fill(1, column * height + y, column * height + y + h)
  }
  return runsOf(bits)
}

/** A box of whole px as compressed RLE. */
export const rle = (box: Box, height = 100, width = 100) => ({
  size: [height, width],
  counts: compress(runs(box, height, width)),
})

/** An annotation of image 1 and category 1; its mask is its box. */
export const truth = (id: number, bbox: Box, more: Fields = {}): Fields => ({
  id,
  image_id: 1,
  category_id: 1,
  iscrowd: 0,
  bbox,
  area: bbox[2] * bbox[3],
  segmentation: [rectangle(bbox)],
  ...more,
})

/** A detection of image 1 and category 1 by its box. */
export const found = (bbox: Box, score: number, more: Fields = {}): Fields => ({
  image_id: 1,
  category_id: 1,
  bbox,
  score,
  ...more,
})

/** A detection of image 1 and category 1 by its mask, the filled box. */
export const foundMask = (box: Box, score: number, more: Fields = {}): Fields => ({
  image_id: 1,
  category_id: 1,
  segmentation: rle(box),
  score,
  ...more,
})

/** A ground truth of image 1 and category 1. */
export const dataset = (annotations: Fields[], more: Fields = {}) => ({
  images: [image(1)],
  categories: [category(1)],
  annotations,
  ...more,
})

/** Fields without some of them. */
export const without = (fields: Fields, ...names: string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))

/**
 * Two images, two categories, a crowd, a false positive, loose and exact boxes: no number of it is 0 or 1 by accident.
 */
export const scene = () => ({
  images: [image(1), image(2, 80, 120)],
  categories: [category(1), category(2)],
  annotations: [
    truth(1, [10, 10, 40, 40]),
    truth(2, [60, 60, 20, 20]),
    truth(3, [0, 0, 30, 30], { image_id: 2 }),
    truth(4, [50, 20, 60, 50], { image_id: 2, category_id: 2 }),
    truth(5, [40, 0, 20, 80], {
      image_id: 2,
      iscrowd: 1,
      segmentation: { size: [80, 120], counts: runs([40, 0, 20, 80], 80, 120) },
    }),
    truth(6, [70, 5, 20, 10], { image_id: 1, category_id: 2 }),
  ],
})

const SCENE_BOXES: [number, number, Box, number][] = [
  [1, 1, [12, 10, 40, 40], 0.9],
  [1, 1, [30, 60, 10, 10], 0.85],
  [1, 1, [60, 60, 20, 20], 0.8],
  [2, 1, [0, 5, 30, 30], 0.75],
  [2, 1, [42, 10, 10, 10], 0.95],
  [2, 2, [50, 20, 60, 46], 0.6],
  [1, 2, [0, 80, 10, 10], 0.65],
]

export const sceneBoxes = (): Fields[] =>
  SCENE_BOXES.map(([image_id, category_id, box, score]) => found(box, score, { image_id, category_id }))

export const sceneMasks = (): Fields[] =>
  SCENE_BOXES.map(([image_id, category_id, box, score]) => {
    const [height, width] = image_id === 1 ? [100, 100] : [80, 120]
    return { image_id, category_id, score, segmentation: rle(box, height, width) }
  })

/** pycocotools 2.0.11 on `scene` with `sceneBoxes` (bbox), and with `sceneMasks` (segm). */
export const SCENE_STATS = [
  0.4386551155115511, 0.5433168316831684, 0.4034653465346534, 0.22978547854785478, 0.8999999999999999, -1,
  0.37499999999999994, 0.625, 0.625, 0.375, 0.9, -1,
]

/** A file as it lies on the disk: `value` as JSON, or text, or bytes. */
export function file(name: string, value: unknown): ByteSource {
  if (value instanceof Uint8Array) return bytesSource(name, value)
  return bytesSource(
    name,
    new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)),
  )
}

/** Evaluates the two as the files gt.json and dt.json. */
export const evaluateFiles = (gt: unknown, dt: unknown, options: EvaluateOptions = {}) =>
  evaluate(file('gt.json', gt), file('dt.json', dt), options)

export const stats = async (gt: unknown, dt: unknown, options: EvaluateOptions = {}): Promise<number[]> =>
  cocoStats(await evaluateFiles(gt, dt, options))

export const warnings = async (gt: unknown, dt: unknown, options: EvaluateOptions = {}): Promise<Warning[]> =>
  (await evaluateFiles(gt, dt, options)).warnings

/** The message of the InputError, of one line, that the two files end in. */
export async function failure(gt: unknown, dt: unknown, options: EvaluateOptions = {}): Promise<string> {
  const error = await evaluateFiles(gt, dt, options).then(
    () => null,
    error => error,
  )
  expect(error).toBeInstanceOf(InputError)
  expect(error.message).not.toContain('\n')
  return error.message
}
