// An object is a blob in a frame: { category, x, y, w, h, radii }, its box in shares of the frame's width and height,
// its outline given by the distances of its corners from the middle. A frame is { id, size: [height, width] } in px.

import { rasterizePart } from '../../dist/geometry/polygons.js'
import { round } from './random.js'

/** The same object seen by a detector: moved and scaled by normal deviates of the given size. */
export const jitter = (object, amount, normal) => ({
  ...object,
  x: object.x + normal() * amount * object.w,
  y: object.y + normal() * amount * object.h,
  w: object.w * Math.exp(normal() * amount),
  h: object.h * Math.exp(normal() * amount),
})

/** The outline in px: x, y, x, y, ... */
export const outline = ({ x, y, w, h, radii }, [height, width]) =>
  radii.flatMap((r, i) => {
    const angle = (2 * Math.PI * i) / radii.length
    return [
      round((x + w / 2 + (w / 2) * r * Math.cos(angle)) * width, 2),
      round((y + h / 2 + (h / 2) * r * Math.sin(angle)) * height, 2),
    ]
  })

/** The box of an outline: x, y, w, h in px. */
export function boxOf(points) {
  const xs = points.filter((_, i) => i % 2 === 0)
  const ys = points.filter((_, i) => i % 2)
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return [x, y, round(Math.max(...xs) - x, 2), round(Math.max(...ys) - y, 2)]
}

/** The box of an object without an outline: x, y, w, h in px. */
export const plainBox = ({ x, y, w, h }, [height, width]) => [
  hundredths(x * width),
  hundredths(y * height),
  hundredths(w * width),
  hundredths(h * height),
]

const hundredths = value => Math.round(value * 100) / 100

/** First and end pixels of the runs that an outline covers, column by column. */
export const spansOf = (points, [h, w]) =>
  rasterizePart(Float64Array.from(points), 0, points.length / 2, h, w)

export const areaOf = spans => spans.reduce((sum, v, i) => sum + (i % 2 ? v : -v), 0)

/** Run lengths as COCO's crowds have them: background first. */
export function countsOf(spans, [h, w]) {
  const counts = []
  let at = 0
  for (const v of spans) {
    counts.push(v - at)
    at = v
  }
  counts.push(h * w - at)
  return counts
}
