import { describe, expect, test, vi } from 'vitest'
import { FP, IGNORED, type Protocol, TP } from '../../src/data/analysis.js'
import type { AreaRange, Config } from '../../src/data/config.js'
import type { Scene } from '../../src/data/scene.js'
import { dropSpareMemory } from '../../src/data/wasm.js'
import { indexScene, type SceneIndex } from '../../src/matching/scene-index.js'
import { matchesOf, matchScene } from '../../src/matching/scene-match.js'
import { matchAhead } from '../../src/metrics/ahead.js'
import { countsBySize } from '../../src/metrics/counts.js'
import { countRegular, matchesIn, outcomesByRank } from '../../src/metrics/outcomes.js'
import { cocoSizes, sizesFrom } from '../../src/metrics/sizes.js'
import type { Guess, Truth } from '../support/columns.js'
import { lendDirtyMemory } from '../support/dirty-memory.js'
import { integer, pick, seeded } from '../support/random.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene, viewOf } from '../support/scene.js'

const PROTOCOLS: Protocol[] = ['coco', 'corrected']
const IOUS = [0.05, 0.5, 0.75, 1]

/** Ranges whose ends are areas of the records: both ends belong to a range of protocol `coco`. */
const SIZES: AreaRange[] = [
  { name: 'small', lo: 0, hi: 400 },
  { name: 'middle', lo: 400, hi: 900 },
  { name: 'large', lo: 900, hi: 1e10 },
  { name: 'none', lo: 500, hi: 400 },
]

type Changes = Partial<Config>

/** Every size range of a look, with what is known ahead and without. */
function expectTwins(truths: Truth[], guesses: Guess[], classAgnostic: boolean, changes: Changes = {}): void {
  const scene = buildScene(truths, guesses, {}, changes)
  for (const protocol of PROTOCOLS) {
    const [index, plain] = [protocol, protocol].map(name => indexScene(scene, name, classAgnostic))
    for (const iou of IOUS) expectSameLook(scene, index, plain, iou)
  }
}

function expectSameLook(scene: Scene, index: SceneIndex, plain: SceneIndex, iou: number): void {
  lendDirtyMemory()
  const view = viewOf(index.protocol, { iou, sizes: sizesFrom(new Float64Array(0), SIZES) })
  matchAhead(scene, index, view)
  const known = index.matches.size
  view.sizes.forEach((sizeRange, size) => {
    const { matches, range } = matchesIn(scene, index, view, size)
    const expected = matchScene(scene, plain, { iou, range: sizeRange })
    expect(matches).toEqual(expected)
    const other = matchesIn(scene, plain, view, size).matches
    const byRank = outcomesByRank(index, matches, range).slice()
    expect(byRank).toEqual(outcomesByRank(plain, other, range))
  })
  for (const score of [-2, 0.3, 0.5, 2]) {
    const at = { ...view, score }
    expect(countsBySize(scene, index, at)).toEqual(countsBySize(scene, plain, at))
  }
  view.sizes.forEach((_, size) => {
    const [found, expected] = [index, plain].map(own =>
      own.tallies.get(matchesIn(scene, own, view, size).matches),
    )
    expect(found).toEqual(expected)
  })
  expect(index.matches.size).toBe(known)
}

describe('what is found ahead is what is found when it is asked for', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))('random records, seed %d', seed => {
    const { truths, guesses } = randomRecords(seed)
    const zeros = truths.map((truth, i) => ({ ...truth, id: i % 3 === 0 ? 0 : i }))
    for (const classAgnostic of [false, true]) {
      expectTwins(truths, guesses, classAgnostic)
      expectTwins(zeros, guesses, classAgnostic, { maxDets: [1, 2] })
      expectTwins(truths, guesses, classAgnostic, { iouType: 'segm', maxDets: [0] })
    }
  })

  test.each([0, 1, 2, 3])('more rows than a call takes, crowds and ignored among them, seed %d', seed => {
    const random = seeded(seed)
    const boxes = Array.from({ length: 8 }, () =>
      [4, 4, 30, 30].map((most, side) => integer(random, most) + (side < 2 ? 0 : 5)),
    )
    const place = () => ({
      category: integer(random, 3),
      image: integer(random, 200),
      box: pick(random, boxes),
    })
    const truths = Array.from(
      { length: 1000 },
      (_, i): Truth => ({
        ...place(),
        id: i % 50,
        crowd: random() < 0.2,
        ignore: random() < 0.2,
      }),
    )
    // 1024 ranks have a tally of their own
    const guesses = Array.from(
      { length: [9000, 2047, 2048, 2049][seed] },
      (): Guess => ({
        ...place(),
        score: pick(random, [0.1, 0.5, 0.9, random()]),
      }),
    )
    expectTwins(truths, guesses, seed % 2 === 1, { maxDets: [4] })
  })

  test('nothing', () => {
    const { truths, guesses } = randomRecords(5)
    expectTwins([], [], false)
    expectTwins(truths, [], false)
    expectTwins([], guesses, true)
  })

  test('areas that are not numbers lie in no range and outside of none', () => {
    const box = [0, 0, 20, 20]
    const areas = [Number.NaN, Number.POSITIVE_INFINITY, 400, 0]
    const truths = areas.map((area, image) => ({ box, area, image }))
    const guesses = areas.flatMap((area, image) => [0.5, 0.4].map(score => ({ box, area, image, score })))
    const scene = buildScene(truths, guesses)
    scene.gt.areas.set(areas)
    scene.dt.areas.set(areas)
    for (const protocol of PROTOCOLS) {
      const [index, plain] = [protocol, protocol].map(name => indexScene(scene, name, false))
      expectSameLook(scene, index, plain, 0.5)
    }
  })
})

const TRUTHS: Truth[] = [{ id: 7, box: [0, 0, 20, 20] }]
const GUESSES: Guess[] = [
  { box: [0, 0, 20, 20], score: 0.9 },
  { box: [300, 300, 200, 200], score: 0.8 },
]

describe('looking ahead', () => {
  test('gives each size range what counts there', () => {
    const scene = buildScene(TRUTHS, GUESSES)
    const index = indexScene(scene, 'coco', false)
    matchAhead(scene, index, viewOf('coco'))
    const outcomes = [...index.matches.values()].map(({ dtOutcomes }) => [...dtOutcomes])
    expect(outcomes).toEqual([
      [TP, FP],
      [TP, IGNORED],
      [IGNORED, IGNORED],
      [IGNORED, FP],
    ])
  })

  test('gives the regular ground truths of all, and of each class its own', () => {
    const scene = buildScene([...TRUTHS, { category: 2, box: [0, 0, 50, 50] }], GUESSES)
    const index = indexScene(scene, 'coco', false)
    const view = viewOf('coco')
    matchAhead(scene, index, view)
    const counts = view.sizes.map((_, size) => {
      const { matches, range } = matchesIn(scene, index, view, size)
      return [null, 0, 1].map(category => countRegular(index, matches, range, category))
    })
    expect(counts).toEqual([
      [2, 1, 1],
      [1, 1, 0],
      [1, 0, 1],
      [0, 0, 0],
    ])
  })

  test('leaves what is known as it is', () => {
    const scene = buildScene(TRUTHS, GUESSES)
    const index = indexScene(scene, 'coco', false)
    const [whole, small] = cocoSizes()
    const known = matchesOf(scene, index, 0.5, small)
    matchAhead(scene, index, viewOf('coco'))
    expect(matchesOf(scene, index, 0.5, small)).toBe(known)
    const found = matchesOf(scene, index, 0.5, whole)
    matchAhead(scene, index, viewOf('coco'))
    expect(matchesOf(scene, index, 0.5, whole)).toBe(found)
  })

  test('finds nothing where no memory is given', () => {
    const scene = buildScene(TRUTHS, GUESSES)
    const index = indexScene(scene, 'coco', false)
    const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
      throw new RangeError('no room')
    })
    const large = { ...index, dtAreas: new Float64Array(1 << 16) }
    dropSpareMemory()
    matchAhead(scene, large, viewOf('coco'))
    grow.mockRestore()
    expect(large.matches.size).toBe(0)
  })
})
