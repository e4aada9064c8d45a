import { describe, expect, test } from 'vitest'
import { CUT, FN, FP, IGNORED, type SceneMatches, TP } from '../../src/data/analysis.js'
import type { AreaRange } from '../../src/data/config.js'
import { COCO_IOU_THRESHOLDS } from '../../src/data/config.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { matchesOf, matchScene } from '../../src/matching/scene-match.js'
import { decimalThresholds } from '../../src/metrics/corrected.js'
import { buildDataset, cocoConfig, type Guess, type Truth } from '../support/columns.js'
import { matchLiterally as matchByReference } from '../support/literal-coco.js'
import { matchLiterally as matchByRules } from '../support/literal-corrected.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene, sceneOf } from '../support/scene.js'

const SEEDS = Array.from({ length: 150 }, (_, seed) => seed)
const WORDS = { [TP]: 'TP', [FP]: 'FP', [IGNORED]: 'ignored', [CUT]: 'cut' } as const

const words = (matches: SceneMatches): string[] =>
  Array.from(matches.dtOutcomes, outcome => WORDS[outcome as keyof typeof WORDS])

/** What must hold between the four columns, whatever the protocol. */
function expectConsistent({ dtOutcomes, gtOfDt, gtOutcomes, dtOfGt }: SceneMatches): void {
  dtOutcomes.forEach((outcome, d) => {
    if (outcome === CUT) expect(gtOfDt[d]).toBe(-1)
    if (outcome !== TP) return
    expect(gtOutcomes[gtOfDt[d]]).toBe(TP)
    expect(dtOfGt[gtOfDt[d]]).toBe(d)
  })
  const found = gtOutcomes.filter(outcome => outcome === TP).length
  expect(found).toBe(dtOutcomes.filter(outcome => outcome === TP).length)
  dtOfGt.forEach((d, g) => {
    if (d >= 0) expect(gtOfDt[d]).toBe(g)
  })
}

describe('protocol corrected', () => {
  test.each([false, true])('the rules one by one find the same, class-agnostic %s', classAgnostic => {
    let trues = 0
    for (const seed of SEEDS) {
      const { truths, guesses } = randomRecords(seed)
      const scene = buildScene(truths, guesses)
      const index = indexScene(scene, 'corrected', classAgnostic)
      for (const iou of [0.5, 0.6, 0.75, 0.9]) {
        const matches = matchScene(scene, index, { iou, range: null })
        const expected = matchByRules(scene, iou, classAgnostic)
        expect({ seed, iou, found: words(matches), gts: [...matches.gtOfDt] }).toEqual({
          seed,
          iou,
          found: expected.words,
          gts: expected.gtOfDt,
        })
        expectConsistent(matches)
        trues += expected.words.filter(word => word === 'TP').length
      }
    }
    expect(trues).toBeGreaterThan(500)
  })

  test('detections of a higher score match as if the others were not there', () => {
    for (const seed of SEEDS) {
      const { truths, guesses } = randomRecords(seed)
      const scene = buildScene(truths, guesses)
      const all = matchScene(scene, indexScene(scene, 'corrected', false), { iou: 0.5, range: null })
      for (const score of [0.3, 0.5, 0.7]) {
        const kept = [...scene.dt.scores.keys()].filter(d => scene.dt.scores[d] >= score)
        const fewer = buildScene(
          truths,
          kept.map(d => guesses[d]),
          { images: [1, 2, 3], categories: [1, 2] },
        )
        const matches = matchScene(fewer, indexScene(fewer, 'corrected', false), { iou: 0.5, range: null })
        expect(words(matches)).toEqual(kept.map(d => words(all)[d]))
        expect([...matches.gtOfDt]).toEqual(kept.map(d => all.gtOfDt[d]))
      }
    }
  })

  test('a ground truth that the file ignores takes any number of detections', () => {
    const box = [0, 0, 50, 50]
    const guesses = [0.9, 0.8, 0.7].map(score => ({ box, score }))
    expect(outcomes('corrected', [{ box, ignore: true }], guesses)).toEqual(['ignored', 'ignored', 'ignored'])
    expect(outcomes('coco', [{ box, ignore: true }], guesses)).toEqual(['TP', 'FP', 'FP'])
  })

  test('a free regular ground truth comes before a more similar ignored one', () => {
    const truths = [{ box: [0, 0, 50, 50], ignore: true }, { box: [10, 0, 50, 50] }]
    expect(outcomes('corrected', truths, [{ box: [0, 0, 50, 50], score: 0.9 }])).toEqual(['TP'])
  })

  test('a box equals itself at IoU 1 though its float64 IoU may be less', () => {
    const box = [13.37, 7.77, 33.33, 0.1]
    const { dtOutcomes } = matched('corrected', [{ box }], [{ box, score: 0.5 }], 1)
    expect([...dtOutcomes]).toEqual([TP])
  })

  test('box IoU 0.5 is at the threshold 0.5, 1e-11 below it is not', () => {
    const truths = [{ box: [0, 0, 100, 100] }]
    const wide = (width: number): Guess => ({ box: [0, 0, width, 100], score: 0.5 })
    expect(outcomes('corrected', truths, [wide(50)])).toEqual(['TP'])
    expect(outcomes('corrected', truths, [wide(50 - 1e-9)])).toEqual(['FP'])
  })
})

describe('masks reach a threshold of twentieths just where 20 I >= k U', () => {
  /** A detection and a ground truth an image, with the similarity I / U. */
  const fractions = Array.from({ length: 120 }, (_, u) =>
    Array.from({ length: u + 1 }, (_, i) => [i + 1, u + 1] as const),
  ).flat()
  const box = [0, 0, 10, 10]
  const alone = (_: unknown, i: number) => ({ image: i + 1, box, score: 0.5 })
  const scene = buildScene(fractions.map(alone), fractions.map(alone), {}, { iouType: 'segm' })
  scene.pairs.similarities.set(fractions.map(([shared, union]) => shared / union))
  const index = indexScene(scene, 'corrected', false)

  test.each(decimalThresholds(COCO_IOU_THRESHOLDS).map((iou, i) => [10 + i, iou]))('k = %i', (k, iou) => {
    const { dtOutcomes } = matchScene(scene, index, { iou, range: null })
    const expected = fractions.map(([shared, union]) => (20 * shared >= k * union ? TP : FP))
    expect([...dtOutcomes]).toEqual(expected)
    expect(expected).toContain(FP)
  })

  test('without the slack of boxes', () => {
    const guess = [{ box: [0, 0, 50 * (1 - 1e-13), 100], score: 0.9 }]
    const outcomeOf = (iouType: 'segm' | 'bbox'): number => {
      const one = buildScene([{ box: [0, 0, 100, 100] }], guess, {}, { iouType })
      return matchScene(one, indexScene(one, 'corrected', false), { iou: 0.5, range: null }).dtOutcomes[0]
    }
    expect([outcomeOf('segm'), outcomeOf('bbox')]).toEqual([FP, TP])
  })
})

const matched = (
  protocol: 'coco' | 'corrected',
  truths: Truth[],
  guesses: Guess[],
  iou = 0.5,
  range: AreaRange | null = null,
): SceneMatches => {
  const scene = buildScene(truths, guesses)
  return matchScene(scene, indexScene(scene, protocol, false), { iou, range })
}

const outcomes = (protocol: 'coco' | 'corrected', truths: Truth[], guesses: Guess[]): string[] =>
  words(matched(protocol, truths, guesses))

/** The reference's fate of each detection of the scene, in one area range. */
function reference(truths: Truth[], guesses: Guess[], a: number, t: number, cap: number, agnostic: boolean) {
  const dataset = buildDataset(truths, guesses, { images: [1, 2, 3], categories: [1, 2] })
  const config = cocoConfig({ maxDets: [1, 2, cap] })
  const rows = ({ count }: { count: number }): number[] => [...Array(count).keys()]
  const found = guesses.map(() => 'cut')
  for (const image of [0, 1, 2]) {
    for (const categories of agnostic ? [[0, 1]] : [[0], [1]]) {
      const [gts, dts] = [dataset.groundTruths, dataset.detections].map(instances =>
        categories.flatMap(category =>
          rows(instances).filter(
            row => instances.images[row] === image && instances.categories[row] === category,
          ),
        ),
      )
      const entry = matchByReference(dataset, config, gts, dts, a)
      entry.dts.forEach((dt, d) => {
        found[dt] = entry.dtIgnored[t][d] ? 'ignored' : entry.matchIds[t][d] !== 0 ? 'TP' : 'FP'
      })
    }
  }
  return { dataset, config, found }
}

describe('a detection between two ground truths that it overlaps equally', () => {
  const left = [0, 0, 50, 50]
  const right = [20, 0, 50, 50]
  const between = [{ box: [10, 0, 50, 50], score: 0.9 }]

  test('takes the later one of the file in protocol coco', () => {
    expect([...matched('coco', [{ box: left }, { box: right }], between).gtOfDt]).toEqual([1])
    expect([...matched('coco', [{ box: right }, { box: left }], between).gtOfDt]).toEqual([1])
  })

  test('takes the left one in protocol corrected', () => {
    expect([...matched('corrected', [{ box: left }, { box: right }], between).gtOfDt]).toEqual([0])
    expect([...matched('corrected', [{ box: right }, { box: left }], between).gtOfDt]).toEqual([1])
  })

  test('takes that of the later class in protocol coco, class-agnostic', () => {
    const scene = buildScene([{ box: left, category: 2 }, { box: right }], between)
    const index = indexScene(scene, 'coco', true)
    expect([...matchScene(scene, index, { iou: 0.5, range: null }).gtOfDt]).toEqual([0])
  })

  test('takes the first of equal ones in protocol corrected', () => {
    expect([...matched('corrected', [{ box: left }, { box: left }], between).gtOfDt]).toEqual([0])
  })
})

describe('protocol coco', () => {
  test.each([
    [false, 100],
    [true, 100],
    [false, 3],
    [true, 3],
  ])('the reference loop by loop finds the same, class-agnostic %s, cap %i', (agnostic, cap) => {
    const kinds = new Set<string>()
    for (const seed of SEEDS.slice(0, 60)) {
      const { truths, guesses } = randomRecords(seed)
      if (truths.length > 2) truths[2].id = 0
      for (const a of [0, 1, 2]) {
        for (const t of [0, 5, 8]) {
          const { dataset, config, found } = reference(truths, guesses, a, t, cap, agnostic)
          const scene = sceneOf(dataset, config)
          const matches = matchScene(scene, indexScene(scene, 'coco', agnostic), {
            iou: config.iouThresholds[t],
            range: config.areas[a],
          })
          expect({ seed, a, t, found: words(matches) }).toEqual({ seed, a, t, found })
          for (const word of found) kinds.add(word)
        }
      }
    }
    expect([...kinds].sort()).toEqual(cap === 3 ? ['FP', 'TP', 'cut', 'ignored'] : ['FP', 'TP', 'ignored'])
  })

  test('the columns agree with each other', () => {
    for (const seed of SEEDS) {
      const { truths, guesses } = randomRecords(seed)
      const scene = buildScene(truths, guesses)
      const index = indexScene(scene, 'coco', false)
      for (const range of scene.config.areas) expectConsistent(matchScene(scene, index, { iou: 0.5, range }))
    }
  })

  test('a ground truth with id 0 is used up, and its detection counts as false', () => {
    const box = [0, 0, 50, 50]
    const guesses = [0.9, 0.8].map(score => ({ box, score }))
    const matches = matched('coco', [{ box, id: 0 }], guesses)
    expect([...matches.dtOutcomes]).toEqual([FP, FP])
    expect([...matches.gtOutcomes]).toEqual([FN])
    expect([...matches.gtOfDt]).toEqual([0, -1])
    expect(outcomes('corrected', [{ box, id: 0 }], guesses)).toEqual(['TP', 'FP'])
  })

  test('outside the range: a ground truth is ignored, so is an unmatched detection', () => {
    const truths = [{ box: [0, 0, 100, 100] }]
    const guesses = [
      { box: [0, 0, 100, 90], score: 0.9 },
      { box: [500, 500, 100, 100], score: 0.8 },
      { box: [500, 500, 10, 10], score: 0.7 },
    ]
    const matches = matched('coco', truths, guesses, 0.5, { name: 'small', lo: 0, hi: 1024 })
    expect([...matches.dtOutcomes]).toEqual([IGNORED, IGNORED, FP])
    expect([...matches.gtOutcomes]).toEqual([IGNORED])
    expect([...matches.dtOfGt]).toEqual([0])
  })
})

describe('matchesOf', () => {
  const truths = [{ box: [0, 0, 100, 100] }]
  const guesses = [{ box: [0, 0, 100, 60], score: 0.5 }]
  const large: AreaRange = { name: 'large', lo: 9216, hi: 1e10 }
  const small: AreaRange = { name: 'small', lo: 0, hi: 1024 }

  test('remembers, and tells thresholds and ranges apart', () => {
    const scene = buildScene(truths, guesses)
    const index = indexScene(scene, 'coco', false)
    const first = matchesOf(scene, index, 0.5, large)
    expect(matchesOf(scene, index, 0.5, { ...large })).toBe(first)
    expect([...first.dtOutcomes]).toEqual([TP])
    expect([...matchesOf(scene, index, 0.61, large).dtOutcomes]).toEqual([IGNORED])
    expect([...matchesOf(scene, index, 0.5, small).dtOutcomes]).toEqual([IGNORED])
  })

  test('has one answer for all ranges in protocol corrected', () => {
    const scene = buildScene(truths, guesses)
    const index = indexScene(scene, 'corrected', false)
    expect(matchesOf(scene, index, 0.5, large)).toBe(matchesOf(scene, index, 0.5, null))
  })

  test('forgets the one that was asked for longest ago', () => {
    const scene = buildScene(truths, guesses)
    const index = { ...indexScene(scene, 'coco', false), matchesKept: 2 }
    const [first, second] = [0.5, 0.6].map(iou => matchesOf(scene, index, iou, null))
    expect(matchesOf(scene, index, 0.5, null)).toBe(first)
    matchesOf(scene, index, 0.7, null)
    expect(index.matches.size).toBe(2)
    expect(matchesOf(scene, index, 0.5, null)).toBe(first)
    expect(matchesOf(scene, index, 0.6, null)).not.toBe(second)
  })
})

test('an index that has been asked for other thresholds, caps and sizes answers as a new one', () => {
  const ranges: (AreaRange | null)[] = [null, { name: 'small', lo: 0, hi: 600 }]
  for (const seed of SEEDS.slice(0, 40)) {
    const { truths, guesses } = randomRecords(seed)
    const scene = buildScene(truths, guesses)
    for (const protocol of ['coco', 'corrected'] as const) {
      const used = indexScene(scene, protocol, false)
      for (const iou of [0.5, 0.1, 0.9, 0.5]) {
        for (const maxDet of [1, 100, 1, 2]) {
          for (const range of ranges) {
            const options = { iou, range, maxDet }
            expect(matchScene(scene, used, options)).toEqual(
              matchScene(scene, indexScene(scene, protocol, false), options),
            )
          }
        }
      }
    }
  }
})
