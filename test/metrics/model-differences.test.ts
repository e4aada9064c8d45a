import { describe, expect, test } from 'vitest'
import type { Protocol } from '../../src/data/analysis.js'
import type { Scene } from '../../src/data/scene.js'
import { percentileInterval } from '../../src/metrics/bootstrap.js'
import { countOutcomes } from '../../src/metrics/counts.js'
import { selectFlips } from '../../src/metrics/flips.js'
import { type OperatingDifferences, operatingDifferences } from '../../src/metrics/model-differences.js'
import type { ModelPair } from '../../src/metrics/models.js'
import { matchesIn } from '../../src/metrics/outcomes.js'
import { Random } from '../../src/metrics/random.js'
import { selectInstances } from '../../src/metrics/select.js'
import { type ModelHabits, pairOf, twoScenes } from '../support/models.js'
import { buildScene } from '../support/scene.js'

const PROTOCOLS: Protocol[] = ['coco', 'corrected']

const compare = (pair: ModelPair, replicates = 300): OperatingDifferences =>
  operatingDifferences(pair, { replicates })

const pairFrom = (seed: number, protocol: Protocol, habits?: [ModelHabits, ModelHabits]): ModelPair =>
  pairOf(twoScenes(seed, habits), protocol, {}, [0.5, 0.5])

describe.each(PROTOCOLS)('differences, protocol %s', protocol => {
  test('a model against itself: no difference, and none is said', () => {
    const [scene] = twoScenes(1)
    const { whole, classes, sizes, findings } = compare(pairOf([scene, scene], protocol))
    for (const { precision, recall, f1, found } of [whole, ...classes, ...sizes]) {
      for (const each of [precision, recall, f1]) {
        expect(each.difference).toBe(0)
        expect(each.interval).toEqual([0, 0])
        expect(each.certain).toBe(false)
      }
      expect([found.A, found.B]).toEqual([0, 0])
    }
    expect(findings).toEqual([])
  })

  test('counts are those of each model, of the whole, each size and each class', () => {
    const pair = pairFrom(2, protocol)
    const { whole, sizes, classes } = compare(pair, 10)
    const countsOf = ({ scene, index, view }: ModelPair['A'], size: number, category?: number) => {
      const query = { ...matchesIn(scene, index, view, size), cut: view, scope: { category } }
      const { ignored: _, ...counts } = countOutcomes(scene, index, query)
      return counts
    }
    const of = (size: number, category?: number) => ({
      A: countsOf(pair.A, size, category),
      B: countsOf(pair.B, size, category),
    })
    expect(whole.counts).toEqual(of(0))
    expect(sizes.map(({ counts }) => counts)).toEqual(sizes.map((_, i) => of(i + 1)))
    expect(classes.map(({ counts }) => counts)).toEqual(classes.map(({ category }) => of(0, category)))
    expect(whole.recall.difference).toBeCloseTo(
      (whole.found.B - whole.found.A) / whole.counts.A.groundTruths,
      12,
    )
  })

  test('without resamples the numbers are the same, and nothing is said to be certain', () => {
    const pair = pairFrom(2, protocol)
    const [full, plain] = [compare(pair, 10), compare(pair, 0)]
    const bare = (all: OperatingDifferences): string =>
      JSON.stringify({ ...all, findings: [] }, (key, value) =>
        key === 'interval' ? null : key === 'certain' ? false : value,
      )
    expect(bare(full)).not.toBe(JSON.stringify({ ...full, findings: [] }))
    expect(JSON.stringify(plain)).toBe(bare(full))
  })

  test('the interval is that of images drawn together for both', () => {
    const pair = pairFrom(3, protocol)
    const { whole } = compare(pair, 50)
    const random = new Random(1)
    const differences = Array.from({ length: 50 }, () => {
      const drawn = new Uint32Array(60)
      random.drawInto(drawn, 60)
      return precisionOf(pair.B, drawn) - precisionOf(pair.A, drawn)
    })
    const [from, to] = percentileInterval(differences) ?? []
    expect(whole.precision.interval?.[0]).toBeCloseTo(from ?? Number.NaN, 12)
    expect(whole.precision.interval?.[1]).toBeCloseTo(to ?? Number.NaN, 12)
  })

  test('above every score nothing is detected: recall is 0, precision undefined', () => {
    const pair = pairOf(twoScenes(4), protocol, {}, [2, 2])
    const { whole } = compare(pair, 20)
    expect(whole.precision).toEqual({ A: null, B: null, difference: null, interval: null, certain: false })
    expect(whole.recall.difference).toBe(0)
  })
})

test.each([
  [9, null],
  [10, [-1, -1]],
])('an interval needs 10 images: %i', (images, interval) => {
  const ids = Array.from({ length: images }, (_, i) => i + 1)
  const truths = ids.map(image => ({ image, box: [0, 0, 50, 50] }))
  const found = truths.map(truth => ({ ...truth, score: 0.9 }))
  const around = { images: [...ids, 100, 101] }
  const scenes: [Scene, Scene] = [buildScene(truths, found, around), buildScene(truths, [], around)]
  const { whole } = compare(pairOf(scenes, 'corrected'))
  expect(whole.recall).toEqual({ A: 1, B: 0, difference: -1, interval, certain: interval !== null })
})

/** Precision in drawn images, counted image by image. */
function precisionOf({ scene, index, view }: ModelPair['A'], drawn: Uint32Array): number {
  const { matches } = matchesIn(scene, index, view, 0)
  let tp = 0
  let fp = 0
  for (const [image, times] of drawn.entries()) {
    const query = { matches, range: null, cut: view, scope: { image } }
    const counts = countOutcomes(scene, index, query)
    tp += times * counts.tp
    fp += times * counts.fp
  }
  return tp / (tp + fp)
}

/** What differs, the code, the sentence. */
const HABITS: [string, [ModelHabits, ModelHabits], string, RegExp][] = [
  [
    'B finds more',
    [{}, { misses: () => 0.05 }],
    'model-recall-b',
    /^B finds more: recall \.9\d, A \.[78]\d \(B − A \+\.[12]\d\); \d+ objects are found by B alone, \d+ by A alone\.$/,
  ],
  [
    'A finds more',
    [{ misses: () => 0.05 }, {}],
    'model-recall-a',
    /^A finds more: recall \.9\d, B \.[78]\d \(B − A −\.[12]\d\); \d+ objects are found by A alone, \d+ by B alone\.$/,
  ],
  [
    'B imagines more',
    [{}, { imagines: () => 0.6 }],
    'model-precision-a',
    /^Detections of B are false more often: precision \.5\d, A \.[78]\d \(B − A −\.2\d\); \d+ of \d+ are false, with A \d+ of \d+\.$/,
  ],
  [
    'B finds more of two classes',
    [{}, { misses: category => (category < 3 ? 0.02 : 0.2) }],
    'model-recall-class-b',
    /^Of class "class \d", B finds more: .* alone\. Also "class \d" \(\+\.\d\d\)\.$/,
  ],
  [
    'B loses small objects',
    [{}, { misses: (_, size) => (size === 0 ? 0.5 : 0.2) }],
    'model-recall-size-a',
    /^Of size small, A finds more: recall \.[78]\d, B \.[45]\d/,
  ],
]

describe.each(PROTOCOLS)('findings, protocol %s', protocol => {
  test.each(HABITS)('%s', (_, habits, code, text) => {
    const pair = pairFrom(7, protocol, habits)
    const finding = compare(pair).findings.find(one => one.code === code)
    expect(finding?.text).toMatch(text)
    expect((finding?.effect ?? 0) * ((finding?.interval[0] ?? 0) > 0 ? 1 : -1)).toBeGreaterThan(0)
  })

  test('sentences have the numbers of the instances that they open', () => {
    const pair = pairFrom(7, protocol, [{}, { misses: () => 0.05, imagines: () => 0.6 }])
    const { findings } = compare(pair)
    const recall = findings.find(({ code }) => code === 'model-recall-b')
    const alone = selectFlips(pair, recall?.filter ?? {}, 'B').length
    expect(recall?.text).toContain(`; ${alone} objects are found by B alone`)
    const precision = findings.find(({ code }) => code === 'model-precision-a')
    const model = pair[precision?.filter.model ?? 'A']
    const { dts } = selectInstances(model.scene, model.index, model.view, precision?.filter ?? {})
    expect(precision?.filter.model).toBe('B')
    expect(precision?.text).toMatch(new RegExp(`; ${dts.length} of \\d+ are false`))
  })

  test('of 100 pairs of models without a difference at most 5 speak', () => {
    const speaking: string[] = []
    for (let seed = 1; seed <= 100; seed++) {
      const { findings } = compare(pairFrom(seed, protocol))
      if (findings.length > 0) speaking.push(`seed ${seed}: ${findings.map(({ text }) => text).join(' ')}`)
    }
    expect(speaking.length, speaking.join('\n')).toBeLessThanOrEqual(5)
  })
})
