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

/** Between two addresses, a positive multiple of eight values apart. Each lane is one of NumPy's eight sums. */
function sumOfEight(from: u32, to: u32): f64 {
  let s01 = v128.load(from)
  let s23 = v128.load(from, 16)
  let s45 = v128.load(from, 32)
  let s67 = v128.load(from, 48)
  for (let at = from + 64; at < to; at += 64) {
    s01 = f64x2.add(s01, v128.load(at))
    s23 = f64x2.add(s23, v128.load(at, 16))
    s45 = f64x2.add(s45, v128.load(at, 32))
    s67 = f64x2.add(s67, v128.load(at, 48))
  }
  return pairOf(s01) + pairOf(s23) + (pairOf(s45) + pairOf(s67))
}

function pairOf(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)
}
