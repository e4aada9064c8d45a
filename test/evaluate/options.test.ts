import { describe, expect, test } from 'vitest'
import { COCO_AREAS, cocoStats, type EvaluateOptions, evaluate, summarize } from '../../src/index.js'
import { evaluateFiles, failure, SCENE_STATS, scene, sceneBoxes, sceneMasks, stats } from './coco.js'

describe('options without a meaning are refused by name', () => {
  test.each<[object, string]>([
    [{ iouType: 'mask' }, 'iouType: expected "bbox" or "segm", got "mask"'],
    [{ onUnknown: 'ignore' }, 'onUnknown: expected "error" or "warn", got "ignore"'],
    [{ iouThresholds: [] }, 'iouThresholds: expected at least one'],
    [{ iouThresholds: 0.5 }, 'iouThresholds: expected a list of numbers, got 0.5'],
    [{ iouThresholds: '0.5' }, 'iouThresholds: expected a list of numbers, got "0.5"'],
    [{ iouThresholds: ['0.5'] }, 'iouThresholds: expected numbers, got "0.5"'],
    [{ iouThresholds: [0.5, 0] }, 'iouThresholds: expected numbers above 0 and at most 1, got 0'],
    [{ iouThresholds: [50] }, 'iouThresholds: expected numbers above 0 and at most 1, got 50'],
    [{ iouThresholds: [Number.NaN] }, 'iouThresholds: expected numbers above 0 and at most 1, got NaN'],
    [{ recallThresholds: [] }, 'recallThresholds: expected at least one'],
    [{ recallThresholds: [0, 1.01] }, 'recallThresholds: expected numbers from 0 to 1, got 1.01'],
    [{ recallThresholds: [0, 0.5, 0.4] }, 'recallThresholds: expected ascending order, got 0.4 after 0.5'],
    [{ maxDets: 100 }, 'maxDets: expected a list of numbers, got 100'],
    [{ maxDets: [] }, 'maxDets: expected three caps or one (M stands for 1, 10, M), got 0'],
    [{ maxDets: [10, 100] }, 'maxDets: expected three caps or one (M stands for 1, 10, M), got 2'],
    [{ maxDets: [1, 10, 0] }, 'maxDets: expected whole numbers from 1, got 0'],
    [{ maxDets: [1, 10, 99.5] }, 'maxDets: expected whole numbers from 1, got 99.5'],
    [{ maxDets: [1, 10, Infinity] }, 'maxDets: expected whole numbers from 1, got Infinity'],
    [{ areas: 'coco' }, 'areas: expected a list of {name, lo, hi}, got "coco"'],
    [{ areas: [[0, 100]] }, 'areas: expected {name, lo, hi}, got [0,100]'],
    [{ areas: [{ name: 'x', lo: 0 }] }, 'areas: expected {name, lo, hi}, got {"name":"x","lo":0}'],
    [{ areas: [{ name: 'x', lo: 5, hi: 4 }] }, 'areas: expected 0 <= lo <= hi in px, got "x" 5 to 4'],
    [{ areas: [{ name: 'x', lo: -1, hi: 4 }] }, 'areas: expected 0 <= lo <= hi in px, got "x" -1 to 4'],
    [
      { areas: [{ name: 'x', lo: Number.NaN, hi: 4 }] },
      'areas: expected 0 <= lo <= hi in px, got "x" NaN to 4',
    ],
    [{ areas: [...COCO_AREAS, COCO_AREAS[1]] }, 'areas: two ranges are named "small"'],
    [{ imageIds: 1 }, 'imageIds: expected a list of numbers, got 1'],
    [{ imageIds: ['1'] }, 'imageIds: expected numbers, got "1"'],
    [{ categoryIds: ['class 1'] }, 'categoryIds: expected numbers, got "class 1"'],
  ])('%j', async (options, message) => {
    expect(await failure(scene(), sceneBoxes(), options as EvaluateOptions)).toBe(message)
  })
})

describe('subsets', () => {
  // pycocotools 2.0.11 with params.imgIds and params.catIds.
  test.each<[EvaluateOptions, number[]]>([
    [
      { imageIds: [2] },
      [
        0.6999999999999998, 0.9999999999999999, 0.49999999999999994, 0.49999999999999994, 0.8999999999999999,
        -1, 0.45, 0.7, 0.7, 0.5, 0.9, -1,
      ],
    ],
    [
      { categoryIds: [1] },
      [
        0.650082508250825, 0.8341584158415841, 0.5544554455445545, 0.45957095709570955, 0.8999999999999999,
        -1, 0.3, 0.8, 0.8, 0.75, 0.9, -1,
      ],
    ],
    [{ imageIds: [1], categoryIds: [2] }, [0, 0, 0, 0, -1, -1, 0, 0, 0, 0, -1, -1]],
    [{ imageIds: [2, 1, 2], categoryIds: [2, 1] }, SCENE_STATS],
    [{ imageIds: Float64Array.of(1, 2), categoryIds: null }, SCENE_STATS],
    [{ imageIds: [] }, new Array(12).fill(-1)],
  ])('%j', async (options, expected) => {
    expect(await stats(scene(), sceneBoxes(), options)).toEqual(expected)
    expect(await stats(scene(), sceneMasks(), options)).toEqual(expected)
  })

  test('counts are of the subset', async () => {
    const evaluation = await evaluateFiles(scene(), sceneBoxes(), { imageIds: [1] })
    expect(summarize(evaluation).perClass).toMatchObject([
      { id: 1, groundTruths: 2, detections: 3 },
      { id: 2, groundTruths: 1, detections: 1 },
    ])
  })

  test('ids that the ground truth lacks are refused', async () => {
    expect(await failure(scene(), sceneBoxes(), { imageIds: [1, 7, 8] })).toBe(
      'image ids to evaluate: expected ids of the ground truth, got 7, 8 (2 of 3 unknown)',
    )
    expect(await failure(scene(), sceneBoxes(), { categoryIds: [0] })).toBe(
      'category ids to evaluate: expected ids of the ground truth, got 0 (1 of 1 unknown)',
    )
  })
})

describe('options are copied', () => {
  test('changed by the caller while it runs, they change nothing', async () => {
    const options = {
      iouThresholds: [0.5, 0.75],
      recallThresholds: [0, 0.5, 1],
      maxDets: [1, 10, 100],
      areas: COCO_AREAS.map(range => ({ ...range })),
      imageIds: [1, 2],
      categoryIds: [1, 2],
    }
    const expected = await evaluateFiles(scene(), sceneBoxes(), structuredClone(options))
    const evaluation = await evaluateFiles(scene(), sceneBoxes(), options)
    options.iouThresholds[0] = 0.9
    options.recallThresholds.pop()
    options.maxDets.push(1000)
    options.areas[0].hi = 5
    options.imageIds.length = 0
    options.categoryIds.length = 0
    expect(evaluation.config).toEqual(expected.config)
    expect(cocoStats(evaluation)).toEqual(cocoStats(expected))
  })

  test('typed arrays are lists in the configuration', async () => {
    const { config } = await evaluateFiles(scene(), sceneBoxes(), {
      iouThresholds: Float64Array.of(0.5),
      maxDets: Uint8Array.of(100, 1, 10),
      imageIds: Int32Array.of(2),
    })
    expect(config).toMatchObject({ iouThresholds: [0.5], maxDets: [1, 10, 100], imageIds: [2] })
  })
})

test('one cap M stands for 1, 10, M', async () => {
  const { config } = await evaluateFiles(scene(), sceneBoxes(), { maxDets: [300] })
  expect(config.maxDets).toEqual([1, 10, 300])
})

test('a range "all" is put in front', async () => {
  const areas = [{ name: 'tiny', lo: 0, hi: 64 }]
  const { config } = await evaluateFiles(scene(), sceneBoxes(), { areas })
  expect(config.areas).toEqual([COCO_AREAS[0], ...areas])
})

test('a backend that is not open is told as such', async () => {
  const options = { backend: 'webgpu' } as unknown as EvaluateOptions
  expect(await failure(scene(), sceneMasks(), options)).toBe(
    'backend: expected "cpu" or a backend that was opened, got "webgpu"',
  )
})

test('a wrong option is told before anything is read', async () => {
  expect(await failure('no JSON', 'neither', { iouThresholds: [7] })).toContain('iouThresholds')
})

test('when one input fails the other is not read to its end', async () => {
  let chunks = 0
  const endless = {
    name: 'gt.json',
    byteLength: null,
    chunks: async function* () {
      yield new TextEncoder().encode('{"licenses":[')
      for (;;) {
        chunks++
        if (chunks > 1000) throw new Error('read on')
        await new Promise(resolve => setTimeout(resolve))
        yield new TextEncoder().encode('1,')
      }
    },
  }
  await expect(evaluate(endless, new TextEncoder().encode('[{]'))).rejects.toThrow('detections: [0]')
  expect(chunks).toBeLessThan(1000)
})
