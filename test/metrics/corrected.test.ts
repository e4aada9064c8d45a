import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Config } from '../../src/data/config.js'
import { evaluate } from '../../src/index.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { type CorrectedMetrics, correctedMetrics, decimalThresholds } from '../../src/metrics/corrected.js'
import { cocoSizes, percentileSizes } from '../../src/metrics/sizes.js'
import type { Guess, Truth } from '../support/columns.js'
import { countLiterally, matchLiterally } from '../support/literal-corrected.js'
import { randomRecords, shuffled } from '../support/random-scene.js'
import { buildScene } from '../support/scene.js'

const metrics = (truths: Truth[], guesses: Guess[], ious?: number[], config: Partial<Config> = {}) => {
  const scene = buildScene(truths, guesses, {}, config)
  return correctedMetrics(
    scene,
    indexScene(scene, 'corrected', scene.config.classAgnostic),
    cocoSizes(),
    ious,
  )
}

/** AUC and step of the whole, small, medium, large. */
const averages = ({ sizes }: CorrectedMetrics): [number | null, number | null][] =>
  sizes.map(({ mAP }) => [mAP.auc, mAP.step])

const SQUARE = [0, 0, 50, 50]
const FAR = [500, 500, 50, 50]

/** Scenes in which the reference's numbers mislead, and what they should be. */
describe('known defects', () => {
  test('one object, found: 1, not 0.9999999999999998; also with id 0', () => {
    for (const id of [0, 1]) {
      const [all] = metrics([{ box: SQUARE, id }], [{ box: SQUARE, score: 0.9 }]).sizes
      expect(all.mAP).toEqual({ linear: 1, auc: 1, step: 1 })
      expect(all.mAR).toBe(1)
    }
  })

  test('"ignore" in the file is heard', () => {
    const truths = [{ box: FAR, ignore: true }, { box: SQUARE }]
    expect(metrics(truths, [{ box: SQUARE, score: 0.9 }]).sizes[0].mAP.step).toBe(1)
  })

  test('no detections are a legal result: 0', () => {
    const [all] = metrics([{ box: SQUARE }], []).sizes
    expect([all.mAP, all.mAR]).toEqual([{ linear: 0, auc: 0, step: 0 }, 0])
  })

  test('one measure of area for ground truths and detections', () => {
    const truths = [
      { box: [0, 0, 40, 40], area: 800 },
      { box: [200, 200, 40, 40], area: 1600 },
    ]
    const guesses = [
      { box: [0, 10, 40, 40], score: 0.95 },
      { box: [200, 200, 40, 40], score: 0.9 },
    ]
    const found = averages(metrics(truths, guesses, [0.75]))
    expect(found[1]).toEqual([null, null])
    expect(found[2]).toEqual([0.125, 0.25])
  })

  test('a border belongs to one range', () => {
    const box = [0, 0, 32, 32]
    expect(averages(metrics([{ box }], [{ box, score: 0.9 }])).map(([auc]) => auc)).toEqual([
      1,
      null,
      1,
      null,
    ])
    const large = [0, 0, 96, 96]
    expect(averages(metrics([{ box: large }], [{ box: large, score: 0.9 }])).map(([auc]) => auc)).toEqual([
      1,
      null,
      null,
      1,
    ])
  })

  test('a detection is a true positive once: all .5, small 0, medium 1', () => {
    const truths = [{ box: [0, 0, 31, 31] }, { box: [0, 0, 40, 31] }]
    const found = metrics(truths, [{ box: [0, 0, 38, 31], score: 0.9 }], [0.5])
    expect(averages(found)).toEqual([
      [0.5, 0.5],
      [0, 0],
      [1, 1],
      [null, null],
    ])
    expect(found.sizes.map(({ mAR }) => mAR)).toEqual([0.5, 0, 1, null])
  })

  test('a false positive of another size leaves AP small at 1, one of the same size does not', () => {
    const truths = [{ box: [0, 0, 30, 30] }]
    const small = (side: number): number | null => {
      const guesses = [
        { box: [15, 15, side, side], score: 0.95 },
        { box: [0, 0, 30, 30], score: 0.9 },
      ]
      return averages(metrics(truths, guesses))[1][1]
    }
    expect([small(31), small(33)]).toEqual([0.5, 1])
  })

  test('a crowd absorbs what would be false: step .25 without it, .5 with it, at IoU .75', () => {
    const truths: Truth[] = [{ box: [10, 10, 20, 20] }, { box: [50, 50, 30, 30] }]
    const guesses = [
      { box: [14, 10, 20, 20], score: 0.95 },
      { box: [50, 50, 30, 30], score: 0.9 },
    ]
    const step = (listed: Truth[]) => averages(metrics(listed, guesses, [0.75]))[0][1]
    expect([step(truths), step([...truths, { box: [0, 0, 100, 100], crowd: true }])]).toEqual([0.25, 0.5])
  })

  test('areas beyond 1e10 px have a size', () => {
    const box = [0, 0, 150000, 150000]
    const found = averages(metrics([{ box }], [{ box, score: 0.9 }]))
    expect(found.map(([auc]) => auc)).toEqual([1, null, null, 1])
  })

  test('seven of ten reach recall .7', () => {
    const boxes = Array.from({ length: 10 }, (_, i) => [60 * i, 0, 50, 50])
    const guesses = boxes.slice(0, 7).map((box, i) => ({ box, score: 0.9 - i / 100 }))
    const [all] = metrics(
      boxes.map(box => ({ box })),
      guesses,
    ).sizes
    expect(all.mAP.linear).toBeCloseTo(71 / 101, 12)
    expect(all.mAP.step).toBeCloseTo(0.7, 12)
  })

  test('half is .5, a third is .3333', () => {
    const far = [1, 2].map(i => ({ box: [200 * i, 0, 50, 50] }))
    const guesses = [{ box: SQUARE, score: 0.9 }]
    expect(averages(metrics([{ box: SQUARE }, far[0]], guesses))[0]).toEqual([0.5, 0.5])
    expect(metrics([{ box: SQUARE }, ...far], guesses).sizes[0].mAP.auc).toBeCloseTo(1 / 3, 12)
  })

  test('a false positive between two true ones: step .8333, linear .7917', () => {
    const far = [200, 0, 50, 50]
    const guesses = [
      { box: SQUARE, score: 0.9 },
      { box: FAR, score: 0.8 },
      { box: far, score: 0.7 },
    ]
    const [auc, step] = averages(metrics([{ box: SQUARE }, { box: far }], guesses))[0]
    expect([auc?.toFixed(6), step?.toFixed(6)]).toEqual(['0.791667', '0.833333'])
    const first = [
      { box: FAR, score: 0.9 },
      { box: SQUARE, score: 0.8 },
    ]
    expect(averages(metrics([{ box: SQUARE }], first))[0]).toEqual([0.25, 0.5])
  })

  test('equal scores: .5 whichever image comes first', () => {
    const inImage = (image: number, box: number[]) => ({ image, box, score: 0.9 })
    for (const [hit, miss] of [
      [1, 2],
      [2, 1],
    ]) {
      const truths = [{ image: hit, box: SQUARE }]
      const found = metrics(truths, [inImage(hit, SQUARE), inImage(miss, FAR)])
      expect(averages(found)[0]).toEqual([0.5, 0.5])
    }
  })

  test('equal scores in an image: the better box matches, whichever comes first', () => {
    const loose = { box: [0, 0, 50, 40], score: 0.9 }
    const exact = { box: SQUARE, score: 0.9 }
    for (const guesses of [
      [loose, exact],
      [exact, loose],
    ]) {
      const { sizes, perIou } = metrics([{ box: SQUARE }], guesses)
      expect(perIou.map(({ step }) => step)).toEqual(Array(10).fill(0.5))
      expect(sizes[0].mAR).toBe(1)
    }
  })

  test('equal IoU: both are found, whichever ground truth the file lists first', () => {
    const truths = [{ box: SQUARE }, { box: [20, 0, 50, 50] }]
    const guesses = [
      { box: [10, 0, 50, 50], score: 0.9 },
      { box: [20, 0, 50, 50], score: 0.8 },
    ]
    for (const listed of [truths, [...truths].reverse()]) {
      expect(metrics(listed, guesses, [0.5]).sizes[0].mAP.auc).toBe(1)
    }
  })

  test('false positives of a class without ground truth: mAP 1, penalised .5, pooled 1 / 51', () => {
    const guesses = Array.from({ length: 50 }, () => ({ box: SQUARE, category: 2, score: 0.99 }))
    const found = metrics([{ box: SQUARE }], [{ box: SQUARE, score: 0.9 }, ...guesses])
    const [all] = found.sizes
    expect(all.mAP.step).toBe(1)
    expect(all.mAPPenalised).toEqual({ linear: 0.5, auc: 0.5, step: 0.5 })
    expect(all.pooled.mAP.step).toBeCloseTo(1 / 51, 12)
    expect(found.perClass[1]).toMatchObject({ id: 2, groundTruths: 0, mAR: null })
    expect(found.perClass[1].mAP).toEqual({ linear: null, auc: null, step: null })
  })

  test('a hundred false positives do not cut the true one off: step .0099, recall 1', () => {
    const guesses = Array.from({ length: 100 }, () => ({ box: FAR, score: 0.9 }))
    const [all] = metrics([{ box: SQUARE }], [...guesses, { box: SQUARE, score: 0.5 }]).sizes
    expect(all.mAP.step?.toFixed(4)).toBe('0.0099')
    expect(all.mAR).toBe(1)
  })

  test('boxes of no area are never found', () => {
    const truths = [{ box: SQUARE }, { box: [300, 300, 0, 0] }]
    const [all] = metrics(truths, [{ box: SQUARE, score: 0.9 }]).sizes
    expect(all.mAR).toBe(0.5)
  })

  test('mask results have the area of their mask, with and without a box', async () => {
    // A square of 30 x 30 px; a false positive of 820 px whose box has 1600; 100 x 100 px.
    const square = { size: [100, 100], counts: Array.from({ length: 30 }, (_, x) => [x ? 70 : 0, 30]).flat() }
    const columns = Array.from({ length: 40 }, (_, i) => 40 - i)
    const triangle = {
      size: [100, 100],
      counts: columns.flatMap((length, i) => [i ? 100 - columns[i - 1] : 5050, length]),
    }
    const fill = (rle: { size: number[]; counts: number[] }) => ({
      ...rle,
      counts: [...rle.counts, 10000 - rle.counts.reduce((sum, count) => sum + count, 0)],
    })
    const groundTruth = {
      images: [{ id: 1, width: 100, height: 100 }],
      categories: [{ id: 1, name: 'a' }],
      annotations: [
        { id: 1, image_id: 1, category_id: 1, iscrowd: 0, area: 5000, segmentation: fill(square) },
      ],
    }
    for (const boxes of [
      [],
      [
        [50, 50, 40, 40],
        [0, 0, 30, 30],
      ],
    ]) {
      const detections = [triangle, square].map((rle, i) => ({
        image_id: 1,
        category_id: 1,
        score: [0.95, 0.9][i],
        segmentation: fill(rle),
        ...(boxes.length > 0 ? { bbox: boxes[i] } : {}),
      }))
      const { scene } = await evaluate(groundTruth, detections, { iouType: 'segm', scene: true })
      if (!scene) throw new Error('no scene')
      expect([...scene.dt.ownAreas]).toEqual([820, 900])
      const found = correctedMetrics(scene, indexScene(scene, 'corrected', false), cocoSizes())
      expect(averages(found)).toEqual([
        [0.25, 0.5],
        [0.25, 0.5],
        [null, null],
        [null, null],
      ])
    }
  })
})

/** The averages as stated, from counts one by one: step and recall of each class at one threshold and size. */
function literalMetrics(scene: ReturnType<typeof buildScene>, ious: number[]) {
  const mean = (values: (number | null)[]): number | null => {
    const known = values.filter(value => value !== null)
    return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null
  }
  return percentileSizes(scene).map(size => {
    const at = (
      category: number | null,
      iou: number,
    ): { step: number | null; recall: number | null; fp: number } => {
      const matches = matchLiterally(scene, iou, false)
      const scores = [...new Set(scene.dt.scores)].sort((one, other) => other - one)
      const counts = scores.map(score => countLiterally(scene, matches, size, score, category))
      const { gt, fp } = countLiterally(scene, matches, size, 0, category)
      if (gt === 0) return { step: null, recall: null, fp }
      const step = counts.reduce((sum, { tp, fp }, i) => {
        const gained = tp - (i ? counts[i - 1].tp : 0)
        return gained > 0 ? sum + (gained / gt) * (tp / (tp + fp)) : sum
      }, 0)
      return { step, recall: (counts.at(-1)?.tp ?? 0) / gt, fp }
    }
    const classes = ious.map(iou => [0, 1].map(category => at(category, iou)))
    return {
      step: mean(classes.map(each => mean(each.map(({ step }) => step)))),
      recall: mean(classes.map(each => mean(each.map(({ recall }) => recall)))),
      penalised: mean(classes.map(each => mean(each.map(({ step, fp }) => (fp > 0 ? (step ?? 0) : step))))),
      pooled: mean(ious.map(iou => at(null, iou).step)),
    }
  })
}

const close = (value: number | null): number | null => value && Number(value.toFixed(10))

test('averages are the means that the rules state', () => {
  const ious = [0.5, 0.7]
  for (let seed = 0; seed < 25; seed++) {
    const { truths, guesses } = randomRecords(seed)
    const scene = buildScene(truths, guesses, { images: [1, 2, 3], categories: [1, 2] })
    const { sizes } = correctedMetrics(
      scene,
      indexScene(scene, 'corrected', false),
      percentileSizes(scene),
      ious,
    )
    const found = sizes.map(({ mAP, mAR, mAPPenalised, pooled }) =>
      [mAP.step, mAR, mAPPenalised.step, pooled.mAP.step].map(close),
    )
    const expected = literalMetrics(scene, ious).map(({ step, recall, penalised, pooled }) =>
      [step, recall, penalised, pooled].map(close),
    )
    expect({ seed, found }).toEqual({ seed, found: expected })
  }
})

test('the order of the files does not matter, to the last bit', () => {
  for (let seed = 0; seed < 25; seed++) {
    const { truths, guesses } = randomRecords(seed)
    const [one, other] = [0, 1].map(turn => {
      const scene = buildScene(
        turn ? shuffled(truths, seed) : truths,
        turn ? shuffled(guesses, seed) : guesses,
        { images: [1, 2, 3], categories: [1, 2] },
      )
      return correctedMetrics(scene, indexScene(scene, 'corrected', false), percentileSizes(scene))
    })
    expect(other).toEqual(one)
  }
})

test('AP at IoU .50, .75 and each threshold, per class and size', () => {
  const truths = [{ box: [0, 0, 100, 100] }, { box: [0, 0, 10, 10], category: 2 }]
  const guesses = [
    { box: [0, 0, 100, 72], score: 0.9 },
    { box: [0, 0, 10, 10], category: 2, score: 0.9 },
  ]
  const found = metrics(truths, guesses)
  const [all, small, , large] = found.sizes
  expect([all.mAP50.auc, all.mAP75.auc]).toEqual([1, 0.5])
  expect(found.iouThresholds[8]).toBe(0.9)
  expect(found.perIou.map(({ step }) => step)).toEqual([1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5])
  expect([small.mAP.auc, large.mAP.auc]).toEqual([1, 0.5])
  const upTo70 = [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
  expect(all.perIou).toEqual(found.perIou)
  expect(large.perIou.map(({ auc }) => auc)).toEqual(upTo70)
  expect(found.perClass[0].bySize.map(({ perIou }) => perIou?.map(({ step }) => step))).toEqual([
    upTo70,
    Array(10).fill(null),
    Array(10).fill(null),
    upTo70,
  ])
  expect(
    found.perClass.map(({ name, groundTruths, mAP, mAR }) => [name, groundTruths, mAP.auc, mAR]),
  ).toEqual([
    ['class 1', 1, 0.5, 0.5],
    ['class 2', 1, 1, 1],
  ])
  expect(found.perClass[0].bySize.map(({ mAR }) => mAR)).toEqual([0.5, null, null, 0.5])
})

test('thresholds without .50 and .75 leave their AP undefined', () => {
  const [all] = metrics([{ box: SQUARE }], [{ box: SQUARE, score: 0.9 }], [0.6, 0.7]).sizes
  expect([all.mAP.auc, all.mAP50.auc, all.mAP75.auc]).toEqual([1, null, null])
})

test('class-agnostic: all classes are one', () => {
  const guesses = [{ box: SQUARE, category: 2, score: 0.9 }]
  const found = metrics([{ box: SQUARE }], guesses, [0.5], { classAgnostic: true })
  expect(found.sizes[0].mAP.auc).toBe(1)
  expect(found.perClass).toEqual([])
})

test('the thresholds that were meant', () => {
  expect(decimalThresholds([0.5, 0.8999999999999999, 0.6000000000000001])).toEqual([0.5, 0.9, 0.6])
})

const sample = process.env.DETSCOPE_COCO100 ?? join(import.meta.dirname, '../../../shared/data/coco100')
describe.skipIf(!existsSync(join(sample, 'gt.json')))('100 images of COCO val2014', () => {
  // From a prototype in exact fractions.
  test.each([
    ['bbox', '0.48838', '0.46565'],
    ['segm', '0.30451', '0.28231'],
  ] as const)('%s: step %s, area under the lines %s', async (iouType, step, auc) => {
    const [gt, dt] = ['gt', `dt_${iouType}`].map(name => readFileSync(join(sample, `${name}.json`)))
    const { scene } = await evaluate(gt, dt, { iouType, scene: true })
    if (!scene) throw new Error('no scene')
    const { mAP } = correctedMetrics(scene, indexScene(scene, 'corrected', false), cocoSizes()).sizes[0]
    expect([mAP.step?.toFixed(5), mAP.auc?.toFixed(5)]).toEqual([step, auc])
  })
})
