import { describe, expect, test } from 'vitest'
import type { Protocol } from '../../src/data/analysis.js'
import { finish } from '../../src/data/steps.js'
import { indexScene, indexSteps } from '../../src/matching/scene-index.js'
import { SceneKernel } from '../../src/matching/scene-kernel.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene } from '../support/scene.js'

/** A scene with many equal scores. */
function sceneOfTies(seed: number) {
  const { truths, guesses } = randomRecords(seed)
  return buildScene(
    truths,
    guesses.map(guess => ({ ...guess, score: Math.round(3 * guess.score) / 3 })),
  )
}

describe.each<[Protocol, boolean]>([
  ['coco', false],
  ['corrected', false],
  ['coco', true],
  ['corrected', true],
])('%s, class-agnostic %s', (protocol, classAgnostic) => {
  test.each(Array.from({ length: 12 }, (_, seed) => seed))(
    'a ranking has the order of its cells, seed %d',
    seed => {
      const scene = sceneOfTies(seed)
      indexScene(scene, protocol === 'coco' ? 'corrected' : 'coco', classAgnostic) // they share what they can
      const { cells, ranking, ranks } = indexScene(scene, protocol, classAgnostic)
      const { scores, categories } = scene.dt
      const rows = [...cells.dtRows].sort((one, other) => scores[other] - scores[one])
      expect([...ranking.rows]).toEqual(rows)
      expect([...ranking.scores]).toEqual(rows.map(d => scores[d]))
      const byCategory = [...rows].sort((one, other) => categories[one] - categories[other])
      expect([...ranking.rowsByCategory]).toEqual(byCategory)
      expect([...ranking.scoresByCategory]).toEqual(byCategory.map(d => scores[d]))
      for (let cell = 0; cell < cells.count; cell++) {
        const own = cells.dtRows.subarray(cells.dtOffsets[cell], cells.dtOffsets[cell + 1])
        expect(Array.from(own, d => ranks[d])).toEqual([...own.keys()])
      }
    },
  )
})

test('equal scores are ordered by protocol corrected', () => {
  const changed = Array.from({ length: 12 }, (_, seed) => sceneOfTies(seed)).filter(scene => {
    const [coco, corrected] = (['coco', 'corrected'] as const).map(protocol =>
      indexScene(scene, protocol, false),
    )
    return String(coco.ranking.rows) !== String(corrected.ranking.rows)
  })
  expect(changed.length).toBeGreaterThan(6)
})

/** Every box with sides of 1 and 2, thrice, in an order of its own. */
const BOXES = Array.from({ length: 48 }, (_, i) => [0, 1, 2, 3].map(side => 1 + (((7 * i) >> side) & 1))) as [
  number,
  number,
  number,
  number,
][]

test.each([true, false])(
  'equal scores come by x, y, width, height, file order; in WebAssembly: %s',
  inKernel => {
    const guesses = BOXES.map(box => ({ box, image: 0, category: 0, score: 0.5 }))
    const scene = buildScene([{ box: [100, 100, 5, 5], image: 0, category: 0 }], guesses)
    const kernel = inKernel ? SceneKernel.create() : null
    const { cells, ranking, ranks } = finish(indexSteps(scene, 'corrected', false, kernel))
    const keys = Array.from(cells.dtRows, d => [...BOXES[d], 10 + d].join())
    expect(keys).toEqual([...keys].sort())
    expect(new Set(cells.dtRows).size).toBe(BOXES.length)
    expect([...ranking.rows]).toEqual([...cells.dtRows])
    expect(Array.from(cells.dtRows, d => ranks[d])).toEqual([...cells.dtRows.keys()])
  },
)
