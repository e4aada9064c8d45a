// @ts-check
/** Rules of the curve, of ids and categories, of caps and grids. */
import {
  categories,
  far,
  golden,
  images,
  result,
  sevenFound,
  several,
  square,
  tenTruths,
  truth,
} from './builders.js'

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

export const PROTOCOL = [...micro, ...books, ...grids]
