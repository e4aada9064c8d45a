import type { Histogram } from '../data/analysis.js'

/** Most bins of a histogram of counts. */
const COUNT_BINS_MAX = 40

/** A multiple of 1 / `parts` as near as float64 comes, so that .3 is .3. */
const multiple = (i: number, parts: number): number => i / parts

/**
 * Values by bin. Bin i holds `edges[i] <= value < edges[i + 1]`; the first also what lies below, the last what lies at
 * its upper edge or above, so that every value is in one bin.
 */
export function histogramOf(values: Float64Array, edges: number[]): Histogram {
  const counts = new Uint32Array(edges.length - 1)
  const bounds = Float64Array.from(edges)
  for (let i = 0; i < values.length; i++) counts[binOf(bounds, values[i])]++
  return { edges, counts: Array.from(counts) }
}

/** The bin of `histogramOf` that a value is in. */
export function binOf(edges: Float64Array, value: number): number {
  let from = 0
  let to = edges.length - 2
  while (from < to) {
    const middle = (from + to + 1) >> 1
    if (edges[middle] <= value) from = middle
    else to = middle - 1
  }
  return from
}

/** The values that bin `bin` holds, as a filter's range: lower end inclusive, upper exclusive. */
export const rangeOfBin = ({ edges, counts }: Histogram, bin: number): [number, number] => [
  bin === 0 ? Number.NEGATIVE_INFINITY : edges[bin],
  bin === counts.length - 1 ? Number.POSITIVE_INFINITY : edges[bin + 1],
]

/** Edges on the multiples of 1 / `parts` from `lo` to `hi`, both of which are edges too. */
export function evenEdges(lo: number, hi: number, parts: number): number[] {
  const edges = [lo]
  for (let i = Math.floor(lo * parts) + 1; multiple(i, parts) < hi; i++) {
    if (multiple(i, parts) > lo) edges.push(multiple(i, parts))
  }
  edges.push(hi > lo ? hi : lo + 1 / parts)
  return edges
}

/** Powers of two that hold all positive `values`, after [0, 1) where some lie below 1; [1, 2] for none. */
export function powerEdges(values: Float64Array): number[] {
  let least = Number.POSITIVE_INFINITY
  let greatest = 0
  for (const value of values) {
    if (value < least) least = value
    if (value > greatest) greatest = value
  }
  if (greatest === 0 && least > 0) return [1, 2]
  const edges = least < 1 ? [0] : []
  let edge = 1
  while (2 * edge <= least) edge *= 2
  edges.push(edge)
  while (edge <= greatest) {
    edge *= 2
    edges.push(edge)
  }
  return edges
}

/** Edges for whole numbers from 0: 0, 1, 2, ... or wider steps where there would be too many. */
export function countEdges(values: Float64Array): number[] {
  const end = values.reduce((most, value) => Math.max(most, value), 0) + 1
  const step = Math.ceil(end / COUNT_BINS_MAX)
  return Array.from({ length: Math.ceil(end / step) + 1 }, (_, i) => i * step)
}
