import type { Images } from '../data/columns.js'
import type { WarningList } from '../data/warnings.js'

/** Boxes may leave their image by this share of its side before they count as outside. */
const SLACK = 1.02
/** Fewer boxes than this that leave their image tell nothing. */
const ENOUGH_LEAVING = 3

/** Boxes as a file states them. */
export interface StatedBoxes {
  /** [row, 4] */
  boxes: Float64Array
  /** Row in Images, [row]. */
  images: Int32Array
  /** 0 where a row has no box of its own: it is passed over. [row] */
  stated: Uint8Array
  label(row: number): string
}

/**
 * Warns where boxes look like another convention: corners [x1, y1, x2, y2] instead of [x, y, width, height], or
 * fractions of the image instead of px. Numbers from such boxes are plausible and wrong.
 */
export function checkBoxConvention(stated: StatedBoxes, images: Images, warnings: WarningList): void {
  const { boxes } = stated
  const seen = { boxes: 0, fractions: 0, broken: 0, sized: 0, leaving: 0, corners: 0 }
  let firstBox = -1
  let firstCorners = -1
  for (let row = 0; row < stated.images.length; row++) {
    if (stated.stated[row] === 0) continue
    if (firstBox < 0) firstBox = row
    const x = boxes[4 * row]
    const y = boxes[4 * row + 1]
    const w = boxes[4 * row + 2]
    const h = boxes[4 * row + 3]
    seen.boxes++
    if (x >= 0 && y >= 0 && x <= 1 && y <= 1 && w <= 1 && h <= 1) seen.fractions++
    if (!Number.isInteger(x + y) || !Number.isInteger(w + h)) seen.broken++
    const height = images.heights[stated.images[row]] * SLACK
    const width = images.widths[stated.images[row]] * SLACK
    if (height === 0 || width === 0) continue
    seen.sized++
    if (x + w <= width && y + h <= height) continue
    seen.leaving++
    if (w < x || h < y || w > width || h > height) continue
    seen.corners++
    if (firstCorners < 0) firstCorners = row
  }
  const example = (row: number): string =>
    `${stated.label(row)}: bbox [${boxes.subarray(4 * row, 4 * row + 4).join(', ')}] in ${frame(images, stated.images[row])}`
  if (seen.boxes > 0 && seen.fractions === seen.boxes && seen.broken > 0) {
    warnings.add('boxes-look-normalised', () => example(firstBox), seen.boxes)
    return
  }
  const { leaving, corners, sized } = seen
  if (leaving >= ENOUGH_LEAVING && leaving > sized / 2 && corners > 0.9 * leaving) {
    warnings.add('boxes-look-like-corners', () => example(firstCorners), corners)
  }
}

function frame(images: Images, image: number): string {
  const [height, width] = [images.heights[image], images.widths[image]]
  return height > 0 && width > 0 ? `an image ${width} px wide and ${height} px high` : 'an image'
}
