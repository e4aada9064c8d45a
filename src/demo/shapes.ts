import type { Random } from './random.js'

/** How far a detected mask is off, in px. */
export interface Offset {
  dx: number
  dy: number
  /** Outward on every side; negative for a mask that is too tight. */
  grow: number
  /** Of single corners. */
  wobble: number
}

type Polygons = readonly (readonly number[])[]

/** Corners closer than this stay as they are, in px. */
const MIN_EDGE_PX = 5

/** Parts of a detected mask: moved, grown, uneven and with rounded corners, as networks draw them. */
export function distort(
  random: Random,
  polygons: Polygons,
  box: readonly number[],
  offset: Offset,
): number[][] {
  const [x, y, width, height] = box
  const scaleX = Math.max(0.2, 1 + (2 * offset.grow) / Math.max(width, 1))
  const scaleY = Math.max(0.2, 1 + (2 * offset.grow) / Math.max(height, 1))
  const [centreX, centreY] = [x + width / 2, y + height / 2]
  return polygons.map(points => {
    const moved = divide(points, Math.max(MIN_EDGE_PX, (width + height) / 8))
    for (let i = 0; i < moved.length; i += 2) {
      moved[i] = centreX + (moved[i] - centreX) * scaleX + offset.dx + offset.wobble * random.bell()
      moved[i + 1] = centreY + (moved[i + 1] - centreY) * scaleY + offset.dy + offset.wobble * random.bell()
    }
    return roundCorners(moved).map(value => Math.round(value * 100) / 100)
  })
}

/** Adds corners so that no edge is longer than `longest` px. */
function divide(points: readonly number[], longest: number): number[] {
  const out: number[] = []
  for (let i = 0; i < points.length; i += 2) {
    const j = (i + 2) % points.length
    const [ax, ay, bx, by] = [points[i], points[i + 1], points[j], points[j + 1]]
    const pieces = Math.max(1, Math.ceil((Math.abs(bx - ax) + Math.abs(by - ay)) / longest))
    for (let k = 0; k < pieces; k++) out.push(ax + ((bx - ax) * k) / pieces, ay + ((by - ay) * k) / pieces)
  }
  return out
}

/** Cuts every corner once, as Chaikin's algorithm does: each edge keeps its middle three fifths. */
function roundCorners(points: readonly number[]): number[] {
  const out: number[] = []
  for (let i = 0; i < points.length; i += 2) {
    const j = (i + 2) % points.length
    const [ax, ay, bx, by] = [points[i], points[i + 1], points[j], points[j + 1]]
    out.push(0.8 * ax + 0.2 * bx, 0.8 * ay + 0.2 * by, 0.2 * ax + 0.8 * bx, 0.2 * ay + 0.8 * by)
  }
  return out
}

/** The four corners of a box, for masks of few corners. */
export const boxCorners = ([x, y, width, height]: readonly number[]): number[] => [
  x,
  y,
  x + width,
  y,
  x + width,
  y + height,
  x,
  y + height,
]
