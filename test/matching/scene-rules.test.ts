import { expect, test } from 'vitest'
import { indexScene } from '../../src/matching/scene-index.js'
import { matchScene } from '../../src/matching/scene-match.js'
import { withCap, withCrowds } from '../../src/matching/scene-rules.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene } from '../support/scene.js'

const SEEDS = Array.from({ length: 100 }, (_, seed) => seed)
const AXES = { images: [1, 2, 3], categories: [1, 2] }

test('counted crowd regions are those of a file that calls them no crowds', () => {
  let crowds = 0
  for (const seed of SEEDS) {
    const { truths, guesses } = randomRecords(seed)
    const edited = truths.map(truth => (truth.crowd ? { ...truth, crowd: false, ignore: false } : truth))
    const scene = withCrowds(buildScene(truths, guesses, AXES), 'counted')
    const fresh = buildScene(edited, guesses, AXES)
    expect({ seed, pairs: scene.pairs }).toEqual({ seed, pairs: fresh.pairs })
    expect([scene.gt.crowds, scene.gt.ignores]).toEqual([fresh.gt.crowds, fresh.gt.ignores])
    crowds += truths.filter(({ crowd }) => crowd).length
  }
  expect(crowds).toBeGreaterThan(50)
})

test('what is left out has no part in any match', () => {
  for (const seed of SEEDS) {
    const { truths, guesses } = randomRecords(seed)
    const rows = [...truths.keys()].filter(row => !truths[row].crowd)
    const scene = withCrowds(buildScene(truths, guesses, AXES), 'out')
    const fresh = buildScene(
      rows.map(row => truths[row]),
      guesses,
      AXES,
    )
    for (const protocol of ['coco', 'corrected'] as const) {
      const options = { iou: 0.5, range: null }
      const matches = matchScene(scene, indexScene(scene, protocol, false), options)
      const expected = matchScene(fresh, indexScene(fresh, protocol, false), options)
      expect({ seed, outcomes: matches.dtOutcomes }).toEqual({ seed, outcomes: expected.dtOutcomes })
      expect(rows.map(row => matches.gtOutcomes[row])).toEqual([...expected.gtOutcomes])
      expect([...matches.gtOfDt]).toEqual(Array.from(expected.gtOfDt, row => (row < 0 ? -1 : rows[row])))
    }
  }
})

test('a cap above the run’s own and one below', () => {
  const box = [0, 0, 10, 10]
  const guesses = [0.9, 0.8, 0.7].map(score => ({ box, score }))
  const scene = buildScene([{ box }], guesses)
  const index = indexScene(scene, 'coco', false)
  expect(withCap(scene, 2).config.maxDets).toEqual([1, 2])
  expect(withCap(scene, 500).config.maxDets.at(-1)).toBe(500)
  const outcomesAt = (cap: number) => [
    ...matchScene(withCap(scene, cap), index, { iou: 0.5, range: null }).dtOutcomes,
  ]
  expect(outcomesAt(1)).toEqual([0, 3, 3])
  expect(outcomesAt(2)).toEqual([0, 1, 3])
  expect(outcomesAt(3)).toEqual([0, 1, 1])
})
