import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cocoStats, evaluate } from '../../src/index.js'
import { outputDigest, STREAM_SEED, type StreamEntry, streamCase } from '../parity/stream.js'
import { availableBackends } from './backends.js'

const text = readFileSync(join(import.meta.dirname, 'stream.json'), 'utf8')
const { seed, sets }: { seed: number; sets: (StreamEntry & { withStats: boolean })[] } = JSON.parse(text)

test('the stream is as it was when the reference saw it (else: node test/parity/make-golden.js)', () => {
  expect(seed).toBe(STREAM_SEED)
  expect(sets.length).toBeGreaterThanOrEqual(300)
  expect(sets.map(set => streamCase(set).input)).toEqual(sets.map(set => set.input))
})

describe.each(availableBackends)('on $name', ({ name, open }) => {
  test('random data sets give the bits of the reference', { timeout: 300_000 }, async () => {
    const backend = await open()
    const wrong: number[] = []
    for (const set of sets) {
      const { gtText, dtText, options } = streamCase(set)
      if (options.iouType === 'bbox' && name !== 'cpu') continue
      const evaluation = await evaluate(Buffer.from(gtText), Buffer.from(dtText), { ...options, backend })
      const arrays = { ...evaluation.coco, stats: cocoStats(evaluation) }
      if (outputDigest(arrays, set.withStats) !== set.output) wrong.push(set.index)
    }
    backend.close()
    // Which cell differs says: npm run parity -- --seed 2024 --from <index> --count 1 (from 7 on).
    expect(wrong).toEqual([])
  })
})
