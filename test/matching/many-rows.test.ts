/** More rows than one step takes: what stands at the seams of steps is found as everything else. */
import { expect, test } from 'vitest'
import type { SceneMatches } from '../../src/data/analysis.js'
import { inRanges } from '../../src/data/steps.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { matchScene } from '../../src/matching/scene-match.js'
import { CROWD_RULES, withCrowds } from '../../src/matching/scene-rules.js'
import { randomRecords } from '../support/random-scene.js'
import { buildScene } from '../support/scene.js'

const STEP_ROWS = 65_536
const IMAGES = [1, 2, 3]
const { truths, guesses } = randomRecords(3)
/** So many that the detections need two steps, and the seam lies within a copy. */
const copies = Math.ceil((STEP_ROWS + 1) / guesses.length)

/** The same records once more and again, each time in images of their own. */
const copied = <T extends { image?: number }>(records: T[]): T[] =>
  Array.from({ length: copies }, (_, copy) =>
    records.map(record => ({ ...record, image: (record.image ?? 1) + copy * IMAGES.length })),
  ).flat()

const categories = [1, 2]
const small = buildScene(truths, guesses, { images: IMAGES, categories })
const images = Array.from({ length: copies * IMAGES.length }, (_, i) => i + 1)
const large = buildScene(copied(truths), copied(guesses), { images, categories })

const outcomesOf = ({ dtOutcomes, gtOutcomes }: SceneMatches) =>
  [dtOutcomes, gtOutcomes].map(each => [...each])

test('every row has one step and every step has rows', () => {
  const ranges: number[][] = []
  let rests = 0
  for (const _ of inRanges(2 * STEP_ROWS + 1, (from, to) => void ranges.push([from, to]))) rests++
  expect(ranges).toEqual([
    [0, STEP_ROWS],
    [STEP_ROWS, 2 * STEP_ROWS],
    [2 * STEP_ROWS, 2 * STEP_ROWS + 1],
  ])
  expect(rests).toBe(3)
  expect([...inRanges(0, () => expect.unreachable())]).toEqual([])
})

test.each(
  CROWD_RULES.flatMap(rule => (['coco', 'corrected'] as const).map(protocol => ({ rule, protocol }))),
)('copies in images of their own match alike: crowds $rule, $protocol', ({ rule, protocol }) => {
  expect(STEP_ROWS % guesses.length).toBeGreaterThan(0)
  expect(truths.some(({ crowd }) => crowd)).toBe(true)
  for (const classAgnostic of [false, true]) {
    const [one, all] = [small, large].map(scene => {
      const changed = withCrowds(scene, rule)
      const index = indexScene(changed, protocol, classAgnostic)
      const { best } = index
      const matches = matchScene(changed, index, { iou: 0.5, range: null })
      return [...outcomesOf(matches), [...best.dtSimilarities], [...best.gtSimilarities]]
    })
    expect(new Set(one[0]).size).toBeGreaterThan(1)
    for (const [i, column] of one.entries()) {
      const wrong = all[i].findIndex((value, row) => value !== column[row % column.length])
      expect({ wrong, length: all[i].length }).toEqual({ wrong: -1, length: copies * column.length })
    }
  }
})
