import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sharedPixels, spanArea, spanBounds, unionSpans } from '../../src/geometry/spans.js'

const HEIGHT = 7
const WIDTH = 6

/** Spans of the set pixels, read off one by one. */
const spansOf = (pixels: boolean[]): Uint32Array => {
  const out: number[] = []
  pixels.forEach((on, i) => {
    if (on !== (pixels[i - 1] ?? false)) out.push(i)
  })
  if (pixels.at(-1)) out.push(pixels.length)
  return Uint32Array.from(out)
}

const mask = fc.array(fc.boolean(), { minLength: HEIGHT * WIDTH, maxLength: HEIGHT * WIDTH })

test('area, bounds, union and shared pixels equal those counted pixel by pixel', () => {
  fc.assert(
    fc.property(mask, mask, (a, b) => {
      const [spansA, spansB] = [spansOf(a), spansOf(b)]
      expect(spanArea(spansA, 0, spansA.length)).toBe(a.filter(Boolean).length)
      expect([...unionSpans(spansA, spansB)]).toEqual([...spansOf(a.map((on, i) => on || b[i]))])
      const shared = sharedPixels(spansA, 0, spansA.length, spansB, 0, spansB.length, 0, a.length)
      expect(shared).toBe(a.filter((on, i) => on && b[i]).length)
    }),
    { numRuns: 500 },
  )
})

test('bounds are half-open and tight', () => {
  fc.assert(
    fc.property(mask, fc.array(fc.nat(HEIGHT * WIDTH - 1), { maxLength: 4 }), (dense, few) => {
      for (const pixels of [dense, dense.map((_, i) => few.includes(i))]) {
        const spans = spansOf(pixels)
        const bounds = new Uint32Array(4)
        spanBounds(spans, 0, spans.length, HEIGHT, bounds, 0)
        const on = pixels.flatMap((set, i) => (set ? [i] : []))
        const xs = on.map(i => Math.floor(i / HEIGHT))
        const ys = on.map(i => i % HEIGHT)
        const expected = on.length
          ? [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1]
          : [0, 0, 0, 0]
        expect([...bounds]).toEqual(expected)
      }
    }),
    { numRuns: 500 },
  )
})
