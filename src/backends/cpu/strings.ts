import { type EncodedMasks, MASK_RLE } from '../../data/masks.js'

/** Stretches are copied whole where no more than this many times the bytes of the strings lie in them. */
const MAX_SPARSENESS = 2

/** Where the strings of a batch lie in their chunks, and where their copy lies in the kernel's memory. */
export interface Strings {
  /** Bytes of the strings, and of the longest. */
  total: number
  longest: number
  /** Strings that are no longer than nothing count too. */
  count: number
  /** First and last byte (left out) that a string has in each chunk; Infinity, 0 where it has none. [chunk] */
  from: Float64Array
  to: Float64Array
  /** Of all stretches. */
  stretchBytes: number
}

/** Looks at the strings of the masks `rows`. */
export function findStrings(masks: EncodedMasks, rows: Uint32Array): Strings {
  const { kinds, chunk, starts, lengths } = masks
  const from = new Float64Array(masks.chunks.length).fill(Number.POSITIVE_INFINITY)
  const to = new Float64Array(masks.chunks.length)
  let [total, longest, count] = [0, 0, 0]
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    if (kinds[row] !== MASK_RLE) continue
    const c = chunk[row]
    const start = starts[row]
    const length = lengths[row]
    if (start < from[c]) from[c] = start
    if (start + length > to[c]) to[c] = start + length
    if (length > longest) longest = length
    total += length
    count++
  }
  let stretchBytes = 0
  for (let c = 0; c < from.length; c++) if (from[c] < to[c]) stretchBytes += to[c] - from[c]
  return { total, longest, count, from, to, stretchBytes }
}

/** Whether the stretches are worth being copied whole: one copy a chunk instead of one a string. */
const isDense = ({ total, stretchBytes }: Strings): boolean => stretchBytes <= MAX_SPARSENESS * total

/** Bytes that `copyStrings` needs. */
export const roomFor = (strings: Strings): number => (isDense(strings) ? strings.stretchBytes : strings.total)

/** Copies the strings to `memory` at `at` and writes the address of each one's ends to `ends`, [mask, 2]. */
export function copyStrings(
  masks: EncodedMasks,
  rows: Uint32Array,
  strings: Strings,
  memory: Uint8Array,
  at: number,
  ends: Uint32Array,
): void {
  const { kinds, chunk, chunks, starts, lengths } = masks
  const { from, to } = strings
  const dense = isDense(strings)
  const shift = new Float64Array(chunks.length)
  let next = at
  for (let c = 0; dense && c < chunks.length; c++) {
    if (from[c] >= to[c]) continue
    memory.set(chunks[c].subarray(from[c], to[c]), next)
    shift[c] = next - from[c]
    next += to[c] - from[c]
  }
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    if (kinds[row] !== MASK_RLE) continue
    const length = lengths[row]
    let address = shift[chunk[row]] + starts[row]
    if (!dense) {
      memory.set(chunks[chunk[row]].subarray(starts[row], starts[row] + length), next)
      address = next
      next += length
    }
    ends[2 * i] = address
    ends[2 * i + 1] = address + length
  }
}
