import { describe, expect, test } from 'vitest'
import type { EvaluateOptions } from '../../src/index.js'
import { type Box, dataset, evaluateFiles, found, image, truth } from './coco.js'

const BOXES: Box[] = [
  [10, 10, 40, 40],
  [60, 60, 30, 20],
  [30, 50, 20, 40],
  [55, 5, 40, 30],
]
const corners = ([x, y, w, h]: Box): Box => [x, y, x + w, y + h]
const fractions = (box: Box): Box => box.map(side => side / 100) as Box

const gtOf = (boxes: Box[], images: object[] = [image(1)]) =>
  dataset(
    boxes.map((box, i) => truth(i + 1, box)),
    { images },
  )
const dtOf = (boxes: Box[]) => boxes.map(box => found(box, 0.5))

/** Codes, counts and examples of what is said of the conventions. */
async function said(gt: object, dt: object[], options: EvaluateOptions = {}) {
  const { warnings } = await evaluateFiles(gt, dt, { iouType: 'bbox', ...options })
  return warnings
    .filter(({ code }) => code.startsWith('boxes-look'))
    .map(({ code, count, example }) => [code, count, example])
}

const FRAME = 'in an image 100 px wide and 100 px high'

describe('corners [x1, y1, x2, y2]', () => {
  test('in results', async () => {
    expect(await said(gtOf(BOXES), dtOf(BOXES.map(corners)))).toEqual([
      ['boxes-look-like-corners', 3, `dt.json: [1]: bbox [60, 60, 90, 80] ${FRAME}`],
    ])
  })

  test('in results that stand in for masks', async () => {
    const found = await said(gtOf(BOXES), dtOf(BOXES.map(corners)), { iouType: 'segm' })
    expect(found.map(([code]) => code)).toEqual(['boxes-look-like-corners'])
  })

  test('in both files, where the numbers would look right', async () => {
    const both = BOXES.map(corners)
    expect(await said(gtOf(both), dtOf(both))).toEqual([
      ['boxes-look-like-corners', 6, `gt.json: annotations[1] (id 2): bbox [60, 60, 90, 80] ${FRAME}`],
    ])
  })

  test('cannot be told without the size of the image', async () => {
    expect(await said(gtOf(BOXES, [{ id: 1 }]), dtOf(BOXES.map(corners)))).toEqual([])
  })
})

describe('centres [x, y, width, height]', () => {
  const centres = ([x, y, w, h]: Box): Box => [x + w / 2, y + h / 2, w, h]

  test('in results', async () => {
    expect(await said(gtOf(BOXES), dtOf(BOXES.map(centres)))).toEqual([
      ['boxes-look-like-centres', 3, `dt.json: [1]: bbox [75, 70, 30, 20] ${FRAME}`],
    ])
  })

  test('in both files', async () => {
    const both = BOXES.map(centres)
    expect((await said(gtOf(both), dtOf(both))).map(([code, count]) => [code, count])).toEqual([
      ['boxes-look-like-centres', 6],
    ])
  })

  test('not where a box lies at the left border, which it would leave if that were its centre', async () => {
    const boxes: Box[] = [...BOXES.map(centres), [0, 40, 20, 20]]
    expect(await said(gtOf(BOXES), dtOf(boxes))).toEqual([])
  })
})

describe('fractions of the image', () => {
  test('in results', async () => {
    expect(await said(gtOf(BOXES), dtOf(BOXES.map(fractions)))).toEqual([
      ['boxes-look-normalised', 4, `dt.json: [0]: bbox [0.1, 0.1, 0.4, 0.4] ${FRAME}`],
    ])
  })

  test('in both files, and without the size of the image', async () => {
    const both = BOXES.map(fractions)
    expect(await said(gtOf(both, [{ id: 1 }]), dtOf(both))).toEqual([
      ['boxes-look-normalised', 8, 'gt.json: annotations[0] (id 1): bbox [0.1, 0.1, 0.4, 0.4] in an image'],
    ])
  })

  test('of one box alone', async () => {
    expect((await said(gtOf(BOXES), dtOf([fractions(BOXES[0])]))).map(([code]) => code)).toEqual([
      'boxes-look-normalised',
    ])
  })
})

describe('no false alarm', () => {
  test.each<[string, Box[]]>([
    ['boxes as they should be', BOXES],
    ['boxes that leave the image a little', BOXES.map(([x, y, w, h]) => [x + 8, y + 8, w + 3, h + 3])],
    ['boxes at the far corner that leave it', BOXES.map(([, , w, h], i) => [90, 80 + i, w, h])],
    ['one box of a pixel', [[0, 0, 1, 1]]],
    [
      'two boxes beyond the border',
      [
        [20, 20, 90, 90],
        [30, 30, 85, 85],
        [5, 5, 10, 10],
      ],
    ],
    [
      'three of eleven boxes beyond the border',
      [...BOXES, ...BOXES, [20, 20, 90, 90], [30, 30, 85, 85], [25, 25, 80, 80]],
    ],
    [
      'tiny boxes beside a large one',
      [
        [0.1, 0.1, 0.5, 0.5],
        [10, 10, 40, 40],
      ],
    ],
    ['no box at all', []],
  ])('%s', async (_, boxes) => {
    expect(await said(gtOf(BOXES), dtOf(boxes))).toEqual([])
  })
})
