// Whether two tools found the same. The arrays are compared as bits; where bits differ, the largest difference is kept
// and must be below what the order of floating-point additions explains.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A difference above this is a wrong result. Precision and recall are ratios of counts, so that an error is larger. */
export const TOLERANCE = 1e-12

export const ARRAYS = ['precision', 'recall', 'scores']

/**
 * @param ours, theirs { stats, folder }: the twelve numbers, and where the arrays lie as plain float64
 * @param what { stats }: whether the twelve numbers mean the same to all (not with other caps than COCO's)
 * @returns { verdict, parts }: 'equal' where the arrays are, 'close' within the tolerance, else 'different'. The twelve
 *   numbers, means over the arrays, may differ by the tolerance: NumPy has changed its order of summation. Of each part
 *   the count of values, of those whose bits differ, and the largest difference
 */
export function compare(ours, theirs, { stats }) {
  const parts = {}
  for (const name of ARRAYS) parts[name] = difference(read(ours.folder, name), read(theirs.folder, name))
  if (stats) parts.stats = difference(Float64Array.from(ours.stats), Float64Array.from(theirs.stats))
  const largest = Math.max(...Object.values(parts).map(({ largest }) => largest ?? Number.POSITIVE_INFINITY))
  const equal = ARRAYS.every(name => parts[name].differ === 0)
  return { verdict: largest > TOLERANCE ? 'different' : equal ? 'equal' : 'close', parts }
}

function read(folder, name) {
  const path = join(folder, `${name}.f64`)
  if (!existsSync(path)) return new Float64Array()
  const bytes = readFileSync(path)
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

/** `largest` is null where there is no difference to take: lengths differ, or a value is no number. */
export function difference(a, b) {
  if (a.length !== b.length || a.length === 0)
    return { values: a.length, differ: Math.max(a.length, b.length, 1), largest: null }
  const [left, right] = [a, b].map(
    values => new BigUint64Array(values.buffer, values.byteOffset, values.length),
  )
  let differ = 0
  let largest = 0
  for (let i = 0; i < a.length; i++) {
    if (left[i] === right[i]) continue
    differ++
    largest = Math.max(largest, Math.abs(a[i] - b[i]))
  }
  return { values: a.length, differ, largest: Number.isNaN(largest) ? null : largest }
}

const WORDS = { equal: 'arrays equal to the bit', close: 'equal up to rounding', different: 'DIFFERENT' }

/** What a reader is told of a comparison, in a line. */
export function verdictText({ verdict, parts }) {
  if (verdict === 'equal' && !parts.stats?.differ) return 'equal to the bit'
  const differing = Object.entries(parts).filter(([, part]) => part.differ > 0)
  const text = differing.map(([name, { differ, values, largest }]) =>
    largest === null
      ? `${name} cannot be compared`
      : `${differ} of ${values} ${name} differ by at most ${largest.toExponential(0)}`,
  )
  return `${WORDS[verdict]}: ${text.join(', ')}`
}
