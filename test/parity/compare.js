// @ts-check
/**
 * Equality of two evaluations, by the bits of every number.
 * @typedef {{ T: number, R: number, K: number, A: number, M: number }} Shape
 * @typedef {{ shape: Shape, precision: Float64Array, recall: Float64Array, scores: Float64Array, stats: ArrayLike<number> }} Arrays
 */

/** The axes of each array, in C order. */
const AXES = /** @type {const} */ ({ precision: 'TRKAM', recall: 'TKAM', scores: 'TRKAM' })

/**
 * What differs, in words; empty when nothing does. The summary is compared where the reference has one.
 * @param {Arrays} expected @param {Arrays} actual @returns {string[]}
 */
export function differences(expected, actual) {
  const shapes = [expected, actual].map(
    ({ shape: { T, R, K, A, M } }) => `T=${T} R=${R} K=${K} A=${A} M=${M}`,
  )
  if (shapes[0] !== shapes[1]) return [`shape: expected ${shapes[0]}, got ${shapes[1]}`]
  const found = Object.entries(AXES).flatMap(([name, axes]) => {
    const key = /** @type {keyof typeof AXES} */ (name)
    return arrayDifference(name, expected[key], actual[key], i => cellName(axes, expected.shape, i))
  })
  if (expected.stats.length) {
    const stats = [expected.stats, actual.stats].map(values => Float64Array.from(values))
    found.push(...arrayDifference('stats', stats[0], stats[1], i => `[${i}]`))
  }
  return found
}

/** @param {string} name @param {Float64Array} expected @param {Float64Array} actual @param {(i: number) => string} cell */
function arrayDifference(name, expected, actual, cell) {
  if (expected.length !== actual.length)
    return [`${name}: expected ${expected.length} values, got ${actual.length}`]
  const a = new BigUint64Array(expected.buffer, expected.byteOffset, expected.length)
  const b = new BigUint64Array(actual.buffer, actual.byteOffset, actual.length)
  let first = -1
  let count = 0
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i]) continue
    if (first < 0) first = i
    count++
  }
  if (count === 0) return []
  const values = `expected ${numberText(expected[first])}, got ${numberText(actual[first])}`
  return [`${name}: ${count} of ${a.length} differ, first at ${cell(first)}: ${values}`]
}

/** @param {number} value */
const numberText = value => (Object.is(value, -0) ? '-0' : String(value))

/** Index i of an array with these axes as [t=.., k=..]. @param {string} axes @param {Shape} shape @param {number} i */
function cellName(axes, shape, i) {
  const parts = []
  for (const axis of [...axes].reverse()) {
    const size = shape[/** @type {keyof Shape} */ (axis)]
    parts.unshift(`${axis.toLowerCase()}=${i % size}`)
    i = Math.floor(i / size)
  }
  return `[${parts.join(', ')}]`
}
