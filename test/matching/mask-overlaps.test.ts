import { describe, expect, test } from 'vitest'
import type { Cells } from '../../src/data/evaluation.js'
import { InputError } from '../../src/errors.js'
import { groupCells } from '../../src/matching/cells.js'
import { groupByImage } from '../../src/matching/image-cells.js'
import { findMaskOverlaps, type MaskOverlaps } from '../../src/matching/mask-overlaps.js'
import {
  areaOf,
  BitmapBackend,
  type BitmapOptions,
  boundsOf,
  deviceLost,
  drawMasks,
  outOfMemory,
  type Picture,
  type Pictures,
  sharedPixels,
} from '../support/bitmap-backend.js'
import { buildDataset, cocoConfig, type Guess, type Truth } from '../support/columns.js'
import { integer, seeded } from '../support/random.js'

const SIZE = 12
/** Bytes of one mask's bit map: one word a column. */
const MASK_BYTES = 4 * SIZE

function randomPicture(random: () => number): Picture {
  const [x, y] = [integer(random, SIZE), integer(random, SIZE)]
  const [width, height] = [integer(random, SIZE), integer(random, SIZE)]
  const hole = random() < 0.4
  return Array.from({ length: SIZE }, (_, row) =>
    Array.from({ length: SIZE }, (_, column) => {
      const inside = column >= x && column < x + width && row >= y && row < y + height
      return inside && !(hole && (column + row) % 3 === 0) ? '#' : '.'
    }).join(''),
  )
}

interface Scene {
  dataset: ReturnType<typeof buildDataset>
  cells: Cells
  gt: Pictures
  dt: Pictures
}

function scene(
  gtCount: number,
  dtCount: number,
  images: number,
  cap = 100,
  draw: (random: () => number) => Picture = randomPicture,
): Scene {
  const random = seeded(gtCount + dtCount)
  const place = () => ({ image: 1 + integer(random, images), category: 1 + integer(random, 2) })
  const truths: Truth[] = Array.from({ length: gtCount }, () => ({ ...place(), crowd: random() < 0.2 }))
  const guesses: Guess[] = Array.from({ length: dtCount }, () => ({ ...place(), score: random() }))
  const gt = drawMasks(truths.map(() => draw(random)))
  const dt = drawMasks(guesses.map(() => draw(random)))
  const dataset = buildDataset(truths, guesses, { gtMasks: gt.masks, dtMasks: dt.masks })
  return { dataset, gt, dt, cells: groupCells(dataset, cocoConfig({ maxDets: [cap] })).cells }
}

type Found = Pick<MaskOverlaps, 'overlaps' | 'gtMaskAreas' | 'dtMaskAreas'>

/** Pixel by pixel, without batches or bounds. */
function expected({ dataset, cells, gt, dt }: Scene): Found {
  const gtMaskAreas = new Uint32Array(gt.pictures.length)
  const dtMaskAreas = new Uint32Array(dt.pictures.length)
  for (const row of cells.gtRows) gtMaskAreas[row] = areaOf(gt.pictures[row])
  for (const row of cells.dtRows) dtMaskAreas[row] = areaOf(dt.pictures[row])
  const offsets = [0]
  const pairs: [number, number][] = []
  for (let cell = 0; cell < cells.count; cell++) {
    for (const dtRow of cells.dtRows.subarray(cells.dtOffsets[cell], cells.dtOffsets[cell + 1])) {
      const own: [number, number][] = []
      for (let position = cells.gtOffsets[cell]; position < cells.gtOffsets[cell + 1]; position++) {
        const gtRow = cells.gtRows[position]
        const shared = sharedPixels(dt.pictures[dtRow], gt.pictures[gtRow])
        const both = dtMaskAreas[dtRow] + gtMaskAreas[gtRow] - shared
        const union = dataset.groundTruths.crowds[gtRow] ? dtMaskAreas[dtRow] : both
        if (shared > 0) own.push([position, shared / union])
      }
      pairs.push(...own.sort(([gtA, a], [gtB, b]) => b - a || gtB - gtA))
      offsets.push(pairs.length)
    }
  }
  const overlaps = {
    offsets: Uint32Array.from(offsets),
    gts: Int32Array.from(pairs, ([position]) => position),
    similarities: Float64Array.from(pairs, ([, similarity]) => similarity),
  }
  return { overlaps, gtMaskAreas, dtMaskAreas }
}

const SCENE = scene(60, 90, 8)
const EXPECTED = expected(SCENE)

const backendFor = ({ gt, dt }: Scene, options?: BitmapOptions): BitmapBackend =>
  new BitmapBackend([gt, dt], options)

async function run(
  { dataset, cells }: Scene,
  backend: BitmapBackend,
  fallback: BitmapBackend | null = null,
): Promise<{ found: Found; use: MaskOverlaps['use'] }> {
  const { overlaps, gtMaskAreas, dtMaskAreas, use } = await findMaskOverlaps(dataset, cells, {
    backend,
    fallback,
  })
  return { found: { overlaps, gtMaskAreas, dtMaskAreas }, use }
}

describe('findMaskOverlaps', () => {
  test('finds what pixel counting finds', async () => {
    expect(EXPECTED.overlaps.gts.length).toBeGreaterThan(50)
    const backend = backendFor(SCENE)
    const { found, use } = await run(SCENE, backend)
    expect(found).toEqual(EXPECTED)
    expect(use).toEqual({ kind: 'cpu', adapter: null })
    expect(backend.loads.length).toBe(2)
    expect(backend.open).toBe(0)
  })

  test.each([1, 5])('whole images in batches of %d masks, one behind the other', async masks => {
    const whole = { ...SCENE, cells: groupByImage(SCENE.dataset, cocoConfig()) }
    const { found } = await run(whole, backendFor(SCENE, { batchBytes: masks * MASK_BYTES }))
    expect(found).toEqual(expected(whole))
    expect(found.overlaps.gts.length).toBeGreaterThan(EXPECTED.overlaps.gts.length)
  })

  test('in dense cells too', async () => {
    const dense = scene(300, 300, 1, 1000, random => {
      const [x, y] = [integer(random, SIZE - 3), integer(random, SIZE)]
      const lines = Array.from({ length: SIZE }, () => '.'.repeat(SIZE))
      if (random() > 0.1) lines[y] = `${'.'.repeat(x)}##${'.'.repeat(SIZE - 2 - x)}`
      return lines
    })
    const { found } = await run(dense, backendFor(dense))
    expect(found).toEqual(expected(dense))
  })

  test.each([0, 0.1, 1 / 3, 0.5, 1])('without the pairs below %s', async least => {
    let asked = 0
    const backend = backendFor(SCENE, {
      onIntersect: pairs => {
        asked += pairs.dt.length
      },
    })
    const backends = { backend, fallback: null }
    const { overlaps } = await findMaskOverlaps(SCENE.dataset, SCENE.cells, backends, { least })
    const all = EXPECTED.overlaps
    const kept = [...all.similarities.keys()].filter(pair => all.similarities[pair] >= least)
    expect(kept.length).toBeGreaterThan(0)
    expect([...overlaps.similarities]).toEqual(kept.map(pair => all.similarities[pair]))
    expect([...overlaps.gts]).toEqual(kept.map(pair => all.gts[pair]))
    const before = (end: number): number => kept.filter(pair => pair < end).length
    expect([...overlaps.offsets]).toEqual([...all.offsets].map(before))
    if (least >= 0.5) expect(asked).toBeLessThan(0.7 * all.gts.length)
  })

  test('batches hold whole images in ascending order, as many as the backend can bear', async () => {
    const perBatch = 40
    const backend = backendFor(SCENE, { batchBytes: perBatch * MASK_BYTES })
    const { found } = await run(SCENE, backend)
    expect(found).toEqual(EXPECTED)
    const { images } = SCENE.dataset.detections
    const dtLoads = backend.loads.filter((_, call) => call % 2 === 0)
    const imagesOf = dtLoads.map(rows => [...new Set(rows.map(row => images[row]))])
    expect(imagesOf.flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    for (let call = 0; call < backend.loads.length; call += 2) {
      expect(backend.loads[call].length + backend.loads[call + 1].length).toBeLessThanOrEqual(perBatch)
    }
    expect(dtLoads.length).toBeLessThan(8)
    expect(backend.mostOpen).toBe(4) // two batches at a time
    expect(backend.open).toBe(0)
  })

  test('an image heavier than a batch is a batch of its own', async () => {
    const backend = backendFor(SCENE, { batchBytes: 1 })
    const { found } = await run(SCENE, backend)
    expect(found).toEqual(EXPECTED)
    expect(backend.loads.length).toBe(16)
  })

  test('detections beyond the cap are not loaded', async () => {
    const capped = scene(20, 60, 3, 2)
    const backend = backendFor(capped)
    const { found } = await run(capped, backend)
    expect(found).toEqual(expected(capped))
    expect([...backend.loads[0]].sort()).toEqual([...capped.cells.dtRows].sort())
    expect(capped.cells.dtRows.length).toBeLessThan(60)
  })

  test.each([
    ['detections', 0, 5],
    ['ground truths', 5, 0],
    ['anything', 0, 0],
  ])('only one side: %s', async (_, gtCount, dtCount) => {
    const lone = scene(gtCount, dtCount, 2)
    const { found, use } = await run(lone, backendFor(lone))
    expect(found).toEqual(expected(lone))
    expect(use.kind).toBe('cpu')
  })

  test('keeps the boxes of the masks where asked to', async () => {
    const backends = { backend: backendFor(SCENE), fallback: null }
    const found = await findMaskOverlaps(SCENE.dataset, SCENE.cells, backends, { boxes: true })
    const boxesOf = ({ pictures }: Pictures): number[] =>
      pictures.flatMap(picture => {
        const [x0, y0, x1, y1] = boundsOf(picture)
        return [x0, y0, x1 - x0, y1 - y0]
      })
    expect([...(found.dtMaskBoxes ?? [])]).toEqual(boxesOf(SCENE.dt))
    expect([...(found.gtMaskBoxes ?? [])]).toEqual(boxesOf(SCENE.gt))
    const without = await findMaskOverlaps(SCENE.dataset, SCENE.cells, backends)
    expect([without.dtMaskBoxes, without.gtMaskBoxes]).toEqual([null, null])
  })

  test('progress ends at all masks', async () => {
    const seen: number[][] = []
    const backend = backendFor(SCENE, { batchBytes: 30 * MASK_BYTES })
    await findMaskOverlaps(
      SCENE.dataset,
      SCENE.cells,
      { backend, fallback: null },
      { onProgress: (done, total) => seen.push([done, total]) },
    )
    expect(seen.length).toBeGreaterThan(3)
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).sort((a, b) => a - b))
    expect(seen.at(-1)).toEqual([150, 150])
  })
})

describe('a device that gives up', () => {
  const adapter = { kind: 'webgpu', name: 'a GPU' } as const

  test('a batch too large is halved, and later batches are smaller', async () => {
    const most = 20
    const backend = backendFor(SCENE, {
      ...adapter,
      onLoad: rows => {
        if (rows.length > most) throw outOfMemory()
      },
    })
    const { found, use } = await run(SCENE, backend, backendFor(SCENE))
    expect(found).toEqual(EXPECTED)
    expect(use).toEqual({ kind: 'webgpu', adapter: 'a GPU' })
    expect(backend.open).toBe(0)
  })

  test.each(['load', 'intersect'] as const)(
    'an image too large at %s goes to the fallback alone',
    async step => {
      const heavy = SCENE.dataset.detections.images[0]
      const options: BitmapOptions = { ...adapter, batchBytes: 1 }
      if (step === 'load') {
        // Each batch loads its detections first.
        options.onLoad = (rows, call) => {
          if (call % 2 === 0 && rows.includes(0)) throw outOfMemory()
        }
      } else {
        options.onIntersect = (_, call) => {
          if (call === 2) throw outOfMemory()
        }
      }
      const backend = backendFor(SCENE, options)
      const fallback = backendFor(SCENE)
      const { found, use } = await run(SCENE, backend, fallback)
      expect(found).toEqual(EXPECTED)
      expect(use).toMatchObject({ kind: 'webgpu', adapter: 'a GPU' })
      expect(use.fallback).toMatch(
        /^\d+ of 150 masks were intersected by cpu instead of a GPU: out of memory$/,
      )
      expect(fallback.loads.length).toBe(2)
      if (step === 'load')
        expect(fallback.loads[0].map(row => SCENE.dataset.detections.images[row])).toContain(heavy)
      expect([backend.open, fallback.open]).toEqual([0, 0])
    },
  )

  test('a lost device leaves the rest to the fallback', async () => {
    const backend = backendFor(SCENE, {
      ...adapter,
      batchBytes: 30 * MASK_BYTES,
      onIntersect: (_, call) => {
        if (call >= 2) throw deviceLost()
      },
    })
    const fallback = backendFor(SCENE)
    const { found, use } = await run(SCENE, backend, fallback)
    expect(found).toEqual(EXPECTED)
    expect(use).toMatchObject({ kind: 'webgpu', adapter: 'a GPU' })
    expect(use.fallback).toMatch(/the device is gone$/)
    const loadsAfterLoss = backend.loads.length
    expect(loadsAfterLoss).toBeLessThanOrEqual(8)
    expect([backend.open, fallback.open]).toEqual([0, 0])
  })

  test('a device lost from the start did nothing', async () => {
    const backend = backendFor(SCENE, {
      ...adapter,
      onLoad: () => {
        throw deviceLost()
      },
    })
    const { found, use } = await run(SCENE, backend, backendFor(SCENE))
    expect(found).toEqual(EXPECTED)
    expect(use).toEqual({
      kind: 'cpu',
      adapter: null,
      fallback: '150 of 150 masks were intersected by cpu instead of a GPU: the device is gone',
    })
  })

  test.each([
    ['lost', deviceLost, 'the device is gone'],
    ['capacity', outOfMemory, 'out of memory'],
  ])('without a fallback the error comes through: %s', async (_, error, message) => {
    const backend = backendFor(SCENE, {
      ...adapter,
      onIntersect: () => {
        throw error()
      },
    })
    await expect(run(SCENE, backend)).rejects.toThrow(message)
    expect(backend.open).toBe(0)
  })
})

describe('other ends', () => {
  test.each(['cpu', 'webgpu'] as const)('an input error is not retried: %s', async kind => {
    const bad = 17
    const backend = backendFor(SCENE, {
      kind,
      batchBytes: 30 * MASK_BYTES,
      onLoad: rows => {
        if (rows.includes(bad)) throw new InputError('mask 17: counts end early')
      },
    })
    const fallback = backendFor(SCENE)
    await expect(run(SCENE, backend, fallback)).rejects.toThrow(InputError)
    expect(fallback.loads).toEqual([])
    expect(backend.open).toBe(0)
  })

  test('aborting stops between batches, with the reason of the signal', async () => {
    const controller = new AbortController()
    const backend = backendFor(SCENE, { batchBytes: 1 })
    const running = findMaskOverlaps(
      SCENE.dataset,
      SCENE.cells,
      { backend, fallback: null },
      { signal: controller.signal, onProgress: done => done > 30 && controller.abort(new Error('enough')) },
    )
    await expect(running).rejects.toThrow('enough')
    expect(backend.loads.length).toBeLessThan(16)
    expect(backend.open).toBe(0)
  })

  test('a signal from a timer comes through, though the backend never waits', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 0)
    const onLoad = (): void => {
      for (const end = performance.now() + 5; performance.now() < end; );
    }
    const backend = backendFor(SCENE, { batchBytes: 1, onLoad })
    const hooks = { signal: controller.signal }
    const running = findMaskOverlaps(SCENE.dataset, SCENE.cells, { backend, fallback: null }, hooks)
    await expect(running).rejects.toThrow('enough')
  })
})
