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
    words.push(packWord(iouThresholds.slice(start, start + 32)))
  }
  return words
}

function packWord(thresholds: number[]): ThresholdWord {
  const bits = thresholds.map((_, bit) => bit).sort((one, other) => thresholds[one] - thresholds[other])
  const reached = new Uint32Array(bits.length + 1)
  bits.forEach((bit, i) => {
    reached[i + 1] = reached[i] | (1 << bit)
  })
  return {
    ascending: Float64Array.from(bits, bit => Math.min(thresholds[bit], MAX_THRESHOLD)),
    reached,
    all: reached[bits.length],
  }
}
