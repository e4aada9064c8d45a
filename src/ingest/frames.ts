import type { Images } from '../data/columns.js'
import { MASK_POLYGONS } from '../data/masks.js'
import { InputError } from '../errors.js'
import type { Rows } from './link.js'
import { type MaskColumns, NONE } from './mask-columns.js'

/** px that an image may not reach. */
const LARGEST = 2 ** 32

/** Gives polygons the size of their image and checks that RLE has it. */
export function frameMasks(
  masks: MaskColumns,
  rows: Rows,
  images: Images,
  label: (row: number) => string,
): void {
  const sizes = masks.sizes.values
  const kinds = masks.kinds.values
  const { heights, widths } = images
  for (let row = 0; row < rows.records.length; row++) {
    const record = rows.records[row]
    const image = rows.images[row]
    const kind = kinds[record]
    const height = heights[image]
    const width = widths[image]
    const known = height > 0 && width > 0
    if (kind === MASK_POLYGONS) {
      if (!known) {
        throw new InputError(
          `${label(row)}: image ${images.ids[image]} has no "height" and "width" in the ground truth, which polygons and boxes need to become masks`,
        )
      }
      sizes[2 * record] = height
      sizes[2 * record + 1] = width
    } else if (kind !== NONE) {
      const h = sizes[2 * record]
      const w = sizes[2 * record + 1]
      if (h * w >= LARGEST)
        throw new InputError(`${label(row)}.segmentation.size: [${h}, ${w}] is 2^32 px or more`)
      if (known && (h !== height || w !== width)) throw sizeMismatch(label(row), h, w, images, image)
      if (!known) {
        heights[image] = h
        widths[image] = w
      }
    }
  }
}

function sizeMismatch(label: string, h: number, w: number, images: Images, image: number): InputError {
  const [height, width] = [images.heights[image], images.widths[image]]
  const cause =
    h === width && w === height
      ? 'height and width are swapped in one of the two: "size" is [height, width]'
      : 'a mask must have the size of its image; was it made at the size of the network input?'
  return new InputError(
    `${label}.segmentation.size: expected [${height}, ${width}], the [height, width] of image ${images.ids[image]}, got [${h}, ${w}]; ${cause}`,
  )
}

/** Refuses images whose pixels 32 bits cannot count. */
export function checkFrames(images: Images, rows: Rows, label: (row: number) => string): void {
  if (images.heights.every((height, image) => height * images.widths[image] < LARGEST)) return
  for (let row = 0; row < rows.images.length; row++) {
    const image = rows.images[row]
    const [height, width] = [images.heights[image], images.widths[image]]
    if (height * width < LARGEST) continue
    throw new InputError(
      `${label(row)}: expected an image of less than 2^32 px, as masks are counted in 32 bits, but image ${images.ids[image]} has [height, width] [${height}, ${width}]`,
    )
  }
}
