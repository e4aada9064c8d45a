/** No IoU threshold asks for more: a box with itself can miss 1 by some ulps (`evaluateImg`). */
const MAX_THRESHOLD = 1 - 1e-10

/** Up to 32 IoU thresholds, in any order, as the bits of a word. */
export interface ThresholdWord {
  /** Least similarity that each asks for, ascending. */
  ascending: Float64Array
  /** Bits of the thresholds that a similarity reaches, by how many of `ascending` are at or below it. */
  reached: Uint32Array
  /** All bits in use. */
  all: number
}

/** Threshold t becomes bit t % 32 of word floor(t / 32). */
export function packThresholds(iouThresholds: number[]): ThresholdWord[] {
  const words: ThresholdWord[] = []
  for (let start = 0; start < iouThresholds.length; start += 32) {
    const word = iouThresholds.slice(start, start + 32)
    words.push(packWord(word.map(threshold => Math.min(threshold, MAX_THRESHOLD))))
  }
  return words
}

/** The least similarity that reaches a threshold: pairs below it match nothing. */
export const leastSimilarity = (iouThresholds: number[]): number => Math.min(MAX_THRESHOLD, ...iouThresholds)

/** Up to 32 thresholds by the least similarity that each asks for; number i becomes bit i. */
export function packWord(least: number[]): ThresholdWord {
  const bits = least.map((_, bit) => bit).sort((one, other) => least[one] - least[other])
  const reached = new Uint32Array(bits.length + 1)
  bits.forEach((bit, i) => {
    reached[i + 1] = reached[i] | (1 << bit)
  })
  return {
    ascending: Float64Array.from(bits, bit => least[bit]),
    reached,
    all: reached[bits.length],
  }
}
