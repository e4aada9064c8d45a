/** NumPy up to 2.2 sums no more than its buffer at once; from 2.3 on it sums a column in one piece. */
const BUFFER_LENGTH = 8192

/**
 * The mean of a non-empty column as `numpy.mean` of NumPy up to 2.2 computes it, to the last bit: pairwise sums of
 * 8192 values each.
 */
export function numpyMean(values: Float64Array): number {
  let sum = 0
  for (let from = 0; from < values.length; from += BUFFER_LENGTH) {
    sum += pairwiseSum(values, from, Math.min(values.length, from + BUFFER_LENGTH))
  }
  return sum / values.length
}

/** NumPy's loops_utils.h: pairwise summation in blocks of up to 128 values, eight sums abreast. */
function pairwiseSum(values: Float64Array, from: number, to: number): number {
  const count = to - from
  if (count > 128) {
    const half = Math.floor(count / 2)
    const middle = from + half - (half % 8)
    return pairwiseSum(values, from, middle) + pairwiseSum(values, middle, to)
  }
  const end = to - (count % 8)
  let sum = count < 8 ? 0 : sumOfEight(values, from, end)
  for (let i = count < 8 ? from : end; i < to; i++) sum += values[i]
  return sum
}

/** `to - from` is a positive multiple of 8. */
function sumOfEight(values: Float64Array, from: number, to: number): number {
  let s0 = values[from]
  let s1 = values[from + 1]
  let s2 = values[from + 2]
  let s3 = values[from + 3]
  let s4 = values[from + 4]
  let s5 = values[from + 5]
  let s6 = values[from + 6]
  let s7 = values[from + 7]
  for (let i = from + 8; i < to; i += 8) {
    s0 += values[i]
    s1 += values[i + 1]
    s2 += values[i + 2]
    s3 += values[i + 3]
    s4 += values[i + 4]
    s5 += values[i + 5]
    s6 += values[i + 6]
    s7 += values[i + 7]
  }
  return s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7))
}
