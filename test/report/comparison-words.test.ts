import { describe, expect, test } from 'vitest'
import type { Difference } from '../../src/metrics/model-differences.js'
import { verdict } from '../../src/report/comparison-words.js'

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
