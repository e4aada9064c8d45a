/** The middle value; between the two middle ones where their number is even. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

export const spread = values => [Math.min(...values), Math.max(...values)]

/** The least squares line y = base + slope x. */
export function line(points) {
  const mean = key => points.reduce((sum, point) => sum + point[key], 0) / points.length
  const [mx, my] = [mean('x'), mean('y')]
  const covariance = points.reduce((sum, { x, y }) => sum + (x - mx) * (y - my), 0)
  const slope = covariance / points.reduce((sum, { x }) => sum + (x - mx) ** 2, 0)
  return { base: my - slope * mx, slope }
}

/**
 * The exponent p of y = c x^p that fits best: the slope of the least squares line through the logarithms. 1 is linear
 * growth, 0 none.
 */
export function exponent(points) {
  const logs = points.map(({ x, y }) => [Math.log(x), Math.log(y)])
  const mean = i => logs.reduce((sum, log) => sum + log[i], 0) / logs.length
  const [mx, my] = [mean(0), mean(1)]
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0)
  return covariance / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0)
}
