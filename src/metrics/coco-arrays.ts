import type { ConfigDraft } from '../data/config.js'
import type { CocoArrays, CocoShape } from '../data/evaluation.js'

/** Axes of a run with `K` categories. */
export const cocoShape = (config: ConfigDraft, K: number): CocoShape => ({
  T: config.iouThresholds.length,
  R: config.recallThresholds.length,
  K,
  A: config.areas.length,
  M: config.maxDets.length,
})

/** Arrays of a run in which no category has a ground truth: -1 throughout. */
export function createCocoArrays(shape: CocoShape): CocoArrays {
  const arrays = unfilledArrays(shape)
  for (const column of [arrays.precision, arrays.recall, arrays.scores]) column.fill(-1)
  return arrays
}

/** Arrays whose every category is to be put there. */
export function unfilledArrays(shape: CocoShape): CocoArrays {
  const { T, R, K, A, M } = shape
  return {
    shape,
    precision: new Float64Array(T * R * K * A * M),
    recall: new Float64Array(T * K * A * M),
    scores: new Float64Array(T * R * K * A * M),
  }
}

/** In memory of its own. */
export const copyArrays = ({ shape, precision, recall, scores }: CocoArrays): CocoArrays => ({
  shape,
  precision: precision.slice(),
  recall: recall.slice(),
  scores: scores.slice(),
})

/** Joins the arrays of neighbouring categories along axis k, in their order. There is at least one part. */
export function joinCategories(parts: CocoArrays[]): CocoArrays {
  if (parts.length === 1) return parts[0]
  const K = parts.reduce((sum, part) => sum + part.shape.K, 0)
  const shape = { ...parts[0].shape, K }
  const joined = unfilledArrays(shape)
  let k = 0
  for (const part of parts) {
    putCategories(joined, part, k)
    k += part.shape.K
  }
  return joined
}

/** Copies the categories of `part` to `arrays`, where they stand from `k` on. */
export function putCategories(arrays: CocoArrays, part: CocoArrays, k: number): void {
  const { T, R, K, A, M } = arrays.shape
  const block = A * M
  const width = part.shape.K * block
  for (let line = 0; line < T * R; line++) {
    const to = (line * K + k) * block
    arrays.precision.set(part.precision.subarray(line * width, (line + 1) * width), to)
    arrays.scores.set(part.scores.subarray(line * width, (line + 1) * width), to)
  }
  for (let t = 0; t < T; t++) {
    arrays.recall.set(part.recall.subarray(t * width, (t + 1) * width), (t * K + k) * block)
  }
}
