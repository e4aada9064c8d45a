import { expect, test } from 'vitest'
import type { Dataset } from '../../src/data/columns.js'
import type { Cells } from '../../src/data/evaluation.js'
import { MaskColumns } from '../../src/ingest/mask-columns.js'
import { estimateCpuMs, measureWork } from '../../src/matching/mask-work.js'

const string = new TextEncoder().encode('0i0')

test('counts bytes, points and pairs of the masks in cells alone', () => {
  const gt = new MaskColumns()
  for (let i = 0; i < 20; i++) {
    const first = gt.parts
    for (const value of [0, 0, 5, 0, 5, 5]) gt.pushCoordinate(value)
    gt.endPart()
    gt.polygons(first, 5, 5)
  }
  const dt = new MaskColumns()
  for (let i = 0; i < 32; i++) dt.rle(string, 0, 3, 5, 5)
  const rows = (from: number, n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => from + i)
  const dataset = {
    groundTruths: { masks: gt.select(Uint32Array.from(rows(0, 20))) },
    detections: { masks: dt.select(Uint32Array.from(rows(0, 32))) },
  } as Dataset
  // Cells of 2 x 3, 16 x 20 and 0 x 5; the last two ground truths and four detections are in none.
  const cells = {
    count: 3,
    gtOffsets: Uint32Array.of(0, 2, 18, 18),
    gtRows: rows(0, 18),
    dtOffsets: Uint32Array.of(0, 3, 23, 28),
    dtRows: rows(4, 28),
  } as Cells
  const work = measureWork(dataset, cells)
  expect(work).toEqual({ masks: 46, bytes: 28 * 3, points: 18 * 3, pairs: 2 * 3 + 8 * 20 })
})

test('the estimate is about what 500,000 masks took', () => {
  // bench/generate.js: measured .37 s in the kernel, with strings of 160 bytes.
  const ms = estimateCpuMs({ masks: 537_000, bytes: 80e6, points: 715_000, pairs: 500_000 })
  expect(ms).toBeGreaterThan(300)
  expect(ms).toBeLessThan(1000)
})
