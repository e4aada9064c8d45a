import type { Overlaps } from '../data/evaluation.js'
import { InputError, MEMORY_ADVICE } from '../errors.js'
import { grown } from './buffers.js'

/** Below this the insertion sort wins; few detections overlap more. */
const INSERTION_MAX = 24

/** A growing list of pairs, in any order. */
export interface PairList {
  count: number
  /** Position in `cells.dtRows`, [pair]. */
  dts: Int32Array
  /** Position in `cells.gtRows`, [pair]. */
  gts: Int32Array
  similarities: Float64Array
}

export const createPairList = (): PairList => ({
  count: 0,
  dts: new Int32Array(0),
  gts: new Int32Array(0),
  similarities: new Float64Array(0),
})

/** More pairs than a limit of memory lets be kept. */
export const tooManyPairs = (most: number): InputError =>
  new InputError(
    `memory: more than ${most.toLocaleString('en')} pairs of a detection and a ground truth overlap, and no more fit. ${MEMORY_ADVICE}`,
  )

/** Makes room for `extra` more pairs. */
export function reservePairs(list: PairList, extra: number): void {
  const count = list.count + extra
  if (count <= list.dts.length) return
  list.dts = grown(list.dts, count)
  list.gts = grown(list.gts, count)
  list.similarities = grown(list.similarities, count)
}

/**
 * The pairs of the detections `firstDt .. firstDt + dtCount`, a detection's by preference: descending similarity,
 * and on equal similarity the later ground truth first, because the reference replaces its best match by an equal
 * one (`evaluateImg`).
 */
export function groupPairs(list: PairList, firstDt: number, dtCount: number): Overlaps {
  const offsets = new Uint32Array(dtCount + 1)
  const counts = new Uint32Array(dtCount)
  for (let pair = 0; pair < list.count; pair++) counts[list.dts[pair] - firstDt]++
  for (let dt = 0; dt < dtCount; dt++) offsets[dt + 1] = offsets[dt] + counts[dt]
  const gts = new Int32Array(list.count)
  const similarities = new Float64Array(list.count)
  const next = offsets.slice()
  for (let pair = 0; pair < list.count; pair++) {
    const to = next[list.dts[pair] - firstDt]++
    gts[to] = list.gts[pair]
    similarities[to] = list.similarities[pair]
  }
  sortRuns(gts, similarities, counts)
  return { offsets, gts, similarities }
}

/** Puts the pairs of each detection by preference: `counts` of them, one detection after another. */
export function sortRuns(gts: Int32Array, similarities: Float64Array, counts: Uint32Array): void {
  const scratch = { gts: new Int32Array(0), similarities: new Float64Array(0) }
  let from = 0
  for (let dt = 0; dt < counts.length; dt++) {
    const to = from + counts[dt]
    if (to - from > 1) sortByPreference(gts, similarities, from, to, scratch)
    from = to
  }
}

interface MergeScratch {
  gts: Int32Array
  similarities: Float64Array
}

function sortByPreference(
  gts: Int32Array,
  similarities: Float64Array,
  from: number,
  to: number,
  scratch: MergeScratch,
): void {
  for (let start = from; start < to; start += INSERTION_MAX) {
    insertionSort(gts, similarities, start, Math.min(to, start + INSERTION_MAX))
  }
  if (to - from <= INSERTION_MAX) return
  scratch.gts = grown(scratch.gts, to - from)
  scratch.similarities = grown(scratch.similarities, to - from)
  for (let width = INSERTION_MAX; width < to - from; width *= 2) {
    for (let start = from; start + width < to; start += 2 * width) {
      merge(gts, similarities, start, start + width, Math.min(to, start + 2 * width), scratch)
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
function merge(
  gts: Int32Array,
  similarities: Float64Array,
  from: number,
  middle: number,
  to: number,
  scratch: MergeScratch,
): void {
  const leftGts = scratch.gts
  const leftSimilarities = scratch.similarities
  const leftCount = middle - from
  for (let i = 0; i < leftCount; i++) {
    leftGts[i] = gts[from + i]
    leftSimilarities[i] = similarities[from + i]
  }
  let left = 0
  let right = middle
  let out = from
  while (left < leftCount) {
    const takeRight =
      right < to &&
      (similarities[right] > leftSimilarities[left] ||
        (similarities[right] === leftSimilarities[left] && gts[right] > leftGts[left]))
    similarities[out] = takeRight ? similarities[right] : leftSimilarities[left]
    gts[out++] = takeRight ? gts[right++] : leftGts[left++]
  }
}
