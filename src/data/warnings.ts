import type { Warning } from './evaluation.js'

/** What each warning means to a reader of the numbers. docs/protocols.md explains them at length. */
export const WARNING_TEXTS = {
  'annotation-id-zero':
    'ground truths have the id 0, which the reference takes for "unmatched": where one is found, its detection counts as a false positive (protocol coco does the same)',
  'area-beyond-all':
    'ground truths have an area outside the range "all" (0 to 1e10 px) and are in no number, as in the reference; is "area" right?',
  'area-mismatch':
    'ground truths state an area that puts them in another size range than the pixels of their mask; the stated area counts, as in the reference',
  'area-missing':
    'ground truths state no area; the pixels of the mask (in box runs width times height) are taken',
  'areas-from-boxes':
    'detections carry a box beside their mask; the reference takes the area of the box, not of the mask, for the size ranges',
  'beyond-cap':
    'detections lie beyond the largest cap of detections an image and category, and do not count; "maxDets" raises it',
  'boxes-as-masks':
    'detections have a box but no mask; as in the reference the box is evaluated as a filled rectangle',
  'box-from-mask': 'records have a mask but no box; the bounds of the mask are taken',
  'boxes-look-like-centres':
    'boxes leave their image on the right or below, but would lie inside it if [x, y] were their centre; expected the top left corner, so the numbers are likely wrong',
  'boxes-look-like-corners':
    'boxes leave their image, as most do, but would lie inside it as [x1, y1, x2, y2]; expected [x, y, width, height], so the numbers are likely wrong',
  'boxes-look-normalised':
    'all boxes lie between 0 and 1; expected pixels, not fractions of the image, so the numbers are likely wrong',
  'duplicate-category': 'categories are listed twice with the same id; the last entry counts',
  'duplicate-image': 'images are listed twice with the same id; the last entry counts',
  'empty-box': 'ground-truth boxes have no width or no height; nothing can match them',
  'empty-mask-detection': 'detections have a mask without a pixel; each counts as a false positive',
  'empty-mask-ground-truth': 'ground truths have a mask without a pixel; nothing can match them',
  'ignore-overwritten':
    'ground truths carry "ignore": 1 without "iscrowd"; the reference overwrites "ignore" with "iscrowd", so they count as regular',
  'masks-look-row-major':
    'masks do not lie in the boxes of their records, but would if their RLE ran along the rows; it runs down the columns (Fortran order), so the numbers are likely wrong',
  'mixed-records':
    'detections differ in kind (box, mask, both) from the first record, which decides the kind for the reference; each is taken as it is',
  'no-detections':
    'the result list is empty (the reference fails on it); every ground truth counts as missed',
  'no-ground-truth-category':
    'detections belong to categories without a ground truth in the evaluated images; protocol coco counts them nowhere, so that there they cost nothing',
  'polygon-degenerate':
    'polygon parts have fewer than three points and cover no pixel (the reference takes a first part of two points for a box and fails)',
  'polygon-odd': 'polygon parts have an odd number of coordinates; the last number is dropped',
  'unknown-category': 'records name a category that the ground truth does not list; they were dropped',
  'unknown-image': 'records name an image that the ground truth does not list; they were dropped',
} as const

export type WarningCode = keyof typeof WARNING_TEXTS

/** Counts of what a reader should know; the first occurrence of each is kept as an example. */
export class WarningList {
  readonly #found = new Map<WarningCode, { count: number; example: string }>()

  /** Counts `count` occurrences; `example` is asked for the first only. */
  add(code: WarningCode, example: () => string, count = 1): void {
    if (count === 0) return
    const found = this.#found.get(code)
    if (found) found.count += count
    else this.#found.set(code, { count, example: example() })
  }

  /** By code, so that the order does not depend on the order of work. */
  list(): Warning[] {
    return [...this.#found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, { count, example }]) => ({ code, count, example, text: WARNING_TEXTS[code] }))
  }
}
