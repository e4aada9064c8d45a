import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Config, IouType } from '../../src/data/config.js'
import { type CocoArrays, precisionAt, recallAt } from '../../src/data/evaluation.js'
import type { Scene } from '../../src/data/scene.js'
import { evaluate } from '../../src/index.js'
import { indexScene } from '../../src/matching/scene-index.js'
import { matchScene } from '../../src/matching/scene-match.js'
import { cocoShape, createCocoArrays } from '../../src/metrics/coco-arrays.js'
import { cocoCurveOf } from '../../src/metrics/coco-walk.js'
import { curveOf } from '../../src/metrics/pr-curves.js'
import { writeDemo } from '../../src/node/write-demo.js'
import { differences } from '../parity/compare.js'
import { buildDataset, cocoConfig } from '../support/columns.js'
import { evaluateLiterally } from '../support/literal-coco.js'
import { randomRecords } from '../support/random-scene.js'
import { sceneOf } from '../support/scene.js'

/** The reference's arrays from the matches of a scene, one threshold, size and cap after another. */
function arraysOf(scene: Scene, config: Config, classes: (number | null)[]): CocoArrays {
  const index = indexScene(scene, 'coco', config.classAgnostic)
  const shape = cocoShape(config, classes.length)
  const arrays = createCocoArrays(shape)
  config.iouThresholds.forEach((iou, t) => {
    config.areas.forEach((range, a) => {
      config.maxDets.forEach((maxDet, m) => {
        const matches = matchScene(scene, index, { iou, range, maxDet })
        classes.forEach((category, k) => {
          const curve = cocoCurveOf(index, matches, category, config.recallThresholds)
          const exact = curveOf(scene, index, matches, { range: null, category })
          expect(exact.maxRecall).toBe(curve?.recall ?? null)
          if (!curve) return
          arrays.recall[recallAt(shape, t, k, a, m)] = curve.recall
          config.recallThresholds.forEach((_, r) => {
            arrays.precision[precisionAt(shape, t, r, k, a, m)] = curve.precisions[r]
            arrays.scores[precisionAt(shape, t, r, k, a, m)] = curve.scores[r]
          })
        })
      })
    })
  })
  return arrays
}

const compare = (expected: CocoArrays, found: CocoArrays): string[] =>
  differences({ ...expected, stats: [] }, { ...found, stats: [] })

test.each([false, true])('random scenes give the reference’s arrays, class-agnostic %s', classAgnostic => {
  for (let seed = 0; seed < 25; seed++) {
    const { truths, guesses } = randomRecords(seed)
    if (truths.length > 0) truths[0].id = 0
    const dataset = buildDataset(truths, guesses, { images: [1, 2, 3], categories: [1, 2] })
    const config = cocoConfig({ classAgnostic, maxDets: [1, 2, 5], iouThresholds: [0.5, 0.75, 0.9] })
    const found = arraysOf(sceneOf(dataset, config), config, classAgnostic ? [null] : [0, 1])
    expect({ seed, differences: compare(evaluateLiterally(dataset, config), found) }).toEqual({
      seed,
      differences: [],
    })
  }
})

async function check(gt: string, dt: string, iouType: IouType, classAgnostic = false): Promise<void> {
  const options = { iouType, classAgnostic, scene: true }
  const { scene, coco, config, evaluatedCategories } = await evaluate(
    readFileSync(gt),
    readFileSync(dt),
    options,
  )
  if (!scene) throw new Error('no scene')
  const classes = classAgnostic ? [null] : [...evaluatedCategories]
  expect(compare(coco, arraysOf(scene, config, classes))).toEqual([])
}

describe('the demo, at every threshold, size and cap', () => {
  const dir = mkdtempSync(join(tmpdir(), 'detscope-walk-'))
  beforeAll(() => writeDemo(dir, { seed: 1, images: 60 }))
  afterAll(() => rmSync(dir, { recursive: true }))

  test.each([
    ['segm', false],
    ['segm', true],
    ['bbox', false],
  ] as const)('%s, class-agnostic %s', (iouType, classAgnostic) =>
    check(join(dir, 'gt.json'), join(dir, 'dt.json'), iouType, classAgnostic),
  )
})

const sample = process.env.DETSCOPE_COCO100 ?? join(import.meta.dirname, '../../../shared/data/coco100')
describe.skipIf(!existsSync(join(sample, 'gt.json')))('100 images of COCO val2014', () => {
  test.each(['bbox', 'segm'] as const)('%s', iouType =>
    check(join(sample, 'gt.json'), join(sample, `dt_${iouType}.json`), iouType),
  )
})
