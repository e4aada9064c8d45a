// @ts-check
/** The hand-chosen golden cases: each shows one rule or one surprise of the reference. */
import { compress, runsOf } from './masks.js'
import { rectangle } from './polygons.js'

/**
 * @typedef {import('./generate.js').Entry} Entry
 * @typedef {import('./generate.js').Case} Case
 * @typedef {number[]} Box x, y, width, height in px
 */

/** @param {number} count @param {number} [height] @param {number} [width] @returns {Entry[]} */
const images = (count, height = 1000, width = 1000) =>
  Array.from({ length: count }, (_, i) => ({ id: i + 1, height, width }))

/** @param {number} count */
const categories = count => Array.from({ length: count }, (_, i) => ({ id: i + 1, name: `class ${i + 1}` }))

/** A ground truth; its id comes from its place unless given. @param {Box} bbox @param {Entry} [more] @returns {Entry} */
const truth = (bbox, more) => ({
  image_id: 1,
  category_id: 1,
  iscrowd: 0,
  area: bbox[2] * bbox[3],
  bbox,
  ...more,
})

/** A detection. @param {Box} bbox @param {number} score @param {Entry} [more] @returns {Entry} */
const result = (bbox, score, more) => ({ image_id: 1, category_id: 1, bbox, score, ...more })

/**
 * @param {string} name @param {string} title @param {Entry[]} truths @param {Entry[]} dt
 * @param {{ images?: Entry[], categories?: Entry[], options?: Partial<import('./options.js').Options> }} [more]
 */
function golden(name, title, truths, dt, more = {}) {
  const annotations = truths.map((entry, i) => ({ id: i + 1, ...entry }))
  const gt = { images: more.images ?? images(1), annotations, categories: more.categories ?? categories(1) }
  /** @type {Case & { name: string, title: string }} */
  const built = { name, title, gt, dt, options: { iouType: 'bbox', ...more.options } }
  return built
}

const square = [0, 0, 50, 50]
const far = [500, 500, 50, 50]
/** @param {number} count @param {(i: number) => Entry} make */
const several = (count, make) => Array.from({ length: count }, (_, i) => make(i))
const tenTruths = several(10, i => truth([60 * i, 0, 50, 50]))
const sevenFound = several(7, i => result([60 * i, 0, 50, 50], 0.9 - 0.01 * i))

const micro = [
  golden(
    'single-match',
    'One object found: precision 1/(1 + 2^-52), and the mean of equal values depends on how many',
    [truth(square)],
    [result(square, 0.9)],
  ),
  golden('seven-of-ten', 'Recall 0.7 is below the grid value 0.7000000000000001', tenTruths, sevenFound),
  golden(
    'envelope',
    'A false positive between two true ones',
    [truth(square), truth([100, 0, 50, 50])],
    [result(square, 0.9), result(far, 0.8), result([100, 0, 50, 50], 0.7)],
  ),
  golden(
    'loose-then-exact',
    'A loose detection ranked first',
    [truth([10, 10, 20, 20]), truth([50, 50, 30, 30])],
    [result([14, 10, 20, 20], 0.95), result([50, 50, 30, 30], 0.9)],
  ),
  golden(
    'crowd-absorbs',
    'The same with a crowd around: the loose detection is ignored where it does not match',
    [truth([10, 10, 20, 20]), truth([50, 50, 30, 30]), truth([0, 0, 100, 100], { iscrowd: 1 })],
    [result([14, 10, 20, 20], 0.95), result([50, 50, 30, 30], 0.9)],
  ),
  golden(
    'crowd-of-another-category',
    'A crowd absorbs nothing of another category',
    [truth([10, 10, 20, 20]), truth([0, 0, 100, 100], { iscrowd: 1, category_id: 2 })],
    [result([14, 10, 20, 20], 0.95), result(far, 0.9)],
    { categories: categories(2) },
  ),
  golden(
    'match-in-two-ranges',
    'One detection is a true positive among the small and among the medium objects',
    [truth([0, 0, 31, 31]), truth([0, 0, 40, 31])],
    [result([0, 0, 38, 31], 0.9)],
  ),
  golden(
    'first-false',
    'A false positive above the only true one',
    [truth(square)],
    [result(far, 0.9), result(square, 0.8)],
  ),
  golden(
    'one-of-three',
    'The grid counts recall 0: AP exceeds recall',
    [truth(square), truth([100, 0, 50, 50]), truth([200, 0, 50, 50])],
    [result(square, 0.9)],
  ),
  golden(
    'free-tail',
    'False positives below the last true one cost nothing',
    [truth(square)],
    [result(square, 0.9), ...several(99, () => result(far, 0.8))],
  ),
  golden(
    'no-detections',
    'An empty list: the reference crashes, the result is that of detections it never looks at',
    [truth(square), truth(square, { category_id: 2, iscrowd: 1 })],
    [],
    { categories: categories(2) },
  ),
  golden('no-ground-truths', 'Nothing to find: -1 everywhere', [], [result(square, 0.9)]),
]

const books = [
  golden(
    'id-zero',
    'A match with annotation id 0 counts as none',
    [truth(square, { id: 0 })],
    [result(square, 0.9)],
  ),
  golden(
    'id-zero-of-two',
    'Annotation id 0 beside another',
    [truth(square, { id: 0 }), truth([100, 0, 50, 50], { id: 1 })],
    [result(square, 0.9), result([100, 0, 50, 50], 0.8)],
  ),
  golden(
    'negative-ids',
    'Negative annotation ids match normally',
    [truth(square, { id: -5 }), truth([100, 0, 50, 50], { id: -6 })],
    [result(square, 0.9), result([100, 0, 50, 50], 0.8)],
  ),
  golden(
    'huge-ids',
    'Ids above 2^32 and at 2^53 - 1',
    [
      truth(square, { id: 900100000000123, image_id: 2 ** 53 - 1 }),
      truth(square, { id: 2 ** 32, image_id: 2 ** 32 }),
    ],
    [result(square, 0.9, { image_id: 2 ** 32 }), result(square, 0.8, { image_id: 2 ** 53 - 1 })],
    {
      images: [
        { id: 2 ** 53 - 1, height: 100, width: 100 },
        { id: 2 ** 32, height: 100, width: 100 },
      ],
    },
  ),
  golden(
    'ignore-flag-dropped',
    'The ignore field of the file has no effect',
    [truth(square, { ignore: 1 }), truth([100, 0, 50, 50])],
    [result([100, 0, 50, 50], 0.9)],
  ),
  golden(
    'unknown-category',
    'Records of a category that the file does not list are never looked at',
    [truth(square), truth(far, { category_id: 9 })],
    [result(square, 0.5), result(far, 0.99, { category_id: 9 })],
    { options: { onUnknown: 'warn' } },
  ),
  golden(
    'absent-category',
    'False positives of a category without ground truth vanish',
    [truth(square)],
    [result(square, 0.9), ...several(50, () => result(far, 0.99, { category_id: 2 }))],
    { categories: categories(2) },
  ),
  golden(
    'absent-category-agnostic',
    'Class-agnostic they count',
    [truth(square)],
    [result(square, 0.9), ...several(50, () => result(far, 0.99, { category_id: 2 }))],
    { categories: categories(2), options: { classAgnostic: true } },
  ),
  golden('cap-300', 'Caps without 100: the first number is -1', [truth(square)], [result(square, 0.9)], {
    options: { maxDets: [1, 10, 300] },
  }),
  golden(
    'cap-per-category',
    'A cap of 1 keeps one detection of each category',
    [truth(square), truth([100, 0, 50, 50], { category_id: 2 })],
    [result(square, 0.9), result([100, 0, 50, 50], 0.8, { category_id: 2 })],
    { categories: categories(2) },
  ),
  golden(
    'cap-agnostic',
    'Class-agnostic it keeps one detection of the image',
    [truth(square), truth([100, 0, 50, 50], { category_id: 2 })],
    [result(square, 0.9), result([100, 0, 50, 50], 0.8, { category_id: 2 })],
    { categories: categories(2), options: { classAgnostic: true } },
  ),
  golden(
    'cut-by-cap',
    'The true positive is the 101st detection',
    [truth(square)],
    [...several(100, () => result(far, 0.9)), result(square, 0.5)],
  ),
  golden(
    'last-within-cap',
    'The true positive is the 100th detection',
    [truth(square)],
    [...several(99, () => result(far, 0.9)), result(square, 0.5)],
  ),
  golden(
    'subset',
    'Only some images and categories, asked for out of order',
    [truth(square), truth(square, { image_id: 2 }), truth(square, { image_id: 3, category_id: 2 })],
    [
      result(square, 0.9),
      result(far, 0.8, { image_id: 2 }),
      result(square, 0.7, { image_id: 3, category_id: 2 }),
      result(square, 0.95, { image_id: 2, category_id: 3 }),
    ],
    { images: images(3), categories: categories(3), options: { imageIds: [3, 2], categoryIds: [2, 1] } },
  ),
]

const areas = [
  golden(
    'foreign-area',
    'Ground-truth areas from the file, detection areas from the box',
    [truth([0, 0, 40, 40], { area: 800 }), truth([200, 200, 40, 40])],
    [result([0, 10, 40, 40], 0.95), result([200, 200, 40, 40], 0.9)],
  ),
  golden(
    'border-1024',
    'Exactly 32 x 32 px is small and medium',
    [truth([0, 0, 32, 32])],
    [result([0, 0, 32, 32], 0.9)],
  ),
  golden(
    'border-9216',
    'Exactly 96 x 96 px is medium and large',
    [truth([0, 0, 96, 96])],
    [result([0, 0, 96, 96], 0.9)],
  ),
  golden(
    'unmatched-in-range',
    'An unmatched detection of 32 x 32 px counts among the small',
    [truth([0, 0, 30, 30])],
    [result([15, 15, 32, 32], 0.95), result([0, 0, 30, 30], 0.9)],
  ),
  golden(
    'unmatched-out-of-range',
    'One pixel more and it counts in no size range',
    [truth([0, 0, 30, 30])],
    [result([15, 15, 33, 33], 0.95), result([0, 0, 30, 30], 0.9)],
  ),
  golden(
    'out-of-range-absorbs-one',
    'A ground truth out of range takes one detection',
    [truth([0, 0, 40, 40]), truth([200, 200, 20, 20])],
    [result([0, 0, 31, 31], 0.95), result([200, 200, 20, 20], 0.9), result([9, 9, 31, 31], 0.94)],
  ),
  golden(
    'beyond-all',
    'An object above 10^10 px lies outside every range',
    [truth([0, 0, 150000, 150000])],
    [result([0, 0, 150000, 150000], 0.9)],
  ),
  golden(
    'empty-box',
    'A box without area is never found',
    [truth([10, 10, 0, 20]), truth(square)],
    [result([10, 10, 0, 20], 0.9), result(square, 0.8)],
  ),
  golden(
    'own-ranges',
    'Ranges that share a border, overlap, or hold one size',
    [truth([0, 0, 10, 10]), truth([100, 0, 10, 20])],
    [result([0, 0, 10, 10], 0.9), result([100, 0, 10, 20], 0.8), result(far, 0.7)],
    {
      options: {
        areas: [
          { name: 'all', lo: 0, hi: 1e5 },
          { name: 'small', lo: 0, hi: 100 },
          { name: 'one', lo: 200, hi: 200 },
          { name: 'both', lo: 100, hi: 200 },
        ],
      },
    },
  ),
]

const twoImages = { images: images(2) }
const ties = [
  golden(
    'tie-true-first',
    'Equal scores: the lower image id comes first, here the true positive',
    [truth(square)],
    [result(far, 0.9, { image_id: 2 }), result(square, 0.9)],
    twoImages,
  ),
  golden(
    'tie-false-first',
    'Equal scores: the lower image id comes first, here the false positive',
    [truth(square, { image_id: 2 })],
    [result(square, 0.9, { image_id: 2 }), result(far, 0.9)],
    twoImages,
  ),
  golden(
    'tie-worse-first',
    'Equal scores in one image: file order, the worse first',
    [truth(square)],
    [result([0, 0, 50, 40], 0.9), result(square, 0.9)],
  ),
  golden(
    'tie-better-first',
    'Equal scores in one image: file order, the better first',
    [truth(square)],
    [result(square, 0.9), result([0, 0, 50, 40], 0.9)],
  ),
  golden(
    'tie-by-category',
    'Class-agnostic ties: lists are joined by category, not by file order',
    [truth(square, { category_id: 2 })],
    [result(square, 0.9, { category_id: 2 }), result([0, 0, 50, 40], 0.9, { category_id: 1 })],
    { categories: categories(2), options: { classAgnostic: true } },
  ),
  golden(
    'tie-iou-later-truth',
    'Equal IoU: the later ground truth is taken',
    [truth(square), truth([20, 0, 50, 50])],
    [result([10, 0, 50, 50], 0.9), result([20, 0, 50, 50], 0.8)],
  ),
  golden(
    'tie-iou-swapped',
    'The same with the ground truths the other way round',
    [truth([20, 0, 50, 50]), truth(square)],
    [result([10, 0, 50, 50], 0.9), result([20, 0, 50, 50], 0.8)],
  ),
  golden(
    'tie-iou-file-order',
    'File order decides, not the order of ids',
    [truth(square, { id: 9 }), truth([20, 0, 50, 50], { id: 3 })],
    [result([10, 0, 50, 50], 0.9), result([20, 0, 50, 50], 0.8)],
  ),
  golden(
    'iou-equals-threshold',
    'IoU of exactly 0.5 and 0.75 matches',
    [truth([0, 0, 40, 10]), truth([100, 0, 40, 10])],
    [result([0, 0, 20, 10], 0.9), result([100, 0, 30, 10], 0.8)],
  ),
  golden(
    'iou-one',
    'Threshold 1: boxes that do not reach IoU 1 with themselves match still',
    several(8, i => truth([0.1 + 60 * i, 0.7 * i, 33.33 + i, 10.1])),
    several(8, i => result([0.1 + 60 * i, 0.7 * i, 33.33 + i, 10.1], 0.9 - i / 100)),
    { options: { iouThresholds: [1, 0.5, 0.75] } },
  ),
  golden(
    'greedy',
    'The best pairing is not found: the first detection takes the object that the second needs',
    [truth(square), truth([25, 0, 50, 50])],
    [result([10, 0, 50, 50], 0.9), result([-5, 0, 50, 50], 0.8)],
  ),
  golden(
    'regular-before-crowd',
    'A regular ground truth above the threshold wins over a better crowd',
    [truth([0, 0, 100, 100], { iscrowd: 1 }), truth([0, 0, 60, 40])],
    [
      result([0, 0, 40, 40], 0.9),
      result([0, 0, 60, 40], 0.8),
      result([60, 60, 20, 20], 0.7),
      result([60, 60, 20, 20], 0.6),
    ],
  ),
  golden(
    'duplicated-truth',
    'One object stated twice needs two detections',
    [truth(square), truth(square)],
    [result(square, 0.9)],
  ),
  golden(
    'two-classes-agnostic',
    'One object in two classes is two ground truths, and a wrong label is right',
    [truth(square), truth(square, { category_id: 2 })],
    [result(square, 0.9, { category_id: 2 })],
    { categories: categories(2), options: { classAgnostic: true } },
  ),
  golden(
    'scores-of-any-size',
    'Negative, equal, huge and whole scores',
    [truth(square), truth([100, 0, 50, 50]), truth([200, 0, 50, 50])],
    [
      result(square, -0.5),
      result([100, 0, 50, 50], 3),
      result(far, 1e300),
      result([200, 0, 50, 50], -0.5),
      result(far, 0),
    ],
  ),
]

const grids = [
  golden('float32-recall-grid', 'The recall grid in float32: 0.7 lies elsewhere', tenTruths, sevenFound, {
    options: { recallThresholds: Array.from({ length: 101 }, (_, i) => Math.fround(i / 100)) },
  }),
  golden(
    'own-thresholds',
    'Thresholds out of order and repeated, without 0.5 and 0.75',
    [truth([0, 0, 40, 10]), truth([100, 0, 40, 10])],
    [result([0, 0, 20, 10], 0.9), result([100, 0, 30, 10], 0.8)],
    { options: { iouThresholds: [0.9, 0.3, 0.3, 0.74], recallThresholds: [0, 0.25, 0.5, 0.5, 1] } },
  ),
]

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

const masks = [
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

export const CASES = [...micro, ...books, ...areas, ...ties, ...grids, ...masks]
