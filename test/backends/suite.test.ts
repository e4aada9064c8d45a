import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MaskBackend, MaskSet, Pairs } from '../../src/backends/backend.js'
import { createCpuBackend } from '../../src/backends/cpu.js'
import { MaskError } from '../../src/errors.js'
import { Random } from '../parity/random.js'
import { isAvailable, testBackends } from '../support/backends.js'
import { encodeMasks, type MaskSpec, rowsTo } from '../support/masks.js'
import { cases, malformed } from './cases.js'
import { boundsOf, pixelsOf, sharedOf } from './pixels.js'
import { randomMasks } from './random-masks.js'

const seed = Number(process.env.DETSCOPE_SEED ?? Math.floor(Math.random() * 2 ** 32))
/** Random batches of 150 masks. */
const rounds = Number(process.env.DETSCOPE_ROUNDS ?? 6)

/** Every pair of `count` masks, or `limit` drawn at random. */
function pairsOf(count: number, limit?: number): Pairs {
  const random = new Random(count)
  const total = count === 0 ? 0 : (limit ?? count * count)
  const pick = (i: number) => (limit === undefined ? i : random.int(0, count * count - 1))
  const picks = Uint32Array.from({ length: total }, (_, i) => pick(i))
  return { dt: picks.map(i => Math.floor(i / count)), gt: picks.map(i => i % count) }
}

const load = (backend: MaskBackend, specs: MaskSpec[]): Promise<MaskSet> =>
  backend.load(encodeMasks(specs), rowsTo(specs.length))

/** Everything a backend says about masks. */
async function describeMasks(backend: MaskBackend, specs: MaskSpec[], pairs: Pairs) {
  const set = await load(backend, specs)
  const shared = await set.intersect(set, pairs)
  const { count, areaPx, bounds } = set
  set.free()
  return { count, areaPx, bounds, shared }
}

describe.each(testBackends)('$name', async ({ name, open }) => {
  describe.skipIf(!(await isAvailable({ name, open })))('finds', () => {
    let backend: MaskBackend
    beforeAll(async () => {
      backend = await open()
    })
    afterAll(() => backend.close())

    test.each(cases)('$name', async ({ masks, pairs: limit }) => {
      const pixels = masks.map(({ mask, runs }) => pixelsOf(mask.height, mask.width, runs))
      const pairs = pairsOf(masks.length, limit)
      const found = await describeMasks(
        backend,
        masks.map(({ mask }) => mask),
        pairs,
      )
      expect(found.count).toBe(masks.length)
      expect([...found.areaPx]).toEqual(pixels.map(mask => mask.bits.reduce((sum, bit) => sum + bit, 0)))
      expect([...found.bounds]).toEqual(pixels.flatMap(boundsOf))
      expect([...found.shared]).toEqual(
        Array.from(pairs.dt, (d, p) => sharedOf(pixels[d], pixels[pairs.gt[p]])),
      )
    })

    test.each(malformed)('malformed RLE: $name', async ({ height, width, rle, reason }) => {
      const good: MaskSpec = { height, width, runs: [height * width] }
      const masks = encodeMasks([good, good, { height, width, rle }, good])
      const error: unknown = await backend.load(masks, Uint32Array.of(3, 2, 0)).catch(error => error)
      if (!(error instanceof MaskError)) throw new Error(`expected a MaskError, got ${error}`)
      expect(error.row).toBe(2)
      expect(error.reason).toMatch(reason)
      const after = await load(backend, [good])
      expect([...after.areaPx]).toEqual([0])
      after.free()
    })

    test('rows in any order, some twice, some not at all', async () => {
      const specs = [1, 2, 3, 4].map(n => ({ height: 9, width: 9, runs: [n, n, 81 - 2 * n] }))
      const square = { height: 9, width: 9, parts: [[0, 0, 0, 5, 5, 5, 5, 0]] }
      const masks = encodeMasks([...specs.slice(0, 2), square, ...specs.slice(2)])
      const set = await backend.load(masks, Uint32Array.of(4, 2, 4, 0))
      expect([...set.areaPx]).toEqual([4, 25, 4, 1])
      // Runs 4 .. 8 of the first column meet the square at row 4 alone.
      const shared = await set.intersect(set, { dt: Uint32Array.of(0, 1, 2), gt: Uint32Array.of(1, 3, 0) })
      expect([...shared]).toEqual([1, 1, 4])
      set.free()
    })

    test('two sets loaded and intersected at the same time', async () => {
      const boxes = (top: number) =>
        [1, 2, 3].map(n => ({ height: 40, width: 4, runs: [top, 10 * n, 160 - top - 10 * n] }))
      const [dt, gt] = await Promise.all([load(backend, boxes(0)), load(backend, boxes(5))])
      const ask = (d: number, g: number) => dt.intersect(gt, { dt: Uint32Array.of(d), gt: Uint32Array.of(g) })
      const counts = await Promise.all([ask(0, 0), ask(0, 2), ask(2, 0), ask(2, 2)])
      expect(counts.map(count => count[0])).toEqual([5, 5, 10, 25])
      dt.free()
      gt.free()
    })

    if (name === 'cpu without WebAssembly') return
    const title = `${rounds * 150} random masks, as the CPU does (DETSCOPE_SEED=${seed})`
    test(title, { timeout: 120_000 + 5000 * rounds }, async () => {
      for (let round = 0; round < rounds; round++) {
        const specs = randomMasks(new Random(seed, round), 150)
        const pairs = pairsOf(specs.length, 1500)
        const expected = await describeMasks(createCpuBackend({ kernel: false }), specs, pairs)
        expect(await describeMasks(backend, specs, pairs), `round ${round}`).toEqual(expected)
      }
    })
  })
})
