/** Draws one image with its instances. */

import type { InstanceRef, PictureItem } from '../../report/picture.js'
import { type Box, type Camera, type Size, toScreen } from './camera.js'
import { type Label, placeLabels } from './labels.js'
import type { Picture } from './source.js'
import { isShown, styleOf, type Toggles } from './style.js'

export interface Painting {
  picture: Picture
  items: PictureItem[]
  camera: Camera
  /** CSS px. */
  view: Size
  toggles: Toggles
  /** The instance that is open. */
  current: InstanceRef | null
  /** The instance under the pointer, and its partner: everything else steps back. */
  lit: InstanceRef[]
  /** Words on the labels of instances; null for none. */
  labelOf: (item: PictureItem) => string | null
  /** Widths of lines, CSS px: of the open and the lit instances `bold`. */
  lines: { plain: number; bold: number }
  /** Behind the image where there is no photograph. */
  paper: { canvas: string; image: string; edge: string }
}

/** CSS px. */
export const LINES = { plain: 2, bold: 4 }
const HALO = 2
const DASH = [7, 4]
const STEPPED_BACK = 0.25

export const isSame = (one: InstanceRef | null, other: InstanceRef | null): boolean =>
  one !== null && other !== null && one.kind === other.kind && one.row === other.row

/** `ratio` is device pixels a CSS pixel. Returns what was drawn. */
export function paint(context: CanvasRenderingContext2D, painting: Painting, ratio: number): PictureItem[] {
  const { items, toggles, current, lit, lines } = painting
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  paintGround(context, painting)
  const isLit = (item: PictureItem): boolean => lit.some(ref => isSame(ref, item))
  const shown = items.filter(item => isShown(item, toggles) || isLit(item) || isSame(item, current))
  const boldness = (item: PictureItem): number => Number(isSame(item, current)) + 2 * Number(isLit(item))
  shown.sort((a, b) => boldness(a) - boldness(b))
  enterImage(context, painting.camera, ratio)
  for (const item of shown) {
    const back = lit.length > 0 && !isLit(item)
    paintFill(context, painting, item, back ? STEPPED_BACK : 1)
  }
  for (const item of shown) {
    const back = lit.length > 0 && !isLit(item)
    context.globalAlpha = back ? STEPPED_BACK : 1
    paintContour(context, painting, item, boldness(item) > 0 ? lines.bold : lines.plain)
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.globalAlpha = 1
  if (toggles.labels || lit.length > 0) paintLabels(context, painting, shown)
  return shown
}

function enterImage(context: CanvasRenderingContext2D, { x, y, scale }: Camera, ratio: number): void {
  context.setTransform(ratio * scale, 0, 0, ratio * scale, -x * scale * ratio, -y * scale * ratio)
}

function paintGround(context: CanvasRenderingContext2D, { picture, camera, view, paper }: Painting): void {
  context.fillStyle = paper.canvas
  context.fillRect(0, 0, view.width, view.height)
  const [left, top] = toScreen(camera, 0, 0)
  const width = picture.size.width * camera.scale
  const height = picture.size.height * camera.scale
  if (picture.bitmap) {
    // Close up the pixels themselves are to be seen.
    const { bitmap } = picture
    context.imageSmoothingEnabled = width / bitmap.width < 3
    context.imageSmoothingQuality = 'high'
    context.drawImage(bitmap, left, top, width, height)
    return
  }
  context.fillStyle = paper.image
  context.fillRect(left, top, width, height)
  context.strokeStyle = paper.edge
  context.lineWidth = 1
  context.strokeRect(left - 0.5, top - 0.5, width + 1, height + 1)
}

function paintFill(
  context: CanvasRenderingContext2D,
  { picture, toggles }: Painting,
  item: PictureItem,
  alpha: number,
): void {
  const shape = picture.shapes.of(item)
  context.globalAlpha = toggles.fill * alpha * (shape.isMask ? 1 : 0.5)
  if (context.globalAlpha === 0) return
  context.fillStyle = styleOf(item.outcome).colour
  context.fill(shape.path, 'evenodd')
}

/** Ground truth solid, detections dashed, on a light line that parts them from a dark photograph. */
function paintContour(
  context: CanvasRenderingContext2D,
  { picture, camera }: Painting,
  item: PictureItem,
  width: number,
): void {
  const { path } = picture.shapes.of(item)
  const px = 1 / camera.scale
  context.lineJoin = 'round'
  context.setLineDash(item.kind === 'dt' ? DASH.map(length => length * px) : [])
  if (picture.bitmap) {
    context.strokeStyle = 'rgb(255 255 255 / 75%)'
    context.lineWidth = (width + HALO) * px
    context.stroke(path)
  }
  context.strokeStyle = styleOf(item.outcome).colour
  context.lineWidth = width * px
  context.stroke(path)
  context.setLineDash([])
}

function paintLabels(context: CanvasRenderingContext2D, painting: Painting, shown: PictureItem[]): void {
  const { picture, camera, view, toggles, current, lit, labelOf } = painting
  const wanted: Label[] = []
  // Those drawn last are the ones that matter most: they take their place first.
  for (const item of [...shown].reverse()) {
    const isImportant = lit.some(ref => isSame(ref, item)) || (lit.length === 0 && isSame(current, item))
    if (!isImportant && (!toggles.labels || lit.length > 0)) continue
    const text = labelOf(item)
    if (text === null) continue
    wanted.push({ text, box: onScreen(camera, picture.shapes.of(item).box), item, isImportant })
  }
  placeLabels(context, wanted, view, label => styleOf(label.item.outcome).label)
}

function onScreen(camera: Camera, { x, y, width, height }: Box): Box {
  const [left, top] = toScreen(camera, x, y)
  return { x: left, y: top, width: width * camera.scale, height: height * camera.scale }
}
