/**
 * Quantile of the standard normal distribution for 0 < share < 1, to within 4.5e-4 (Abramowitz and Stegun 26.2.23).
 */
export function normalQuantile(share: number): number {
  const t = Math.sqrt(-2 * Math.log(Math.min(share, 1 - share)))
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328)
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
  const z = t - numerator / denominator
  return share < 0.5 ? -z : z
}

/**
 * Quantile of Student's t distribution (Abramowitz and Stegun 26.7.5, four terms): within 1 % from 9 degrees of freedom
 * on, up to a share of .9999.
 */
export function studentQuantile(share: number, freedom: number): number {
  const z = normalQuantile(share)
  const square = z * z
  const terms = [
    (square + 1) / 4,
    ((5 * square + 16) * square + 3) / 96,
    (((3 * square + 19) * square + 17) * square - 15) / 384,
    ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) / 92160,
  ]
  let factor = 1
  let power = 1
  for (const term of terms) {
    power *= freedom
    factor += term / power
  }
  return z * factor
}
