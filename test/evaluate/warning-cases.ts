import type { EvaluateOptions } from '../../src/index.js'
import {
  type Box,
  category,
  dataset,
  found,
  foundMask,
  image,
  rectangle,
  rle,
  runs,
  truth,
  without,
} from './coco.js'

/** Data that raise one warning, and what the reference makes of the same data. */
export interface WarningCase {
  code: string
  gt: object
  dt: object[]
  options?: EvaluateOptions
  count: number
  example: string
  /**
   * pycocotools 2.0.11 with the same caps. Where it fails it got the data that the warning stands for: the area
   * written out, the record of an unknown image left out; of an empty list every number is 0.
   */
  stats: number[]
}

const A: Box = [10, 10, 40, 40]
const B: Box = [60, 60, 30, 20]
const C: Box = [30, 50, 20, 40]
const D: Box = [55, 5, 40, 30]
/** In an image of 80 rows and 120 columns. */
const WIDE: Box[] = [
  [10, 5, 30, 10],
  [50, 40, 20, 30],
  [5, 60, 60, 15],
]
const wide = { images: [image(1, 80, 120)] }
const centres = ([x, y, w, h]: Box): Box => [x + w / 2, y + h / 2, w, h]
const corners = ([x, y, w, h]: Box): Box => [x, y, x + w, y + h]
const turnedRle = ([x, y, w, h]: Box) => ({ size: [80, 120], counts: runs([y, x, h, w], 120, 80) })
const two = dataset([truth(1, A), truth(2, B)])
const boxes = [found(A, 0.9), found([60, 60, 30, 25], 0.8)]
const masks = [foundMask(A, 0.9), foundMask([60, 60, 30, 25], 0.8)]

/** The first of `boxes` or `masks` exact, the second with an IoU of 0.8. */
const TWO_FOUND = [
  0.8514851485148515, 1, 1, 0.6999999999999998, 0.9999999999999998, -1, 0.5, 0.85, 0.85, 0.7, 1, -1,
]

export const WARNING_CASES: WarningCase[] = [
  {
    code: 'annotation-id-zero',
    gt: dataset([truth(0, A), truth(1, B)]),
    dt: boxes,
    count: 1,
    example: 'gt.json: annotations[0] (id 0)',
    stats: [
      0.17673267326732672, 0.2524752475247525, 0.2524752475247525, 0.6999999999999998, 0, -1, 0, 0.35, 0.35,
      0.7, 0, -1,
    ],
  },
  {
    code: 'area-beyond-all',
    gt: dataset([truth(1, A), truth(2, B, { area: -1 })]),
    dt: boxes,
    count: 1,
    example: 'gt.json: annotations[1] (id 2): area -1',
    stats: [
      0.9999999999999998, 0.9999999999999999, 0.9999999999999999, -1, 0.9999999999999998, -1, 1, 1, 1, -1, 1,
      -1,
    ],
  },
  {
    code: 'area-mismatch',
    gt: dataset([truth(1, A), truth(2, B, { area: 5000 })]),
    dt: masks,
    count: 1,
    example: 'gt.json: annotations[1] (id 2): area 5000, mask 600 px',
    stats: [0.8514851485148515, 1, 1, -1, 0.8514851485148515, -1, 0.5, 0.85, 0.85, -1, 0.85, -1],
  },
  {
    code: 'area-missing',
    gt: dataset([without(truth(1, A), 'area'), truth(2, B)]),
    dt: boxes,
    count: 1,
    example: 'gt.json: annotations[0] (id 1)',
    stats: TWO_FOUND,
  },
  {
    code: 'areas-from-boxes',
    gt: two,
    dt: masks.map(record => ({ ...record, bbox: [0, 0, 100, 100] })),
    count: 2,
    example: 'dt.json: [0]',
    stats: TWO_FOUND,
  },
  {
    code: 'beyond-cap',
    gt: two,
    dt: [...boxes, found([0, 0, 5, 5], 0.1), found([0, 0, 6, 6], 0.85)],
    options: { maxDets: [1, 2, 3] },
    count: 1,
    example: 'image 1 has 4 of category "class 1", the cap is 3',
    stats: [
      -1, 0.834983498349835, 0.834983498349835, 0.35, 0.9999999999999998, -1, 0.5, 0.5, 0.85, 0.7, 1, -1,
    ],
  },
  {
    code: 'box-from-mask',
    gt: two,
    dt: masks,
    options: { iouType: 'bbox' },
    count: 2,
    example: 'dt.json: [0]',
    stats: TWO_FOUND,
  },
  {
    code: 'boxes-as-masks',
    gt: two,
    dt: boxes,
    options: { iouType: 'segm' },
    count: 2,
    example: 'dt.json: [0]',
    stats: TWO_FOUND,
  },
  {
    code: 'boxes-look-like-centres',
    gt: dataset([A, B, C, D].map((box, i) => truth(i + 1, box))),
    dt: [A, B, C, D].map(box => found(centres(box), 0.9)),
    count: 3,
    example: 'dt.json: [1]: bbox [75, 70, 30, 20] in an image 100 px wide and 100 px high',
    stats: [0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, -1],
  },
  {
    code: 'boxes-look-like-corners',
    gt: dataset([A, B, C, D].map((box, i) => truth(i + 1, box))),
    dt: [A, B, C, D].map(box => found(corners(box), 0.9)),
    count: 3,
    example: 'dt.json: [1]: bbox [60, 60, 90, 80] in an image 100 px wide and 100 px high',
    stats: [
      0.07722772277227721, 0.2574257425742574, 0, 0, 0.15148514851485145, -1, 0.075, 0.075, 0.075, 0, 0.15,
      -1,
    ],
  },
  {
    code: 'boxes-look-normalised',
    gt: two,
    dt: [A, B].map(box => found(box.map(side => side / 100) as Box, 0.9)),
    count: 2,
    example: 'dt.json: [0]: bbox [0.1, 0.1, 0.4, 0.4] in an image 100 px wide and 100 px high',
    stats: [0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, -1],
  },
  {
    code: 'duplicate-category',
    gt: dataset([truth(1, A), truth(2, B)], { categories: [{ id: 1, name: 'old' }, category(1)] }),
    dt: boxes,
    count: 1,
    example: 'gt.json: categories[0] and categories[1] have the same id 1',
    stats: TWO_FOUND,
  },
  {
    code: 'duplicate-image',
    gt: dataset([truth(1, A), truth(2, B)], { images: [image(1, 5, 5), image(1)] }),
    dt: boxes,
    count: 1,
    example: 'gt.json: images[0] and images[1] have the same id 1',
    stats: TWO_FOUND,
  },
  {
    code: 'empty-box',
    gt: dataset([truth(1, A), truth(2, [60, 60, 0, 20])]),
    dt: boxes,
    count: 1,
    example: 'gt.json: annotations[1] (id 2)',
    stats: [
      0.5049504950495048, 0.5049504950495048, 0.5049504950495048, 0, 0.9999999999999998, -1, 0.5, 0.5, 0.5, 0,
      1, -1,
    ],
  },
  {
    code: 'empty-mask-detection',
    gt: two,
    dt: [...masks, foundMask([0, 0, 0, 0], 0.95)],
    count: 1,
    example: 'dt.json: [2]',
    stats: [
      0.5424092409240924, 0.6666666666666669, 0.6666666666666669, 0.35, 0.9999999999999998, -1, 0, 0.85, 0.85,
      0.7, 1, -1,
    ],
  },
  {
    code: 'empty-mask-ground-truth',
    gt: dataset([truth(1, A), truth(2, B, { area: 600, segmentation: rle([0, 0, 0, 0]) })]),
    dt: masks,
    count: 1,
    example: 'gt.json: annotations[1] (id 2)',
    stats: [
      0.5049504950495048, 0.5049504950495048, 0.5049504950495048, 0, 0.9999999999999998, -1, 0.5, 0.5, 0.5, 0,
      1, -1,
    ],
  },
  {
    code: 'ignore-overwritten',
    gt: dataset([truth(1, A, { ignore: 1 }), truth(2, B), truth(3, [0, 0, 5, 5], { iscrowd: 1, ignore: 1 })]),
    dt: boxes.slice(1),
    count: 1,
    example: 'gt.json: annotations[0] (id 1)',
    stats: [
      0.35346534653465334, 0.5049504950495048, 0.5049504950495048, 0.6999999999999998, 0, -1, 0.35, 0.35,
      0.35, 0.7, 0, -1,
    ],
  },
  {
    code: 'masks-look-row-major',
    gt: dataset(
      WIDE.map((box, i) => truth(i + 1, box, { segmentation: turnedRle(box) })),
      wide,
    ),
    dt: WIDE.map(box => foundMask(box, 0.5, { segmentation: rle(box, 80, 120) })),
    count: 3,
    example: 'gt.json: annotations[0] (id 1)',
    stats: [0, 0, 0, 0, -1, -1, 0, 0, 0, 0, -1, -1],
  },
  {
    code: 'mixed-records',
    gt: two,
    // The last is a false positive, small by its mask.
    dt: [
      masks[0],
      ...[masks[1], foundMask([0, 0, 5, 5], 0.95)].map(more => ({ ...more, bbox: [0, 0, 99, 99] })),
    ],
    count: 2,
    example: 'dt.json: [1]',
    stats: [
      0.5424092409240924, 0.6666666666666669, 0.6666666666666669, 0.35, 0.9999999999999998, -1, 0, 0.85, 0.85,
      0.7, 1, -1,
    ],
  },
  {
    code: 'no-detections',
    gt: two,
    dt: [],
    count: 1,
    example: 'dt.json',
    stats: [0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, -1],
  },
  {
    code: 'no-ground-truth-category',
    gt: dataset([truth(1, A), truth(2, B, { category_id: 2, iscrowd: 1 })], {
      categories: [1, 2, 3].map(category),
    }),
    dt: [
      ...boxes,
      found(B, 0.9, { category_id: 2 }),
      found(B, 0.9, { category_id: 3 }),
      found(A, 0.8, { category_id: 3 }),
    ],
    count: 3,
    example: '1 of category "class 2"',
    stats: [
      0.9999999999999998, 0.9999999999999999, 0.9999999999999999, -1, 0.9999999999999998, -1, 1, 1, 1, -1, 1,
      -1,
    ],
  },
  {
    code: 'polygon-degenerate',
    gt: dataset([truth(1, A), truth(2, B, { segmentation: [rectangle(B), [1, 1, 9, 9], [5, 5]] })]),
    dt: masks,
    count: 2,
    example: 'gt.json: annotations[1] (id 2): part 1, 2 points',
    stats: TWO_FOUND,
  },
  {
    code: 'polygon-odd',
    gt: dataset([truth(1, A, { segmentation: [[...rectangle(A), 3]] }), truth(2, B)]),
    dt: masks,
    count: 1,
    example: 'gt.json',
    stats: TWO_FOUND,
  },
  {
    code: 'unknown-category',
    gt: two,
    dt: [found(A, 0.99, { category_id: 9 }), ...boxes],
    options: { onUnknown: 'warn' },
    count: 1,
    example: 'dt.json: [0] has category_id 9',
    stats: TWO_FOUND,
  },
  {
    code: 'unknown-image',
    gt: two,
    dt: [...boxes, found(A, 0.99, { image_id: 9 })],
    options: { onUnknown: 'warn' },
    count: 1,
    example: 'dt.json: [2] has image_id 9',
    stats: TWO_FOUND,
  },
]
