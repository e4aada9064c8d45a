import { type Colour, darken } from './colour.js'

/** Samples a pixel edge: each pixel is the mean of SAMPLES x SAMPLES points. */
export const SAMPLES = 3

/** Object number of what is nobody's: floor, walls, racks. */
export const NOBODY = 0

/** Object number of ground in shadow: nobody's too, and not darkened twice. */
const SHADOW = 0xffff

/** A picture in the making. Both arrays are [height * SAMPLES, width * SAMPLES], rows first. */
export interface Canvas {
  /** px */
  width: number
  height: number
  colours: Uint32Array
  /** Which object each sample shows; NOBODY or SHADOW elsewhere. */
  objects: Uint16Array
}

export function createCanvas(width: number, height: number, background: Colour): Canvas {
  const samples = width * height * SAMPLES * SAMPLES
  return {
    width,
    height,
    colours: new Uint32Array(samples).fill(background),
    objects: new Uint16Array(samples),
  }
}

/** Calls `span` with the samples [from, to) of each row whose centres lie inside the polygon (even-odd). */
function scan(canvas: Canvas, points: readonly number[], span: (from: number, to: number) => void): void {
  const columns = canvas.width * SAMPLES
  let top = Number.POSITIVE_INFINITY
  let bottom = Number.NEGATIVE_INFINITY
  for (let i = 1; i < points.length; i += 2) {
    top = Math.min(top, points[i])
    bottom = Math.max(bottom, points[i])
  }
  const firstRow = Math.max(0, Math.ceil(top * SAMPLES - 0.5))
  const lastRow = Math.min(canvas.height * SAMPLES, Math.ceil(bottom * SAMPLES - 0.5))
  const crossings: number[] = []
  for (let row = firstRow; row < lastRow; row++) {
    cross(points, (row + 0.5) / SAMPLES, crossings)
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i] * SAMPLES - 0.5))
      const to = Math.min(columns, Math.ceil(crossings[i + 1] * SAMPLES - 0.5))
      if (from < to) span(row * columns + from, row * columns + to)
    }
  }
}

/** Sets `crossings` to where the outline crosses the height y, ascending. */
function cross(points: readonly number[], y: number, crossings: number[]): void {
  crossings.length = 0
  let x0 = points[points.length - 2]
  let y0 = points[points.length - 1]
  for (let i = 0; i < points.length; i += 2) {
    const x1 = points[i]
    const y1 = points[i + 1]
    if (y0 <= y !== y1 <= y) crossings.push(x0 + ((y - y0) * (x1 - x0)) / (y1 - y0))
    x0 = x1
    y0 = y1
  }
  if (crossings.length > 2 || crossings[0] > crossings[1]) crossings.sort((a, b) => a - b)
}

/** Fills a polygon (x, y pairs in px) with one colour and marks it as the object's. */
export function fill(canvas: Canvas, points: readonly number[], colour: Colour, object: number): void {
  scan(canvas, points, (from, to) => {
    canvas.colours.fill(colour, from, to)
    canvas.objects.fill(object, from, to)
  })
}

/** Darkens what lies under a shadow, once however many shadows meet there. */
export function castShadow(canvas: Canvas, points: readonly number[], strength: number): void {
  scan(canvas, points, (from, to) => {
    let seen = -1
    let shaded = -1
    for (let i = from; i < to; i++) {
      if (canvas.objects[i] === SHADOW) continue
      if (canvas.colours[i] !== seen) {
        seen = canvas.colours[i]
        shaded = darken(seen, strength)
      }
      canvas.colours[i] = shaded
      canvas.objects[i] = SHADOW
    }
  })
}

/** Edge pixels take every eighth level of a channel: the eye sees no difference, and the file is a sixth smaller. */
const EDGE_LEVEL = 8

/** Means of the samples, as RGB bytes. */
export function rgbOf(canvas: Canvas): Uint8Array {
  const { width, height, colours } = canvas
  const columns = width * SAMPLES
  const out = new Uint8Array(3 * width * height)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const colour = pixelColour(colours, y * SAMPLES * columns + x * SAMPLES, columns)
      out[at] = colour >> 16
      out[at + 1] = (colour >> 8) & 255
      out[at + 2] = colour & 255
    }
  }
  return out
}

/** One pixel: the samples' common colour, or their mean. */
function pixelColour(colours: Uint32Array, corner: number, columns: number): Colour {
  const first = colours[corner]
  let red = 0
  let green = 0
  let blue = 0
  let even = true
  for (let i = 0; i < SAMPLES; i++) {
    for (let at = corner + i * columns; at < corner + i * columns + SAMPLES; at++) {
      const colour = colours[at]
      even &&= colour === first
      red += colour >> 16
      green += (colour >> 8) & 255
      blue += colour & 255
    }
  }
  return even ? first : (level(red) << 16) | (level(green) << 8) | level(blue)
}

function level(sum: number): number {
  const mean = sum / (SAMPLES * SAMPLES)
  return Math.min(255, EDGE_LEVEL * Math.round(mean / EDGE_LEVEL))
}
