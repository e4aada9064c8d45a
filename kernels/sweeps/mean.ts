// The mean as NumPy computes it. Twin of src/metrics/numpy-mean.ts.

const BUFFER_LENGTH: u32 = 8192

/** Of `count` values, at least one. */
export function mean(values: u32, count: u32): f64 {
  let sum: f64 = 0
  for (let from: u32 = 0; from < count; from += BUFFER_LENGTH) {
    sum += pairwiseSum(values, from, min(count, from + BUFFER_LENGTH))
  }
  return sum / <f64>count
}

function pairwiseSum(values: u32, from: u32, to: u32): f64 {
  const count = to - from
  if (count > 128) {
    const half = count / 2
    const middle = from + half - (half % 8)
    return pairwiseSum(values, from, middle) + pairwiseSum(values, middle, to)
  }
  const end = to - (count % 8)
  let sum: f64 = count < 8 ? 0 : sumOfEight(values + 8 * from, values + 8 * end)
  for (let i = count < 8 ? from : end; i < to; i++) sum += load<f64>(values + 8 * i)
  return sum
}

/** Between two addresses, a positive multiple of eight values apart. */
function sumOfEight(from: u32, to: u32): f64 {
  let s0 = load<f64>(from)
  let s1 = load<f64>(from, 8)
  let s2 = load<f64>(from, 16)
  let s3 = load<f64>(from, 24)
  let s4 = load<f64>(from, 32)
  let s5 = load<f64>(from, 40)
  let s6 = load<f64>(from, 48)
  let s7 = load<f64>(from, 56)
  for (let at = from + 64; at < to; at += 64) {
    s0 += load<f64>(at)
    s1 += load<f64>(at, 8)
    s2 += load<f64>(at, 16)
    s3 += load<f64>(at, 24)
    s4 += load<f64>(at, 32)
    s5 += load<f64>(at, 40)
    s6 += load<f64>(at, 48)
    s7 += load<f64>(at, 56)
  }
  return s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7))
}
