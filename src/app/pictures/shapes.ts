/** Outlines of the instances of one image, traced when they are first drawn. */

import type { Scene } from '../../data/scene.js'
import { boxContour, type Contours, traceContours } from '../../geometry/contours.js'
import type { Spans } from '../../geometry/spans.js'
import { type ImageMasks, spansOf } from '../../report/image-masks.js'
import type { InstanceRef } from '../../report/picture.js'
import type { Box } from './camera.js'

export interface Shape {
  /** Along the pixels of the mask, or the box. */
  path: Path2D
  box: Box
  /** px */
  area: number
  isMask: boolean
  /** Whether the point (px of the image) lies on it. */
  contains(x: number, y: number): boolean
}

export class Shapes {
  readonly #scene: Scene
  readonly #height: number
  readonly #pixels: number
  readonly #rles: Record<InstanceRef['kind'], Map<number, string>>
  readonly #known = new Map<string, Shape>()

  constructor(scene: Scene, masks: ImageMasks | null) {
    this.#scene = scene
    this.#height = masks?.size[0] ?? 0
    this.#pixels = masks ? masks.size[0] * masks.size[1] : 0
    this.#rles = { gt: new Map(masks?.gts), dt: new Map(masks?.dts) }
  }

  of({ kind, row }: InstanceRef): Shape {
    const key = `${kind}:${row}`
    const known = this.#known.get(key)
    if (known) return known
    const shape = this.#mask(kind, row) ?? this.#box(kind, row)
    this.#known.set(key, shape)
    return shape
  }

  #mask(kind: InstanceRef['kind'], row: number): Shape | null {
    const rle = this.#rles[kind].get(row)
    const spans = rle === undefined ? null : spansOf(rle, this.#pixels)
    if (!spans) return null
    const height = this.#height
    return {
      path: pathOf(traceContours(spans, height)),
      box: boxOf(this.#scene, kind, row),
      area: this.#scene[kind].ownAreas[row],
      isMask: true,
      contains: (x, y) =>
        y >= 0 && y < height && x >= 0 && holds(spans, Math.floor(x) * height + Math.floor(y)),
    }
  }

  #box(kind: InstanceRef['kind'], row: number): Shape {
    const box = boxOf(this.#scene, kind, row)
    const { x, y, width, height } = box
    return {
      path: pathOf(boxContour(x, y, width, height)),
      box,
      area: width * height,
      isMask: false,
      contains: (left, top) => left >= x && left < x + width && top >= y && top < y + height,
    }
  }
}

export function boxOf(scene: Scene, kind: InstanceRef['kind'], row: number): Box {
  const [x, y, width, height] = scene[kind].boxes.subarray(4 * row, 4 * row + 4)
  return { x, y, width, height }
}

function pathOf({ points, offsets }: Contours): Path2D {
  const path = new Path2D()
  for (let loop = 0; loop + 1 < offsets.length; loop++) {
    for (let i = offsets[loop]; i < offsets[loop + 1]; i++) {
      if (i === offsets[loop]) path.moveTo(points[2 * i], points[2 * i + 1])
      else path.lineTo(points[2 * i], points[2 * i + 1])
    }
    path.closePath()
  }
  return path
}

/** Whether a pixel is in the spans. */
function holds(spans: Spans, pixel: number): boolean {
  let low = 0
  let high = spans.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if (spans[2 * middle + 1] > pixel) high = middle
    else low = middle + 1
  }
  return 2 * low < spans.length && spans[2 * low] <= pixel
}
