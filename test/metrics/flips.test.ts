import { describe, expect, test } from 'vitest'
import type { Protocol } from '../../src/data/analysis.js'
import { InputError } from '../../src/errors.js'
import { countOutcomes } from '../../src/metrics/counts.js'
import { countFlips, foundBy, NOT_COUNTED, selectFlips } from '../../src/metrics/flips.js'
import { checkSameTruth } from '../../src/metrics/models.js'
import { matchesIn } from '../../src/metrics/outcomes.js'
import { cocoSizes } from '../../src/metrics/sizes.js'
import type { Guess, Truth } from '../support/columns.js'
import { pairOf } from '../support/models.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene } from '../support/scene.js'

const PROTOCOLS: Protocol[] = ['coco', 'corrected']

/** Side by side: small ones of 20 px, medium ones of 50 px. */
const at = (column: number, side = 50): number[] => [100 * column, 0, side, side]

const TRUTHS: Truth[] = [
  { box: at(0) },
  { box: at(1) },
  { box: at(2, 20), category: 2 },
  { box: at(3, 20), category: 2 },
  { box: at(4), crowd: true },
  { box: at(0), image: 2 },
]

/** A finds rows 0, 1 and 5; B finds 0 and 2, and 3 below its threshold of .5. */
const A: Guess[] = [
  { box: at(0), score: 0.9 },
  { box: at(1), score: 0.3 },
  { box: at(4), score: 0.8 },
  { box: at(0), image: 2, score: 0.2 },
]
const B: Guess[] = [
  { box: at(0), score: 0.9 },
  { box: at(2, 20), category: 2, score: 0.5 },
  { box: at(3, 20), category: 2, score: 0.4 },
]
const IDS = { categories: [1, 2], images: [1, 2] }
const scenes = () => [buildScene(TRUTHS, A, IDS), buildScene(TRUTHS, B, IDS)] as const

describe.each(PROTOCOLS)('who finds a ground truth, protocol %s', protocol => {
  const pair = () => pairOf([...scenes()], protocol, {}, [0.2, 0.5])

  test('each model at its own score', () => {
    expect([...foundBy(pair())]).toEqual([3, 1, 2, 0, NOT_COUNTED, 1])
  })

  test('counts of the whole and by class', () => {
    const [whole, classes] = countFlips(pair(), foundBy(pair()))
    expect(whole).toEqual({ both: 1, A: 2, B: 1, neither: 1 })
    expect(classes).toEqual([
      { both: 1, A: 2, B: 0, neither: 0 },
      { both: 0, A: 0, B: 1, neither: 1 },
    ])
  })

  test('a size range holds its own', () => {
    const small = cocoSizes().findIndex(({ name }) => name === 'small')
    const no = NOT_COUNTED
    expect([...foundBy(pair(), small)]).toEqual([no, no, 2, 0, no, no])
  })

  test('selections', () => {
    const select = (filter: Parameters<typeof selectFlips>[1]) => [...selectFlips(pair(), filter, 'B')]
    expect(select({ foundBy: ['A'] })).toEqual([1, 5])
    expect(select({ foundBy: ['A', 'B'] })).toEqual([1, 2, 5])
    expect(select({ foundBy: ['A'], image: 1 })).toEqual([5])
    expect(select({ foundBy: ['A', 'B'], category: 1 })).toEqual([2])
    expect(select({ foundBy: ['A', 'B'], size: 'small' })).toEqual([2])
    expect(select({})).toEqual([0, 1, 2, 3, 5])
    expect(select({ reasons: ['missed-score'] })).toEqual([3])
    expect(() => select({ size: 'tiny' })).toThrow(InputError)
  })
})

test.each(PROTOCOLS)('flips agree with the counts of both models on random scenes, %s', protocol => {
  for (let seed = 1; seed <= 60; seed++) {
    const { truths, guesses } = randomRecords(seed)
    const others = randomRecords(seed + 1000).guesses
    const ids = { categories: [1, 2], images: [1, 2, 3] }
    const both = [buildScene(truths, guesses, ids), buildScene(truths, others, ids)] as const
    const pair = pairOf([...both], protocol, {}, [0.3, 0.5])
    cocoSizes().forEach((_, size) => {
      const found = foundBy(pair, size)
      const [whole, classes] = countFlips(pair, found)
      for (const [name, { scene, index, view }] of Object.entries(pair)) {
        const counts = countOutcomes(scene, index, { ...matchesIn(scene, index, view, size), cut: view })
        const own = whole[name as 'A' | 'B'] + whole.both
        expect([own, whole.A + whole.B + whole.both + whole.neither], `seed ${seed}`).toEqual([
          counts.tp,
          counts.groundTruths,
        ])
      }
      expect(classes.reduce((sum, { A: only }) => sum + only, 0)).toBe(whole.A)
    })
  }
})

describe('the same ground truth', () => {
  const [a] = scenes()
  const other = (change: (truths: Truth[]) => Truth[], changes = {}, ids = IDS) =>
    buildScene(change(TRUTHS), B, ids, changes)
  const same = (truths: Truth[]): Truth[] => truths
  const with1 = (truth: Truth) => (truths: Truth[]) => [
    truths[0],
    { ...truths[1], ...truth },
    ...truths.slice(2),
  ]

  test('passes', () => expect(() => checkSameTruth(a, other(same))).not.toThrow())

  test.each([
    ['a box', other(with1({ box: [100, 0, 50, 51] })), 'the box of ground truth 2 differs: 50 in A, 51 in B'],
    ['a class', other(with1({ category: 2 })), 'the class of ground truth 2 differs: 1 in A, 2 in B'],
    ['a crowd', other(with1({ crowd: true })), 'the "iscrowd" of ground truth 2 differs: 0 in A, 1 in B'],
    ['an id', other(with1({ id: 17 })), 'ground truth number 2 has id 2 in A, 17 in B'],
    ['one fewer', other(truths => truths.slice(0, -1)), 'B lacks ground truth 6'],
    ['one more', other(truths => [...truths, { box: at(7) }]), 'A lacks ground truth 7'],
    ['an image', other(same, {}, { ...IDS, images: [1, 2, 3] }), 'A lacks image 3'],
    [
      'the caps',
      other(same, { maxDets: [1, 10, 50] }),
      'the runs of A and B have different caps of detections',
    ],
  ])('%s differs', (_, b, message) => {
    expect(() => checkSameTruth(a, b)).toThrow(
      new InputError(`two models can be compared over the same ground truth only: ${message}`),
    )
  })
})
