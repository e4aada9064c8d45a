/** Sorting long columns without holding the page up: a radix sort of doubles, stable, some ms for 200,000. */

/** `values` or -1 where there is none: null and NaN come last in either direction. */
export type SortKey = number | null

/**
 * 0 .. count - 1 ordered by `key`; equal keys keep their order. Absent keys come last.
 */
export function orderBy(count: number, key: (i: number) => SortKey, descending: boolean): Int32Array {
  const low = new Uint32Array(count)
  const high = new Uint32Array(count)
  const double = new Float64Array(1)
  const words = new Uint32Array(double.buffer)
  for (let i = 0; i < count; i++) {
    const value = key(i)
    if (value === null || Number.isNaN(value)) {
      low[i] = 0xffffffff
      high[i] = 0xffffffff
      continue
    }
    double[0] = (descending ? -value : value) + 0 // no -0
    // Doubles ascend with their bits once negative ones are turned over and positive ones put above them.
    const negative = words[1] >>> 31 === 1
    low[i] = negative ? ~words[0] : words[0]
    high[i] = negative ? ~words[1] : words[1] ^ 0x80000000
  }
  let order = Int32Array.from({ length: count }, (_, i) => i)
  let other = new Int32Array(count)
  const bits = count < FEW ? 8 : 16
  for (const keys of [low, high]) {
    for (let shift = 0; shift < 32; shift += bits) {
      if (sortDigit(keys, shift, bits, order, other)) [order, other] = [other, order]
    }
  }
  return order
}

/** Rows below which the counts of long digits take more time than they save. */
const FEW = 30_000

/** Orders by one digit; false where all are equal and nothing was done. */
function sortDigit(
  keys: Uint32Array,
  shift: number,
  bits: number,
  from: Int32Array,
  to: Int32Array,
): boolean {
  const size = 1 << bits
  const starts = new Uint32Array(size + 1)
  for (let i = 0; i < from.length; i++) starts[((keys[i] >>> shift) & (size - 1)) + 1]++
  for (let digit = 1; digit <= size; digit++) {
    if (starts[digit] === from.length) return false
    starts[digit] += starts[digit - 1]
  }
  for (let i = 0; i < from.length; i++) to[starts[(keys[from[i]] >>> shift) & (size - 1)]++] = from[i]
  return true
}

const collator = new Intl.Collator('en', { numeric: true })

/** The place of each text among all, so that texts sort as numbers. Equal texts have equal places. */
export function placesOf(texts: string[]): Int32Array {
  const order = Int32Array.from(texts.keys()).sort((a, b) => collator.compare(texts[a], texts[b]))
  const places = new Int32Array(texts.length)
  for (let i = 1; i < order.length; i++) {
    const same = collator.compare(texts[order[i]], texts[order[i - 1]]) === 0
    places[order[i]] = places[order[i - 1]] + (same ? 0 : 1)
  }
  return places
}
