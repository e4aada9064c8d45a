import { describe, expect, test } from 'vitest'
import { boxIou } from '../../src/geometry/boxes.js'
import { bitsOf } from '../support/columns.js'

/** Detection, ground truth, crowd, bits of the IoU: pycocotools 2.0.11, mask.iou. */
const VECTORS: [number[], number[], boolean, string][] = [
  [[0, 0, 10, 10], [0, 0, 10, 10], false, '3ff0000000000000'],
  [[0, 0, 10, 10], [10, 0, 10, 10], false, '0000000000000000'],
  [[0, 0, 10, 10], [5, 5, 10, 10], false, '3fc2492492492492'],
  [[0, 0, 10, 10], [5, 5, 10, 10], true, '3fd0000000000000'],
  [[0, 0, 10, 10], [2, 2, 3, 3], true, '3fb70a3d70a3d70a'],
  [[2, 2, 3, 3], [0, 0, 10, 10], true, '3ff0000000000000'],
  [[0, 0, 10, 10], [0, 0, 0, 10], false, '0000000000000000'],
  [[443.94, 553.39, 17.4, 279.37], [443.94, 553.39, 17.4, 279.37], false, '3fefffffffffffec'],
  [[566.01, 389.38, 540.54, 67.92], [566.01, 389.38, 540.54, 67.92], false, '3ff0000000000002'],
  [[281.44, 147.94, 326.26, 344.36], [281.44, 147.94, 326.26, 344.36], false, '3ff0000000000002'],
  [[370.47, 76.02, 1.06, 522.84], [370.47, 76.02, 1.06, 522.84], false, '3ff0000000000012'],
  [[-5.89, 51.65, 75.51, 137.06], [-5.97, 59.98, 83.52, 129.36], false, '3feb34cbfda8f842'],
  [[71.18, 66.55, 59.89, 24.25], [70.8, 63.92, 64.16, 31.78], true, '3fefffffffffffff'],
  [[25.85, 14.87, 100.25, 139.68], [31.05, 16.23, 96.58, 136.75], false, '3fed4434aa19287c'],
  [[81.76, 42.31, 11.03, 84.73], [77.04, 45.3, 3.35, 80.61], true, '0000000000000000'],
  [[-8.48, 37.31, 196.94, 108.73], [-10.53, 45.12, 189.59, 106.13], false, '3feaca0ae98dffd3'],
  [[77.29, -19.39, 153.42, 72.85], [68.59, -23.87, 152.67, 70.74], true, '3feb5001c1258610'],
  [[1e16, 0, 1.5, 1.5], [1e16, 0, 1.5, 1.5], false, '4000000000000000'],
]

describe('boxIou', () => {
  test.each(VECTORS)('%j and %j, crowd %s', (dt, gt, crowd, bits) => {
    const iou = boxIou(Float64Array.from(dt), 0, Float64Array.from(gt), 0, crowd)
    expect(bitsOf(iou)).toBe(bits)
  })

  test('takes the boxes by row', () => {
    const dt = Float64Array.of(0, 0, 1, 1, 0, 0, 10, 10)
    const gt = Float64Array.of(9, 9, 1, 1, 50, 50, 1, 1, 5, 0, 5, 10)
    expect(boxIou(dt, 1, gt, 2, false)).toBe(0.5)
    expect(boxIou(dt, 0, gt, 2, false)).toBe(0)
  })
})
