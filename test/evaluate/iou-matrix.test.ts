import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  InputError,
  type IouMatrixOptions,
  iouMatrix,
  type MaskBackend,
  type RleObject,
  type Shapes,
} from '../../src/index.js'
import { availableBackends } from '../golden/backends.js'

// All numbers of this file are pycocotools 2.0.11's mask.iou, by repr.

/** The matrix as a list of rows. */
async function rows(dt: Shapes, gt: Shapes, options?: IouMatrixOptions): Promise<number[][]> {
  const matrix = await iouMatrix(dt, gt, options)
  expect([matrix.rows, matrix.columns]).toEqual([dt.length, gt.length])
  return Array.from({ length: dt.length }, (_, d) => [
    ...matrix.values.slice(d * gt.length, (d + 1) * gt.length),
  ])
}

describe('boxes', () => {
  const dt = [
    [10.3, 20.7, 33.1, 7.9],
    [0, 0, 10, 10],
    [100.25, 50.5, 1e-3, 3],
    [0, 0, 0, 5],
  ]
  const gt = [dt[0], [5, 5, 10, 10], [10, 0, 4, 4], [0, 0, 0, 5], [-3, -3, 200, 200]]

  test('every pair', async () => {
    expect(await rows(dt, gt)).toEqual([
      [1.0000000000000009, 0, 0, 0, 0.006537250000000003],
      [0, 0.14285714285714285, 0, 0, 0.0025],
      [0, 0, 0, 0, 7.500000000035812e-8],
      [0, 0, 0, 0, 0],
    ])
  })

  test.each([[[0, 1, 0, 0, 1]], [[false, true, false, false, true]], [Uint8Array.of(0, 1, 0, 0, 1)]])(
    'crowds: the share of the detection (%j)',
    async crowd => {
      expect(await rows(dt, gt, { crowd })).toEqual([
        [1.0000000000000009, 0, 0, 0, 1.0000000000000004],
        [0, 0.25, 0, 0, 1],
        [0, 0, 0, 0, 1.0000000000047748],
        [0, 0, 0, 0, 0],
      ])
    },
  )

  test.each([
    [[155.45, 218.29, 0.07, 71.7], 0.9999999999998054],
    [[441.49, 256.12, 13.22, 0.14], 0.999999999999809],
    [[249.39, 69.67, 375.63, 360], 1],
    [[378.15, 28.76, 0.79, 224.44], 1.0000000000000515],
    [[585.61, 570.51, 0.46, 36.63], 1.0000000000001577],
  ])('%j with itself: %d', async (box, value) => {
    expect(await rows([box], [box])).toEqual([[value]])
    const typed = Float64Array.from(box)
    expect(await rows([typed], [typed])).toEqual([[value]])
  })
})

const rle = (counts: RleObject['counts'], height = 20): RleObject => ({ size: [height, 30], counts })

const TRIANGLE = rle('P21c03M2N2N2N2N1OO1O1O1N2O1O2N1O1O1OT6')
const SQUARE = rle('Y3::00000000000000000W9')
const TWO_SQUARES = rle(`04\`000000j3=iK${'0'.repeat(33)}V1`)
const EMPTY = rle('hb0')
const FULL = rle([0, 600])
/** 10, 15 and 5 px that touch, as a list with empty runs. */
const GAPS = rle([100, 10, 0, 15, 0, 5, 470])
const OTHER_SIZE = rle('R4:?00000000000000000b;', 25)
const OTHER_SIZE_APART = rle('Ud04e0000005', 25)

describe.each(availableBackends)('masks on $name', ({ open }) => {
  let backend: MaskBackend
  beforeAll(async () => {
    backend = await open()
  })
  afterAll(() => backend.close())

  const dt = [TRIANGLE, SQUARE, TWO_SQUARES, EMPTY, OTHER_SIZE]
  const gt = [TRIANGLE, SQUARE, TWO_SQUARES, EMPTY, FULL, GAPS, OTHER_SIZE, OTHER_SIZE_APART]

  test('every pair; -1 for two sizes whose bounds overlap, 0 where they do not', async () => {
    expect(await rows(dt, gt, { backend })).toEqual([
      [1, 0.6148148148148148, 0.1702127659574468, 0, 0.19666666666666666, 0.08823529411764706, -1, 0],
      [0.6148148148148148, 1, 0.13440860215053763, 0, 0.16666666666666666, 0.13043478260869565, -1, 0],
      [0.1702127659574468, 0.13440860215053763, 1, 0, 0.5366666666666666, 0, -1, 0],
      [0, 0, 0, 0, 0, 0, 0, 0],
      [-1, -1, -1, 0, -1, -1, 1, 0],
    ])
  })

  test('crowds: the share of the detection', async () => {
    expect(await rows(dt, gt, { backend, crowd: new Array(8).fill(true) })).toEqual([
      [1, 0.7033898305084746, 0.5423728813559322, 0, 1, 0.1016949152542373, -1, 0],
      [0.83, 1, 0.5, 0, 1, 0.15, -1, 0],
      [0.19875776397515527, 0.15527950310559005, 1, 0, 1, 0, -1, 0],
      [0, 0, 0, 0, 0, 0, 0, 0],
      [-1, -1, -1, 0, -1, -1, 1, 0],
    ])
  })

  test('crowds among others', async () => {
    const crowd = [false, true, false, false, true, false, false, false]
    expect((await rows(dt.slice(0, 2), gt, { backend, crowd })).map(row => row.slice(0, 6))).toEqual([
      [1, 0.7033898305084746, 0.1702127659574468, 0, 1, 0.08823529411764706],
      [0.6148148148148148, 1, 0.13440860215053763, 0, 1, 0.13043478260869565],
    ])
  })

  test('counts as a string, its bytes, a list and a typed list are one mask', async () => {
    const text = SQUARE.counts as string
    const lengths = [105, 10]
    for (let column = 6; column < 15; column++) lengths.push(10, 10)
    lengths.push(600 - 105 - 190)
    const spellings = [text, new TextEncoder().encode(text), lengths, Uint32Array.from(lengths)].map(counts =>
      rle(counts),
    )
    expect(await rows([SQUARE], spellings, { backend })).toEqual([[1, 1, 1, 1]])
  })
})

test('the CPU is the default', async () => {
  expect(await rows([TRIANGLE], [SQUARE])).toEqual([[0.6148148148148148]])
})

test('empty lists', async () => {
  expect(await rows([], [])).toEqual([])
  expect(await rows([], [SQUARE])).toEqual([])
  expect(await rows([SQUARE, SQUARE], [])).toEqual([[], []])
})

test('inputs are not changed', async () => {
  const frozen = Object.freeze({
    size: Object.freeze([20, 30]),
    counts: Object.freeze([...(GAPS.counts as number[])]),
  })
  const box = Object.freeze([1, 2, 3, 4])
  expect(await rows(Object.freeze([frozen]) as never, [GAPS])).toEqual([[1]])
  expect(await rows([box] as never, [box] as never)).toEqual([[1]])
})

describe('errors name the argument and the entry', () => {
  test.each<[string, unknown, unknown, IouMatrixOptions, string]>([
    [
      'crowd flags',
      [[0, 0, 1, 1]],
      [[0, 0, 1, 1]],
      { crowd: [] },
      'crowd: expected 1 flags, one a ground truth, got 0',
    ],
    [
      'boxes with masks',
      [[0, 0, 1, 1]],
      [SQUARE],
      {},
      'expected shapes of one kind, got boxes in dt and masks in gt',
    ],
    ['a box among masks', [SQUARE, [0, 0, 1, 1]], [SQUARE], {}, 'dt[1]: expected an RLE mask, as dt[0]'],
    ['a mask among boxes', [[0, 0, 1, 1]], [[0, 0, 1, 1], SQUARE], {}, 'gt[1]: expected a box, as gt[0]'],
    ['no list', SQUARE, [SQUARE], {}, 'dt: expected a list of boxes or of RLE masks'],
    [
      'null',
      [null],
      [[0, 0, 1, 1]],
      {},
      'dt[0]: expected a box [x, y, width, height] of finite numbers, got null',
    ],
    [
      'three numbers',
      [[0, 0, 1, 1]],
      [[0, 0, 1]],
      {},
      'gt[0]: expected a box [x, y, width, height] of finite numbers, got [0, 0, 1]',
    ],
    [
      'NaN',
      [Float32Array.of(0, Number.NaN, 1, 1)],
      [[0, 0, 1, 1]],
      {},
      'dt[0]: expected a box [x, y, width, height] of finite numbers, got [0, NaN, 1, 1]',
    ],
    [
      'a flat list',
      Array.from([0, 0, 1, 1]),
      [[0, 0, 1, 1]],
      {},
      'dt[0]: expected a box [x, y, width, height] of finite numbers, got 0',
    ],
    [
      'polygons',
      [SQUARE],
      [[[0, 0, 1, 0, 1, 1]]],
      {},
      'expected shapes of one kind, got masks in dt and boxes in gt',
    ],
    [
      'no size',
      [{ counts: 'hb0' }],
      [SQUARE],
      {},
      'dt[0].size: expected [height, width] of less than 2^32 px, got undefined',
    ],
    [
      'a size too large',
      [SQUARE],
      [{ size: [65536, 65536], counts: 'hb0' }],
      {},
      'gt[0].size: expected [height, width] of less than 2^32 px, got [65536,65536]',
    ],
    [
      'a negative run',
      [SQUARE],
      [SQUARE, rle([-1, 601])],
      {},
      'gt[1].counts[0]: expected a whole number from 0, got -1',
    ],
    [
      'half a pixel',
      [rle([0.5, 599.5])],
      [SQUARE],
      {},
      'dt[0].counts[0]: expected a whole number from 0, got 0.5',
    ],
    [
      'counts null',
      [{ size: [20, 30], counts: null }],
      [SQUARE],
      {},
      'dt[0].counts: expected a string, its bytes, or a list of run lengths',
    ],
    [
      'runs too short',
      [SQUARE, rle([1, 2])],
      [SQUARE],
      {},
      'dt[1]: the counts sum to 3 px, but height * width is 600 px',
    ],
    [
      'a string too long',
      [SQUARE],
      [rle('hb0hb0')],
      {},
      'gt[0]: the counts sum to 1200 px, but height * width is 600 px',
    ],
    [
      'a foreign character',
      [rle('h b0')],
      [SQUARE],
      {},
      'dt[0]: character code 32 at position 1 is no part of a compressed RLE (codes 48 to 111)',
    ],
  ])('%s', async (_, dt, gt, options, message) => {
    const error = await iouMatrix(dt as Shapes, gt as Shapes, options).catch(error => error)
    expect(error).toBeInstanceOf(InputError)
    expect(error.message).toBe(message)
  })
})
