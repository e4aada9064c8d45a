import { sharedBytes } from '../data/shared.js'

/** A column that grows as records are read. */
export class Column<T extends Float64Array | Uint32Array | Uint8Array> {
  values: T
  length = 0
  readonly #make: (size: number) => T

  constructor(make: (size: number) => T, size = 1024) {
    this.#make = make
    this.values = make(size)
  }

  push(value: number): void {
    if (this.length === this.values.length) this.reserve(1)
    this.values[this.length++] = value
  }

  /** Appends `values`, each with `shift` added. */
  append(values: T, shift = 0): void {
    this.reserve(values.length)
    this.values.set(values, this.length)
    if (shift !== 0) shiftValues(this.values, this.length, values.length, shift)
    this.length += values.length
  }

  /**
   * Appends `count` zeros to a column that never shrinks: what is behind its values was never written to, so that it is
   * zero and takes no memory.
   */
  zeros(count: number): void {
    this.reserve(count)
    this.length += count
  }

  /** Appends `value` `count` times. */
  repeat(value: number, count: number): void {
    this.reserve(count)
    this.values.fill(value, this.length, this.length + count)
    this.length += count
  }

  /** Makes room for `more` values that are likely to come: room that is never written to takes no memory. */
  expect(more: number): void {
    this.#grow(this.length + more)
  }

  /** Makes room for `more` values, so that callers may write `values` directly. */
  reserve(more: number): void {
    if (this.length + more > this.values.length)
      this.#grow(Math.max(this.length + more, 2 * this.values.length))
  }

  #grow(size: number): void {
    if (size <= this.values.length) return
    const larger = this.#make(size)
    larger.set(this.values.subarray(0, this.length))
    this.values = larger
  }

  /** Bytes of the values pushed so far. */
  get heldBytes(): number {
    return this.length * this.values.BYTES_PER_ELEMENT
  }

  /** The values pushed so far: a view. */
  view(): T {
    return this.values.subarray(0, this.length) as T
  }
}

/** Appends [record, 4] `boxes`; those of records without one are 0 0 0 0. */
export function appendBoxes(to: Column<Float64Array>, boxes: Float64Array, hasBox: Uint8Array): void {
  if (hasBox.includes(1)) to.append(boxes)
  else to.zeros(boxes.length)
}

/** Apart from `append`, which sees arrays of all kinds and would be slow for that. */
function shiftValues(
  values: Float64Array | Uint32Array | Uint8Array,
  from: number,
  count: number,
  by: number,
): void {
  for (let i = from; i < from + count; i++) values[i] += by
}

/** `shared`: in memory that other threads see without a copy, where the platform has it. */
export const float64Column = (shared = false): Column<Float64Array> =>
  new Column(size => (shared ? new Float64Array(sharedBytes(8 * size).buffer) : new Float64Array(size)))
export const uint32Column = (shared = false): Column<Uint32Array> =>
  new Column(size => (shared ? new Uint32Array(sharedBytes(4 * size).buffer) : new Uint32Array(size)))
export const uint8Column = (shared = false): Column<Uint8Array> =>
  new Column(size => (shared ? sharedBytes(size) : new Uint8Array(size)))
