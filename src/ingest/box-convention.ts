import type { Images } from '../data/columns.js'
import type { WarningList } from '../data/warnings.js'

/** Boxes may leave their image by this share of its side before they count as outside. */
const SLACK = 0.02
/** Fewer boxes than this that leave their image tell nothing. */
const ENOUGH_LEAVING = 3
/** Read as corners, centres leave the image where objects lie near its right or lower border: at least this share. */
const LEAST_LEAVING = 0.02
/** No centre lies nearer to the left or upper border than half of its box, many corners do. A share for errors. */
const MOST_TOO_NEAR = 0.01

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
 * Warns where boxes look like another convention: corners [x1, y1, x2, y2] or [cx, cy, width, height] with the centre,
 * instead of [x, y, width, height], or fractions of the image instead of px. Numbers from such boxes are plausible and
 * wrong.
 */
export function checkBoxConvention(stated: StatedBoxes, images: Images, warnings: WarningList): void {
  const { boxes } = stated
  const seen = { boxes: 0, fractions: 0, broken: 0, sized: 0, leaving: 0, corners: 0, tooNear: 0, centres: 0 }
  const first = { box: -1, corners: -1, centre: -1 }
  for (let row = 0; row < stated.images.length; row++) {
    if (stated.stated[row] === 0) continue
    if (first.box < 0) first.box = row
    const x = boxes[4 * row]
    const y = boxes[4 * row + 1]
    const w = boxes[4 * row + 2]
    const h = boxes[4 * row + 3]
    seen.boxes++
    if (seen.fractions === seen.boxes - 1 && x >= 0 && y >= 0 && x <= 1 && y <= 1 && w <= 1 && h <= 1) {
      seen.fractions++ // those before it are, too
      if (!Number.isInteger(x + y) || !Number.isInteger(w + h)) seen.broken++
    }
    const width = images.widths[stated.images[row]]
    const height = images.heights[stated.images[row]]
    if (height === 0 || width === 0) continue
    seen.sized++
    const right = width * (1 + SLACK)
    const bottom = height * (1 + SLACK)
    const isTooNear = x - w / 2 < -SLACK * width || y - h / 2 < -SLACK * height
    if (isTooNear) seen.tooNear++
    if (x + w <= right && y + h <= bottom) continue
    seen.leaving++
    if (!isTooNear && x + w / 2 <= right && y + h / 2 <= bottom) {
      seen.centres++
      if (first.centre < 0) first.centre = row
    }
    if (w < x || h < y || w > right || h > bottom) continue
    seen.corners++
    if (first.corners < 0) first.corners = row
  }
  const example = (row: number) => (): string =>
    `${stated.label(row)}: bbox [${boxes.subarray(4 * row, 4 * row + 4).join(', ')}] in ${frame(images, stated.images[row])}`
  if (seen.boxes > 0 && seen.fractions === seen.boxes && seen.broken > 0) {
    warnings.add('boxes-look-normalised', example(first.box), seen.boxes)
    return
  }
  const { leaving, corners, centres, tooNear, sized } = seen
  if (leaving < ENOUGH_LEAVING) return
  if (leaving > sized / 2 && corners > 0.9 * leaving) {
    warnings.add('boxes-look-like-corners', example(first.corners), corners)
  } else if (leaving > LEAST_LEAVING * sized && centres > 0.9 * leaving && tooNear < MOST_TOO_NEAR * sized) {
    warnings.add('boxes-look-like-centres', example(first.centre), centres)
  }
}

function frame(images: Images, image: number): string {
  const [height, width] = [images.heights[image], images.widths[image]]
  return height > 0 && width > 0 ? `an image ${width} px wide and ${height} px high` : 'an image'
}
