import { describe, expect, test } from 'vitest'
import { analyse } from '../../src/analyse.js'
import {
  COCO_AREAS,
  COCO_IOU_THRESHOLDS,
  COCO_RECALL_THRESHOLDS,
  type Config,
} from '../../src/data/config.js'
import type { Evaluation } from '../../src/data/evaluation.js'
import { evaluate } from '../../src/index.js'
import { countsOf } from '../../src/report/counts.js'
import { resultFile } from '../../src/report/json.js'
import { jsonChunks } from '../../src/report/json-text.js'
import { backendLine, classTable, textReport, timeLine, warningLine } from '../../src/report/text.js'

const config: Config = {
  protocol: 'coco',
  iouType: 'segm',
  iouThresholds: COCO_IOU_THRESHOLDS,
  recallThresholds: COCO_RECALL_THRESHOLDS,
  areas: COCO_AREAS,
  maxDets: [1, 10, 100],
  imageIds: null,
  categoryIds: null,
  classAgnostic: false,
}

test('the line of the backend says where masks were intersected, and why', () => {
  expect(backendLine({ ...config, iouType: 'bbox' }, { kind: 'cpu', adapter: null })).toBe(
    'Backend   cpu (boxes need no GPU)',
  )
  expect(backendLine(config, { kind: 'cpu', adapter: null })).toBe('Backend   cpu')
  expect(backendLine(config, { kind: 'cpu', adapter: null }, 'auto found no GPU')).toBe(
    'Backend   cpu (auto found no GPU)',
  )
  expect(backendLine(config, { kind: 'webgpu', adapter: 'NVIDIA H100' })).toBe(
    'Backend   webgpu on NVIDIA H100',
  )
  expect(
    backendLine(config, { kind: 'webgpu', adapter: 'NVIDIA H100', fallback: 'the device was lost' }),
  ).toBe('Backend   webgpu on NVIDIA H100; went on on the CPU: the device was lost')
})

test('the line of times names each stage and the whole', () => {
  expect(timeLine({ read: 1234, match: 4 }, 1300)).toBe('Time      read 1.23 s, match 0.00 s; in all 1.30 s')
  expect(timeLine({ read: 123_456 }, 200_000)).toBe('Time      read 123 s; in all 200 s')
})

test('a warning is one line with code, count, meaning and example', () => {
  expect(
    warningLine({ code: 'empty-box', count: 3, example: 'gt.json: annotations[4]', text: 'boxes are empty' }),
  ).toBe('warning: empty-box (3): boxes are empty; first: gt.json: annotations[4]')
})

test('names of files cannot break a line or steer a terminal', () => {
  const warning = { code: 'x', count: 1, example: 'of "a\n\u001b[2Jb\u202ec"', text: 'x' }
  expect(warningLine(warning)).toBe('warning: x (1): x; first: of "a\\n\\u001b[2Jb\\u202ec"')
})

test('the table of categories is aligned; what is undefined is a dash', () => {
  const rows = [
    { id: 1, name: 'box', groundTruths: 1200, detections: 3, AP: 0.0625, AP50: 1, AP75: 0, AR: 0.3125 },
    {
      id: 900,
      name: 'forklift truck',
      groundTruths: 0,
      detections: 2,
      AP: null,
      AP50: null,
      AP75: null,
      AR: null,
    },
  ]
  expect(classTable(rows).join('\n')).toBe(
    `category         id  ground truths  detections     AP   AP50   AP75     AR
box               1           1200           3  0.062  1.000  0.000  0.312
forklift truck  900              0           2      -      -      -      -`,
  )
})

/** Two images, two categories, a crowd; a detection each of a hit, a miss and a class without ground truth. */
async function twoImages(options: Parameters<typeof evaluate>[2] = {}): Promise<Evaluation> {
  const box = (id: number, image_id: number, category_id: number, iscrowd = 0) => ({
    id,
    image_id,
    category_id,
    iscrowd,
    bbox: [0, 0, 40, 40],
    area: 1600,
  })
  const groundTruth = {
    images: [
      { id: 3, width: 100, height: 100 },
      { id: 5, width: 100, height: 100 },
    ],
    categories: [
      { id: 2, name: 'box' },
      { id: 7, name: 'crate' },
    ],
    annotations: [box(1, 3, 2), box(2, 5, 2), box(3, 5, 2, 1)],
  }
  const hit = { image_id: 3, category_id: 2, bbox: [0, 0, 40, 40], score: 0.9 }
  const detections = [hit, { ...hit, image_id: 5, bbox: [60, 60, 20, 20] }, { ...hit, category_id: 7 }]
  return evaluate(groundTruth, detections, { iouType: 'bbox', ...options })
}

describe('counts are those of what was evaluated', () => {
  test('everything', async () => {
    expect(countsOf(await twoImages())).toEqual({
      images: 2,
      categories: 2,
      groundTruths: 3,
      crowds: 1,
      detections: 3,
      ignoredRecords: 0,
    })
  })

  test('one image, named twice', async () => {
    expect(countsOf(await twoImages({ imageIds: [3, 3] }))).toMatchObject({
      images: 1,
      groundTruths: 1,
      crowds: 0,
      detections: 2,
    })
  })

  test('one category', async () => {
    expect(countsOf(await twoImages({ categoryIds: [7] }))).toMatchObject({
      images: 2,
      categories: 1,
      groundTruths: 0,
      detections: 1,
    })
  })
})

test('the report of a run without regular ground truth is all -1.000', async () => {
  const evaluation = await twoImages({ categoryIds: [7] })
  const text = textReport(evaluation, {
    iouTypeReason: 'as given',
    perClass: true,
    quiet: false,
    totalMs: 10,
  })
  expect(text.match(/= -1\.000/g)).toHaveLength(12)
  expect(text).toContain('2 images, 1 category, 0 ground truths, 1 detection\n')
  expect(text).toContain('crate      7              0           1   -     -     -   -\n')
})

test('a class-agnostic report says so and has no table', async () => {
  const evaluation = await twoImages({ classAgnostic: true })
  const text = textReport(evaluation, {
    iouTypeReason: 'as given',
    perClass: true,
    quiet: false,
    totalMs: 10,
  })
  expect(text).toContain('Matching  without regard to the category (class-agnostic)')
  expect(text).toContain('No table of categories')
})

test('JSON keeps every bit, and lists of numbers stay in one line', async () => {
  const context = { version: '1.2.3', runtime: 'test', createdAt: new Date(0), inputs: [] }
  const evaluation = await twoImages({ scene: true })
  const result = resultFile(evaluation, analyse(evaluation), context)
  const text = [
    ...jsonChunks({
      ...result,
      warnings: [{ code: 'x', count: 1, example: '[\n1 , 2\n]', text: '[ 1,  2 ]' }],
    }),
  ].join('')
  const read = JSON.parse(text)
  expect(read.coco).toEqual(result.coco)
  expect(read.config).toEqual(result.config)
  expect(read.warnings[0]).toMatchObject({ example: '[\n1 , 2\n]', text: '[ 1,  2 ]' })
  expect(text).toContain('"maxDets": [1, 10, 100],\n')
  expect(text).toContain('"stats": [0.5')
  expect(read.provenance).toMatchObject({ version: '1.2.3', createdAt: '1970-01-01T00:00:00.000Z' })
})
