/** Pictures with known objects, in place of a labelled data set. */

export const WIDTH = 640
export const HEIGHT = 480
export const CLASSES = ['disc', 'plate', 'pebble']

/** An ellipse: centre and radii in px of the picture. */
export interface Shape {
  kind: number
  cx: number
  cy: number
  rx: number
  ry: number
}

/** Numbers from 0 to 1 that are the same on every run. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

export function scene(image: number): Shape[] {
  const next = random(image)
  return Array.from({ length: 3 + Math.floor(6 * next()) }, () => ({
    kind: Math.floor(CLASSES.length * next()),
    cx: 60 + (WIDTH - 120) * next(),
    cy: 60 + (HEIGHT - 120) * next(),
    rx: 8 + 50 * next() ** 2,
    ry: 8 + 50 * next() ** 2,
  }))
}

/** One byte a pixel, rows first. */
export function bitMapOf({ cx, cy, rx, ry }: Shape): Uint8Array {
  const data = new Uint8Array(WIDTH * HEIGHT)
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++)
      if (((x + 0.5 - cx) / rx) ** 2 + ((y + 0.5 - cy) / ry) ** 2 < 1) data[y * WIDTH + x] = 1
  return data
}

/** COCO ground truth as plain objects. Masks stay bit maps: nothing has to be encoded. */
export function groundTruth(images: number) {
  const annotations = Array.from({ length: images }, (_, image) =>
    scene(image).map(shape => ({
      image_id: image,
      category_id: shape.kind,
      bbox: [shape.cx - shape.rx, shape.cy - shape.ry, 2 * shape.rx, 2 * shape.ry],
      segmentation: { data: bitMapOf(shape), width: WIDTH, height: HEIGHT },
    })),
  ).flat()
  return {
    images: Array.from({ length: images }, (_, id) => ({ id, width: WIDTH, height: HEIGHT })),
    categories: CLASSES.map((name, id) => ({ id, name })),
    annotations: annotations.map((annotation, i) => ({ id: i + 1, ...annotation })),
  }
}
