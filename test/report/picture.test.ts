import { describe, expect, test } from 'vitest'
import { FN, FP, IGNORED, type Protocol, TP } from '../../src/data/analysis.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { countsByImage } from '../../src/metrics/per-image.js'
import { ELSEWHERE, pictureItems } from '../../src/report/picture.js'
import { worstInstances } from '../../src/report/worst.js'
import type { Guess, Truth } from '../support/columns.js'
import { integer, seeded } from '../support/random.js'
import { buildScene, viewOf } from '../support/scene.js'

const box = (x: number, side = 100): number[] => [x, 0, side, side]

/** Found by the first detection, doubled by the second; the second object is missed, the third a crowd. */
const scene = buildScene(
  [{ box: box(0) }, { box: box(200, 20) }, { box: box(400), crowd: true }, { image: 2, box: box(0) }],
  [
    { box: box(0), score: 0.9 },
    { box: box(10), score: 0.8 },
    { box: box(400), score: 0.7 },
    { box: box(200, 25), score: 0.2 },
    { box: box(700), score: 0.95 },
  ],
)

const itemsOf = (protocol: Protocol, size: number, score: number, image = 0) =>
  pictureItems(scene, indexScene(scene, protocol, false), viewOf(protocol, { score }), size, image)

describe('the instances of a picture', () => {
  test('are every ground truth and the detections above the threshold, best first', () => {
    const items = itemsOf('coco', 0, 0.5)
    expect(items.map(({ kind, row, outcome }) => [kind, row, outcome])).toEqual([
      ['gt', 0, TP],
      ['gt', 1, FN],
      ['gt', 2, IGNORED],
      ['dt', 4, FP],
      ['dt', 0, TP],
      ['dt', 1, FP],
      ['dt', 2, IGNORED],
    ])
  })

  test('name their match, or without one the most similar of the other side', () => {
    const items = itemsOf('corrected', 0, 0.5)
    const partner = (kind: string, row: number) => {
      const item = items.find(one => one.kind === kind && one.row === row)
      return item && [item.partner, item.isMatched, Number(item.similarity.toFixed(3))]
    }
    expect(partner('gt', 0)).toEqual([0, true, 1])
    expect(partner('dt', 0)).toEqual([0, true, 1])
    // 90 x 100 of 11,000 px.
    expect(partner('dt', 1)).toEqual([0, false, 0.818])
    // Detection 3 covers it (400 of 625 px), below the threshold.
    expect(partner('gt', 1)).toEqual([3, false, 0.64])
    expect(partner('dt', 2)).toEqual([2, true, 1])
    expect(partner('dt', 4)).toEqual([-1, false, 0])
  })

  test('a ground truth whose match lies below the threshold is missed', () => {
    expect(itemsOf('coco', 0, 0.1).find(({ kind, row }) => kind === 'gt' && row === 1)?.outcome).toBe(TP)
  })

  test('of another size are shown, but as no outcome of this one', () => {
    const outcomes = (protocol: Protocol) => itemsOf(protocol, 1, 0.5).map(({ outcome }) => outcome)
    expect(outcomes('coco')).toEqual([IGNORED, FN, IGNORED, IGNORED, IGNORED, IGNORED, IGNORED])
    const X = ELSEWHERE
    expect(outcomes('corrected')).toEqual([X, FN, IGNORED, X, X, X, X])
  })
})

function randomScene(seed: number) {
  const random = seeded(seed)
  const place = () => ({
    image: 1 + integer(random, 4),
    category: 1 + integer(random, 2),
    box: [integer(random, 60), integer(random, 60), 10 + integer(random, 60), 10 + integer(random, 60)],
  })
  const truths: Truth[] = Array.from({ length: 30 }, () => ({ ...place(), crowd: random() < 0.1 }))
  const guesses: Guess[] = Array.from({ length: 60 }, () => ({ ...place(), score: integer(random, 20) / 20 }))
  return buildScene(truths, guesses)
}

describe.each(['coco', 'corrected'] as const)('protocol %s', protocol => {
  test('pictures show as many of each outcome as the table of images counts', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = randomScene(seed)
      const index = indexScene(random, protocol, false)
      const view = viewOf(protocol, { score: 0.3, iou: 0.3 })
      for (const size of [0, 1, 2]) {
        for (const counts of countsByImage(random, index, view, size)) {
          const items = pictureItems(random, index, view, size, counts.image)
          const count = (kind: string, outcome: number): number =>
            items.filter(item => item.kind === kind && item.outcome === outcome).length
          const shown = {
            tp: count('dt', TP),
            fp: count('dt', FP),
            fn: count('gt', FN),
            found: count('gt', TP),
          }
          expect(shown).toEqual({ tp: counts.tp, fp: counts.fp, fn: counts.fn, found: counts.tp })
        }
      }
    }
  })
})

test('the worst are confident false positives and large misses in turn, then loose matches', () => {
  const view = viewOf('corrected', { score: 0.1 })
  const index = indexScene(scene, 'corrected', false)
  const names = (count: number, errorsOnly = false): string[] =>
    worstInstances(scene, index, view, count, errorsOnly).map(({ kind, row }) => `${kind} ${row}`)
  expect(names(10)).toEqual(['dt 4', 'gt 3', 'dt 1', 'dt 3', 'dt 0'])
  expect(names(2)).toEqual(['dt 4', 'gt 3'])
  expect(names(10, true)).toEqual(['dt 4', 'gt 3', 'dt 1'])
  expect(names(0)).toEqual([])
})
