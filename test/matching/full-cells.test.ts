import { expect, test } from 'vitest'
import { createGreedy, loadPairs } from '../../src/matching/greedy.js'
import { packThresholds } from '../../src/matching/thresholds.js'

// Memory grows from cell to cell, so that a cell can find what a smaller one left, filled to the last entry.
test.each([63, 64, 65, 128, 256])(
  'after a smaller cell the pairs of all of %d detections are found',
  count => {
    const greedy = createGreedy()
    for (const dts of [1, count / 2 + 1, count].map(Math.floor)) {
      greedy.count = dts
      greedy.dts = Int32Array.from({ length: dts }, (_, i) => i)
      const overlaps = {
        offsets: Uint32Array.from({ length: dts + 1 }, (_, i) => i),
        gts: Int32Array.from({ length: dts }, (_, i) => i),
        similarities: new Float64Array(dts).fill(1),
      }
      loadPairs(greedy, overlaps, packThresholds([0.5])[0])
      expect(greedy.pairOffsets[dts]).toBe(dts)
    }
  },
)
