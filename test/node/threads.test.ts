// Threads run built JavaScript, so these tests import what the package publishes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCpuBackend, evaluate, InputError } from '../../dist/index.js'
import { createPool, evaluateFiles, fileSource } from '../../dist/node.js'
import type { MaskBackend } from '../../src/backends/backend.js'
import type { Evaluation } from '../../src/data/evaluation.js'
import { Random } from '../../src/demo/random.js'
import { encodeCounts } from '../../src/geometry/rle.js'

const IMAGES = 400
const DETECTIONS = 60_000
const folder = mkdtempSync(join(tmpdir(), 'detscope-threads-'))
const gtFile = join(folder, 'gt.json')
const file = (name: string): string => join(folder, `${name}.json`)

/** A column of a 40 x 50 image: cheap masks, of which many overlap. */
const rle = (random: Random) => {
  const start = Math.floor(random.next() * 1500)
  const length = 1 + Math.floor(random.next() * 400)
  return {
    size: [40, 50],
    counts: new TextDecoder().decode(encodeCounts([start, length, 2000 - start - length])),
  }
}

beforeAll(() => {
  const random = new Random(5, 0)
  const at = (n: number): number => Math.floor(random.next() * n)
  const box = (): number[] => [at(30), at(20), 1 + at(20), 1 + at(20)]
  const images = Array.from({ length: IMAGES }, (_, i) => ({ id: 3 * i + 1, height: 40, width: 50 }))
  const categories = Array.from({ length: 7 }, (_, i) => ({ id: i + 1, name: `c${i}` }))
  const place = () => ({ image_id: 3 * at(IMAGES) + 1, category_id: 1 + Math.min(at(10), 6) })
  const annotations = Array.from({ length: 4000 }, (_, i) => {
    const bbox = box()
    return {
      id: i + 1,
      ...place(),
      bbox,
      area: bbox[2] * bbox[3],
      iscrowd: at(50) ? 0 : 1,
      segmentation: rle(random),
    }
  })
  writeFileSync(gtFile, JSON.stringify({ images, annotations, categories, padding: 'x'.repeat(5 << 20) }))
  const detections = Array.from({ length: DETECTIONS }, () => ({
    ...place(),
    bbox: box(),
    score: at(500) / 500,
  }))
  writeFileSync(file('boxes'), JSON.stringify(detections))
  const masks = detections.map(({ bbox: _, ...rest }) => ({ ...rest, segmentation: rle(random) }))
  writeFileSync(file('masks'), JSON.stringify(masks, null, 1))
  // A string that looks like the start of a record: parts cut there are wrong and must be read again.
  const tricky = masks.map((record, i) => ({ ...record, note: i % 2 ? '{}, {"score": 2}, {' : ']' }))
  writeFileSync(file('tricky'), JSON.stringify(tricky))
  writeFileSync(file('cut'), JSON.stringify(masks).slice(0, -40))
  writeFileSync(
    file('wrong'),
    JSON.stringify(masks.map((m, i) => (i === 50_000 ? { ...m, score: 'high' } : m))),
  )
})

afterAll(() => rmSync(folder, { recursive: true }))

const digest = (evaluation: Evaluation) => ({
  coco: (['precision', 'recall', 'scores'] as const).map(key =>
    Buffer.from(evaluation.coco[key].buffer).toString('base64'),
  ),
  overlaps: evaluation.overlaps,
  warnings: evaluation.warnings,
})

/** Of one image each, of a few, of all; on the CPU's ways and on what takes the place of a device. */
const WAYS = ['cpu', 'device', 'cpu without WebAssembly'] as const
const GRID = [1, 3].flatMap(threads =>
  [1, 5e6, 1e12].flatMap(batchBytes =>
    (threads === 1 ? WAYS : WAYS.slice(0, 2)).map(way => ({ threads, batchBytes, way })),
  ),
)

describe('nothing changes with', () => {
  let expected: ReturnType<typeof digest> | undefined
  const backendOf = (way: (typeof GRID)[number]['way'], batchBytes: number): MaskBackend => {
    const backend = createCpuBackend({ kernel: way !== 'cpu without WebAssembly' })
    return { ...backend, batchBytes, kind: way === 'device' ? 'webgpu' : 'cpu' }
  }

  test.each(GRID)(
    '$threads threads, batches of $batchBytes bytes, $way',
    async ({ threads, batchBytes, way }) => {
      expected ??= digest(await evaluateFiles(gtFile, file('masks'), { threads: 1, backend: 'cpu' }))
      const pool = threads > 1 ? createPool(threads) : undefined
      try {
        const backend = backendOf(way, batchBytes)
        const run = evaluate(fileSource(gtFile), fileSource(file('masks')), { pool, backend })
        expect(digest(await run)).toEqual(expected)
      } finally {
        await pool?.close()
      }
    },
  )
})

describe('threads', () => {
  test.each(['boxes', 'masks', 'tricky'])('%s: any number of threads gives the same bits', async name => {
    const one = digest(await evaluateFiles(gtFile, file(name), { threads: 1, backend: 'cpu' }))
    for (const threads of [2, 3]) {
      expect(digest(await evaluateFiles(gtFile, file(name), { threads, backend: 'cpu' }))).toEqual(one)
    }
  })

  test('the files are large enough to be shared', () => {
    expect(
      (fileSource(gtFile).byteLength ?? 0) + (fileSource(file('boxes')).byteLength ?? 0),
    ).toBeGreaterThan(8 << 20)
  })

  test.each([
    ['cut', 'cut short'],
    ['wrong', '[50000]: expected "score" as a finite number, got "high"'],
  ])('%s: the error is that of one thread', async (name, message) => {
    for (const threads of [1, 2]) {
      const run = evaluateFiles(gtFile, file(name), { threads, backend: 'cpu' })
      await expect(run).rejects.toThrow(message)
      await expect(run).rejects.toBeInstanceOf(InputError)
    }
  })

  test('an abort ends the work', async () => {
    const pool = createPool(2)
    const abort = new AbortController()
    const reason = new Error('enough')
    const run = evaluate(fileSource(gtFile), fileSource(file('masks')), {
      pool,
      signal: abort.signal,
      onProgress: () => abort.abort(reason),
    })
    await expect(run).rejects.toBe(reason)
    await pool.close()
  })
})
