/** NumPy sums no more than its buffer at once. */
const BUFFER_LENGTH = 8192

/** The mean of a non-empty column as `numpy.mean` computes it, to the last bit: pairwise sums of 8192 values each. */
export function numpyMean(values: Float64Array): number {
  let sum = 0
  for (let from = 0; from < values.length; from += BUFFER_LENGTH) {
    sum += pairwiseSum(values, from, Math.min(values.length, from + BUFFER_LENGTH))
  }
  return sum / values.length
}

/** numpy/core/src/umath/loops_utils.h: pairwise summation in blocks of up to 128 values, eight sums abreast. */
function pairwiseSum(values: Float64Array, from: number, to: number): number {
  const count = to - from
  if (count > 128) {
    const half = Math.floor(count / 2)
    const middle = from + half - (half % 8)
    return pairwiseSum(values, from, middle) + pairwiseSum(values, middle, to)
  }
  let sum = 0
  let i = from
  if (count >= 8) {
    sum = sumOfEight(values, from, count - (count % 8))
    i = from + count - (count % 8)
  }
  for (; i < to; i++) sum += values[i]
  return sum
}

function sumOfEight(values: Float64Array, from: number, count: number): number {
  const sums = values.slice(from, from + 8)
  for (let i = 8; i < count; i++) sums[i % 8] += values[from + i]
  return sums[0] + sums[1] + (sums[2] + sums[3]) + (sums[4] + sums[5] + (sums[6] + sums[7]))
}
