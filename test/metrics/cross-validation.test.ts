import { describe, expect, test } from 'vitest'
import { CUT, FP, IGNORED, TP } from '../../src/data/analysis.js'
import { type CutGroup, type CutInput, FOLDS, findCuts } from '../../src/metrics/cross-validation.js'
import { CutKernel } from '../../src/metrics/cut-kernel.js'
import { lendDirtyMemory } from '../support/dirty-memory.js'
import { integer, pick, seeded } from '../support/random.js'

const IMAGES = 7

interface Chances {
  detections: number
  /** How likely a detection is true. */
  right: number
  score: (random: () => number) => number
}

/** Detections at random, ranked as one group and as groups of every third. */
function randomGroups(seed: number, { detections, right, score }: Chances) {
  const random = seeded(seed)
  const scores = Float64Array.from({ length: detections }, () => score(random))
    .sort()
    .reverse()
  const rows = Int32Array.from(scores.keys())
  for (let i = rows.length - 1; i > 0; i--) {
    const j = integer(random, i + 1)
    ;[rows[i], rows[j]] = [rows[j], rows[i]]
  }
  const input: CutInput = {
    outcomes: Uint8Array.from(rows, () => (random() < right ? TP : pick(random, [FP, FP, FP, IGNORED, CUT]))),
    images: Int32Array.from(rows, () => integer(random, IMAGES)),
    folds: Uint8Array.from({ length: IMAGES }, () => integer(random, FOLDS)),
  }
  const thirds = [0, 1, 2, 3].map((third): CutGroup => {
    const places = [...rows.keys()].filter(i => third === 3 || i % 3 === third)
    const own = Int32Array.from(places, i => rows[i])
    const truths = new Float64Array(FOLDS)
    for (const d of own) if (input.outcomes[d] === TP) truths[input.folds[input.images[d]]]++
    for (let more = integer(random, 9); more > 0; more--) truths[integer(random, FOLDS)]++
    return { rows: own, scores: Float64Array.from(places, i => scores[i]), truths }
  })
  return { input, groups: thirds }
}

/** Counted anew for each threshold: F1 at each distinct score, outside a fold or everywhere (`FOLDS`). */
function bestByHand({ outcomes, images, folds }: CutInput, { rows, scores, truths }: CutGroup, fold: number) {
  const gts = truths.reduce((sum, own, f) => (f === fold ? sum : sum + own), 0)
  let best = { cut: Number.POSITIVE_INFINITY, f1: 0, tp: 0, fp: 0 }
  for (const cut of new Set(scores)) {
    const kept = [...rows].filter((d, i) => scores[i] >= cut && folds[images[d]] !== fold)
    const tp = kept.filter(d => outcomes[d] === TP).length
    const fp = kept.filter(d => outcomes[d] === FP).length
    const f1 = (2 * tp) / (tp + fp + gts)
    if (f1 > best.f1) best = { cut, f1, tp, fp }
  }
  return best
}

const CHANCES: Chances[] = [
  { detections: 60, right: 0.4, score: random => integer(random, 9) / 8 },
  {
    detections: 25,
    right: 0.7,
    score: random => pick(random, [-0, 0, -1e300, 5e-324, 1, 3, Number.MAX_VALUE]),
  },
  { detections: 40, right: 0, score: random => random() },
  { detections: 12, right: 1, score: () => 0.5 },
  { detections: 0, right: 0.5, score: random => random() },
]

describe.each(CHANCES)('the best thresholds of $detections detections, $right of them right', chances => {
  test.each([1, 2, 3, 4, 5, 6])('are those of counting anew, seed %d', seed => {
    const { input, groups } = randomGroups(seed, chances)
    for (const kernel of [null, CutKernel.create()]) {
      for (const [i, cuts] of findCuts(input, groups, kernel).entries()) {
        const byHand = Array.from({ length: FOLDS }, (_, fold) => bestByHand(input, groups[i], fold).cut)
        expect([...cuts.outside].map(cut => cut + 0)).toEqual(byHand.map(cut => cut + 0))
        const { cut, ...counts } = bestByHand(input, groups[i], FOLDS)
        expect(cuts).toMatchObject(counts)
        expect(cuts.all + 0).toBe(cut + 0)
      }
    }
  })
})

describe('kernel and twin are one', () => {
  const kernel = CutKernel.create()
  const LARGE: Chances[] = [
    { detections: 20_000, right: 0.02, score: random => random() },
    { detections: 9_000, right: 0.5, score: random => integer(random, 300) / 300 },
    { detections: 6_200, right: 0.001, score: random => -random() },
    { detections: 5_000, right: 0.3, score: random => pick(random, [0.25, 0.5]) },
    { detections: 2_048, right: 0.9, score: random => random() ** 9 },
    ...CHANCES,
  ]
  test.each(LARGE)('over $detections detections, $right of them right', chances => {
    if (!kernel) throw new Error('this platform has no WebAssembly')
    for (let seed = 0; seed < 12; seed++) {
      const { input, groups } = randomGroups(seed, chances)
      lendDirtyMemory()
      expect(findCuts(input, groups, kernel)).toEqual(findCuts(input, groups, null))
    }
  })

  test('where most true detections come last', () => {
    const count = 12_000
    const input: CutInput = {
      outcomes: Uint8Array.from({ length: count }, (_, d) => (d > 11_000 || d % 900 === 0 ? TP : FP)),
      images: Int32Array.from({ length: count }, (_, d) => d % IMAGES),
      folds: Uint8Array.from({ length: IMAGES }, (_, image) => image % FOLDS),
    }
    const rows = Int32Array.from({ length: count }, (_, d) => d)
    const group = {
      rows,
      scores: Float64Array.from(rows, d => -d),
      truths: new Float64Array(FOLDS).fill(210),
    }
    const [found] = findCuts(input, [group], kernel)
    expect(found.all).toBe(-11_999)
    expect(found).toEqual(findCuts(input, [group], null)[0])
  })
})
