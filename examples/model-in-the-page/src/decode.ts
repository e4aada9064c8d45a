/** From the model's tensors to detections. */
import type { BitmapObject } from 'detscope'
import type { Output } from './model.js'

export interface Detection {
  image_id: number
  category_id: number
  score: number
  /** x, y, width, height in px of the picture. */
  bbox: [number, number, number, number]
  segmentation: BitmapObject
}

export interface Picture {
  id: number
  width: number
  height: number
}

/**
 * A threshold for drawing hides what a model half sees, and AP with it: COCO counts every detection, the weak ones last.
 * Only what is surely noise is left out.
 */
const LEAST_SCORE = 0.001

export function decode({ output0, output1 }: Output, picture: Picture, inputSize: number): Detection[] {
  const [, count, length] = output0.dims
  const scale = inputSize / Math.max(picture.width, picture.height)
  const left = (inputSize - picture.width * scale) / 2
  const top = (inputSize - picture.height * scale) / 2
  const found: Detection[] = []
  for (let row = 0; row < count; row++) {
    const [x0, y0, x1, y1, score, kind, ...coefficients] = output0.data.subarray(
      row * length,
      (row + 1) * length,
    )
    if (score < LEAST_SCORE) continue
    const box = [(x0 - left) / scale, (y0 - top) / scale, (x1 - left) / scale, (y1 - top) / scale]
    const logits = combine(output1, coefficients)
    found.push({
      image_id: picture.id,
      category_id: kind,
      score,
      bbox: [box[0], box[1], box[2] - box[0], box[3] - box[1]],
      segmentation: maskOf(logits, picture, box, (x, y) => [
        (x * scale + left) * (logits.size / inputSize),
        (y * scale + top) * (logits.size / inputSize),
      ]),
    })
  }
  return found
}

interface Logits {
  size: number
  values: Float32Array
}

/** Coefficients times prototypes. */
function combine({ dims, data }: Output['output1'], coefficients: number[]): Logits {
  const [, , size] = dims
  const values = new Float32Array(size * size)
  coefficients.forEach((coefficient, prototype) => {
    if (coefficient === 0) return
    const from = prototype * size * size
    for (let i = 0; i < values.length; i++) values[i] += coefficient * data[from + i]
  })
  return { size, values }
}

/** Pixels of the box whose interpolated logit is above 0, a probability above one half. */
function maskOf(
  logits: Logits,
  { width, height }: Picture,
  [x0, y0, x1, y1]: number[],
  toProto: (x: number, y: number) => [u: number, v: number],
): BitmapObject {
  const data = new Uint8Array(width * height)
  for (let y = Math.max(0, Math.floor(y0)); y < Math.min(height, y1); y++)
    for (let x = Math.max(0, Math.floor(x0)); x < Math.min(width, x1); x++)
      if (interpolate(logits, ...toProto(x + 0.5, y + 0.5)) > 0) data[y * width + x] = 1
  return { data, width, height }
}

function interpolate({ size, values }: Logits, u: number, v: number): number {
  const clamp = (at: number): number => Math.min(size - 1, Math.max(0, at))
  const [x, y] = [clamp(u - 0.5), clamp(v - 0.5)]
  const [x0, y0] = [Math.floor(x), Math.floor(y)]
  const [x1, y1] = [clamp(x0 + 1), clamp(y0 + 1)]
  const mix = (row: number): number =>
    values[row * size + x0] * (1 - x + x0) + values[row * size + x1] * (x - x0)
  return mix(y0) * (1 - y + y0) + mix(y1) * (y - y0)
}
