import type { Contours } from '../geometry/contours.js'
import { blend, type Colour, type Pixels } from './pixels.js'

export interface Pen {
  colour: Colour
  /** px of the picture that is drawn on. */
  width: number
  /** Lengths of dashes and gaps in px; solid without. */
  dash?: [on: number, off: number]
  alpha?: number
}

/**
 * Draws lines along contours, which are placed at (point - [x, y]) * scale. Each pixel is inked once, so that lines may
 * be faint; edges are not smoothed.
 */
export function stroke(
  pixels: Pixels,
  { points, offsets }: Contours,
  place: { x: number; y: number; scale: number },
  pen: Pen,
): void {
  const inked = new Set<number>()
  const stamp = (x: number, y: number): void => {
    const from = -Math.floor(pen.width / 2)
    for (let v = from; v < from + pen.width; v++) {
      for (let u = from; u < from + pen.width; u++) {
        const [left, top] = [Math.round(x) + u, Math.round(y) + v]
        if (left < 0 || top < 0 || left >= pixels.width || top >= pixels.height) continue
        const at = top * pixels.width + left
        if (inked.has(at)) continue
        inked.add(at)
        blend(pixels, left, top, pen.colour, pen.alpha ?? 1)
      }
    }
  }
  for (let loop = 0; loop + 1 < offsets.length; loop++) {
    let walked = 0
    for (let i = offsets[loop]; i < offsets[loop + 1]; i++) {
      const j = i + 1 < offsets[loop + 1] ? i + 1 : offsets[loop]
      const x0 = (points[2 * i] - place.x) * place.scale
      const y0 = (points[2 * i + 1] - place.y) * place.scale
      const x1 = (points[2 * j] - place.x) * place.scale
      const y1 = (points[2 * j + 1] - place.y) * place.scale
      walked = walk(x0, y0, x1, y1, walked, pen.dash, stamp)
    }
  }
}

/** Visits the points of a line, half a pixel apart, that lie on a dash. Returns the length so far. */
function walk(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  before: number,
  dash: [number, number] | undefined,
  visit: (x: number, y: number) => void,
): number {
  const length = Math.hypot(x1 - x0, y1 - y0)
  const steps = Math.max(1, Math.ceil(2 * length))
  for (let i = 0; i <= steps; i++) {
    const part = i / steps
    const isInk = !dash || (before + part * length) % (dash[0] + dash[1]) < dash[0]
    if (isInk) visit(x0 + part * (x1 - x0), y0 + part * (y1 - y0))
  }
  return before + length
}
