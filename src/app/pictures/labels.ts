/** Labels of instances that do not cover each other. */

import type { PictureItem } from '../../report/picture.js'
import type { Box, Size } from './camera.js'

export interface Label {
  text: string
  /** The instance on the screen, CSS px. */
  box: Box
  item: PictureItem
  /** Is drawn even where it covers another, or belongs to something tiny. */
  isImportant: boolean
}

const FONT = '600 11px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif'
/** CSS px. */
const HEIGHT = 16
const PADDING = 4
/** Instances smaller than this have no label of their own accord. */
const LEAST_SIDE = 14

/** Where a label goes, given its width: above its instance, or in its top left corner; always in sight. */
export function placeOf({ box }: Label, width: number, view: Size): Box {
  const y = box.y >= HEIGHT ? box.y - HEIGHT : box.y
  return {
    x: Math.max(0, Math.min(box.x, view.width - width)),
    y: Math.max(0, Math.min(y, view.height - HEIGHT)),
    width,
    height: HEIGHT,
  }
}

export const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

/** Places labels in their order; an important one may move below another, the rest is left out where it has no room. */
export function arrange<T extends Label>(
  labels: T[],
  widthOf: (label: T) => number,
  view: Size,
): { label: T; place: Box }[] {
  const placed: { label: T; place: Box }[] = []
  const seen: Box = { x: 0, y: 0, width: view.width, height: view.height }
  for (const label of labels) {
    if (!overlap(label.box, seen)) continue
    if (!label.isImportant && Math.max(label.box.width, label.box.height) < LEAST_SIDE) continue
    const place = placeOf(label, widthOf(label), view)
    const isFree = (): boolean => placed.every(other => !overlap(other.place, place))
    if (label.isImportant) for (let i = 0; i < 4 && !isFree(); i++) place.y += HEIGHT + 1
    else if (!isFree()) continue
    placed.push({ label, place })
  }
  return placed
}

export function placeLabels(
  context: CanvasRenderingContext2D,
  labels: Label[],
  view: Size,
  colourOf: (label: Label) => string,
): void {
  context.font = FONT
  context.textBaseline = 'middle'
  const widthOf = (label: Label): number => Math.ceil(context.measureText(label.text).width) + 2 * PADDING
  for (const { label, place } of arrange(labels, widthOf, view)) {
    context.fillStyle = colourOf(label)
    context.beginPath()
    context.roundRect(place.x, place.y, place.width, place.height, 3)
    context.fill()
    context.fillStyle = '#fff'
    context.fillText(label.text, place.x + PADDING, place.y + HEIGHT / 2 + 0.5)
  }
}
