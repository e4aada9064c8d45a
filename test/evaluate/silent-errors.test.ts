/**
 * Errors that an evaluator with many tests found in itself, each of which gave a plausible number without a word.
 * Numbers are pycocotools 2.0.11's unless said otherwise.
 */
import { describe, expect, test } from 'vitest'
import { COCO_RECALL_THRESHOLDS, cocoStats, iouMatrix, summarize } from '../../src/index.js'
import {
  type Box,
  category,
  dataset,
  evaluateFiles,
  failure,
  found,
  foundMask,
  image,
  rle,
  stats,
  truth,
  without,
} from './coco.js'

test('counts that stop short gave an IoU of 5', async () => {
  const short = { size: [100, 100], counts: [0, 100] }
  const reason = 'the counts sum to 100 px, but height * width is 10000 px'
  await expect(iouMatrix([rle([0, 0, 20, 20])], [short])).rejects.toThrow(`gt[0]: ${reason}`)
  await expect(iouMatrix([short], [rle([0, 0, 20, 20])])).rejects.toThrow(`dt[0]: ${reason}`)
  const gt = dataset([truth(1, [0, 0, 20, 20], { segmentation: short })])
  expect(await failure(gt, [foundMask([0, 0, 20, 20], 1)])).toContain(reason)
})

test('masks of two sizes overlapped plausibly', async () => {
  const [a, b] = [rle([10, 10, 40, 40], 100, 100), rle([10, 10, 40, 40], 50, 200)]
  expect([...(await iouMatrix([a], [b])).values]).toEqual([-1])
  const gt = dataset([truth(1, [10, 10, 40, 40], { segmentation: b })])
  expect(await failure(gt, [foundMask([10, 10, 40, 40], 1)])).toContain(
    'expected [100, 100], the [height, width] of image 1',
  )
})

test.each<[Box, number]>([
  [[0.5, 0.5, 2, 2], 4],
  [[0.7, 0.7, 2.2, 2.2], 4],
  [[0.6, 0.6, 2.5, 2.5], 4],
  [[1.3, 1.3, 2.4, 2.4], 9],
  [[10.3, 20.6, 7.7, 5.1], 40],
])('the box %j is a mask of %d px by the rule of polygons', async (box, area) => {
  const evaluation = await evaluateFiles(dataset([truth(1, box)]), [found(box, 0.5)], { iouType: 'segm' })
  expect([...(evaluation.dtMaskAreas ?? [])]).toEqual([area])
  expect([...(evaluation.gtMaskAreas ?? [])]).toEqual([area])
})

test.each([{}, { height: 100 }, { width: 100 }])('an image of %j gave a mask AP of 0', async size => {
  const gt = dataset([truth(1, [10, 10, 40, 40])], { images: [{ id: 1, ...size }] })
  expect(await failure(gt, [foundMask([10, 10, 40, 40], 1)])).toContain('image 1 has no "height" and "width"')
})

test('without "area" every object was small', async () => {
  const boxes: Box[] = [
    [0, 0, 20, 20],
    [100, 0, 60, 60],
    [200, 100, 120, 120],
  ]
  const images = { images: [image(1, 400, 400)] }
  const gt = dataset(
    boxes.map((box, i) => without(truth(i + 1, box), 'area')),
    images,
  )
  // One object a size, each found: 1 for each but the last ulps of a lone true positive (spec: micro golden 1).
  const one = 0.9999999999999998
  for (const dt of [
    boxes.map(box => found(box, 0.9)),
    boxes.map(box => ({ ...foundMask(box, 0.9), segmentation: rle(box, 400, 400) })),
  ]) {
    const { metrics } = summarize(await evaluateFiles(gt, dt))
    expect([metrics.APs, metrics.APm, metrics.APl]).toEqual([one, one, one])
  }
})

test('thresholds changed after the evaluation read other rows', async () => {
  const iouThresholds = [0.5, 0.75]
  const evaluation = await evaluateFiles(dataset([truth(1, [0, 0, 50, 50])]), [found([0, 0, 50, 30], 1)], {
    iouThresholds,
  })
  const before = summarize(evaluation)
  iouThresholds[0] = 0.75
  expect(summarize(evaluation)).toEqual(before)
  // An IoU of 0.6: found at 0.5, not at 0.75.
  expect([before.metrics.AP50, before.metrics.AP75]).toEqual([0.9999999999999999, 0])
})

describe('class-agnostic runs broke ties in another order', () => {
  const hit = found([0, 0, 50, 50], 0.9)
  const miss = found([60, 60, 20, 20], 0.9)
  test.each([
    [1, 2, 0.9999999999999998],
    [2, 1, 0.5],
  ])(
    'the hit of category %d, the miss of %d, in either order of the file: AP %d',
    async (hitOf, missOf, ap) => {
      const gt = dataset([truth(1, [0, 0, 50, 50], { category_id: hitOf })], {
        categories: [category(1), category(2)],
      })
      const dt = [
        { ...hit, category_id: hitOf },
        { ...miss, category_id: missOf },
      ]
      for (const order of [dt, dt.toReversed()]) {
        expect((await stats(gt, order, { classAgnostic: true }))[0]).toBe(ap)
      }
    },
  )
})

describe('a recall grid in float32 moved cells', () => {
  const boxes = Array.from({ length: 20 }, (_, i): Box => [50 * i, 0, 40, 40])
  const gt = dataset(
    boxes.map((box, i) => truth(i + 1, box)),
    { images: [image(1, 100, 1000)] },
  )
  // A hit and a miss by turns.
  const dt = boxes.flatMap(([x], i) => [
    found([x, 0, 40, 40], 0.99 - 0.02 * i),
    found([x, 50, 40, 40], 0.98 - 0.02 * i),
  ])

  test('with 20 ground truths', async () => {
    expect(await stats(gt, dt)).toEqual([
      0.5662582641671481, 0.566258264167148, 0.566258264167148, -1, 0.5662582641671481, -1, 0.05, 0.25, 1, -1,
      1, -1,
    ])
  })

  test('and does so here when it is asked for', async () => {
    const float32 = Float32Array.from(COCO_RECALL_THRESHOLDS)
    const other = await evaluateFiles(gt, dt, { recallThresholds: float32 })
    const own = await evaluateFiles(gt, dt)
    const moved = own.coco.precision.filter((value, i) => value !== other.coco.precision[i])
    expect(moved.length).toBeGreaterThan(0)
    expect(cocoStats(other)[0]).not.toBe(cocoStats(own)[0])
  })
})
