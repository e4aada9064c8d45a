import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { MaskSet } from '../../src/backends/backend.js'
import { MaskKernel } from '../../src/backends/cpu/kernel.js'
import { KernelMaskSet } from '../../src/backends/cpu/kernel-set.js'
import { PlainMaskSet } from '../../src/backends/cpu/plain-set.js'
import { MaskError } from '../../src/errors.js'
import { encodeCounts } from '../../src/geometry/rle.js'
import { MaskColumns } from '../../src/ingest/mask-columns.js'

const rowsTo = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i)

const kernel = async (): Promise<MaskKernel> => {
  const created = await MaskKernel.create()
  if (!created) throw new Error('this platform has no WebAssembly')
  return created
}

const addRle = (masks: MaskColumns, text: string, height: number, width: number): void => {
  const bytes = new TextEncoder().encode(text)
  masks.rle(bytes, 0, bytes.length, height, width)
}

/** A comb with a tooth every other column: few points, many spans. */
function addComb(masks: MaskColumns, height: number, width: number): void {
  const first = masks.parts
  for (let x = 0; x < width; x++) {
    masks.pushCoordinate(x)
    masks.pushCoordinate(x % 2 ? 0 : height)
  }
  masks.endPart()
  masks.polygons(first, height, width)
}

describe('masks in WebAssembly', () => {
  test('room for spans grows as polygons need it', async () => {
    const masks = new MaskColumns()
    for (const width of [5, 3000, 40, 6000]) addComb(masks, 50, width)
    addRle(masks, '0i0', 5, 5)
    const encoded = masks.select(rowsTo(5))
    const set = new KernelMaskSet(await kernel(), encoded, rowsTo(5))
    const twin = new PlainMaskSet(encoded, rowsTo(5))
    expect(set.areaPx).toEqual(twin.areaPx)
    expect(set.bounds).toEqual(twin.bounds)
    const pairs = { dt: Uint32Array.of(0, 1, 2, 3, 4, 1), gt: Uint32Array.of(0, 1, 2, 3, 4, 3) }
    expect(await set.intersect(set, pairs)).toEqual(await twin.intersect(twin, pairs))
  })

  test('a part beyond the scratch memory is left to the twin', async () => {
    const masks = new MaskColumns()
    const first = masks.parts
    // A zigzag across a wide image: 200 edges of 4,000 columns each.
    for (let i = 0; i < 200; i++) {
      masks.pushCoordinate(i % 2 ? 4000 : 0)
      masks.pushCoordinate(i)
    }
    masks.endPart()
    masks.polygons(first, 300, 4000)
    addRle(masks, '0i0', 5, 5)
    const encoded = masks.select(rowsTo(2))
    const set = new KernelMaskSet(await kernel(), encoded, rowsTo(2))
    expect(set.areaPx).toEqual(new PlainMaskSet(encoded, rowsTo(2)).areaPx)
    expect(set.areaPx[1]).toBe(25)
  })

  test('a malformed string is named, and its batch leaves nothing behind', async () => {
    const masks = new MaskColumns()
    addRle(masks, '0i0', 5, 5)
    addRle(masks, '53', 5, 5)
    const encoded = masks.select(rowsTo(2))
    const one = await kernel()
    const free = one.heap.freeBytes
    expect(() => new KernelMaskSet(one, encoded, Uint32Array.of(0, 0, 1))).toThrow(MaskError)
    expect(() => new KernelMaskSet(one, encoded, Uint32Array.of(0, 0, 1))).toThrow(
      'mask 1: the counts sum to 8 px, but height * width is 25 px',
    )
    expect(one.heap.freeBytes).toBeGreaterThanOrEqual(free)
  })

  /** Both ways of taking the masks `rows`, or the error of either. */
  const both = async (masks: MaskColumns, rows: Uint32Array) => {
    const encoded = masks.select(rowsTo(masks.count))
    const one = await kernel()
    const pairs = {
      dt: Uint32Array.from(rows, (_, i) => Math.floor(i / 3)),
      gt: Uint32Array.from(rows, (_, i) => (7 * i) % rows.length),
    }
    const describe = async (make: () => MaskSet) => {
      try {
        const set = make()
        const { areaPx, bounds } = set
        return {
          areaPx,
          bounds,
          shared: await set.intersect(set, pairs),
          again: await set.intersect(set, pairs),
        }
      } catch (error) {
        return String(error)
      }
    }
    return [
      await describe(() => new KernelMaskSet(one, encoded, rows)),
      await describe(() => new PlainMaskSet(encoded, rows)),
    ]
  }

  test('runs of any length, none too, are measured and expanded as the twin does', async () => {
    const counts = fc.array(fc.oneof(fc.constant(0), fc.nat(3), fc.nat(90), fc.nat(3000)), { maxLength: 30 })
    const heights = fc.integer({ min: 1, max: 50 })
    const property = fc.asyncProperty(fc.array(fc.tuple(counts, heights), { minLength: 1 }), async list => {
      const masks = new MaskColumns()
      for (const [runs, height] of list) {
        const px = runs.reduce((sum, n) => sum + n, 0)
        const width = Math.ceil(px / height)
        const text = new TextDecoder().decode(encodeCounts([...runs, 0, width * height - px]))
        addRle(masks, text, height, width)
      }
      const [actual, expected] = await both(masks, rowsTo(list.length))
      expect(actual).toEqual(expected)
    })
    await fc.assert(property)
  })

  /** A mask of some columns, each with its runs: rows between one and the next, rows, and so on. */
  const addColumns = (masks: MaskColumns, columns: number[][], top: number, height: number): void => {
    const counts = [0]
    const add = (px: number, isMask: boolean): void => {
      if (isMask === (counts.length % 2 === 0)) counts[counts.length - 1] += px
      else counts.push(px)
    }
    for (const column of columns) {
      let row = Math.min(height, top)
      add(row, false)
      for (const [i, px] of column.entries()) {
        const rows = Math.min(px, height - row)
        add(rows, i % 2 === 1)
        row += rows
      }
      add(height - row, false)
    }
    addRle(masks, new TextDecoder().decode(encodeCounts(counts)), height, columns.length)
  }

  test('strings about as high as a word are what the twin says, side by side with higher ones', async () => {
    const column = fc.oneof(
      { weight: 3, arbitrary: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 5 }) },
      { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 70 }), { maxLength: 4 }) },
    )
    const columns = fc.array(column, { minLength: 25, maxLength: 25 })
    const mask = fc.tuple(columns, fc.nat(100))
    const height = fc.integer({ min: 50, max: 200 })
    const property = fc.asyncProperty(
      fc.array(mask, { minLength: 2, maxLength: 12 }),
      height,
      async (list, h) => {
        const masks = new MaskColumns()
        for (const [runs, top] of list) addColumns(masks, runs, top, h)
        const [actual, expected] = await both(masks, rowsTo(list.length))
        expect(actual).toEqual(expected)
      },
    )
    await fc.assert(property)
  })

  test('polygons about as high as a word are what the twin says, with ties and out of the picture', async () => {
    // On the grid of fifths, where crossings meet rows exactly.
    const fifths = (min: number, max: number) => fc.integer({ min, max }).map(n => n / 5)
    const vertex = fc.tuple(fifths(-20, 220), fc.oneof(fifths(100, 400), fifths(-30, 450)))
    const part = fc.array(vertex, { minLength: 2, maxLength: 8 })
    const parts = fc.array(part, { minLength: 1, maxLength: 3 })
    const height = fc.integer({ min: 20, max: 120 })
    const property = fc.asyncProperty(
      fc.array(parts, { minLength: 2, maxLength: 12 }),
      height,
      async (list, h) => {
        const masks = new MaskColumns()
        for (const polygon of list) {
          const first = masks.parts
          for (const vertices of polygon) {
            for (const coordinate of vertices.flat()) masks.pushCoordinate(coordinate)
            masks.endPart()
          }
          masks.polygons(first, h, 40)
        }
        const [actual, expected] = await both(masks, rowsTo(list.length))
        expect(actual).toEqual(expected)
      },
    )
    await fc.assert(property, { numRuns: 300 })
  })

  test('any string is a mask, or wrong for the same reason', async () => {
    const character = fc.integer({ min: 46, max: 113 })
    const property = fc.asyncProperty(fc.array(character, { maxLength: 12 }), async codes => {
      const masks = new MaskColumns()
      addRle(masks, String.fromCharCode(...codes), 4, 5)
      const [actual, expected] = await both(masks, rowsTo(1))
      expect(actual).toEqual(expected)
    })
    await fc.assert(property, { numRuns: 500 })
  })

  test('sums beyond 32 bits are wrong, and a mask beyond 2^30 px is left to the twin', async () => {
    const masks = new MaskColumns()
    const most = '\u005f\u006f\u006f\u006f\u006f?' // 2^29 - 1 in six groups
    addRle(masks, most.repeat(64), 1, 40)
    expect((await both(masks, rowsTo(1)))[0]).toMatch('the counts sum to')
    const large = new MaskColumns()
    const runs = Array.from({ length: 12 }, (_, i) => (i % 2 ? 5 : 2 ** 28))
    addRle(large, new TextDecoder().decode(encodeCounts(runs)), 6, 2 ** 28 + 5)
    const [actual, expected] = await both(large, rowsTo(1))
    expect(actual).toEqual(expected)
    expect(actual).toMatchObject({ areaPx: Uint32Array.of(30) })
  })

  test('strings that lie far apart are copied one by one', async () => {
    const masks = new MaskColumns()
    for (let i = 0; i < 3000; i++) {
      const runs = [i % 90, 1 + (i % 7), 0, i % 5, 100 - (i % 90) - 1 - (i % 7) - (i % 5) + 100]
      addRle(masks, new TextDecoder().decode(encodeCounts(runs)), 10, 20)
    }
    const rows = rowsTo(masks.count).filter(row => row % 50 === 0)
    const [actual, expected] = await both(masks, rows)
    expect(actual).toEqual(expected)
  })

  test.each([
    // Background and foreground in turn: a first count, and differences down and up, of one to three groups each.
    ['short runs', [3, 2, 5, 1, 4, 4, 2, 3], 6, 4],
    ['runs of many lengths', [100, 40, 900, 3, 20, 600, 15, 1000, 700, 1, 16, 5], 100, 34],
    ['runs over many columns', [17_000, 1, 31, 50_000, 40_000, 9, 2, 2957], 100, 1100],
  ])('%s need no twin', async (_, runs, height, width) => {
    const masks = new MaskColumns()
    addRle(masks, new TextDecoder().decode(encodeCounts(runs)), height, width)
    const one = await kernel()
    const decode = vi.fn(one.exports.decode)
    Object.defineProperty(one, 'exports', { value: { ...one.exports, decode } })
    const set = new KernelMaskSet(one, masks.select(rowsTo(1)), rowsTo(1))
    const area = runs.reduce((sum, run, i) => (i % 2 ? sum + run : sum), 0)
    expect(set.areaPx).toEqual(Uint32Array.of(area))
    // It would be called again for what is behind a mask that it left.
    expect(decode).toHaveReturnedWith(1)
  })

  test('parts that touch take no more memory than one part', async () => {
    const bytesFor = async (parts: number[][]): Promise<number> => {
      const masks = new MaskColumns()
      const first = masks.parts
      for (const part of parts) {
        for (const coordinate of part) masks.pushCoordinate(coordinate)
        masks.endPart()
      }
      masks.polygons(first, 130, 40)
      const one = await kernel()
      const used = (): number => one.heap.memory.buffer.byteLength - one.heap.freeBytes
      const before = used()
      const set = new KernelMaskSet(one, masks.select(rowsTo(1)), rowsTo(1))
      expect(set.areaPx).toEqual(Uint32Array.of(32 * 120))
      return used() - before
    }
    const box = (y0: number, y1: number): number[] => [4, y0, 36, y0, 36, y1, 4, y1]
    expect(await bytesFor([box(5, 65), box(65, 125)])).toBe(await bytesFor([box(5, 125)]))
  })

  test('many edges over one column', async () => {
    const masks = new MaskColumns()
    const first = masks.parts
    for (let i = 0; i < 400; i++) {
      masks.pushCoordinate(i % 2 ? 0.3 : 11.4)
      masks.pushCoordinate((i * 37) % 400)
    }
    masks.endPart()
    masks.polygons(first, 400, 12)
    const [actual, expected] = await both(masks, rowsTo(1))
    expect(actual).toEqual(expected)
  })

  test('memory does not grow with the number of batches', async () => {
    const masks = new MaskColumns()
    addComb(masks, 60, 200)
    addRle(masks, '0i0', 5, 5)
    const encoded = masks.select(rowsTo(2))
    const one = await kernel()
    const batch = async (): Promise<void> => {
      const set = new KernelMaskSet(one, encoded, Uint32Array.of(0, 1, 1, 0))
      expect([...(await set.intersect(set, { dt: Uint32Array.of(1), gt: Uint32Array.of(2) }))]).toEqual([25])
      set.free()
    }
    await batch()
    const bytes = one.heap.memory.buffer.byteLength
    const free = one.heap.freeBytes
    for (let i = 0; i < 500; i++) await batch()
    expect(one.heap.memory.buffer.byteLength).toBe(bytes)
    expect(one.heap.freeBytes).toBe(free)
  })
})
