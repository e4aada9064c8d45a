import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Finding, type Protocol, TP, type View } from '../../src/data/analysis.js'
import type { Scene } from '../../src/data/scene.js'
import { finish } from '../../src/data/steps.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { drawFolds, ScoreCuts } from '../../src/metrics/cross-validation.js'
import { explainerOf } from '../../src/metrics/fates.js'
import { studySteps } from '../../src/metrics/finding-study.js'
import { findingsOf } from '../../src/metrics/findings.js'
import { selectInstances } from '../../src/metrics/select.js'
import { cocoSizes, percentileSizes } from '../../src/metrics/sizes.js'
import { studentQuantile } from '../../src/metrics/student.js'
import { type Habits, habitScene, THRESHOLD } from '../support/habits.js'
import { integer, seeded } from '../support/random.js'
import { buildScene, viewOf } from '../support/scene.js'

const viewAt = (scene: Scene, protocol: Protocol, changes: Partial<View> = {}): View =>
  viewOf(protocol, {
    score: THRESHOLD,
    sizes: protocol === 'coco' ? cocoSizes() : percentileSizes(scene),
    ...changes,
  })

const find = (scene: Scene, view: View, replicates = 300): Finding[] =>
  findingsOf(scene, indexScene(scene, view.protocol, view.classAgnostic), view, { replicates })

/** The rows that a finding's filter shows. */
function rowsOf(scene: Scene, view: View, { filter }: Finding): number {
  const index = indexScene(scene, view.protocol, view.classAgnostic)
  const { dts, gts } = selectInstances(scene, index, view, filter, explainerOf(scene, index, view))
  return dts.length + gts.length
}

const PROTOCOLS: Protocol[] = ['coco', 'corrected']

describe.each(PROTOCOLS)('without any effect, protocol %s', protocol => {
  test('one data set has no finding', () => {
    const scene = habitScene(1)
    expect(find(scene, viewAt(scene, protocol), 1000)).toEqual([])
  })

  // Measured over 400 sets: 2 speak in protocol corrected and 3 in coco, less than 1 % instead of the 5 % that are allowed.
  test('at most 5 % of 200 data sets have one', () => {
    const speaking: string[] = []
    for (let seed = 1; seed <= 200; seed++) {
      const scene = habitScene(seed)
      const found = find(scene, viewAt(scene, protocol))
      if (found.length > 0) speaking.push(`seed ${seed}: ${found.map(({ text }) => text).join(' ')}`)
    }
    expect(speaking.length, speaking.join('\n')).toBeLessThanOrEqual(10)
  })
})

/** A habit, the code of its finding, what the sentence says, and the view where it is not that of the scene. */
const HABITS: [string, Habits, string, RegExp, Partial<View>?][] = [
  [
    'objects are overlooked',
    { overlooks: () => 0.25 },
    'misses-or-false-positives',
    /^Misses outweigh false positives: \d+ ground truths are missed, \d+ detections are false\.$/,
  ],
  [
    'nothing is taken for objects',
    { imagines: () => 0.3 },
    'misses-or-false-positives',
    /^False positives outweigh misses: \d+ detections are false, \d+ ground truths are missed\.$/,
  ],
  [
    'small objects are overlooked',
    { overlooks: (_, size) => (size === 0 ? 0.4 : 0) },
    'size-recall',
    /^Objects of size small are found less often: recall \.[45]\d, of other sizes \.\d\d; \d+ of \d+ misses\.$/,
  ],
  [
    'small objects are imagined',
    { imagines: (_, size) => (size === 0 ? 0.5 : 0) },
    'size-precision',
    /^Detections of size small are false more often: precision \.\d\d, of other sizes \.\d\d; \d+ of \d+ false/,
  ],
  [
    'a class is overlooked',
    { overlooks: category => (category === 3 ? 0.4 : 0) },
    'class-recall',
    /^Objects of class "class 3" are found less often: recall \.[45]\d, of other classes \.\d\d; \d+ of \d+ misses\.$/,
  ],
  [
    'two classes are overlooked, one more',
    { overlooks: category => (category === 3 ? 0.6 : category === 4 ? 0.5 : 0) },
    'class-recall',
    /^Objects of class "class 3" are .* misses\. Also "class 4" \(\.[34]\d\)\.$/,
  ],
  [
    'a class is imagined',
    { imagines: category => (category === 2 ? 0.6 : 0) },
    'class-precision',
    /^Detections of class "class 2" are false more often: precision \.\d\d, of other classes \.\d\d; \d+ of \d+/,
  ],
  [
    'most false positives lie on the background',
    { imagines: () => 0.3 },
    'false-positive-kind',
    /^The most frequent false positives, \d+ of \d+, are on the background: nothing is annotated there\.$/,
  ],
  [
    'most misses have nothing near',
    { overlooks: () => 0.25 },
    'miss-kind',
    /^The most frequent misses, \d+ of \d+, have no detection near\.$/,
  ],
  [
    'a class is placed loosely',
    { shifts: category => (category === 1 ? [0.2, 0.3] : [0, 0.1]) },
    'loose-shapes',
    /^Boxes of class "class 1" are loose: median IoU \.6\d, of other classes \.9\d; \d+ of its \d+ matches lie below/,
  ],
  [
    'scores promise too much',
    { scores: [0.9, 1] },
    'confidence',
    /^Scores are too high: mean \.95 at a precision of \.80; \d+ false positives score \.95 or more\.$/,
  ],
  [
    'scores promise too little',
    { scores: [0.6, 0.65] },
    'confidence',
    /^Scores are too low: mean \.6\d at a precision of \.[78]\d; \d+ true positives score below \.6\d\.$/,
  ],
  [
    'the threshold is too low',
    { junk: 2 },
    'threshold',
    /^A score threshold of \.60\d* instead of \.10, which leaves out [\d,]+ false positives, would raise F1 from \.\d+ to \.(79|8\d)\.$/,
    { score: 0.1 },
  ],
  [
    'the threshold is too high',
    { junk: 2 },
    'threshold',
    /^A score threshold of \.6\d* instead of \.90, below which [\d,]+ misses have their detection, would raise F1 from/,
    { score: 0.9 },
  ],
  [
    'a class without ground truth is detected',
    { strangers: 0.5 },
    'absent-class',
    /^Class "class 9" has no ground truth to find but \d+ false positives(, which AP leaves out)?\.$/,
  ],
]

describe.each(PROTOCOLS)('with an effect, protocol %s', protocol => {
  test.each(HABITS)('%s', (_, habits, code, words, changes) => {
    const scene = habitScene(5, 150, habits)
    const view = viewAt(scene, protocol, changes)
    const found = find(scene, view)
    const finding = found.find(one => one.code === code)
    expect(finding?.text, found.map(({ text }) => text).join('\n')).toMatch(words)
  })

  test('every sentence has the number of the instances that its filter shows', () => {
    let sentences = 0
    for (const [, habits, , , changes] of HABITS) {
      const scene = habitScene(8, 150, habits)
      const view = viewAt(scene, protocol, changes)
      for (const finding of find(scene, view)) {
        const rows = rowsOf(scene, view, finding)
        expect(rows).toBeGreaterThan(0)
        expect(
          finding.text
            .replaceAll(/(?<=\d),(?=\d{3})/g, '')
            .match(/(?<![.\d])\d+\b/g)
            ?.map(Number),
          finding.text,
        ).toContain(rows)
        sentences++
      }
    }
    expect(sentences).toBeGreaterThan(HABITS.length)
  })

  test('the interval holds the effect and not 0; no code twice, six at most', () => {
    const everything: Habits = {
      overlooks: (category, size) => (category === 3 ? 0.4 : 0) + (size === 0 ? 0.3 : 0),
      imagines: (category, size) => (category === 2 ? 0.9 : 0) + (size === 0 ? 0.3 : 0),
      shifts: category => (category === 1 ? [0.2, 0.3] : [0, 0.1]),
      scores: [0.9, 1],
      strangers: 0.9,
    }
    const scene = habitScene(2, 150, everything)
    const found = find(scene, viewAt(scene, protocol))
    expect(found).toHaveLength(6)
    expect(new Set(found.map(({ code }) => code)).size).toBe(6)
    for (const { effect, interval } of found) {
      expect(interval[0]).toBeLessThan(effect)
      expect(interval[1]).toBeGreaterThan(effect)
      expect(interval[0] > 0 || interval[1] < 0).toBe(true)
    }
  })
})

test('a threshold for each class', () => {
  // Class 1 is sure of itself where it is wrong: above .6 its errors, the others' hits.
  const at = (image: number, x: number) => ({ image, box: [x, 0, 50, 50] })
  const truths = []
  const guesses = []
  for (let image = 1; image <= 60; image++) {
    truths.push({ ...at(image, 0), category: 1 }, { ...at(image, 400), category: 2 })
    guesses.push(
      { ...at(image, 0), category: 1, score: 0.95 },
      { ...at(image, 400), category: 2, score: 0.5 },
    )
    guesses.push(
      { ...at(image, 200), category: 1, score: 0.8 },
      { ...at(image, 200), category: 1, score: 0.7 },
    )
  }
  const scene = buildScene(truths, guesses)
  const view = viewOf('corrected', { score: 0.5 })
  const finding = find(scene, view).find(({ code }) => code === 'class-thresholds')
  expect(finding?.text).toBe(
    'A score threshold for each class would raise F1 from .67 to 1.00: for class "class 1" .95 instead of .50, which leaves out 120 false positives.',
  )
  expect(finding && rowsOf(scene, view, finding)).toBe(120)
  expect(finding?.effect).toBeCloseTo(1 / 3, 12)
})

test('thresholds for classes that only fit noise are not proposed', () => {
  // 40 classes of 15 objects, found or false by chance whatever the score.
  const random = seeded(12)
  const truths = []
  const guesses = []
  for (let i = 0; i < 600; i++) {
    const [image, category] = [1 + (i % 60), 1 + integer(random, 40)]
    const box = [100 * Math.floor(i / 60), 0, 50, 50]
    truths.push({ image, category, box })
    const y = random() < 0.35 ? 0 : 300
    guesses.push({ image, category, box: [box[0], y, 50, 50], score: random() })
  }
  const scene = buildScene(truths, guesses)
  const codes = find(scene, viewOf('corrected')).map(({ code }) => code)
  expect(codes).not.toContain('class-thresholds')
})

test('detections beyond the cap', () => {
  const truths = []
  const guesses = []
  for (let image = 1; image <= 40; image++) {
    truths.push({ image, box: [0, 0, 50, 50] })
    for (const score of [0.9, 0.8, 0.7]) guesses.push({ image, box: [0, 100, 50, 50], score })
  }
  const scene = buildScene(truths, guesses, {}, { maxDets: [1, 1, 2] })
  const text = (protocol: Protocol): string =>
    find(scene, viewOf(protocol))
      .map(finding => finding.text)
      .join('\n')
  expect(text('coco')).toContain('40 detections lie beyond the cap of 2 an image and class and do not count.')
  expect(text('corrected')).not.toContain('cap')
})

test('nothing is said of nothing, of few images, or of classes in a class-agnostic view', () => {
  const empty = buildScene([], [], { images: [1, 2], categories: [1] })
  expect(find(empty, viewOf('corrected'))).toEqual([])
  const few = habitScene(3, 9, { overlooks: () => 0.9 })
  expect(find(few, viewAt(few, 'coco'))).toEqual([])
  const scene = habitScene(5, 150, { overlooks: category => (category === 3 ? 0.9 : 0) })
  const codes = find(scene, viewAt(scene, 'corrected', { classAgnostic: true })).map(({ code }) => code)
  expect(codes).toContain('misses-or-false-positives')
  expect(codes.filter(code => code.startsWith('class'))).toEqual([])
})

test('scores that are too low come last, though they concern most', () => {
  const scene = habitScene(5, 150, { scores: [0.6, 0.65], overlooks: (_, size) => (size === 0 ? 0.4 : 0) })
  const codes = find(scene, viewAt(scene, 'corrected')).map(({ code }) => code)
  expect(codes.length).toBeGreaterThan(2)
  expect(codes.indexOf('confidence')).toBe(codes.length - 1)
})

test('what is certain but small is not worth a sentence', () => {
  const says = (strangers: number): boolean => {
    const scene = habitScene(4, 900, { strangers })
    return find(scene, viewAt(scene, 'corrected')).some(({ code }) => code === 'absent-class')
  }
  expect([says(0.03), says(0.2)]).toEqual([false, true])
})

test('a size that is put together from others is not blamed', () => {
  // All but the smallest: "corrected", of which medium and large are parts.
  const scene = habitScene(5, 300, { overlooks: (_, size) => (size === 0 ? 0 : 0.4) })
  const found = find(scene, viewAt(scene, 'corrected'))
  const sizes = found.filter(({ code }) => code === 'size-recall').map(({ filter }) => filter.size)
  expect(['medium', 'large']).toContain(sizes[0])
})

test('a fold is judged by the thresholds of the others', () => {
  const scene = habitScene(6, 40, { junk: 2 })
  const view = viewAt(scene, 'corrected')
  const index = indexScene(scene, 'corrected', false)
  const study = finish(studySteps(scene, index, view))
  const folds = drawFolds(40)
  expect([0, 1, 2, 3, 4].map(fold => folds.filter(one => one === fold).length)).toEqual([8, 8, 8, 8, 8])
  const found = ScoreCuts.of(scene, index, study.matches)
  const { gt, dt } = scene
  type Choice = (image: number, category: number) => boolean
  const f1At = (cut: number, isIn: Choice): number => {
    const kept = [...dt.scores.keys()].filter(
      d => dt.scores[d] >= cut && isIn(dt.images[d], dt.categories[d]),
    )
    const tp = kept.filter(d => study.matches.dtOutcomes[d] === TP).length
    const gts = [...gt.images.keys()].filter(g => isIn(gt.images[g], gt.categories[g]))
    return (2 * tp) / (kept.length + gts.length)
  }
  const best = (isIn: Choice): number => {
    const cuts = [...new Set(dt.scores)].sort((one, other) => other - one)
    const none = Number.POSITIVE_INFINITY
    return cuts.reduce((top, cut) => (f1At(cut, isIn) > f1At(top, isIn) ? cut : top), none)
  }
  const groups = [
    { cuts: found.pooled, isIn: (): boolean => true },
    ...found.byClass.map((cuts, k) => ({
      cuts,
      isIn: (_: number, category: number): boolean => category === k,
    })),
  ]
  expect(groups.length).toBeGreaterThan(2)
  for (const { cuts, isIn } of groups) {
    const without = (fold: number) => best((image, k) => folds[image] !== fold && isIn(image, k))
    expect([...cuts.outside]).toEqual([0, 1, 2, 3, 4].map(without))
    expect(cuts.all).toBe(best(isIn))
    expect(cuts.f1).toBe(Number.isFinite(cuts.all) ? f1At(cuts.all, isIn) : 0)
  }
  expect(new Set(groups[0].cuts.outside).size).toBeGreaterThan(1)
})

test('the seed decides', () => {
  const scene = habitScene(5, 150, { overlooks: () => 0.25 })
  const view = viewAt(scene, 'corrected')
  const index = indexScene(scene, 'corrected', false)
  expect(findingsOf(scene, index, view, { seed: 3 })).toEqual(findingsOf(scene, index, view, { seed: 3 }))
  expect(findingsOf(scene, index, view, { seed: 3 })).not.toEqual(findingsOf(scene, index, view, { seed: 4 }))
})

// Integrated numerically from the density.
test.each([
  [0.975, 9, 2.2622],
  [0.9995, 9, 4.7809],
  [0.9999, 9, 6.0101],
  [0.975, 99, 1.9842],
  [0.9999, 99, 3.8631],
])('Student’s t: %d of %d degrees of freedom', (share, freedom, quantile) => {
  expect(Math.abs(studentQuantile(share, freedom) / quantile - 1)).toBeLessThan(0.002)
  expect(studentQuantile(1 - share, freedom)).toBeCloseTo(-studentQuantile(share, freedom), 6)
})

test('docs/findings.md explains every code', () => {
  const docs = readFileSync(new URL('../../docs/findings.md', import.meta.url), 'utf8')
  const explained = [...docs.matchAll(/^\| `([a-z-]+)` \|/gm)].map(match => match[1])
  const codes = new Set([...HABITS.map(([, , code]) => code), 'class-thresholds', 'beyond-cap'])
  expect(explained.sort()).toEqual([...codes].sort())
})
