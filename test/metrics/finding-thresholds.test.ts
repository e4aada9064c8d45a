import { expect, test } from 'vitest'
import { CUT, FP, IGNORED, TP } from '../../src/data/analysis.js'
import { FOLDS } from '../../src/metrics/cross-validation.js'
import { CutKernel } from '../../src/metrics/cut-kernel.js'
import { type Choices, countChoices } from '../../src/metrics/finding-thresholds.js'
import { lendDirtyMemory } from '../support/dirty-memory.js'
import { integer, pick, seeded } from '../support/random.js'

const CLASSES = 4

test.each([0, 1, 60, 2_048, 9_000])('choices over %d detections count alike in WebAssembly', detections => {
  for (let seed = 0; seed < 8; seed++) {
    const random = seeded(seed)
    const imageCount = 3 + integer(random, 40)
    const scores = Float64Array.from({ length: detections }, () => integer(random, 50) / 50)
      .sort()
      .reverse()
    const rows = Int32Array.from(scores.keys()).reverse()
    const input = {
      outcomes: Uint8Array.from(rows, () => pick(random, [TP, TP, FP, FP, IGNORED, CUT])),
      images: Int32Array.from(rows, () => integer(random, imageCount)),
      folds: Uint8Array.from({ length: imageCount }, () => integer(random, FOLDS)),
    }
    const cutsOf = (count: number) =>
      Float64Array.from({ length: count }, () =>
        pick(random, [0.3, 0.5, 0.52, 0.9, Number.POSITIVE_INFINITY]),
      )
    const end = integer(random, detections + 1)
    const choices: Choices = {
      rows,
      scores,
      kept: integer(random, end + 1),
      end,
      imageCount,
      positions: Int32Array.from({ length: imageCount }, (_, row) => imageCount - 1 - row),
      categories: Int32Array.from(rows, () => integer(random, CLASSES)),
      one: cutsOf(FOLDS),
      ofClasses: cutsOf(CLASSES * FOLDS),
    }
    const kernel = CutKernel.create()
    if (!kernel) throw new Error('this platform has no WebAssembly')
    lendDirtyMemory()
    const counts = countChoices(input, choices, kernel)
    expect(counts).toEqual(countChoices(input, choices, null))
    const total = (kind: number) =>
      counts.subarray(kind * imageCount, (kind + 1) * imageCount).reduce((sum, own) => sum + own, 0)
    const ranks = [...scores.keys()].slice(0, end)
    const isKept = (i: number) => scores[i] >= choices.one[input.folds[input.images[rows[i]]]]
    const right = ranks.filter(i => input.outcomes[rows[i]] === TP && isKept(i)).length
    const wrong = ranks.filter(i => input.outcomes[rows[i]] === FP && isKept(i)).length
    expect([total(0), total(1)]).toEqual([right, wrong])
  }
})
