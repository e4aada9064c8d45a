import { describe, expect, test } from 'vitest'
import type { Scene } from '../../src/data/scene.js'
import type { Difference } from '../../src/metrics/model-differences.js'
import { gaps, verdict } from '../../src/report/comparison-words.js'

/** A difference of .1 for each sign; certain where its interval excludes 0, and without one where it is null. */
const difference = (sign: number, certain: boolean | null): Difference => ({
  A: 0.5,
  B: 0.5 + sign / 10,
  difference: sign / 10,
  interval:
    certain === null ? null : certain && sign !== 0 ? [sign / 10 - 0.05, sign / 10 + 0.05] : [-0.2, 0.2],
  certain: certain === true,
})

type Numbers = Record<'AP' | 'AP50' | 'AP75' | 'AR' | 'precision' | 'recall' | 'f1', Difference>

function verdictOf(numbers: Partial<Numbers>, rest: Difference, found = { A: 3, B: 5 }): string {
  const names = ['AP', 'AP50', 'AP75', 'AR', 'precision', 'recall', 'f1'] as const
  const all = Object.fromEntries(names.map(name => [name, numbers[name] ?? rest])) as Numbers
  const counts = {
    groundTruths: 10,
    detections: 10,
    tp: 5,
    fp: 5,
    fn: 5,
    precision: 0.5,
    recall: 0.5,
    f1: 0.5,
  }
  const { AP, AP50, AP75, AR, ...ratios } = all
  return verdict(
    { overall: { AP, AP50, AP75, AR } },
    { whole: { ...ratios, counts: { A: counts, B: counts }, found: { both: 2, neither: 0, ...found } } },
  )
}

describe('which model is better, in words', () => {
  const chance = difference(1, false)

  test.each<[string, Partial<Numbers>, Difference, string]>([
    ['none', {}, chance, 'No difference is beyond chance: each 95 % interval holds 0.'],
    [
      'one',
      { recall: difference(1, true) },
      chance,
      'Beyond chance (95 % intervals), B is better in recall. The other differences may be chance.',
    ],
    [
      'each in something',
      {
        AP: difference(1, true),
        AP50: difference(1, true),
        AR: difference(1, true),
        f1: difference(-1, true),
      },
      chance,
      'Beyond chance (95 % intervals), B is better in AP, AP50 and AR; A is better in F1. The other differences may be chance.',
    ],
    [
      'everything',
      {},
      difference(-1, true),
      'Beyond chance (95 % intervals), A is better in AP, AP50, AP75, AR, precision, recall and F1.',
    ],
    ['few images', {}, difference(1, null), 'Too few images to tell any difference from chance.'],
  ])('%s', (_, numbers, rest, expected) => expect(verdictOf(numbers, rest)).toBe(expected))

  test('equal numbers are a difference where other objects are found', () => {
    const equal = difference(0, false)
    expect(verdictOf({}, equal)).toMatch(/^No difference is beyond chance/)
    expect(verdictOf({}, equal, { A: 0, B: 0 })).toMatch(/^No difference: all numbers are equal/)
  })
})

describe('what one model lacks altogether', () => {
  /** Scenes of three classes and four images, all annotated; detections as [image, class]. */
  const sceneOf = (detections: [number, number][], classAgnostic = false): Scene =>
    ({
      config: { classAgnostic },
      images: { count: 4 },
      categories: { count: 4, ids: Float64Array.of(1, 2, 3, 4), names: ['ant', '', 'cat', 'dog'] },
      evaluatedImages: Int32Array.of(0, 1, 2, 3),
      evaluatedCategories: Int32Array.of(0, 1, 2, 3),
      gt: { categories: Int32Array.of(0, 1, 2) },
      dt: {
        images: Int32Array.from(detections, ([image]) => image),
        categories: Int32Array.from(detections, ([, category]) => category),
      },
    }) as unknown as Scene

  const all: [number, number][] = [0, 1, 2, 3].flatMap(image =>
    [0, 1, 2, 3].map((category): [number, number] => [image, category]),
  )

  test('nothing where both have something everywhere', () =>
    expect(gaps({ A: sceneOf(all), B: sceneOf(all) })).toEqual([]))

  test('classes with ground truths; others do not matter', () => {
    const some = all.filter(([, category]) => category === 0 || category === 2)
    expect(gaps({ A: sceneOf(all), B: sceneOf(some) })).toEqual([
      'B has no detection of 1 class that A detects, class 2.',
    ])
    const fewer = all.filter(([, category]) => category === 2)
    expect(gaps({ A: sceneOf(fewer), B: sceneOf(all) })).toEqual([
      'A has no detection of 2 classes that B detects, such as "ant".',
    ])
    expect(gaps({ A: sceneOf(fewer, true), B: sceneOf(all, true) })).toEqual([])
  })

  test('images, of either', () =>
    expect(
      gaps({
        A: sceneOf(all.filter(([image]) => image < 3)),
        B: sceneOf(all.filter(([image]) => image > 1)),
      }),
    ).toEqual([
      'A has no detection at all in 1 image of 4 where B has some.',
      'B has no detection at all in 2 images of 4 where A has some.',
    ]))
})
