// @ts-check
/** Equal scores, equal IoU, and who is matched first. */
import { categories, far, golden, images, result, several, square, truth } from './builders.js'

const twoImages = { images: images(2) }
export const TIES = [
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
    'iou-on-every-threshold',
    'IoU of k/20, which are the thresholds but for 0.8999999999999999, and that too',
    [...several(10, i => truth([100 * i, 0, 20, 10])), truth([0, 100, 1.4, 10])],
    [...several(10, i => result([100 * i, 0, 10 + i, 10], 0.9 - 0.01 * i)), result([0, 100, 1.26, 10], 0.5)],
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
