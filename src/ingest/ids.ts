/** A table this much larger than its number of ids is still worth its memory. */
const DENSE_FACTOR = 8
const DENSE_MINIMUM = 1 << 16

/** Rows of ids: a table where the ids lie close together, else a map. -1 for an id that is not there. */
export class IdIndex {
  readonly #low: number = 0
  readonly #dense: Int32Array | null = null
  readonly #map = new Map<number, number>()

  /** `ids` are distinct and ascending; row i is that of ids[i]. */
  constructor(ids: Float64Array) {
    const low = ids.length ? ids[0] : 0
    const span = ids.length ? ids[ids.length - 1] - low + 1 : 0
    if (span <= Math.max(DENSE_MINIMUM, DENSE_FACTOR * ids.length)) {
      this.#low = low
      this.#dense = new Int32Array(span).fill(-1)
      for (let i = 0; i < ids.length; i++) this.#dense[ids[i] - low] = i
    } else {
      for (let i = 0; i < ids.length; i++) this.#map.set(ids[i], i)
    }
  }

  rowOf(id: number): number {
    if (this.#dense) {
      const at = id - this.#low
      return at >= 0 && at < this.#dense.length ? this.#dense[at] : -1
    }
    return this.#map.get(id) ?? -1
  }
}

/** Records in ascending order of id, the last of those with one id, and the ids that stand more than once. */
export function sortById(ids: Float64Array): { records: Uint32Array; repeated: number[] } {
  const order = Uint32Array.from(ids, (_, i) => i)
  let sorted = true
  for (let i = 1; i < ids.length && sorted; i++) sorted = ids[i - 1] < ids[i]
  if (sorted) return { records: order, repeated: [] }
  order.sort((a, b) => ids[a] - ids[b] || a - b)
  const repeated: number[] = []
  let n = 0
  for (let i = 0; i < order.length; i++) {
    if (i + 1 < order.length && ids[order[i]] === ids[order[i + 1]]) repeated.push(ids[order[i]])
    else order[n++] = order[i]
  }
  return { records: order.slice(0, n), repeated }
}

/** Two records with one id, [first, second], or null where all differ. */
export function firstRepeated(ids: Float64Array): [number, number] | null {
  const { repeated } = sortById(ids)
  if (repeated.length === 0) return null
  const first = ids.indexOf(repeated[0])
  return [first, ids.indexOf(repeated[0], first + 1)]
}
