import { describe, expect, test } from 'vitest'
import type { Curve, Objective } from '../../src/data/analysis.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { bestPoint, bestThreshold, defaultScore, thresholdsJson } from '../../src/metrics/operating-point.js'
import { matchesIn } from '../../src/metrics/outcomes.js'
import { curvePoints } from '../../src/metrics/pr-curves.js'
import { percentileSizes } from '../../src/metrics/sizes.js'
import { integer, seeded } from '../support/random.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene, viewOf } from '../support/scene.js'

/** A curve from its scores and cumulative counts; the averages play no part. */
function curveOf(groundTruths: number, points: [score: number, tp: number, fp: number][]): Curve {
  return {
    groundTruths,
    scores: Float64Array.from(points, ([score]) => score),
    tps: Uint32Array.from(points, ([, tp]) => tp),
    fps: Uint32Array.from(points, ([, , fp]) => fp),
    recalls: Float64Array.from(points, ([, tp]) => tp / groundTruths),
    precisions: Float64Array.from(points, ([, tp, fp]) => tp / (tp + fp)),
    auc: 0,
    apStep: 0,
    ap101: 0,
    maxRecall: 0,
  }
}

const curve = curveOf(10, [
  [0.9, 2, 0], // P 1     R .2 F1 4/12
  [0.8, 4, 1], // P .8    R .4 F1 8/15
  [0.7, 5, 5], // P .5    R .5 F1 .5
  [0.6, 8, 8], // P .5    R .8 F1 16/26
  [0.5, 8, 12], // P .4   R .8 F1 16/30
  [0.4, 9, 30], // P .23  R .9 F1 18/49
])

describe('the best threshold', () => {
  const CASES: [Objective, number | null][] = [
    [{ kind: 'f-beta', beta: 1 }, 0.6],
    [{ kind: 'f-beta', beta: 0.3 }, 0.9], // .752 against .739
    [{ kind: 'f-beta', beta: 0.5 }, 0.8],
    [{ kind: 'f-beta', beta: 4 }, 0.6],
    [{ kind: 'min-precision', precision: 0.8 }, 0.8],
    [{ kind: 'min-precision', precision: 0.5 }, 0.6],
    [{ kind: 'min-precision', precision: 0 }, 0.4],
    [{ kind: 'min-recall', recall: 0.2 }, 0.9],
    [{ kind: 'min-recall', recall: 0.5 }, 0.6],
    [{ kind: 'min-recall', recall: 0.9 }, 0.4],
    [{ kind: 'min-recall', recall: 0.91 }, null],
    [{ kind: 'cost', falsePositive: 1, falseNegative: 1 }, 0.8],
    [{ kind: 'cost', falsePositive: 0, falseNegative: 1 }, 0.4],
    [{ kind: 'cost', falsePositive: 1, falseNegative: 3 }, 0.6],
    [{ kind: 'cost', falsePositive: 1, falseNegative: 0 }, 0.9],
  ]
  test.each(CASES)('for %j is %s', (objective, score) => {
    expect(bestThreshold(curve, objective)?.score ?? null).toBe(score)
  })

  test('tells what it gives', () => {
    expect(bestThreshold(curve, { kind: 'f-beta', beta: 1 })).toEqual({
      score: 0.6,
      precision: 0.5,
      recall: 0.8,
      f1: 16 / 26,
      tp: 8,
      fp: 8,
      fn: 2,
    })
  })

  test('of equals is the highest', () => {
    const equal = curveOf(2, [
      [0.9, 1, 0], // F1 2/3
      [0.8, 2, 2], // F1 4/6
    ])
    expect(bestThreshold(equal, { kind: 'f-beta', beta: 1 })?.score).toBe(0.9)
    expect(bestThreshold(equal, { kind: 'cost', falsePositive: 1, falseNegative: 2 })?.score).toBe(0.9)
  })

  test('is none without a true positive to aim at, without detections, without ground truths', () => {
    const f1: Objective = { kind: 'f-beta', beta: 1 }
    expect(bestThreshold(curveOf(3, [[0.9, 0, 1]]), f1)).toBeNull()
    expect(bestThreshold(curveOf(3, []), f1)).toBeNull()
    const all: Objective = { kind: 'cost', falsePositive: 1, falseNegative: 1 }
    expect(bestThreshold(curveOf(0, [[0.9, 0, 1]]), all)).toBeNull()
  })

  test('beats every other point, whatever the beta', () => {
    const random = seeded(5)
    for (let i = 0; i < 200; i++) {
      let [tp, fp] = [0, 0]
      const points = Array.from({ length: 1 + integer(random, 12) }, (_, k): [number, number, number] => {
        tp += integer(random, 4)
        fp += integer(random, 4) + (tp === 0 ? 1 : 0)
        return [1 - k / 20, tp, fp]
      })
      const beta = 0.25 + 2 * random()
      const found = bestThreshold(curveOf(50, points), { kind: 'f-beta', beta })
      const score = (p: number, r: number): number => ((1 + beta ** 2) * p * r) / (beta ** 2 * p + r)
      const best = Math.max(
        ...points.filter(([, tp]) => tp > 0).map(([, tp, fp]) => score(tp / (tp + fp), tp / 50)),
      )
      if (found) expect(score(found.precision, found.recall)).toBeCloseTo(best, 12)
      else expect(best).toBe(Number.NEGATIVE_INFINITY)
    }
  })
})

describe('the default score', () => {
  const boxes = [0, 100, 200, 300].map(x => [x, 0, 50, 50])
  const far = (score: number) => ({ box: [0, 500, 50, 50], score })
  const scene = buildScene(
    boxes.map((box, i) => ({ box, category: i < 2 ? 1 : 2 })),
    [
      { box: boxes[0], category: 1, score: 0.9 },
      { box: [100, 0, 50, 30], category: 1, score: 0.8 }, // IoU .6
      { box: boxes[2], category: 2, score: 0.4 },
      far(0.3),
      far(0.3),
      far(0.3),
      { box: boxes[3], category: 2, score: 0.2 },
    ],
  )

  test.each(['coco', 'corrected'] as const)('is that of all classes at IoU .5, protocol %s', protocol => {
    const index = indexScene(scene, protocol, false)
    // F1 of 3 TP: 6 / 7; with the rest 8 / 11.
    expect(defaultScore(scene, index, viewOf(protocol, { iou: 0.9 }))).toBe(0.4)
    expect(defaultScore(scene, index, viewOf(protocol, { sizes: percentileSizes(scene) }))).toBe(0.4)
  })

  test('is none where nothing is found', () => {
    const lost = buildScene([{ box: boxes[0] }], [far(0.9)])
    expect(defaultScore(lost, indexScene(lost, 'coco', false), viewOf('coco'))).toBeNull()
  })

  test('thresholds.json has one line for all and one for each class', () => {
    const index = indexScene(scene, 'corrected', false)
    const view = viewOf('corrected', { iou: 0.7 })
    expect(thresholdsJson(scene, index, view, { kind: 'min-precision', precision: 0.6 })).toEqual({
      protocol: 'corrected',
      classAgnostic: false,
      iou: 0.7,
      objective: { kind: 'min-precision', precision: 0.6 },
      overall: { score: 0.4, precision: 2 / 3, recall: 0.5, f1: 4 / 7 },
      classes: [
        { id: 1, name: 'class 1', score: 0.9, precision: 1, recall: 0.5, f1: 2 / 3 },
        { id: 2, name: 'class 2', score: 0.2, precision: 1, recall: 1, f1: 1 },
      ],
    })
  })

  test('a class without ground truths has a line of nulls, class-agnostic runs have no classes', () => {
    const guesses = [{ box: boxes[0], category: 2, score: 0.5 }]
    const single = buildScene([{ box: boxes[0], category: 1 }], guesses)
    const [, second] = thresholdsJson(
      single,
      indexScene(single, 'corrected', false),
      viewOf('corrected'),
    ).classes
    expect(second).toEqual({ id: 2, name: 'class 2', score: null, precision: null, recall: null, f1: null })
    const agnostic = thresholdsJson(
      single,
      indexScene(single, 'corrected', true),
      viewOf('corrected', { classAgnostic: true }),
    )
    expect(agnostic.classes).toEqual([])
    expect(agnostic.overall.f1).toBe(1)
  })
})

test('protocol coco counts as its matches do at the threshold that it names', () => {
  for (let seed = 0; seed < 30; seed++) {
    const { truths, guesses } = randomRecords(seed)
    const scene = buildScene(truths, guesses)
    const index = indexScene(scene, 'coco', false)
    const { overall } = thresholdsJson(scene, index, viewOf('coco'))
    if (overall.score === null) continue
    expect(overall.score).toBe(defaultScore(scene, index, viewOf('coco')))
    expect(guesses.map(({ score }) => score)).toContain(overall.score)
  }
})

describe('the best point of a curve that is not kept', () => {
  const OBJECTIVES: Objective[] = [
    { kind: 'f-beta', beta: 1 },
    { kind: 'f-beta', beta: 0.3 },
    { kind: 'min-precision', precision: 0 },
    { kind: 'min-precision', precision: 0.6 },
    { kind: 'min-recall', recall: 0 },
    { kind: 'min-recall', recall: 0.5 },
    { kind: 'cost', falsePositive: 1, falseNegative: 1 },
    { kind: 'cost', falsePositive: 0, falseNegative: 0 },
    { kind: 'cost', falsePositive: -1, falseNegative: 1 },
  ]
  test.each(OBJECTIVES)('is that of the curve, %j', objective => {
    let found = 0
    for (let seed = 0; seed < 60; seed++) {
      const { truths, guesses } = randomRecords(seed)
      const scene = buildScene(truths, guesses)
      for (const protocol of ['coco', 'corrected'] as const) {
        for (const classAgnostic of [false, true]) {
          const index = indexScene(scene, protocol, classAgnostic)
          const view = viewOf(protocol, { classAgnostic })
          for (const size of [0, 1]) {
            const { matches, range } = matchesIn(scene, index, view, size, 0.3)
            for (const category of [null, 0, 1]) {
              if (category !== null && category >= scene.categories.count) continue
              const curve = curvePoints(scene, index, matches, { range, category })
              const best = bestPoint(scene, index, matches, { range, category }, objective)
              expect(best).toEqual(bestThreshold(curve, objective))
              if (best) found++
            }
          }
        }
      }
    }
    expect(found).toBeGreaterThan(100)
  })
})
