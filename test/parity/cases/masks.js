// @ts-check
/** Masks in every notation, crowds, and results whose boxes and masks disagree. */
import { compress, runsOf } from '../masks.js'
import { rectangle } from '../polygons.js'
import { categories, golden, images, result, several, truth } from './builders.js'

/**
 * @typedef {import('../scene.js').Entry} Entry
 * @typedef {import('./builders.js').Box} Box
 */

/** Pixels of a box in an image. @param {number} height @param {number} width @param {Box} box */
function pixels(height, width, [x, y, w, h]) {
  const bits = new Uint8Array(height * width)
  for (let column = x; column < x + w; column++) bits.fill(1, column * height + y, column * height + y + h)
  return bits
}

const SIZE = [60, 80]
/** @param {Box} box @returns {{ size: number[], counts: string }} */
const rle = box => ({ size: SIZE, counts: compress(runsOf(pixels(60, 80, box))) })
/** @param {Box} box */
const runs = box => ({ size: SIZE, counts: runsOf(pixels(60, 80, box)) })
/** @param {Box} box */
const polygon = ([x, y, w, h]) => [rectangle(x, y, x + w, y + h)]
/** @param {unknown} segmentation @param {number} area @param {Entry} [more] */
const truthMask = (segmentation, area, more) => ({ ...truth([0, 0, 1, 1], { segmentation, area }), ...more })
/** @param {unknown} segmentation @param {number} score @param {Entry} [more] @returns {Entry} */
const resultMask = (segmentation, score, more) => ({
  image_id: 1,
  category_id: 1,
  segmentation,
  score,
  ...more,
})
const segm = { images: images(1, 60, 80), options: /** @type {const} */ ({ iouType: 'segm' }) }
const triangle = {
  size: SIZE,
  counts: compress(
    runsOf(
      Uint8Array.from({ length: 60 * 80 }, (_, i) =>
        Math.floor(i / 60) < 40 && i % 60 <= Math.floor(i / 60) ? 1 : 0,
      ),
    ),
  ),
}

export const MASKS = [
  golden(
    'masks',
    'Polygon, uncompressed and compressed ground truths',
    [
      truthMask(polygon([1, 1, 20, 20]), 400),
      truthMask(runs([30, 5, 20, 20]), 400),
      truthMask(rle([55, 5, 20, 20]), 400),
    ],
    [
      resultMask(rle([1, 1, 20, 19]), 0.9),
      resultMask(rle([30, 8, 20, 20]), 0.8),
      resultMask(rle([55, 5, 20, 20]), 0.7),
    ],
    segm,
  ),
  golden(
    'mask-crowds',
    'Crowds as uncompressed RLE and as polygons: shared pixels over those of the detection',
    [
      truthMask(runs([0, 0, 40, 60]), 2400, { iscrowd: 1 }),
      truthMask(polygon([50, 0, 30, 60]), 1800, { iscrowd: 1 }),
      truthMask(polygon([10, 10, 10, 10]), 100),
    ],
    [
      resultMask(rle([10, 10, 10, 10]), 0.9),
      resultMask(rle([20, 20, 10, 10]), 0.8),
      resultMask(rle([35, 20, 10, 10]), 0.7),
      resultMask(rle([47, 20, 10, 10]), 0.6),
    ],
    segm,
  ),
  golden(
    'two-parts',
    'An object of two polygons, and one whose parts overlap',
    [
      truthMask([...polygon([0, 0, 10, 10]), ...polygon([20, 0, 10, 10])], 200),
      truthMask([...polygon([40, 20, 20, 20]), ...polygon([50, 30, 20, 20])], 700),
    ],
    [resultMask(rle([0, 0, 10, 10]), 0.9), resultMask(rle([40, 20, 30, 30]), 0.8)],
    segm,
  ),
  golden(
    'odd-number-of-numbers',
    'A part that ends in half a point, which is dropped, before another part',
    [truthMask([[...polygon([0, 0, 10, 10])[0], 33], ...polygon([20, 0, 10, 10])], 200)],
    [resultMask(rle([20, 0, 10, 10]), 0.9)],
    segm,
  ),
  golden(
    'polygon-ties',
    'Vertices on half, fifth and tenth pixels, outside the image, twice, and in a part of two points',
    [
      truthMask([[0.5, 0.5, 20.5, 0.5, 20.5, 20.5]], 200),
      truthMask([[30.1, 5.3, 45.7, 5.3, 45.7, 30.9, 30.1, 30.9]], 400),
      truthMask(
        [
          [60.2, 10.4, 95, -7, 60.2, 40.6],
          [1, 1, 5, 5],
        ],
        500,
      ),
      truthMask([[-5.5, 30, 10, 30, 10, 30, 10, 70, -0.3, 59.9]], 300),
    ],
    [
      resultMask(rle([0, 0, 20, 20]), 0.9),
      resultMask(rle([30, 5, 16, 26]), 0.8),
      resultMask(rle([60, 0, 20, 40]), 0.7),
      resultMask(rle([0, 30, 10, 30]), 0.6),
    ],
    segm,
  ),
  golden(
    'box-results-as-masks',
    'Results with boxes only become rectangles by the polygon rule',
    [truthMask(rle([10, 10, 3, 3]), 9), truthMask(rle([40, 10, 20, 20]), 400)],
    [result([9.6, 9.6, 3, 3], 0.9), result([40.5, 10.5, 19, 19.25], 0.8)],
    segm,
  ),
  golden(
    'mask-results-as-boxes',
    'Results with masks only under bbox: their extent, and areas in pixels',
    [truth([10, 10, 40, 40], { area: 820 }), truth([60, 10, 10, 10])],
    [resultMask(triangle, 0.9), resultMask(rle([60, 10, 10, 10]), 0.8), resultMask(rle([0, 0, 0, 0]), 0.7)],
    { images: images(1, 60, 80) },
  ),
  golden(
    'area-of-mask',
    'Results without boxes: areas from masks',
    [truthMask(rle([50, 20, 30, 30]), 900)],
    [resultMask(triangle, 0.95), resultMask(rle([50, 20, 30, 30]), 0.9)],
    segm,
  ),
  golden(
    'area-of-box',
    'The same results with boxes: areas from boxes, and another AP of the small',
    [truthMask(rle([50, 20, 30, 30]), 900)],
    [
      resultMask(triangle, 0.95, { bbox: [0, 0, 40, 40] }),
      resultMask(rle([50, 20, 30, 30]), 0.9, { bbox: [50, 20, 30, 30] }),
    ],
    segm,
  ),
  golden(
    'first-record-decides',
    'A box in a later record only: areas from masks for all',
    [truthMask(rle([50, 20, 30, 30]), 900)],
    [resultMask(rle([50, 20, 30, 30]), 0.9), resultMask(triangle, 0.95, { bbox: [0, 0, 40, 40] })],
    segm,
  ),
  golden(
    'empty-masks',
    'Masks without a pixel, on both sides',
    [truthMask(rle([0, 0, 0, 0]), 0), truthMask(rle([10, 10, 30, 30]), 900)],
    [resultMask(rle([0, 0, 0, 0]), 0.9), resultMask(rle([10, 10, 30, 30]), 0.8)],
    segm,
  ),
  golden(
    'empty-runs',
    'Ground truths with runs of length 0 inside',
    [
      truthMask({ size: SIZE, counts: [600, 5, 0, 5, 50, 0, 0, 10, 4130] }, 20),
      truthMask({ size: SIZE, counts: compress([2400, 300, 0, 60, 2040, 0]) }, 360),
    ],
    [
      resultMask({ size: SIZE, counts: compress([600, 10, 50, 10, 4130]) }, 0.9),
      resultMask({ size: SIZE, counts: compress([2400, 360, 2040]) }, 0.8),
    ],
    segm,
  ),
  golden(
    'masks-agnostic',
    'Masks of two classes taken as one',
    [truthMask(polygon([1, 1, 20, 20]), 400, { category_id: 2 }), truthMask(rle([30, 5, 20, 20]), 400)],
    [resultMask(rle([1, 1, 20, 19]), 0.9), resultMask(rle([30, 8, 20, 20]), 0.9, { category_id: 2 })],
    { images: segm.images, categories: categories(2), options: { iouType: 'segm', classAgnostic: true } },
  ),
  golden(
    'mask-iou-on-every-threshold',
    'IoU of k/20 between masks',
    several(10, i => truthMask(rle([0, 5 * i, 20, 1]), 20)),
    several(10, i => resultMask(rle([0, 5 * i, 10 + i, 1]), 0.9 - 0.01 * i)),
    segm,
  ),
  golden(
    'mask-thresholds',
    'IoU of exactly 1/2 and 2/3 against thresholds beside them',
    [truthMask(rle([0, 0, 10, 10]), 100), truthMask(rle([20, 0, 10, 10]), 100)],
    [resultMask(rle([0, 0, 5, 10]), 0.9), resultMask(rle([22, 0, 10, 10]), 0.8)],
    {
      images: segm.images,
      options: {
        iouType: 'segm',
        iouThresholds: [0.5, 0.5000000000000001, 2 / 3, 0.6666666666666667],
        maxDets: [1, 2, 3],
      },
    },
  ),
]
