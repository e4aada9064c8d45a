import { describe, expect, test } from 'vitest'
import type { Curve } from '../../src/data/analysis.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { matchesOf } from '../../src/matching/scene-match.js'
import { curveOf, f1sOf, precisionsAt, RECALL_GRID, scoresAt } from '../../src/metrics/pr-curves.js'
import { cocoSizes, percentileSizes } from '../../src/metrics/sizes.js'
import type { Guess, Truth } from '../support/columns.js'
import { countLiterally, matchLiterally } from '../support/literal-corrected.js'
import { randomRecords, shuffled } from '../support/random-scene.js'
import { buildScene } from '../support/scene.js'

const curve = (truths: Truth[], guesses: Guess[], category: number | null = null, iou = 0.5): Curve => {
  const scene = buildScene(truths, guesses)
  const index = indexScene(scene, 'corrected', false)
  return curveOf(scene, index, matchesOf(scene, index, iou, null), { range: null, category })
}

/** Objects side by side, and detections that find one of them ('T') or nothing ('F'), with their scores. */
const spots = (count: number): Truth[] =>
  Array.from({ length: count }, (_, i) => ({ box: [100 * i, 0, 50, 50] }))
function guessesOf(outcomes: string, scores: number[]): Guess[] {
  let next = 0
  return [...outcomes].map((outcome, i) => ({
    box: outcome === 'T' ? [100 * next++, 0, 50, 50] : [0, 500, 50, 50],
    score: scores[i],
  }))
}

describe('averages worked by hand', () => {
  /** Title, ground truths, outcomes, scores, AUC, step. */
  const CASES: [string, number, string, number[], number, number][] = [
    ['one object, found', 1, 'T', [0.9], 1, 1],
    ['one of two found', 2, 'T', [0.9], 1 / 2, 1 / 2],
    ['one of three found', 3, 'T', [0.9], 1 / 3, 1 / 3],
    [
      'a false positive between two true ones',
      2,
      'TFT',
      [0.9, 0.8, 0.7],
      0.5 + 0.25 * (1 / 2 + 2 / 3),
      5 / 6,
    ],
    ['a false positive first', 1, 'FT', [0.9, 0.8], 1 / 4, 1 / 2],
    ['a false positive of the same score', 1, 'FT', [0.9, 0.9], 1 / 2, 1 / 2],
    ['false positives below the last true one', 1, 'TFFFF', [0.9, 0.8, 0.8, 0.8, 0.8], 1, 1],
    ['nothing found', 2, 'FF', [0.9, 0.8], 0, 0],
    ['no detections', 2, '', [], 0, 0],
  ]
  test.each(CASES)('%s', (_, truths, outcomes, scores, auc, step) => {
    const found = curve(spots(truths), guessesOf(outcomes, scores))
    expect(found.auc).toBeCloseTo(auc, 12)
    expect(found.apStep).toBeCloseTo(step, 12)
    expect(found.maxRecall).toBe([...outcomes].filter(outcome => outcome === 'T').length / truths)
  })

  test('99 false positives after one true one cost precision, not the area', () => {
    const many = curve(spots(1), guessesOf(`T${'F'.repeat(99)}`, [0.9, ...Array(99).fill(0.8)]))
    expect(many.auc).toBe(1)
    expect(many.precisions.at(-1)).toBe(0.01)
  })

  test('100 false positives before the true one: step .0099, recall 1', () => {
    const late = curve(spots(1), guessesOf(`${'F'.repeat(100)}T`, [...Array(100).fill(0.9), 0.5]))
    expect(late.apStep).toBe(1 / 101)
    expect(late.maxRecall).toBe(1)
  })
})

describe('points', () => {
  test('equal scores make one, scores with ignored detections only make none', () => {
    const crowd: Truth = { box: [0, 500, 400, 100], crowd: true }
    const inCrowd = (score: number): Guess => ({ box: [0, 500, 50, 50], score })
    const found = curve(
      [...spots(2), crowd],
      [
        inCrowd(0.95),
        { box: [0, 0, 50, 50], score: 0.9 },
        { box: [700, 0, 50, 50], score: 0.9 },
        inCrowd(0.8),
        { box: [100, 0, 50, 50], score: 0.7 },
      ],
    )
    expect(found.groundTruths).toBe(2)
    expect([...found.scores]).toEqual([0.9, 0.7])
    expect([...found.tps]).toEqual([1, 2])
    expect([...found.fps]).toEqual([1, 1])
    expect([...found.recalls]).toEqual([0.5, 1])
    expect([...found.precisions]).toEqual([1 / 2, 2 / 3])
    expect([...f1sOf(found)]).toEqual([1 / 2, 4 / 5])
  })

  test('without ground truths: false positives count, averages are null', () => {
    const found = curve(spots(1), [{ box: [0, 0, 50, 50], category: 2, score: 0.5 }], 1)
    expect(found).toMatchObject({ groundTruths: 0, auc: null, apStep: null, ap101: null, maxRecall: null })
    expect([...found.fps]).toEqual([1])
    expect(found.recalls).toHaveLength(0)
  })

  test('are the counts at each score, for every class and size, and do not depend on the files’ order', () => {
    for (let seed = 0; seed < 60; seed++) {
      const { truths, guesses } = randomRecords(seed)
      const surroundings = { images: [1, 2, 3], categories: [1, 2] }
      const scene = buildScene(truths, guesses, surroundings)
      const other = buildScene(shuffled(truths, seed), shuffled(guesses, seed), surroundings)
      const literal = matchLiterally(scene, 0.5, false)
      const curves = [scene, other].map(one => {
        const index = indexScene(one, 'corrected', false)
        return (range: (typeof sizes)[number] | null, category: number | null) =>
          curveOf(one, index, matchesOf(one, index, 0.5, null), { range, category })
      })
      const sizes = percentileSizes(scene)
      for (const category of [null, 0, 1]) {
        sizes.forEach((size, a) => {
          const found = curves[0](a ? size : null, category)
          found.scores.forEach((score, i) => {
            const { gt, tp, fp } = countLiterally(scene, literal, size, score, category)
            expect([found.groundTruths, found.tps[i], found.fps[i]]).toEqual([gt, tp, fp])
          })
          const { tp, fp } = countLiterally(scene, literal, size, 0, category)
          expect([found.tps.at(-1) ?? 0, found.fps.at(-1) ?? 0]).toEqual([tp, fp])
          expect(curves[1](a ? size : null, category)).toEqual(found)
        })
      }
    }
  })
})

describe('the linear curve', () => {
  // TP, FP, FP, TP of two: recall .5 at precision 1, 1/2, 1/3, then recall 1 at 1/2.
  const found = curve(spots(2), guessesOf('TFFT', [0.9, 0.8, 0.7, 0.6]))

  test('is constant on the left, on top where it falls, straight from the bottom, 0 beyond', () => {
    expect(precisionsAt(found, [0, 0.25, 0.5, 0.75, 1])).toEqual([
      1,
      1,
      1,
      1 / 3 + 0.5 * (1 / 2 - 1 / 3),
      1 / 2,
    ])
    const half = curve(spots(2), guessesOf('T', [0.9]))
    expect(precisionsAt(half, [0, 0.5, 0.51, 1])).toEqual([1, 1, 0, 0])
  })

  test('begins at 0 where a false positive comes first', () => {
    const late = curve(spots(1), guessesOf('FT', [0.9, 0.8]))
    expect(precisionsAt(late, [0, 0.5, 1])).toEqual([0, 0.25, 0.5])
  })

  test('is averaged over 0, .01, ... 1', () => {
    // .51 to 1 lie on the line from 1/3 to 1/2, whose mean there is 1/3 + (1/6) * .51.
    expect(found.ap101).toBeCloseTo((51 + 50 * (1 / 3 + 0.51 / 6)) / 101, 12)
    expect(curve(spots(1), guessesOf('T', [0.9])).ap101).toBe(1)
  })

  test('reaches recall 7/10 at .70, which float32 or i * .01 would miss', () => {
    const seven = curve(spots(10), guessesOf('TTTTTTT', [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]))
    expect(seven.ap101).toBe(71 / 101)
    for (const i of [35, 41, 47, 57, 69, 70, 82, 83, 94, 95]) {
      const some = curve(
        spots(100),
        guessesOf(
          'T'.repeat(i),
          Array.from({ length: i }, (_, k) => 1 - k / 200),
        ),
      )
      expect(precisionsAt(some, RECALL_GRID).filter(value => value === 1)).toHaveLength(i + 1)
    }
  })

  test('tells at which score a recall is reached', () => {
    expect(scoresAt(found, [0, 0.5, 0.51, 1])).toEqual([0.9, 0.9, 0.6, 0.6])
    expect(scoresAt(curve(spots(2), guessesOf('T', [0.9])), [0.5, 0.6])).toEqual([0.9, null])
  })
})

test('linear <= step <= envelope where no scores tie', () => {
  for (let seed = 0; seed < 60; seed++) {
    const { truths, guesses } = randomRecords(seed)
    const { auc, apStep, recalls, precisions } = curve(
      truths,
      guesses.map((guess, i) => ({ ...guess, score: (i + 1) / 100 })),
    )
    if (auc === null || apStep === null) continue
    let envelope = 0
    recalls.forEach((recall, i) => {
      envelope += (recall - (i ? recalls[i - 1] : 0)) * Math.max(...precisions.slice(i))
    })
    expect(auc).toBeLessThanOrEqual(apStep + 1e-12)
    expect(apStep).toBeLessThanOrEqual(envelope + 1e-12)
  }
})

test('a true positive of another class belongs to the class of its ground truth, class-agnostic', () => {
  const scene = buildScene([{ box: [0, 0, 50, 50] }], [{ box: [0, 0, 50, 50], category: 2, score: 0.9 }])
  const index = indexScene(scene, 'corrected', true)
  const matches = matchesOf(scene, index, 0.5, null)
  const [first, second] = [0, 1].map(category => curveOf(scene, index, matches, { range: null, category }))
  expect([first.maxRecall, [...first.tps]]).toEqual([1, [1]])
  expect([second.groundTruths, second.scores.length]).toEqual([0, 0])
})

test('protocol coco: curves of a size range come from its own matches', () => {
  const scene = buildScene(
    [{ box: [0, 0, 31, 31] }, { box: [0, 0, 40, 31] }],
    [{ box: [0, 0, 38, 31], score: 0.9 }],
  )
  const index = indexScene(scene, 'coco', false)
  const recalls = cocoSizes().map(
    size => curveOf(scene, index, matchesOf(scene, index, 0.5, size), { range: null, category: 0 }).maxRecall,
  )
  expect(recalls).toEqual([0.5, 1, 1, null])
})
