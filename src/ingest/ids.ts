/** Ids of a table: 16 MB, of which only pages that hold ids take memory. */
const TABLE_IDS = 1 << 22

/** Rows of ids: a table for those near the lowest, a map for the rest. -1 for an id that is not there. */
export class IdIndex {
  readonly #low: number
  /** Row + 1, 0 for none; [id - low]. */
  readonly #table: Int32Array
  readonly #map = new Map<number, number>()

  /** `ids` are distinct and ascending; row i is that of ids[i]. */
  constructor(ids: Float64Array) {
    this.#low = ids.length ? ids[0] : 0
    this.#table = new Int32Array(tableSize(this.#low, ids.length ? ids[ids.length - 1] : -1))
    for (let i = 0; i < ids.length; i++) {
      const at = ids[i] - this.#low
      if (at < this.#table.length) this.#table[at] = i + 1
      else this.#map.set(ids[i], i)
    }
  }

  rowOf(id: number): number {
    const at = id - this.#low
    if (at >= 0 && at < this.#table.length) return this.#table[at] - 1
    return this.#map.get(id) ?? -1
  }
}

const tableSize = (low: number, high: number): number => Math.min(TABLE_IDS, high - low + 1)

function ascend(ids: Float64Array): boolean {
  let i = 1
  while (i < ids.length && ids[i - 1] < ids[i]) i++
  return i >= ids.length
}

/** Records in ascending order of id, the last of those with one id, and the ids that stand more than once. */
export function sortById(ids: Float64Array): { records: Uint32Array; repeated: number[] } {
  const order = new Uint32Array(ids.length)
  for (let i = 0; i < ids.length; i++) order[i] = i
  if (ascend(ids)) return { records: order, repeated: [] }
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
  if (allDiffer(ids)) return null
  const { repeated } = sortById(ids)
  if (repeated.length === 0) return null
  const first = ids.indexOf(repeated[0])
  return [first, ids.indexOf(repeated[0], first + 1)]
}

function allDiffer(ids: Float64Array): boolean {
  if (ascend(ids)) return true
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < ids.length; i++) {
    low = Math.min(low, ids[i])
    high = Math.max(high, ids[i])
  }
  const seen = new Uint8Array(tableSize(low, high))
  const far = new Set<number>()
  for (let i = 0; i < ids.length; i++) {
    const at = ids[i] - low
    if (at >= seen.length) {
      if (far.has(ids[i])) return false
      far.add(ids[i])
    } else if (seen[at]++) return false
  }
  return true
}
