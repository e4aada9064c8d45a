import type { Images } from '../data/columns.js'
import type { WarningList } from '../data/warnings.js'

/** Boxes may leave their image by this share of its side before they count as outside. */
const SLACK = 1.02
/** Fewer boxes than this tell nothing. */
const ENOUGH = 5

/**
 * Warns where boxes look like another convention: corners [x1, y1, x2, y2] instead of [x, y, width, height], or
 * fractions of the image instead of px. Numbers from such boxes are plausible and wrong.
 */
export function checkBoxConvention(
  boxes: Float64Array,
  imageOfRow: Int32Array,
  images: Images,
  name: string,
  warnings: WarningList,
): void {
  let sized = 0
  let leaving = 0
  let corners = 0
  let fractions = 0
  for (let row = 0; row < imageOfRow.length; row++) {
    const [x, y, w, h] = boxes.subarray(4 * row, 4 * row + 4)
    if (x >= 0 && y >= 0 && x <= 1 && y <= 1 && w <= 1 && h <= 1) fractions++
    const height = images.heights[imageOfRow[row]]
    const width = images.widths[imageOfRow[row]]
    if (height === 0 || width === 0) continue
    sized++
    if (x + w <= width * SLACK && y + h <= height * SLACK) continue
    leaving++
    if (w >= x && h >= y && w <= width * SLACK && h <= height * SLACK) corners++
  }
  const n = imageOfRow.length
  if (n >= ENOUGH && fractions === n) warnings.add('boxes-look-normalised', () => name, n)
  else if (sized >= ENOUGH && leaving > sized / 2 && corners > 0.9 * leaving) {
    warnings.add('boxes-look-like-corners', () => name, leaving)
  }
}
