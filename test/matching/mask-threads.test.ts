import { expect, test } from 'vitest'
import { createCpuBackend } from '../../src/backends/cpu.js'
import { groupCells } from '../../src/matching/cells.js'
import type { Batch, ImagePlan } from '../../src/matching/mask-batches.js'
import { plainCandidates } from '../../src/matching/mask-candidates.js'
import { type BatchThreads, findMaskOverlaps } from '../../src/matching/mask-overlaps.js'
import { intersectBatch } from '../../src/matching/mask-pairs.js'
import { buildDataset, cocoConfig } from '../support/columns.js'
import { encodeMasks } from '../support/masks.js'

/** Equal ones: each of the first 13 batches, of eight a thread, has three, then one has two and seven have one. */
const IMAGES = 48
const BATCHES = 21
const places = Array.from({ length: IMAGES }, (_, i) => ({ image: 1 + i, category: 1 }))
/** Two pixels of the upper row of four: its first two, or the second and third. */
const masksOf = (runs: number[]) => encodeMasks(places.map(() => ({ height: 2, width: 4, runs })))
const dataset = buildDataset(
  places,
  places.map(place => ({ ...place, score: 0.5 })),
  { gtMasks: masksOf([0, 1, 1, 1, 5]), dtMasks: masksOf([2, 1, 1, 1, 3]) },
)
const { cells } = groupCells(dataset, cocoConfig())
const backend = createCpuBackend()

/** Threads that end a batch when they are told to. */
class ToldThreads implements BatchThreads {
  readonly size = 2
  /** Of the batches at work, the first handed out first. */
  readonly ends: (() => void)[] = []
  batches = 0

  async run(plan: ImagePlan, batch: Batch) {
    this.batches++
    await new Promise<void>(resolve => this.ends.push(resolve))
    return intersectBatch(dataset, cells, plan, batch, backend, plainCandidates)
  }
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

test('a batch that is done is followed by the next within the turn, as the next turn may be a batch of this thread', async () => {
  const threads = new ToldThreads()
  const found = findMaskOverlaps(dataset, cells, { backend, fallback: null, threads })
  await turn()
  const atOnce = threads.ends.length
  expect(atOnce).toBeGreaterThan(2 * threads.size)
  for (let ended = 1; threads.ends.length > 0; ended++) {
    threads.ends.shift()?.()
    await turn()
    expect(threads.batches).toBe(Math.min(atOnce + ended, BATCHES))
  }
  const alone = await findMaskOverlaps(dataset, cells, { backend, fallback: null })
  expect({ ...(await found), use: null }).toEqual({ ...alone, use: null })
  expect(alone.overlaps.gts.length).toBe(IMAGES)
})
