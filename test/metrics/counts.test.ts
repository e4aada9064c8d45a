import { describe, expect, test } from 'vitest'
import { type Counts, CUT, type InstanceFilter, type View } from '../../src/data/analysis.js'
import type { Scene } from '../../src/data/scene.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { countsByClass, countsBySize, countsTable } from '../../src/metrics/counts.js'
import { matchesIn } from '../../src/metrics/outcomes.js'
import { countsByImage } from '../../src/metrics/per-image.js'
import { selectInstances } from '../../src/metrics/select.js'
import { percentileSizes } from '../../src/metrics/sizes.js'
import type { Guess, Truth } from '../support/columns.js'
import { countLiterally, matchLiterally } from '../support/literal-corrected.js'
import { randomRecords, shuffled } from '../support/random-scene.js'
import { buildScene, viewOf } from '../support/scene.js'

const SEEDS = Array.from({ length: 80 }, (_, seed) => seed)
const PROTOCOLS = ['coco', 'corrected'] as const

const count = (scene: Scene, view: View): Counts[] =>
  countsBySize(scene, indexScene(scene, view.protocol, view.classAgnostic), view)

const randomScene = (seed: number): Scene => {
  const { truths, guesses } = randomRecords(seed)
  return buildScene(truths, guesses, { images: [1, 2, 3], categories: [1, 2] })
}

const short = ({ groundTruths, tp, fp, fn }: Counts) => ({ gt: groundTruths, tp, fp, fn })

describe('an image with two objects and one detection on both, worked by hand', () => {
  const truths: Truth[] = [{ box: [0, 0, 31, 31] }, { box: [0, 0, 40, 31] }]
  const guesses: Guess[] = [{ box: [0, 0, 38, 31], score: 0.9 }]
  const scene = buildScene(truths, guesses)

  test('protocol corrected, sizes by percentiles', () => {
    const sizes = percentileSizes(scene)
    const [all, small, medium, large, smallest, corrected] = count(
      scene,
      viewOf('corrected', { sizes, score: 0.8 }),
    )
    expect(all).toEqual({
      groundTruths: 2,
      detections: 1,
      tp: 1,
      fp: 0,
      fn: 1,
      precision: 1,
      recall: 0.5,
      f1: 2 / 3,
      ignored: 0,
    })
    expect(short(small)).toEqual({ gt: 1, tp: 0, fp: 0, fn: 1 })
    expect(short(medium)).toEqual({ gt: 0, tp: 0, fp: 0, fn: 0 })
    expect([medium.precision, medium.recall, medium.f1]).toEqual([null, null, null])
    expect(short(large)).toEqual({ gt: 1, tp: 1, fp: 0, fn: 0 })
    expect(smallest).toEqual(small)
    expect(corrected).toEqual(large)
  })

  test('protocol coco finds either object, each in its own range', () => {
    expect(count(scene, viewOf('coco')).map(short)).toEqual([
      { gt: 2, tp: 1, fp: 0, fn: 1 },
      { gt: 1, tp: 1, fp: 0, fn: 0 },
      { gt: 1, tp: 1, fp: 0, fn: 0 },
      { gt: 0, tp: 0, fp: 0, fn: 0 },
    ])
  })
})

describe('protocol corrected', () => {
  test.each([false, true])('counts as the rules do one by one, class-agnostic %s', classAgnostic => {
    for (const seed of SEEDS) {
      const scene = randomScene(seed)
      const index = indexScene(scene, 'corrected', classAgnostic)
      const sizes = percentileSizes(scene)
      for (const iou of [0.5, 0.75]) {
        const literal = matchLiterally(scene, iou, classAgnostic)
        for (const score of [0, 0.5, 0.6]) {
          const view = viewOf('corrected', { iou, score, sizes, classAgnostic })
          const expected = (category: number | null) =>
            sizes.map(range => countLiterally(scene, literal, range, score, category))
          expect({ seed, iou, score, found: countsBySize(scene, index, view).map(short) }).toEqual({
            seed,
            iou,
            score,
            found: expected(null),
          })
          if (classAgnostic) continue
          expect(countsBySize(scene, index, view, { category: 1 }).map(short)).toEqual(expected(1))
          expect(short(countsByClass(scene, index, view, 1)[0])).toEqual(expected(0)[1])
        }
      }
    }
  })

  test('sizes add up', () => {
    for (const seed of SEEDS) {
      const scene = randomScene(seed)
      for (const sizes of [viewOf('corrected').sizes, percentileSizes(scene)]) {
        const [all, ...parts] = count(scene, viewOf('corrected', { sizes, score: 0.2 })).map(short)
        for (const key of ['gt', 'tp', 'fp', 'fn'] as const) {
          const total = (from: number, to: number): number =>
            parts.slice(from, to).reduce((sum, part) => sum + part[key], 0)
          expect(total(0, 3)).toBe(all[key])
          if (parts.length > 3) expect(total(3, 5)).toBe(all[key])
        }
      }
    }
  })

  test('the order of the files does not matter', () => {
    for (const seed of SEEDS) {
      const { truths, guesses } = randomRecords(seed)
      const count = (truths: Truth[], guesses: Guess[]) => {
        const scene = buildScene(truths, guesses, { images: [1, 2, 3], categories: [1, 2] })
        const index = indexScene(scene, 'corrected', false)
        const view = viewOf('corrected', { sizes: percentileSizes(scene), score: 0.4 })
        const images = countsByImage(scene, index, view)
        return [
          countsTable(scene, index, view, [0.5, 0.7]),
          countsByClass(scene, index, view),
          images.map(({ worstFp, worstFn, ...rest }) => rest),
        ]
      }
      expect(count(shuffled(truths, seed), shuffled(guesses, seed))).toEqual(count(truths, guesses))
    }
  })

  test('a false positive of another size is counted there, not lost', () => {
    const truths = [{ box: [0, 0, 30, 30] }]
    const loose = (side: number): Guess => ({ box: [15, 15, side, side], score: 0.95 })
    const exact = { box: [0, 0, 30, 30], score: 0.9 }
    const [all, small, medium] = count(buildScene(truths, [loose(33), exact]), viewOf('corrected'))
    expect([all.fp, small.fp, medium.fp]).toEqual([1, 0, 1])
    const sameSize = count(buildScene(truths, [loose(31), exact]), viewOf('corrected'))
    expect(sameSize.map(({ fp }) => fp)).toEqual([1, 1, 0, 0])
  })

  test('an area on a border counts once', () => {
    const box = [0, 0, 32, 32]
    const scene = buildScene([{ box }], [{ box, score: 0.9 }])
    expect(count(scene, viewOf('corrected')).map(({ tp }) => tp)).toEqual([1, 0, 1, 0])
    expect(count(scene, viewOf('coco')).map(({ tp }) => tp)).toEqual([1, 1, 1, 0])
  })

  test('false positives of a class without ground truth count', () => {
    const box = [0, 0, 50, 50]
    const guesses = Array.from({ length: 50 }, () => ({ box, category: 2, score: 0.99 }))
    const scene = buildScene([{ box }], [{ box, score: 0.9 }, ...guesses])
    expect(count(scene, viewOf('corrected'))[0]).toMatchObject({ tp: 1, fp: 50, fn: 0 })
  })

  test('a hundred detections before the true one do not cut it off', () => {
    const guesses = Array.from({ length: 100 }, () => ({ box: [500, 500, 50, 50], score: 0.9 }))
    const scene = buildScene([{ box: [0, 0, 50, 50] }], [...guesses, { box: [0, 0, 50, 50], score: 0.5 }])
    expect(count(scene, viewOf('corrected'))[0]).toMatchObject({ tp: 1, fp: 100, fn: 0, precision: 1 / 101 })
    expect(count(scene, viewOf('coco'))[0]).toMatchObject({ tp: 0, fp: 100, fn: 1, recall: 0 })
  })

  test('what crowds absorb is counted beside, in the whole', () => {
    const guesses = Array.from({ length: 3 }, (_, i) => ({ box: [10 * i, 0, 20, 20], score: 0.9 }))
    const scene = buildScene([{ box: [0, 0, 100, 100], crowd: true }], guesses)
    const [all, small] = count(scene, viewOf('corrected'))
    expect(all).toMatchObject({ groundTruths: 0, detections: 0, ignored: 3, precision: null, recall: null })
    expect(small.ignored).toBe(0)
  })
})

describe('the score threshold', () => {
  const boxes = [0, 100, 200].map(x => [x, 0, 50, 50])
  const scene = buildScene(
    boxes.map(box => ({ box })),
    boxes.map((box, i) => ({ box, score: [0.9, 0.8, 0.7][i] })),
  )
  test.each([
    [0.8, false, 2],
    [0.8, true, 1],
    [0.9, true, 0],
    [0.95, false, 0],
    [0, false, 3],
  ])('%d, strictly %s, keeps %i', (score, scoreStrict, tp) => {
    const [all] = count(scene, viewOf('corrected', { score, scoreStrict }))
    expect(all).toMatchObject({ tp, fn: 3 - tp, precision: tp > 0 ? 1 : null, recall: tp / 3 })
  })

  test('counts of many detections at any score, as one by one', () => {
    const guesses = Array.from({ length: 4096 }, (_, i) => ({
      box: [(i % 97) * 10, (i % 89) * 10, 40, 40],
      image: 1 + (i % 7),
      score: ((i * 7919) % 1000) / 1000,
    }))
    const truths = guesses.filter((_, i) => i % 5 === 0).map(({ box, image }) => ({ box, image }))
    const scene = buildScene(truths, guesses)
    const index = indexScene(scene, 'corrected', false)
    const { matches } = matchesIn(scene, index, viewOf('corrected'), 0)
    for (const score of [0, 0.001, 0.2, 0.205, 0.5, 0.796, 0.999, 1]) {
      const kept = [...scene.dt.scores.keys()].filter(d => scene.dt.scores[d] >= score)
      const [all] = countsBySize(scene, index, viewOf('corrected', { score }))
      expect(all.detections).toBe(kept.length)
      expect(all.tp).toBe(kept.filter(d => matches.dtOutcomes[d] === 0).length)
    }
  })
})

describe('the promise: a count is the number of rows that its filter selects', () => {
  const OUTCOMES: [keyof Counts, InstanceFilter['outcomes']][] = [
    ['tp', ['TP']],
    ['fp', ['FP']],
    ['fn', ['FN']],
    ['detections', ['TP', 'FP']],
    ['groundTruths', ['TP', 'FN']],
    ['ignored', ['ignored']],
  ]

  test.each(PROTOCOLS.flatMap(protocol => [false, true].map(agnostic => [protocol, agnostic] as const)))(
    'protocol %s, class-agnostic %s',
    (protocol, classAgnostic) => {
      for (const seed of SEEDS) {
        const scene = randomScene(seed)
        const index = indexScene(scene, protocol, classAgnostic)
        for (const sizes of [viewOf(protocol).sizes, percentileSizes(scene)]) {
          const view = viewOf(protocol, { sizes, score: 0.5, scoreStrict: seed % 2 === 1, classAgnostic })
          const rows = (filter: InstanceFilter): number => {
            const { dts, gts } = selectInstances(scene, index, view, filter)
            return dts.length + gts.length
          }
          const expectRows = (counts: Counts, filter: InstanceFilter): void => {
            for (const [key, outcomes] of OUTCOMES) expect(rows({ ...filter, outcomes })).toBe(counts[key])
          }
          for (const iou of [0.5, 0.7]) {
            countsTable(scene, index, view, [iou])[0].forEach((counts, size) => {
              expectRows(counts, { size: sizes[size].name, iou })
            })
          }
          countsByClass(scene, index, view, 1).forEach((counts, category) => {
            expectRows(counts, { size: sizes[1].name, category })
          })
          countsByImage(scene, index, view, 2).forEach(counts => {
            expectRows(counts, { size: sizes[2].name, image: counts.image })
          })
        }
      }
    },
  )

  test('cut detections are told apart', () => {
    const guesses = Array.from({ length: 103 }, () => ({ box: [0, 0, 5, 5], score: 0.9 }))
    const scene = buildScene([{ box: [50, 50, 5, 5] }], guesses)
    const index = indexScene(scene, 'coco', false)
    const { dts } = selectInstances(scene, index, viewOf('coco'), { outcomes: ['cut'] })
    expect([...dts]).toEqual([100, 101, 102])
    expect([...matchesIn(scene, index, viewOf('coco'), 0).matches.dtOutcomes.slice(100)]).toEqual([
      CUT,
      CUT,
      CUT,
    ])
  })
})
