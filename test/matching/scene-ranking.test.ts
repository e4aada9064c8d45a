import { describe, expect, test } from 'vitest'
import type { Protocol } from '../../src/data/analysis.js'
import { indexScene } from '../../src/matching/scene-index.js'
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
