import { describe, expect, test } from 'vitest'
import { cocoStats, summarize } from '../../src/index.js'
import {
  type Box,
  dataset,
  evaluateFiles,
  failure,
  found,
  foundMask,
  image,
  rectangle,
  runs,
  SCENE_STATS,
  scene,
  sceneBoxes,
  sceneMasks,
  stats,
  truth,
  warnings,
  without,
} from './coco.js'

const boxOf = (record: object) => (record as { bbox: Box }).bbox

/** The detections of the scene with masks of another spelling. */
const masksAs = (spell: (box: Box, height: number, width: number) => unknown) =>
  sceneBoxes().map(record => {
    const [height, width] = record.image_id === 1 ? [100, 100] : [80, 120]
    return { ...without(record, 'bbox'), segmentation: spell(boxOf(record), height, width) }
  })

const both = sceneMasks().map((record, i) => ({ ...record, bbox: sceneBoxes()[i].bbox }))

describe('what a detection may carry', () => {
  test.each<[string, object[], string]>([
    ['bbox', sceneBoxes(), 'bbox'],
    ['compressed RLE', sceneMasks(), 'segm'],
    [
      'RLE with a list of counts',
      masksAs((box, h, w) => ({ size: [h, w], counts: runs(box, h, w) })),
      'segm',
    ],
    ['polygons', masksAs(box => [rectangle(box)]), 'segm'],
    ['bbox and segmentation', both, 'segm'],
    ['bbox and an empty segmentation', sceneBoxes().map(record => ({ ...record, segmentation: [] })), 'bbox'],
    ['bbox and segmentation null', sceneBoxes().map(record => ({ ...record, segmentation: null })), 'bbox'],
    ['RLE and an empty bbox', sceneMasks().map(record => ({ ...record, bbox: [] })), 'segm'],
  ])('%s', async (_, dt, iouType) => {
    const evaluation = await evaluateFiles(scene(), dt)
    expect(evaluation.config.iouType).toBe(iouType)
    expect(cocoStats(evaluation)).toEqual(SCENE_STATS)
  })

  test('both: the boxes alone in a box run, where the masks are not even read', async () => {
    const broken = both.map(record => ({ ...record, segmentation: 'no mask at all' }))
    expect(await stats(scene(), both, { iouType: 'bbox' })).toEqual(SCENE_STATS)
    expect(await stats(scene(), [both[0], ...broken.slice(1)], { iouType: 'bbox' })).toEqual(SCENE_STATS)
    expect(await warnings(scene(), both, { iouType: 'bbox' })).toEqual([])
  })

  test('both: the size ranges go by the box, as in the reference, with a warning', async () => {
    const larger = both.map(record => ({ ...record, bbox: [0, 0, 60, 60] }))
    // pycocotools 2.0.11 on these records, segm.
    expect(await stats(scene(), larger)).toEqual([
      0.4386551155115511, 0.5433168316831684, 0.4034653465346534, 0.37623762376237624, 0.675, -1,
      0.37499999999999994, 0.625, 0.625, 0.375, 0.9, -1,
    ])
    expect(await warnings(scene(), larger)).toMatchObject([
      { code: 'areas-from-boxes', count: 7, example: 'dt.json: [0]' },
    ])
  })

  test('masks alone in a box run: their bounds', async () => {
    expect(await stats(scene(), sceneMasks(), { iouType: 'bbox' })).toEqual(SCENE_STATS)
    expect(await warnings(scene(), sceneMasks(), { iouType: 'bbox' })).toMatchObject([
      { code: 'box-from-mask', count: 7, example: 'dt.json: [0]' },
    ])
  })

  test('boxes alone in a mask run: filled rectangles', async () => {
    // pycocotools 2.0.11: the same, as the masks of the scene are rectangles.
    expect(await stats(scene(), sceneBoxes(), { iouType: 'segm' })).toEqual(SCENE_STATS)
    expect(await warnings(scene(), sceneBoxes(), { iouType: 'segm' })).toMatchObject([
      { code: 'boxes-as-masks', count: 7, example: 'dt.json: [0]' },
    ])
  })

  test('a list of several kinds: each is what it is, by the first record a file of boxes or masks', async () => {
    const mixed = [sceneMasks()[0], ...both.slice(1)]
    expect(await stats(scene(), mixed)).toEqual(SCENE_STATS)
    expect(await warnings(scene(), mixed)).toMatchObject([
      { code: 'mixed-records', count: 6, example: 'dt.json: [1]' },
    ])
  })

  test('a record without box and mask', async () => {
    expect(await failure(scene(), [...sceneBoxes(), without(found([0, 0, 1, 1], 0.5), 'bbox')])).toBe(
      'dt.json: [7]: "bbox" is missing; the first record has one, so this is read as a file of boxes',
    )
    expect(await failure(scene(), [without(found([0, 0, 1, 1], 0.5), 'bbox')])).toBe(
      'dt.json: [0]: neither "bbox" nor "segmentation" stands in the record',
    )
  })

  test('scores of any size and sign', async () => {
    const scaled = sceneBoxes().map(record => ({ ...record, score: 1e6 * (record.score as number) - 9.5e5 }))
    expect(await stats(scene(), scaled)).toEqual(SCENE_STATS)
  })
})

test('images without detections', async () => {
  const first = sceneBoxes().filter(record => record.image_id === 1)
  // pycocotools 2.0.11 on the detections of image 1 alone.
  expect(await stats(scene(), first)).toEqual([
    0.2551155115511551, 0.27722772277227714, 0.27722772277227714, 0.12623762376237624, 0.44999999999999996,
    -1, 0.15, 0.31666666666666665, 0.31666666666666665, 0.25, 0.45, -1,
  ])
  expect(await warnings(scene(), first)).toEqual([])
})

test.each(['bbox', 'segm', undefined] as const)(
  'an empty list scores 0 (%s), with a warning',
  async iouType => {
    const evaluation = await evaluateFiles(scene(), [], { iouType })
    expect(cocoStats(evaluation)).toEqual([0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, -1])
    expect(summarize(evaluation).metrics).toMatchObject({ AP: 0, AR100: 0, APl: null })
    expect(evaluation.warnings).toMatchObject([{ code: 'no-detections', count: 1, example: 'dt.json' }])
  },
)

test('a ground truth without annotations: every number is undefined', async () => {
  const evaluation = await evaluateFiles(dataset([]), [found([0, 0, 9, 9], 1), found([0, 0, 9, 9], 0.5)])
  expect(cocoStats(evaluation)).toEqual(new Array(12).fill(-1))
  expect(Object.values(summarize(evaluation).metrics)).toEqual(new Array(12).fill(null))
  expect(evaluation.warnings).toMatchObject([
    { code: 'no-ground-truth-category', count: 2, example: '2 of category "class 1"' },
  ])
})

test('images and annotations of no size in the file take that of their masks', async () => {
  const gt = dataset(
    [truth(1, [0, 0, 50, 50], { segmentation: foundMask([0, 0, 50, 50], 1).segmentation })],
    {
      images: [{ id: 1 }, image(2)],
    },
  )
  const evaluation = await evaluateFiles(gt, [foundMask([0, 0, 50, 50], 0.5)])
  expect(cocoStats(evaluation).slice(0, 2)).toEqual([0.9999999999999998, 0.9999999999999999])
  expect([evaluation.dataset.images.heights[0], evaluation.dataset.images.widths[0]]).toEqual([100, 100])
})
