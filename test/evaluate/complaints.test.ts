/**
 * What users of COCO evaluators complain of most, and where an answer is tested. "here": the test of that number
 * below; a dash: nothing that an evaluation of two files shows.
 *
 *  1 a plausible wrong number costs more than a crash      here
 *  2 two tools, two numbers, and nobody knows why          here: the configuration says every rule
 *  3 masks at full size exhaust the memory                 here
 *  4 show me the false positives and misses                - the report's pictures
 *  5 which confidence threshold?                           here: the scores stand beside the curve
 *  6 the confusion matrix does not add up                  - no confusion matrix in protocol coco
 *  7 killed for memory with large files                    large-files.test.ts
 *  8 evaluation takes hours                                - bench/
 *  9 is there a GPU version?                               - test/backends
 * 10 with more detections AP is -1, or 100 are used        here
 * 11 AP by object size on my data                          here
 * 12 size ranges of my own                                 here
 * 13 AP and AR of each class                               here
 * 14 no detections: a crash                                here
 * 15 "results do not correspond" names no image            unknown-ids.test.ts, broken-records.test.ts
 * 16 annotation id 0 is a miss                             ground-truth.test.ts, warnings.test.ts
 * 17 mask AP computed on boxes without a word              here
 * 18 confidence intervals                                  - no intervals in protocol coco
 * 19 sizes go by the box when results carry one            here
 * 20 box AP is fine, mask AP is 0                          here
 * 21 "ignore" is overwritten                               warnings.test.ts
 * 22 classes without ground truth; boxes need a mask       here
 * 23 precision read off an interpolated curve              - no such number is given
 * 24 boundary AP                                           - not in protocol coco
 * 25 boxes and masks together; normalised boxes give 0     here
 * 26 thousands of objects in an image                      here
 * 27 masks compared as polygons with a tolerance           here
 * 28 installing breaks                                     - test/house/package.test.ts
 * 29 whole data sets as results, bytes, polygons, order    here
 * 30 crowds treated differently                            here
 */
import { expect, test } from 'vitest'
import { precisionAt } from '../../src/data/evaluation.js'
import { COCO_IOU_THRESHOLDS, cocoStats, InputError, summarize } from '../../src/index.js'
import { perArea } from '../../src/metrics/coco-summary.js'
import {
  type Box,
  dataset,
  evaluateFiles,
  failure,
  found,
  foundMask,
  image,
  rectangle,
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

const A: Box = [10, 10, 40, 40]
const B: Box = [60, 60, 20, 20]

test.each<[string, (record: ReturnType<typeof found>) => object]>([
  ['classes counted from 0', record => ({ ...record, category_id: (record.category_id as number) - 1 })],
  ['image ids as strings', record => ({ ...record, image_id: String(record.image_id) })],
  ['normalised boxes', record => ({ ...record, bbox: (record.bbox as Box).map(side => side / 120) })],
  ['corners', record => ({ ...record, bbox: [60, 40, 100, 78] })],
  ['scores missing', record => without(record, 'score')],
  ['scores NaN', record => ({ ...record, score: Number.NaN })],
])('1: %s: an error or a warning, never a mere number', async (_, change) => {
  const outcome = await evaluateFiles(scene(), sceneBoxes().map(change)).catch(error => error)
  if (outcome instanceof Error) expect(outcome).toBeInstanceOf(InputError)
  else expect(outcome.warnings.length).toBeGreaterThan(0)
})

test('2: the configuration says every rule, and gives the same numbers again', async () => {
  const first = await evaluateFiles(scene(), sceneMasks(), { maxDets: [100], imageIds: [1, 2] })
  expect(Object.keys(first.config).sort()).toEqual([
    'areas',
    'categoryIds',
    'classAgnostic',
    'imageIds',
    'iouThresholds',
    'iouType',
    'maxDets',
    'protocol',
    'recallThresholds',
  ])
  expect(first.config.iouThresholds).toEqual(COCO_IOU_THRESHOLDS)
  const again = await evaluateFiles(scene(), sceneMasks(), JSON.parse(JSON.stringify(first.config)))
  expect(again.coco).toEqual(first.coco)
})

test('3: masks of 20,000 x 20,000 px take the memory of their runs', async () => {
  const side = 20_000
  const boxes = Array.from({ length: 50 }, (_, i): Box => [200 * i, 100 * i, 3000, 2000])
  const gt = dataset(
    boxes.map((box, i) => truth(i + 1, box)),
    { images: [image(1, side, side)] },
  )
  const dt = boxes.map(box => ({ ...foundMask([0, 0, 0, 0], 0.5), segmentation: [rectangle(box)] }))
  const before = process.memoryUsage.rss()
  const evaluation = await evaluateFiles(gt, dt)
  expect(cocoStats(evaluation)[8]).toBe(1)
  expect(evaluation.dtMaskAreas?.[0]).toBe(6_000_000)
  // As bytes these are 40 GB.
  expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(256)
})

test('5: the score that reaches each recall stands beside the precision', async () => {
  const { coco } = await evaluateFiles(scene(), sceneBoxes())
  const at = (values: Float64Array) =>
    [0, 33, 34, 66, 67, 100].map(r => values[precisionAt(coco.shape, 0, r, 0, 0, 2)])
  // pycocotools 2.0.11, IoU 0.5, category 1.
  expect(at(coco.precision)).toEqual([0.9999999999999998, 0.9999999999999998, 0.75, 0.75, 0.75, 0.75])
  expect(at(coco.scores)).toEqual([0.95, 0.9, 0.8, 0.8, 0.75, 0.75])
})

test('10: 150 objects in an image: the cap is named, and a larger one gives AP', async () => {
  const boxes = Array.from({ length: 150 }, (_, i): Box => [10 * (i % 50), 10 * Math.floor(i / 50), 10, 10])
  const gt = dataset(
    boxes.map((box, i) => truth(i + 1, box)),
    { images: [image(1, 100, 500)] },
  )
  const dt = boxes.map((box, i) => found(box, 0.9 - 0.001 * i))
  expect((await stats(gt, dt))[0]).toBe(0.6633663366336634)
  expect(await warnings(gt, dt)).toMatchObject([
    { code: 'beyond-cap', count: 50, example: 'image 1 has 150 of category "class 1", the cap is 100' },
  ])
  const raised = await evaluateFiles(gt, dt, { maxDets: [300] })
  expect(cocoStats(raised).slice(0, 2)).toEqual([-1, 1])
  expect(summarize(raised).metrics.AP).toBe(1)
  expect(raised.warnings).toEqual([])
})

test('11, 12: AP by size, also by ranges of my own', async () => {
  const own = [
    { name: 'tiny', lo: 0, hi: 500 },
    { name: 'rest', lo: 500, hi: 1e10 },
  ]
  const { metrics } = summarize(await evaluateFiles(scene(), sceneBoxes()))
  expect([metrics.APs, metrics.APm, metrics.APl]).toEqual([0.22978547854785478, 0.8999999999999999, null])
  const { coco, config } = await evaluateFiles(scene(), sceneBoxes(), { areas: own })
  // numpy.mean over the arrays of pycocotools 2.0.11 with these ranges.
  expect(perArea(coco, config)).toEqual([
    { name: 'all', AP: 0.4386551155115511, AR: 0.625 },
    { name: 'tiny', AP: 0.25, AR: 0.5 },
    { name: 'rest', AP: 0.800990099009901, AR: 0.8 },
  ])
})

test('13: AP and AR of each class', async () => {
  // numpy.mean over the arrays of pycocotools 2.0.11.
  expect(summarize(await evaluateFiles(scene(), sceneBoxes())).perClass).toEqual([
    {
      id: 1,
      name: 'class 1',
      groundTruths: 4,
      detections: 5,
      AP: 0.650082508250825,
      AP50: 0.8341584158415841,
      AP75: 0.5544554455445545,
      AR: 0.8,
    },
    {
      id: 2,
      name: 'class 2',
      groundTruths: 2,
      detections: 2,
      AP: 0.22722772277227724,
      AP50: 0.2524752475247525,
      AP75: 0.2524752475247525,
      AR: 0.45,
    },
  ])
})

test('14: no detections score 0', async () => {
  expect((await stats(scene(), []))[0]).toBe(0)
})

test('17, 25: boxes and masks of the same records are two evaluations, and each says which it is', async () => {
  // Exact boxes, but the masks are triangles of half their size (pycocotools: 1 and 0).
  const half = ([x, y, w, h]: Box) => ({ segmentation: [[x, y, x + w, y, x, y + h]] })
  const gt = dataset([truth(1, A), truth(2, B)])
  const dt = [found(A, 0.9, half(A)), found(B, 0.8, half(B))]
  const both = await evaluateFiles(gt, dt)
  expect([both.config.iouType, cocoStats(both)[0], [...(both.dtMaskAreas ?? [])]]).toEqual([
    'segm',
    0,
    [780, 190],
  ])
  const boxes = await evaluateFiles(gt, dt, { iouType: 'bbox' })
  expect([boxes.config.iouType, cocoStats(boxes)[0], boxes.dtMaskAreas]).toEqual(['bbox', 1, null])
  const noMasks = await evaluateFiles(
    gt,
    dt.map(record => without(record, 'segmentation')),
  )
  expect(noMasks.config.iouType).toBe('bbox')
})

test('19: results that carry a box say that sizes go by it', async () => {
  const dt = sceneMasks().map((record, i) => ({ ...record, bbox: sceneBoxes()[i].bbox }))
  expect((await warnings(scene(), dt)).map(({ code }) => code)).toEqual(['areas-from-boxes'])
})

test('20: masks of the wrong size or order are refused or named', async () => {
  const wide = dataset([truth(1, A)], { images: [image(1, 80, 120)] })
  expect(await failure(wide, [foundMask(A, 1, { segmentation: rle(A, 120, 80) })])).toContain('swapped')
  expect(await failure(wide, [foundMask(A, 1, { segmentation: rle(A, 28, 28 * 3) })])).toContain(
    'network input',
  )
})

test('22: detections of a class without ground truth are counted; boxes need no mask', async () => {
  const gt = { ...scene(), categories: [...scene().categories, { id: 3, name: 'none' }] }
  const bare = { ...gt, annotations: gt.annotations.map(annotation => without(annotation, 'segmentation')) }
  const dt = [...sceneBoxes(), found(A, 0.99, { category_id: 3 })]
  for (const truths of [gt, bare]) {
    expect(await stats(truths, dt)).toEqual(SCENE_STATS)
    expect(await warnings(truths, dt)).toMatchObject([{ code: 'no-ground-truth-category', count: 1 }])
  }
})

test('26: 3,000 objects in an image', async () => {
  const boxes = Array.from({ length: 3000 }, (_, i): Box => [7 * (i % 100), 7 * Math.floor(i / 100), 10, 10])
  const gt = dataset(
    boxes.map((box, i) => truth(i + 1, box)),
    { images: [image(1, 300, 800)] },
  )
  const dt = boxes.map((box, i) => foundMask([0, 0, 0, 0], 1 - i / 3000, { segmentation: [rectangle(box)] }))
  expect((await stats(gt, dt, { maxDets: [1, 10, 3000] }))[8]).toBe(1)
})

test('27: masks are compared by pixels', async () => {
  const gt = dataset([truth(1, A)])
  const { overlaps } = await evaluateFiles(gt, [foundMask([11, 10, 40, 40], 1)])
  expect([...overlaps.similarities]).toEqual([(39 * 40) / (41 * 40)])
})

test('29: one mask in any spelling; a whole data set as results is named', async () => {
  for (const segmentation of [rle(A), [rectangle(A)], { size: [100, 100], counts: runs(A) }]) {
    const dt = [foundMask(A, 1, { segmentation })]
    expect((await stats(dataset([truth(1, A)]), dt))[0]).toBe(0.9999999999999998)
  }
  expect(await failure(scene(), scene())).toContain('this looks like a whole COCO data set')
})

test('30: a detection in a crowd is ignored, and the crowd is no miss', async () => {
  // Micro golden 5 of the reference: the loose first box lies in the crowd.
  const gt = dataset([
    truth(1, [10, 10, 20, 20]),
    truth(2, [50, 50, 30, 30]),
    truth(3, [0, 0, 100, 100], { iscrowd: 1 }),
  ])
  const dt = [found([14, 10, 20, 20], 0.95), found([50, 50, 30, 30], 0.9)]
  expect(await stats(gt, dt)).toEqual([
    0.7029702970297029, 1, 0.5049504950495048, 0.7029702970297029, -1, -1, 0.2, 0.7, 0.7, 0.7, -1, -1,
  ])
})
