/** Where a picture lies on the screen. Pure arithmetic: the canvas and its tests share it. */

export interface Size {
  width: number
  height: number
}

/** px of the image. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** Screen point = (image point - (x, y)) * scale, in CSS px from the view's top left corner. */
export interface Camera {
  x: number
  y: number
  scale: number
}

/** What a view shows, whatever its size: the point of the image in its middle, and the scale. */
export interface Place {
  x: number
  y: number
  scale: number
}

export const placeOf = ({ x, y, scale }: Camera, view: Size): Place => ({
  x: x + view.width / 2 / scale,
  y: y + view.height / 2 / scale,
  scale,
})

export const cameraAt = ({ x, y, scale }: Place, view: Size): Camera =>
  centre({ x, y, width: 0, height: 0 }, view, scale)

/** CSS px that one pixel of the image may take. */
const MAX_SCALE = 64
/** How far out, beside seeing the whole image. */
const MIN_OF_FIT = 0.5

/** The whole of `box` in the middle of the view, with a margin in CSS px. */
export function enclose(box: Box, view: Size, margin = 0, maxScale = MAX_SCALE): Camera {
  const width = Math.max(1, view.width - 2 * margin)
  const height = Math.max(1, view.height - 2 * margin)
  const scale = Math.min(width / Math.max(box.width, 1e-9), height / Math.max(box.height, 1e-9), maxScale)
  return centre(box, view, scale)
}

/** The middle of `box` in the middle of the view. */
export const centre = (box: Box, view: Size, scale: number): Camera => ({
  x: box.x + box.width / 2 - view.width / 2 / scale,
  y: box.y + box.height / 2 - view.height / 2 / scale,
  scale,
})

export const toImage = ({ x, y, scale }: Camera, left: number, top: number): [number, number] => [
  x + left / scale,
  y + top / scale,
]

export const toScreen = (camera: Camera, x: number, y: number): [number, number] => [
  (x - camera.x) * camera.scale,
  (y - camera.y) * camera.scale,
]

/** Zooms by a factor so that the image point under the screen point stays there, within sensible scales. */
export function zoomAt(
  camera: Camera,
  left: number,
  top: number,
  factor: number,
  image: Size,
  view: Size,
): Camera {
  const least = Math.min(MIN_OF_FIT * enclose(whole(image), view).scale, camera.scale)
  const scale = Math.min(MAX_SCALE, Math.max(least, camera.scale * factor))
  const [x, y] = toImage(camera, left, top)
  return keepInSight({ x: x - left / scale, y: y - top / scale, scale }, image, view)
}

/** Moves the picture by CSS px. */
export const pan = (camera: Camera, dx: number, dy: number, image: Size, view: Size): Camera =>
  keepInSight({ ...camera, x: camera.x - dx / camera.scale, y: camera.y - dy / camera.scale }, image, view)

export const whole = ({ width, height }: Size): Box => ({ x: 0, y: 0, width, height })

/** The middle of the view stays on the image. */
function keepInSight(camera: Camera, image: Size, view: Size): Camera {
  const { scale } = camera
  const [halfWidth, halfHeight] = [view.width / 2 / scale, view.height / 2 / scale]
  const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0), most)
  return {
    x: clamp(camera.x + halfWidth, image.width) - halfWidth,
    y: clamp(camera.y + halfHeight, image.height) - halfHeight,
    scale,
  }
}

/** CSS px below which the longer side of an instance is hard to see. */
const HARD_TO_SEE = 40
/** Part of the view that such an instance then takes. */
const CLOSE_UP = 0.25

/** Whether all of `box` is in the view and large enough to be seen. */
export function isInSight(camera: Camera, box: Box, view: Size): boolean {
  const [left, top] = toScreen(camera, box.x, box.y)
  const [right, bottom] = toScreen(camera, box.x + box.width, box.y + box.height)
  const isLarge = Math.max(right - left, bottom - top) >= HARD_TO_SEE
  return isLarge && left >= 0 && top >= 0 && right <= view.width && bottom <= view.height
}

/** Small images are not blown up further than this. */
const MAX_SCALE_OF_ALL = 4
/** CSS px of one pixel of the image beyond which a close-up shows no more. */
const MAX_CLOSE_UP = 16

/** The camera that shows all of an image. */
export const showAll = (image: Size, view: Size, margin: number): Camera =>
  enclose(whole(image), view, margin, MAX_SCALE_OF_ALL)

/** The camera that shows `box`: the whole image where that is enough, else closer. */
export function show(box: Box, image: Size, view: Size, margin: number): Camera {
  const all = showAll(image, view, margin)
  if (isInSight(all, box, view)) return all
  const near = enclose(box, { width: view.width * CLOSE_UP, height: view.height * CLOSE_UP })
  const scale = Math.max(all.scale, Math.min(near.scale, MAX_CLOSE_UP))
  return fillView(centre(box, view, scale), image, view)
}

/** Shows no more of what lies beside the image than it must. */
function fillView({ x, y, scale }: Camera, image: Size, view: Size): Camera {
  const inside = moveInside({ x, y, width: view.width / scale, height: view.height / scale }, image)
  return { x: inside.x, y: inside.y, scale }
}

/** A square around boxes, a little larger than they are: what a crop shows. */
export function around(boxes: Box[], margin: number, least: number): Box {
  const left = Math.min(...boxes.map(box => box.x))
  const top = Math.min(...boxes.map(box => box.y))
  const right = Math.max(...boxes.map(box => box.x + box.width))
  const bottom = Math.max(...boxes.map(box => box.y + box.height))
  const side = Math.max(least, (1 + 2 * margin) * Math.max(right - left, bottom - top))
  return { x: (left + right - side) / 2, y: (top + bottom - side) / 2, width: side, height: side }
}

/** `box` moved into the image where it fits there. */
export function moveInside(box: Box, image: Size): Box {
  const shift = (at: number, side: number, whole: number): number =>
    side >= whole ? (whole - side) / 2 : Math.min(Math.max(at, 0), whole - side)
  return { ...box, x: shift(box.x, box.width, image.width), y: shift(box.y, box.height, image.height) }
}
