import type { SpanBuffer, Spans } from './spans.js'

/** The C reference shifts 32-bit integers: a number of more than six groups of five bits is undefined there. */
const MAX_GROUPS = 6

/** Why a string or list of counts is no mask. */
export class RleFault extends Error {}

/** Characters for messages: printable ones as they are, others by code. */
const show = (byte: number): string =>
  byte > 32 && byte < 127 ? `"${String.fromCharCode(byte)}"` : `code ${byte}`

const characterFault = (byte: number, index: number): RleFault =>
  new RleFault(
    `character ${show(byte)} at position ${index} is no part of a compressed RLE (codes 48 to 111)`,
  )

/** The number that `readGroups` read. */
let groupsValue = 0

/** Reads a number of several groups into `groupsValue`. Returns where the next one starts. */
function readGroups(bytes: Uint8Array, start: number, from: number, end: number, n: number): number {
  let value = 0
  let groups = 0
  for (let i = from; i < end; i++) {
    const code = bytes[i] - 48
    if (code < 0 || code > 63) throw characterFault(bytes[i], i - start)
    if (groups === MAX_GROUPS) throw new RleFault(`count ${n} is out of range`)
    value |= (code & 31) << (5 * groups)
    groups++
    if (code >= 32) continue
    groupsValue = code & 16 ? value | (-1 << (5 * groups)) : value
    return i + 1
  }
  throw new RleFault('the string ends inside a number; it was cut short')
}

/**
 * Counts of the compressed string `bytes[start .. end]` (pycocotools rleFrString), written to `out`, which must
 * have room for end - start numbers. Returns how many there are.
 */
export function decodeCounts(bytes: Uint8Array, start: number, end: number, out: Uint32Array): number {
  let n = 0
  let i = start
  while (i < end) {
    const code = bytes[i] - 48
    let value = code < 16 ? code : code - 32
    if (code >= 0 && code < 32) i++
    else {
      i = readGroups(bytes, start, i, end, n)
      value = groupsValue
    }
    if (n > 2) value += out[n - 2]
    if (value < 0) throw new RleFault(`count ${n} is negative (${value})`)
    out[n++] = value
  }
  return n
}

/** The compressed string of `counts` as ASCII bytes (pycocotools rleToString). */
export function encodeCounts(counts: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(counts.length * 7)
  let n = 0
  for (let i = 0; i < counts.length; i++) {
    let value = i > 2 ? counts[i] - counts[i - 2] : counts[i]
    let more = true
    while (more) {
      const group = value & 31
      value >>= 5
      more = group & 16 ? value !== -1 : value !== 0
      out[n++] = 48 + group + (more ? 32 : 0)
    }
  }
  return out.slice(0, n)
}

let scratch = new Uint32Array(1024)

/** Appends the spans of a compressed RLE of `pixels` = height * width. Fails with RleFault on a string that is no such mask. */
export function appendRle(
  bytes: Uint8Array,
  start: number,
  end: number,
  pixels: number,
  into: SpanBuffer,
): void {
  if (scratch.length < end - start) scratch = new Uint32Array(2 * (end - start))
  const n = decodeCounts(bytes, start, end, scratch)
  appendCounts(scratch, n, pixels, into)
}

/** Appends the spans of the first `n` run lengths; zero-length runs are folded into their neighbours. */
export function appendCounts(counts: ArrayLike<number>, n: number, pixels: number, into: SpanBuffer): void {
  into.reserve(n + 1)
  const { values } = into
  const first = into.length
  let at = first
  let position = n > 0 ? counts[0] : 0
  for (let i = 1; i < n; i += 2) {
    const next = position + counts[i]
    if (next > position) {
      if (at > first && values[at - 1] === position) values[at - 1] = next
      else {
        values[at] = position
        values[at + 1] = next
        at += 2
      }
    }
    position = i + 1 < n ? next + counts[i + 1] : next
  }
  if (position !== pixels)
    throw new RleFault(`the counts sum to ${position} px, but height * width is ${pixels} px`)
  into.length = at
}

/** Run lengths, background first, of spans in an image of `pixels`. The canonical form: no zero but the first. */
export function spansToCounts(spans: Spans, pixels: number): Uint32Array {
  const counts = new Uint32Array(spans.length + 1)
  let position = 0
  for (let i = 0; i < spans.length; i++) {
    counts[i] = spans[i] - position
    position = spans[i]
  }
  counts[spans.length] = pixels - position
  return position === pixels && spans.length > 0 ? counts.slice(0, -1) : counts
}

/** The compressed RLE of spans in an image of `pixels`, as ASCII bytes. */
export const encodeSpans = (spans: Spans, pixels: number): Uint8Array =>
  encodeCounts(spansToCounts(spans, pixels))
