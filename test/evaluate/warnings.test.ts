import { describe, expect, test } from 'vitest'
import { WARNING_TEXTS } from '../../src/data/warnings.js'
import { cocoStats } from '../../src/index.js'
import { evaluateFiles, foundMask, SCENE_STATS, scene, sceneBoxes, sceneMasks } from './coco.js'
import { WARNING_CASES } from './warning-cases.js'

test('there is a case of every warning', () => {
  expect(WARNING_CASES.map(({ code }) => code)).toEqual(Object.keys(WARNING_TEXTS).sort())
})

describe('each warning has its count, its first example and the numbers of the reference', () => {
  test.each(WARNING_CASES)('$code', async ({ code, gt, dt, options, count, example, stats }) => {
    const evaluation = await evaluateFiles(gt, dt, options)
    const text = WARNING_TEXTS[code as keyof typeof WARNING_TEXTS]
    expect(evaluation.warnings).toEqual([{ code, count, example, text }])
    expect(cocoStats(evaluation)).toEqual(stats)
  })
})

describe('a clean data set has none', () => {
  test.each([
    ['boxes', sceneBoxes(), {}],
    ['masks', sceneMasks(), {}],
    ['class-agnostic', sceneBoxes(), { classAgnostic: true }],
    ['a part of it', sceneMasks(), { imageIds: [2], categoryIds: [1] }],
    ['onUnknown: warn', sceneBoxes(), { onUnknown: 'warn' as const }],
    ['as many detections as the cap', sceneBoxes(), { maxDets: [1, 2, 3] }],
  ])('%s', async (_, dt, options) => {
    expect((await evaluateFiles(scene(), dt, options)).warnings).toEqual([])
  })
})

describe('what the caller asked for is no cause for a warning', () => {
  test('a range "all" of his own', async () => {
    const areas = [{ name: 'all', lo: 500, hi: 1e10 }]
    expect((await evaluateFiles(scene(), sceneBoxes(), { areas })).warnings).toEqual([])
  })

  test('the area of a crowd', async () => {
    const annotations = scene().annotations.map(a => (a.iscrowd ? { ...a, area: -1 } : a))
    expect((await evaluateFiles({ ...scene(), annotations }, sceneBoxes())).warnings).toEqual([])
  })

  test('categories left out by choice', async () => {
    const evaluation = await evaluateFiles(scene(), sceneBoxes(), { categoryIds: [2], imageIds: [2] })
    expect(evaluation.warnings).toEqual([])
  })

  test('a category without a ground truth where categories do not matter', async () => {
    const gt = { ...scene(), categories: [...scene().categories, { id: 3, name: 'none' }] }
    const dt = [...sceneBoxes(), { ...sceneBoxes()[0], category_id: 3, score: 0.001 }]
    const count = async (classAgnostic: boolean) =>
      (await evaluateFiles(gt, dt, { classAgnostic })).warnings.map(warning => warning.code)
    expect(await count(true)).toEqual([])
    expect(await count(false)).toEqual(['no-ground-truth-category'])
  })
})

test.each([
  ['all', {}, 3, '[2]'],
  ['those of evaluated categories', { categoryIds: [2] }, 2, '[0]'],
])('of empty masks %s count, and the first by class is named', async (_, options, count, record) => {
  const empty = (categoryId: number) => ({ ...foundMask([0, 0, 0, 0], 0.999), category_id: categoryId })
  const dt = [empty(2), empty(2), empty(1), ...sceneMasks()]
  const { warnings } = await evaluateFiles(scene(), dt, { iouType: 'segm', ...options })
  const told = warnings.find(({ code }) => code === 'empty-mask-detection')
  expect(told).toMatchObject({ count, example: `dt.json: ${record}` })
})

test('several warnings stand in the order of their codes, each once', async () => {
  const [first, ...others] = scene().annotations
  const gt = {
    ...scene(),
    annotations: [{ ...first, id: 0, ignore: 1 }, ...others.map(a => ({ ...a, ignore: true }))],
  }
  const evaluation = await evaluateFiles(gt, [...sceneBoxes(), { ...sceneBoxes()[0], image_id: 9 }], {
    onUnknown: 'warn',
  })
  expect(evaluation.warnings.map(({ code, count }) => [code, count])).toEqual([
    ['annotation-id-zero', 1],
    ['ignore-overwritten', 5],
    ['unknown-image', 1],
  ])
})

test('warnings change no number', async () => {
  const gt = { ...scene(), annotations: scene().annotations.map(a => ({ ...a, ignore: 1 })) }
  expect(cocoStats(await evaluateFiles(gt, sceneBoxes()))).toEqual(SCENE_STATS)
})
