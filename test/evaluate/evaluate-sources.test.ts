import { expect, test } from 'vitest'
import type { ByteSource } from '../../src/data/source.js'
import { type EvaluateFilesOptions, evaluateSources, type Platform } from '../../src/evaluate-sources.js'
import type { Pool } from '../../src/pool.js'

const MB = 1 << 20
const segmentation = { size: [4, 4], counts: '04<' }
const GT = {
  images: [{ id: 1, height: 4, width: 4 }],
  categories: [{ id: 1 }],
  annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [0, 0, 1, 4], area: 4, segmentation }],
}
const DT = [{ image_id: 1, category_id: 1, score: 0.5, bbox: [0, 0, 1, 4], segmentation }]

/** A small file that says it is a large one. */
const source = (value: unknown, byteLength: number | null): ByteSource => ({
  name: 'file',
  byteLength,
  chunks: async function* () {
    yield new TextEncoder().encode(JSON.stringify(value))
  },
})

/** The pools that a platform of 64 cores was asked for: how many threads. */
async function poolsFor(options: EvaluateFilesOptions, gtBytes: number | null, dtBytes: number | null) {
  const asked: number[] = []
  const pool: Pool = {
    size: 1,
    session: () => {
      throw new Error('one thread does the work itself')
    },
    close: async () => {},
  }
  const platform: Platform = {
    createPool: threads => {
      asked.push(threads)
      return pool
    },
    poolSize: threads => threads || 64,
    openGpu: async () => ({ missing: 'a GPU' }),
  }
  await evaluateSources(source(GT, gtBytes), source(DT, dtBytes), { backend: 'cpu', ...options }, platform)
  return asked
}

test('masks in large files get threads that nobody asked for, as many as have enough to do', async () => {
  expect(await poolsFor({ iouType: 'segm' }, 32 * MB, 128 * MB)).toEqual([10])
  expect(await poolsFor({}, 32 * MB, 128 * MB + 1)).toEqual([11])
  expect(await poolsFor({ iouType: 'segm' }, null, 128 * MB)).toEqual([64])
})

test('boxes and small files get none', async () => {
  expect(await poolsFor({ iouType: 'bbox' }, 32 * MB, 128 * MB)).toEqual([])
  expect(await poolsFor({ iouType: 'segm' }, 10 * MB, 89 * MB)).toEqual([])
})

test('threads that were asked for are given, but for files that are read before they start', async () => {
  expect(await poolsFor({ iouType: 'bbox', threads: 3 }, 4 * MB, 4 * MB)).toEqual([3])
  expect(await poolsFor({ iouType: 'segm', threads: 3 }, 4 * MB, 4 * MB - 1)).toEqual([])
  expect(await poolsFor({ iouType: 'segm', threads: 1 }, 100 * MB, 100 * MB)).toEqual([])
})
