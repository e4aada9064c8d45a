import { grown } from './buffers.js'

/** Below this the insertion sort wins; few detections overlap more. */
const INSERTION_MAX = 24

/** A growing list of pairs. */
export interface PairList {
  count: number
  /** Position in `cells.gtRows`, [pair]. */
  gts: Int32Array
  /** [pair] */
  similarities: Float64Array
  /** Room for one merge. */
  scratchGts: Int32Array
  scratchSimilarities: Float64Array
}

export const createPairList = (): PairList => ({
  count: 0,
  gts: new Int32Array(1024),
  similarities: new Float64Array(1024),
  scratchGts: new Int32Array(0),
  scratchSimilarities: new Float64Array(0),
})

/** Makes room for `extra` more pairs. */
export function reservePairs(list: PairList, extra: number): void {
  list.gts = grown(list.gts, list.count + extra)
  list.similarities = grown(list.similarities, list.count + extra)
}

/**
 * Sorts the pairs `from .. to` of one detection by preference: descending similarity, and on equal similarity the
 * later ground truth first, because the reference replaces its best match by an equal one (`evaluateImg`).
 */
export function sortByPreference(list: PairList, from: number, to: number): void {
  if (to - from <= INSERTION_MAX) {
    insertionSort(list.gts, list.similarities, from, to)
    return
  }
  for (let start = from; start < to; start += INSERTION_MAX) {
    insertionSort(list.gts, list.similarities, start, Math.min(to, start + INSERTION_MAX))
  }
  list.scratchGts = grown(list.scratchGts, to - from)
  list.scratchSimilarities = grown(list.scratchSimilarities, to - from)
  for (let width = INSERTION_MAX; width < to - from; width *= 2) {
    for (let start = from; start + width < to; start += 2 * width) {
      merge(list, start, start + width, Math.min(to, start + 2 * width))
    }
  }
}

function insertionSort(gts: Int32Array, similarities: Float64Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const similarity = similarities[i]
    const gt = gts[i]
    let j = i
    while (
      j > from &&
      (similarities[j - 1] < similarity || (similarities[j - 1] === similarity && gts[j - 1] < gt))
    ) {
      similarities[j] = similarities[j - 1]
      gts[j] = gts[j - 1]
      j--
    }
    similarities[j] = similarity
    gts[j] = gt
  }
}

/** Merges the sorted stretches `from .. middle` and `middle .. to`. */
function merge(list: PairList, from: number, middle: number, to: number): void {
  const { gts, similarities, scratchGts, scratchSimilarities } = list
  const leftCount = middle - from
  for (let i = 0; i < leftCount; i++) {
    scratchGts[i] = gts[from + i]
    scratchSimilarities[i] = similarities[from + i]
  }
  let left = 0
  let right = middle
  let out = from
  while (left < leftCount) {
    const takeRight =
      right < to &&
      (similarities[right] > scratchSimilarities[left] ||
        (similarities[right] === scratchSimilarities[left] && gts[right] > scratchGts[left]))
    similarities[out] = takeRight ? similarities[right] : scratchSimilarities[left]
    gts[out++] = takeRight ? gts[right++] : scratchGts[left++]
  }
}
