/** A picture of one error: the surroundings of an instance with all instances in it, as pixels. */

import { FN, FP, TP } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import { boxContour, traceContours } from '../geometry/contours.js'
import type { Spans } from '../geometry/spans.js'
import { drawText, GLYPH_HEIGHT, textWidth } from './bitmap-font.js'
import { type InstanceRef, isNear, type PictureItem } from './picture.js'
import { blend, type Colour, createPixels, cut, enlarge, type Pixels, resize } from './pixels.js'
import { stroke } from './stroke.js'

export interface OverlayOptions {
  scene: Scene
  /** Of the image, see `pictureItems`. */
  items: PictureItem[]
  /** The error. */
  current: InstanceRef
  /** The image in its stated size; null for a plain ground. */
  picture: Pixels | null
  /** px; 0 where nobody knows. */
  size: { width: number; height: number }
  /** Pixels of an instance's mask; null where it has none: then its box is drawn. */
  maskOf: (item: PictureItem) => Spans | null
}

/** px that the longer side of an overlay has at least and, unless the window itself is larger, at most. */
const LEAST_SIDE = 480
const MOST_SIDE = 960
/** Part of the window beside the instance, on each side, in sides of the instance; and px of the image it has at least. */
const SURROUNDINGS = 1
const LEAST_WINDOW = 48

const WHITE: Colour = [255, 255, 255]
const PAPER: Colour = [244, 245, 247]
const OUTSIDE: Colour = [222, 225, 229]
const GREY: Colour = [138, 144, 153]

/** Okabe and Ito's colours, and darker ones to write on. */
const COLOURS: Record<number, { line: Colour; label: Colour; letters: string }> = {
  [TP]: { line: [0, 158, 115], label: [0, 102, 75], letters: 'TP' },
  [FP]: { line: [213, 94, 0], label: [154, 68, 0], letters: 'FP' },
  [FN]: { line: [0, 114, 178], label: [0, 90, 140], letters: 'FN' },
}

interface Window {
  x: number
  y: number
  width: number
  height: number
}

export function drawOverlay(options: OverlayOptions): Pixels {
  const { items, current, size } = options
  const isCurrent = ({ kind, row }: InstanceRef): boolean => kind === current.kind && row === current.row
  const subject = items.find(isCurrent)
  const isPartner = (item: PictureItem): boolean =>
    subject !== undefined && isNear(subject) && item.kind !== subject.kind && item.row === subject.partner
  const window = windowOf(options, subject, size)
  let pixels = options.picture
    ? cut(options.picture, window.x, window.y, window.width, window.height, OUTSIDE)
    : paper(window, size)
  for (const item of items) {
    const strength = isCurrent(item) ? 0.35 : isPartner(item) ? 0.25 : 0.08
    fill(pixels, options, item, window, strength)
  }
  const longest = Math.max(window.width, window.height)
  let scale = Math.max(1, Math.ceil(LEAST_SIDE / longest))
  if (longest > MOST_SIDE) {
    scale = MOST_SIDE / longest
    pixels = resize(pixels, scale)
  } else pixels = enlarge(pixels, scale)
  const place = { x: window.x, y: window.y, scale }
  const importance = (item: PictureItem): number => 2 * Number(isCurrent(item)) + Number(isPartner(item))
  const ordered = [...items].sort((a, b) => importance(a) - importance(b))
  for (const item of ordered) outline(pixels, options, item, place, importance(item))
  for (const item of ordered) {
    if (importance(item) > 0)
      label(pixels, options, item, place, labelText(options.scene, item, isCurrent(item)))
  }
  return pixels
}

/** The instance and its surroundings, within the image. */
function windowOf(
  { scene, current }: OverlayOptions,
  subject: PictureItem | undefined,
  size: { width: number; height: number },
): Window {
  const { kind, row } = subject ?? current
  const [x, y, width, height] = scene[kind].boxes.subarray(4 * row, 4 * row + 4)
  const side = Math.max(LEAST_WINDOW, Math.ceil((1 + 2 * SURROUNDINGS) * Math.max(width, height)))
  const along = (middle: number, whole: number): [number, number] => {
    if (whole > 0 && side >= whole) return [0, whole]
    const from = Math.round(middle - side / 2)
    return [whole > 0 ? Math.min(Math.max(from, 0), whole - side) : from, side]
  }
  const [left, wide] = along(x + width / 2, size.width)
  const [top, high] = along(y + height / 2, size.height)
  return { x: left, y: top, width: wide, height: high }
}

/** Light ground, darker outside the image. */
function paper({ x, y, width, height }: Window, size: { width: number; height: number }): Pixels {
  if (size.width === 0) return createPixels(width, height, PAPER)
  const ground = createPixels(size.width, size.height, PAPER)
  return cut(ground, x, y, width, height, OUTSIDE)
}

const colourOf = (item: PictureItem): Colour => COLOURS[item.outcome]?.line ?? GREY

function fill(
  pixels: Pixels,
  { scene, maskOf, size }: OverlayOptions,
  item: PictureItem,
  window: Window,
  alpha: number,
): void {
  const colour = colourOf(item)
  const spans = maskOf(item)
  if (!spans) {
    const [x, y, width, height] = scene[item.kind].boxes.subarray(4 * item.row, 4 * item.row + 4)
    for (let v = Math.round(y); v < Math.round(y + height); v++) {
      for (let u = Math.round(x); u < Math.round(x + width); u++) {
        blend(pixels, u - window.x, v - window.y, colour, alpha / 2)
      }
    }
    return
  }
  for (let i = 0; i < spans.length; i += 2) {
    for (let at = spans[i]; at < spans[i + 1]; at++) {
      blend(pixels, Math.floor(at / size.height) - window.x, (at % size.height) - window.y, colour, alpha)
    }
  }
}

/** Ground truth solid, detections dashed, on white where it matters. */
function outline(
  pixels: Pixels,
  { scene, maskOf, size }: OverlayOptions,
  item: PictureItem,
  place: { x: number; y: number; scale: number },
  importance: number,
): void {
  const spans = maskOf(item)
  const [x, y, width, height] = scene[item.kind].boxes.subarray(4 * item.row, 4 * item.row + 4)
  const contours = spans ? traceContours(spans, size.height) : boxContour(x, y, width, height)
  const dash: [number, number] | undefined = item.kind === 'dt' ? [8, 5] : undefined
  if (importance > 0) stroke(pixels, contours, place, { colour: WHITE, width: 5, dash, alpha: 0.8 })
  const pen = { colour: colourOf(item), width: importance === 2 ? 3 : importance === 1 ? 2 : 1, dash }
  stroke(pixels, contours, place, importance > 0 ? pen : { ...pen, alpha: 0.7 })
}

/** .91; never 1.00 for less. */
const decimals = (value: number): string =>
  value.toFixed(value < 1 && value >= 0.995 ? 3 : 2).replace(/^0/, '')

/** "FP .91 IoU .42": letters beside colours; the IoU stands with the error. */
function labelText(
  scene: Scene,
  { kind, row, outcome, similarity }: PictureItem,
  isCurrent: boolean,
): string {
  const letters = COLOURS[outcome]?.letters ?? '-'
  const name =
    kind === 'dt' ? `${letters} ${decimals(scene.dt.scores[row])}` : isCurrent ? letters : `${letters} GT`
  return isCurrent && similarity > 0 ? `${name} IoU ${decimals(similarity)}` : name
}

function label(
  pixels: Pixels,
  { scene }: OverlayOptions,
  item: PictureItem,
  place: { x: number; y: number; scale: number },
  text: string,
): void {
  const scale = 2
  const padding = 4
  const width = textWidth(text, scale) + 2 * padding
  const height = GLYPH_HEIGHT * scale + 2 * padding
  const [x, y, , high] = scene[item.kind].boxes.subarray(4 * item.row, 4 * item.row + 4)
  const left = Math.round((x - place.x) * place.scale)
  // Detections are written above, ground truths below, so that a pair does not collide.
  const top =
    item.kind === 'dt' ? (y - place.y) * place.scale - height - 3 : (y + high - place.y) * place.scale + 4
  const at = {
    x: Math.max(0, Math.min(left, pixels.width - width)),
    y: Math.max(0, Math.min(Math.round(top), pixels.height - height)),
  }
  const ground = COLOURS[item.outcome]?.label ?? [86, 93, 102]
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) blend(pixels, at.x + u, at.y + v, ground as Colour, 1)
  }
  drawText(pixels, text, at.x + padding, at.y + padding, scale, WHITE)
}
