import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  appendCounts,
  appendRle,
  decodeCounts,
  encodeCounts,
  encodeSpans,
  RleFault,
  spansToCounts,
} from '../../src/geometry/rle.js'
import { SpanBuffer } from '../../src/geometry/spans.js'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

const decode = (string: string): number[] => {
  const out = new Uint32Array(string.length)
  return [...out.subarray(0, decodeCounts(ascii(string), 0, string.length, out))]
}

const spansOf = (counts: number[], pixels: number): number[] => {
  const buffer = new SpanBuffer()
  appendCounts(counts, counts.length, pixels, buffer)
  return [...buffer.values.subarray(0, buffer.length)]
}

/** Strings of pycocotools 2.0.11 (rleToString). */
const VECTORS: [number[], string][] = [
  [[5, 3, 17], '53a0'],
  [[0, 25], '0i0'],
  [[25], 'i0'],
  [[0, 1, 1, 1, 1, 1], '011000'],
  [[307200], 'PP\\9'],
  [[100, 200, 50, 1000, 3, 7], 'T3X6b1Pi0aNoPO'],
]

describe('compressed counts', () => {
  test.each(VECTORS)('%j is %s', (counts, string) => {
    expect(text(encodeCounts(counts))).toBe(string)
    expect(decode(string)).toEqual(counts)
  })

  test('any counts survive the string', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2 ** 29 - 1), { maxLength: 40 }), counts => {
        expect(decode(text(encodeCounts(counts)))).toEqual(counts)
      }),
    )
  })

  test.each([
    ['1R', 'ends inside a number'],
    ['5 3', 'character code 32 at position 1'],
    ['53p', 'character "p" at position 2'],
    ['5O', 'count 1 is negative (-1)'],
    ['PPPPPPP0', 'count 0 is out of range'],
  ])('%j is refused: %s', (string, reason) => {
    expect(() => decode(string)).toThrow(reason)
  })
})

describe('spans', () => {
  test('counts that fall short of the image are refused with both sums', () => {
    expect(() => spansOf([5, 3], 25)).toThrow(RleFault)
    expect(() => spansOf([5, 3], 25)).toThrow('the counts sum to 8 px, but height * width is 25 px')
    expect(() => spansOf([5, 30], 25)).toThrow('sum to 35 px')
  })

  test.each([
    [
      [5, 3, 17],
      [5, 8],
    ],
    [
      [0, 25],
      [0, 25],
    ],
    [[25], []],
    [
      [5, 5, 0, 5, 10],
      [5, 15],
    ],
    [[5, 0, 20], []],
    [
      [0, 0, 3, 0, 2, 20],
      [5, 25],
    ],
  ])('%j', (counts, spans) => {
    expect(spansOf(counts, 25)).toEqual(spans)
  })

  test('counts of spans are canonical: no zero but the first', () => {
    expect([...spansToCounts(Uint32Array.of(5, 15), 25)]).toEqual([5, 10, 10])
    expect([...spansToCounts(Uint32Array.of(0, 25), 25)]).toEqual([0, 25])
    expect([...spansToCounts(new Uint32Array(0), 25)]).toEqual([25])
    expect([...spansToCounts(Uint32Array.of(20, 25), 25)]).toEqual([20, 5])
  })

  test('a string and its spans state the same mask', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }), counts => {
        const pixels = counts.reduce((sum, n) => sum + n, 0)
        const buffer = new SpanBuffer()
        const string = encodeCounts(counts)
        appendRle(string, 0, string.length, pixels, buffer)
        expect(text(encodeSpans(buffer.values.slice(0, buffer.length), pixels))).toBe(text(string))
      }),
    )
  })
})
