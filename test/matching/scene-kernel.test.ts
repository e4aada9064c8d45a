import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Protocol } from '../../src/data/analysis.js'
import type { Scene } from '../../src/data/scene.js'
import { finish } from '../../src/data/steps.js'
import { scoreOrderSteps } from '../../src/matching/order.js'
import { columnsOf, indexSteps } from '../../src/matching/scene-index.js'
import { SceneKernel } from '../../src/matching/scene-kernel.js'
import { livePairSteps } from '../../src/matching/scene-pairs.js'
import type { Guess, Truth } from '../support/columns.js'
import { lendDirtyMemory } from '../support/dirty-memory.js'
import { integer, pick, seeded } from '../support/random.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene } from '../support/scene.js'

const kernel = SceneKernel.create() as SceneKernel

const PROTOCOLS: Protocol[] = ['coco', 'corrected']

/** Columns as texts in which -0 and 0 differ. */
function textsOf(value: unknown): unknown {
  if (ArrayBuffer.isView(value))
    return Array.from(value as unknown as number[], v => (Object.is(v, -0) ? '-0' : String(v))).join()
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, textsOf(part)]))
}

/** Indices by both protocols, the kernel and its twins each with a scene of their own, as what is found is kept. */
function expectTwins(build: () => Scene, classAgnostic: boolean): void {
  lendDirtyMemory()
  const [scene, other] = [build(), build()]
  for (const protocol of PROTOCOLS) {
    const found = columnsOf(finish(indexSteps(scene, protocol, classAgnostic, kernel)))
    const expected = columnsOf(finish(indexSteps(other, protocol, classAgnostic, null)))
    expect(textsOf(found)).toEqual(textsOf(expected))
    // Rows in the order of one protocol with the ties of the other, as one correction has them.
    const [live, plain] = PROTOCOLS.map(ties => [
      finish(livePairSteps(scene, found.cells.dtRows, ties, classAgnostic, kernel)),
      finish(livePairSteps(other, found.cells.dtRows, ties, classAgnostic, null)),
    ]).map(pair => pair.map(textsOf))
    expect(live[0]).toEqual(live[1])
    expect(plain[0]).toEqual(plain[1])
    expect(textsOf(found.live)).toEqual([live, plain][PROTOCOLS.indexOf(protocol)][0])
  }
}

const SCORES = [0.5, 0.25, 0.250001, 1, 0, -0, -1, 1e300, -1e300, 5e-324, -5e-324]

describe('the kernel and its twins index alike', () => {
  test.each(Array.from({ length: 20 }, (_, seed) => seed))('random records, seed %d', seed => {
    const { truths, guesses } = randomRecords(seed)
    const random = seeded(seed)
    const scored = guesses.map(guess => ({ ...guess, score: pick(random, SCORES) }))
    for (const classAgnostic of [false, true]) {
      expectTwins(() => buildScene(truths, guesses), classAgnostic)
      expectTwins(() => buildScene(truths, scored), classAgnostic)
    }
  })

  test.each(Array.from({ length: 10 }, (_, seed) => seed))(
    'few boxes many times, in many classes, crowds and ignored among them, seed %d',
    seed => {
      const random = seeded(seed)
      const boxes = Array.from({ length: 4 }, () => [
        integer(random, 3),
        integer(random, 3),
        1 + integer(random, 3),
        1 + integer(random, 3),
      ]) as [number, number, number, number][]
      const classes = pick(random, [1, 3, 2000])
      const place = () => ({ category: integer(random, classes), image: integer(random, 3) })
      const truths = Array.from(
        { length: 60 },
        (): Truth => ({
          ...place(),
          box: pick(random, boxes),
          crowd: random() < 0.2,
          ignore: random() < 0.2,
        }),
      )
      const guesses = Array.from(
        { length: 200 },
        (): Guess => ({
          ...place(),
          box: pick(random, boxes),
          score: pick(random, SCORES),
        }),
      )
      for (const classAgnostic of [false, true]) {
        expectTwins(() => buildScene(truths, guesses), classAgnostic)
        expectTwins(() => buildScene(truths, []), classAgnostic)
        expectTwins(() => buildScene([], guesses), classAgnostic)
        expectTwins(() => buildScene([], []), classAgnostic)
      }
    },
  )
})

/** The order by the kernel and by its twin. */
function expectOrder(scores: Float64Array): void {
  const order = Int32Array.from(scores.keys())
  const sorted = scores.slice()
  finish(scoreOrderSteps(sorted, order))
  expect(textsOf(finish(kernel.order(scores)))).toEqual(textsOf({ order, scores: sorted }))
}

describe('the kernel and its twin order scores alike', () => {
  const anyScore = fc.oneof(
    fc.constantFrom(...SCORES, Infinity, -Infinity),
    fc.double({ noNaN: true }),
    fc.nat(3).map(low => 0.5 + low * 2 ** -53), // the same upper half
  )

  test('any scores', () => {
    fc.assert(
      fc.property(fc.array(anyScore, { maxLength: 300 }), scores => expectOrder(Float64Array.from(scores))),
      { numRuns: 300 },
    )
  })

  test.each([
    ['scores of three digits', (random: () => number) => Math.round(random() * 1000) / 1000],
    ['any float', (random: () => number) => (random() - 0.5) * 2 ** integer(random, 100)],
    ['zeros and the smallest', (random: () => number) => [0, -0, 5e-324, -5e-324][integer(random, 4)]],
    ['one score', () => 0.5],
    ['one upper half', (random: () => number) => 0.5 + random() * 2 ** -22],
    ['some upper halves', (random: () => number) => (1 + integer(random, 9)) * (1 + random() * 2 ** -21)],
    ['some negative upper halves', (random: () => number) => -1 - integer(random, 3) - random() * 2 ** -21],
  ])('on both sides of each change of sorts: %s', (_, draw) => {
    const random = seeded(7)
    for (const count of [1, 2, 47, 48, 49, 50, 1000, 4095, 4096, 40_000])
      expectOrder(Float64Array.from({ length: count }, () => draw(random)))
  })
})

test.each([
  ['very many rows', { length: 2 ** 22 + 1, byteLength: 2 ** 24 + 4 }],
  ['rows that its memory does not hold', { length: 1, byteLength: 2 ** 33 }],
])('%s are left to the twins', (_, column) => {
  expect(finish(kernel.order(column as unknown as Float64Array))).toBeNull()
})
