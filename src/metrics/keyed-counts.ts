import type { Instances } from './finding-rows.js'

/** Instances counted by key and image. The entries of key k are `offsets[k] .. offsets[k + 1]`. */
export interface KeyedCounts {
  /** [key + 1] */
  offsets: Uint32Array
  /** Place of the image among the evaluated ones, [entry]. */
  images: Uint32Array
  /** How many instances, [entry]. */
  values: Float64Array
}

/** `keys` is by row, below `keyCount`. */
export function countByKey(
  { rows, places }: Instances,
  keys: Int32Array,
  keyCount: number,
  imageCount: number,
): KeyedCounts {
  const ends = new Uint32Array(keyCount)
  for (let i = 0; i < rows.length; i++) ends[keys[rows[i]]]++
  startsOf(ends)
  const sorted = new Uint32Array(rows.length)
  for (let i = 0; i < rows.length; i++) sorted[ends[keys[rows[i]]]++] = places[i]
  return collect(sorted, ends, imageCount)
}

/** Counts become starts. */
export function startsOf(counts: Uint32Array): void {
  let start = 0
  for (let key = 0; key < counts.length; key++) {
    const here = counts[key]
    counts[key] = start
    start += here
  }
}

/** Entries of places by key, of which those of key k end before `ends[k]`. */
function collect(sorted: Uint32Array, ends: Uint32Array, imageCount: number): KeyedCounts {
  const offsets = new Uint32Array(ends.length + 1)
  const images = new Uint32Array(sorted.length)
  const values = new Float64Array(sorted.length)
  const counts = new Uint32Array(imageCount)
  let length = 0
  for (let i = 0, key = 0; key < ends.length; key++) {
    for (let at = i; at < ends[key]; at++) counts[sorted[at]]++
    for (; i < ends[key]; i++) {
      const place = sorted[i]
      if (counts[place] === 0) continue // taken already
      images[length] = place
      values[length++] = counts[place]
      counts[place] = 0
    }
    offsets[key + 1] = length
  }
  return { offsets, images: images.subarray(0, length), values: values.subarray(0, length) }
}
