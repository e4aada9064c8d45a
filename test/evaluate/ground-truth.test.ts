import { describe, expect, test } from 'vitest'
import { cocoStats, summarize } from '../../src/index.js'
import {
  dataset,
  evaluateFiles,
  failure,
  foundMask,
  rle,
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

type Scene = ReturnType<typeof scene>

/** The scene with other annotations. */
const sceneWith = (change: (annotation: Scene['annotations'][number], i: number) => object): object => ({
  ...scene(),
  annotations: scene().annotations.map(change),
})

const boxOf = (annotation: object) => (annotation as { bbox: [number, number, number, number] }).bbox

test('the scene has the numbers of the reference, and no warning', async () => {
  expect(await stats(scene(), sceneBoxes())).toEqual(SCENE_STATS)
  expect(await stats(scene(), sceneMasks())).toEqual(SCENE_STATS)
  expect(await warnings(scene(), sceneBoxes())).toEqual([])
  expect(await warnings(scene(), sceneMasks())).toEqual([])
})

describe('masks', () => {
  /** An L of two parts that overlap: 1200 px. The numbers are pycocotools 2.0.11's. */
  const parts = [
    [10, 10, 50, 10, 50, 30, 10, 30],
    [10, 20, 30, 20, 30, 50, 10, 50],
  ]
  const PARTS_STATS = [
    0.3250825082508251, 0.5433168316831684, 0.18234323432343233, 0.22978547854785478, 0.6499999999999999, -1,
    0.29166666666666663, 0.5416666666666667, 0.5416666666666667, 0.375, 0.65, -1,
  ]
  const withMask = (segmentation: unknown): object =>
    sceneWith((annotation, i) => (i === 0 ? { ...annotation, segmentation } : annotation))

  test('several parts are united', async () => {
    const evaluation = await evaluateFiles(withMask(parts), sceneMasks())
    expect(cocoStats(evaluation)).toEqual(PARTS_STATS)
    expect(evaluation.gtMaskAreas?.[0]).toBe(1200)
  })

  test('a later part of two points covers nothing', async () => {
    const gt = withMask([...parts, [1, 1, 5, 5]])
    expect(await stats(gt, sceneMasks())).toEqual(PARTS_STATS)
    expect(await warnings(gt, sceneMasks())).toMatchObject([
      { code: 'polygon-degenerate', count: 1, example: 'gt.json: annotations[0] (id 1): part 2, 2 points' },
    ])
  })

  test.each([[[[1, 1, 5, 5]]], [[[1, 1]]], [[[]]]])('%j alone covers nothing', async segmentation => {
    const evaluation = await evaluateFiles(withMask(segmentation), sceneMasks())
    expect(evaluation.gtMaskAreas?.[0]).toBe(0)
    expect(evaluation.warnings.map(({ code, count }) => [code, count])).toEqual([
      ['area-mismatch', 1],
      ['empty-mask-ground-truth', 1],
      ['polygon-degenerate', 1],
    ])
  })

  test('an odd last number is dropped', async () => {
    const gt = withMask([[10, 10, 50, 10, 50, 50, 10, 50, 7]])
    expect(await stats(gt, sceneMasks())).toEqual(SCENE_STATS)
    expect(await warnings(gt, sceneMasks())).toMatchObject([{ code: 'polygon-odd', count: 1 }])
  })

  test.each([
    ['compressed RLE', rle],
    [
      'RLE with a list of counts',
      (box: [number, number, number, number], h: number, w: number) => ({
        counts: runs(box, h, w),
        size: [h, w],
      }),
    ],
  ])('%s', async (_, encode) => {
    const gt = sceneWith(annotation => {
      const [height, width] = annotation.image_id === 1 ? [100, 100] : [80, 120]
      return { ...annotation, segmentation: encode(boxOf(annotation), height, width) }
    })
    expect(await stats(gt, sceneMasks())).toEqual(SCENE_STATS)
  })

  test('a string of counts with each character escaped', async () => {
    const { counts } = rle([10, 10, 40, 40])
    const escaped = [...counts].map(c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
    const text = JSON.stringify(withMask({ size: [100, 100], counts: '@' })).replace('"@"', `"${escaped}"`)
    expect(await stats(text, sceneMasks())).toEqual(SCENE_STATS)
  })

  test('a crowd takes any number of detections out of the count', async () => {
    const gt = dataset([truth(1, [0, 0, 50, 50], { iscrowd: 1 }), truth(2, [60, 60, 30, 30])])
    const inside = [0, 10, 20].map(x => foundMask([x, x, 9, 9], 0.95))
    // One regular ground truth, found first among what counts (spec: coco.md, micro golden 1).
    expect((await stats(gt, [...inside, foundMask([60, 60, 30, 30], 0.5)])).slice(0, 2)).toEqual([
      0.9999999999999998, 0.9999999999999999,
    ])
  })
})

describe('ids', () => {
  const shifted = (by: number): object => sceneWith(a => ({ ...a, id: (a.id as number) + by }))

  test.each([2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER - 6, -1000])('annotation ids from %d', async by => {
    expect(await stats(shifted(by), sceneBoxes())).toEqual(SCENE_STATS)
  })

  test('image and category ids above 2^32', async () => {
    const large = { images: scene().images, categories: scene().categories }
    const gt = {
      images: large.images.map(entry => ({ ...entry, id: entry.id + 2 ** 45 })),
      categories: large.categories.map(entry => ({ ...entry, id: entry.id + 2 ** 33 })),
      annotations: scene().annotations.map(move),
    }
    expect(await stats(gt, sceneBoxes().map(move))).toEqual(SCENE_STATS)
  })
  const move = (record: Record<string, unknown>) => ({
    ...record,
    image_id: (record.image_id as number) + 2 ** 45,
    category_id: (record.category_id as number) + 2 ** 33,
  })

  test('the annotation id 0 counts as unmatched, as in the reference, with a warning', async () => {
    // pycocotools 2.0.11 on the scene with ids 0 to 5.
    expect(await stats(shifted(-1), sceneBoxes())).toEqual([
      0.22458745874587457, 0.29207920792079206, 0.18234323432343233, 0.22978547854785478, 0.44999999999999996,
      -1, 0.225, 0.475, 0.475, 0.375, 0.45, -1,
    ])
    expect(await warnings(shifted(-1), sceneBoxes())).toMatchObject([
      { code: 'annotation-id-zero', count: 1, example: 'gt.json: annotations[0] (id 0)' },
    ])
  })

  test('the id 0 on a crowd changes nothing', async () => {
    const gt = sceneWith((annotation, i) => (i === 4 ? { ...annotation, id: 0 } : annotation))
    expect(await stats(gt, sceneBoxes())).toEqual(SCENE_STATS)
    expect(await warnings(gt, sceneBoxes())).toEqual([])
  })

  test.each(['9007199254740993', '1.5', '1e300'])('%s is no id', async text => {
    const gt = JSON.stringify(dataset([truth(123456, [0, 0, 5, 5])])).replace('123456', text)
    expect(await failure(gt, [])).toMatch(
      /^gt\.json: annotations\[0\]: expected "id" as a whole number within 2\^53, got /,
    )
  })
})

describe('missing optional fields', () => {
  test('names, file names, info, licenses', async () => {
    const gt = {
      ...scene(),
      images: scene().images.map(entry => without(entry, 'file_name')),
      categories: [{ id: 1 }, { id: 2, name: null }],
    }
    const evaluation = await evaluateFiles(gt, sceneBoxes())
    expect(cocoStats(evaluation)).toEqual(SCENE_STATS)
    expect(evaluation.warnings).toEqual([])
    expect(summarize(evaluation).perClass.map(({ name }) => name)).toEqual(['', ''])
  })

  test('iscrowd is 0', async () => {
    const gt = sceneWith(annotation => (annotation.iscrowd ? annotation : without(annotation, 'iscrowd')))
    expect(await stats(gt, sceneBoxes())).toEqual(SCENE_STATS)
    expect(await warnings(gt, sceneBoxes())).toEqual([])
  })

  test.each(['absent', 'null'])('area %s: the pixels of the mask, or width times height', async how => {
    const gt = sceneWith(a => (how === 'null' ? { ...a, area: null } : without(a, 'area')))
    const expected = [{ code: 'area-missing', count: 6, example: 'gt.json: annotations[0] (id 1)' }]
    expect(await stats(gt, sceneBoxes())).toEqual(SCENE_STATS)
    expect(await stats(gt, sceneMasks())).toEqual(SCENE_STATS)
    expect(await warnings(gt, sceneBoxes())).toMatchObject(expected)
    expect(await warnings(gt, sceneMasks())).toMatchObject(expected)
  })

  test.each([{}, { bbox: null }, { bbox: [] }])('bbox as in %j: the bounds of the mask', async bbox => {
    const gt = sceneWith(annotation => ({ ...without(annotation, 'bbox'), ...bbox }))
    expect(await stats(gt, sceneBoxes(), { iouType: 'bbox' })).toEqual(SCENE_STATS)
    expect(await warnings(gt, sceneBoxes(), { iouType: 'bbox' })).toMatchObject([
      { code: 'box-from-mask', count: 6, example: 'gt.json: annotations[0] (id 1)' },
    ])
    expect(await warnings(gt, sceneMasks())).toEqual([])
  })

  test('neither bbox nor area: the pixels of the mask', async () => {
    const triangle = { segmentation: [[10, 10, 50, 10, 10, 50]] }
    const gt = dataset([without(truth(1, [10, 10, 40, 40], triangle), 'bbox', 'area')])
    const evaluation = await evaluateFiles(gt, sceneBoxes().slice(0, 1), { iouType: 'bbox' })
    // pycocotools 2.0.11 rasterises it to 780 px, in 39 columns and 39 rows.
    expect([...evaluation.dataset.groundTruths.areas]).toEqual([780])
    expect([...(evaluation.dataset.groundTruths.boxes ?? [])]).toEqual([10, 10, 39, 39])
  })

  test('neither bbox nor mask', async () => {
    const gt = dataset([without(truth(7, [0, 0, 5, 5]), 'bbox', 'segmentation')])
    expect(await failure(gt, sceneBoxes().slice(0, 1))).toBe(
      'gt.json: annotations[0] (id 7): "bbox" is missing',
    )
  })

  test.each([{}, { segmentation: [] }, { segmentation: null }])('no mask in a mask run: %j', async mask => {
    const gt = dataset([
      truth(1, [0, 0, 5, 5]),
      { ...without(truth(2, [9, 9, 5, 5]), 'segmentation'), ...mask },
    ])
    expect(await failure(gt, [foundMask([0, 0, 5, 5], 1)])).toMatch(
      /^gt\.json: annotations\[1\] \(id 2\): "segmentation" is missing or empty; a mask run needs one for every ground truth/,
    )
  })

  test.each(['id', 'image_id', 'category_id'])('%s is not optional', async field => {
    expect(await failure(dataset([without(truth(1, [0, 0, 5, 5]), field)]), [])).toBe(
      `gt.json: annotations[0]: "${field}" is missing`,
    )
  })

  test.each(['images', 'categories', 'annotations'])('the list "%s" is not optional', async section => {
    expect(await failure(without(scene(), section), sceneBoxes())).toMatch(
      new RegExp(`^gt\\.json: expected a COCO ground truth .*; there is no "${section}" list$`),
    )
  })
})
