/**
 * Stands for `await session.run(feeds)` of ONNX Runtime Web with an instance segmentation model of the YOLO family
 * (exported with its own non-maximum suppression): the same tensors, from shapes instead of pixels.
 */
import { HEIGHT, random, scene, WIDTH } from './scenes.js'

/** What ONNX Runtime Web's `Tensor` has for float32. */
export interface Tensor {
  type: 'float32'
  dims: readonly number[]
  data: Float32Array
}

/** The model sees square pictures: the longer side fills it, the rest is grey. */
export const INPUT = 640
/** Prototype masks have a quarter of its resolution. */
export const PROTO = 160
export const ROWS = 300
export const COEFFICIENTS = 32
/** x0, y0, x1, y1 in px of the input, score, class, one coefficient for each prototype. */
export const ROW_LENGTH = 6 + COEFFICIENTS

export interface Output {
  /** [1, ROWS, ROW_LENGTH] */
  output0: Tensor
  /** [1, COEFFICIENTS, PROTO, PROTO] */
  output1: Tensor
}

export async function run(image: number): Promise<Output> {
  const next = random(1000 + image)
  const rows = new Float32Array(ROWS * ROW_LENGTH)
  const prototypes = new Float32Array(COEFFICIENTS * PROTO * PROTO)
  const scale = INPUT / Math.max(WIDTH, HEIGHT)
  const top = (INPUT - HEIGHT * scale) / 2
  const cell = INPUT / PROTO
  scene(image).forEach((shape, i) => {
    const loose = 0.85 + 0.3 * next()
    const [rx, ry] = [shape.rx * scale * loose, shape.ry * scale * loose]
    const [cx, cy] = [shape.cx * scale + 4 * (next() - 0.5), top + shape.cy * scale + 4 * (next() - 0.5)]
    const kind = next() < 0.9 ? shape.kind : (shape.kind + 1) % 3
    const score = next() < 0.1 ? 0.05 : 0.4 + 0.6 * next()
    rows.set([cx - rx, cy - ry, cx + rx, cy + ry, score, kind], i * ROW_LENGTH)
    rows[i * ROW_LENGTH + 6 + i] = 1
    for (let v = 0; v < PROTO; v++)
      for (let u = 0; u < PROTO; u++) {
        const [x, y] = [(u + 0.5) * cell, (v + 0.5) * cell]
        prototypes[(i * PROTO + v) * PROTO + u] = 4 * (1 - ((x - cx) / rx) ** 2 - ((y - cy) / ry) ** 2)
      }
  })
  return {
    output0: { type: 'float32', dims: [1, ROWS, ROW_LENGTH], data: rows },
    output1: { type: 'float32', dims: [1, COEFFICIENTS, PROTO, PROTO], data: prototypes },
  }
}
