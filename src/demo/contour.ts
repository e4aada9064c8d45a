import { type Canvas, SAMPLES } from './canvas.js'
import { polygonArea } from './solid.js'

/** px: corners closer than this to the line between their neighbours are left out. */
const TOLERANCE_PX = 0.55

/** px²: smaller visible parts are not worth a polygon. */
const MIN_PART_PX = 9

/** What is seen of an object, in samples: x0 y0 x1 y1 half-open, and how many samples show it. */
interface Extent {
  x0: number
  y0: number
  x1: number
  y1: number
  samples: number
}

/** By object number; `samples` is 0 for what is hidden. */
export function extentsOf(canvas: Canvas, objects: number): Extent[] {
  const extents = Array.from({ length: objects }, () => ({ x0: 1e9, y0: 1e9, x1: 0, y1: 0, samples: 0 }))
  const columns = canvas.width * SAMPLES
  const rows = canvas.height * SAMPLES
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; ) {
      const object = canvas.objects[y * columns + x]
      const from = x
      while (x < columns && canvas.objects[y * columns + x] === object) x++
      const extent = extents[object]
      if (object === 0 || extent === undefined) continue
      extent.samples += x - from
      if (from < extent.x0) extent.x0 = from
      if (x > extent.x1) extent.x1 = x
      if (y < extent.y0) extent.y0 = y
      extent.y1 = y + 1
    }
  }
  return extents
}

/**
 * Outlines of what is seen of an object, one polygon a part (x, y pairs in px), the largest first. Holes are filled,
 * as a person who clicks around an object fills them.
 */
export function outlinesOf(canvas: Canvas, object: number, extent: Extent): number[][] {
  const parts: { points: number[]; area: number }[] = []
  for (const loop of traceLoops(canvas, object, extent)) {
    const area = polygonArea(loop) / SAMPLES ** 2
    if (area < MIN_PART_PX) continue
    const points = simplify(loop, TOLERANCE_PX * SAMPLES).map(
      value => Math.round((value / SAMPLES) * 100) / 100,
    )
    if (points.length >= 6) parts.push({ points, area })
  }
  return parts.sort((a, b) => b.area - a.area).map(part => part.points)
}

/** Headings 0 to 3 are right, down, left and up. */
const RIGHT = 0
const STEP_X = [1, 0, -1, 0]
const STEP_Y = [0, 1, 0, -1]

/** Walks along the cracks between the object's samples and others, the object to the right; outer loops only. */
function traceLoops(canvas: Canvas, object: number, extent: Extent): number[][] {
  const columns = canvas.width * SAMPLES
  const width = extent.x1 - extent.x0
  const seen = new Uint8Array(width * (extent.y1 - extent.y0))
  const inside = (x: number, y: number): boolean =>
    x >= extent.x0 &&
    x < extent.x1 &&
    y >= extent.y0 &&
    y < extent.y1 &&
    canvas.objects[y * columns + x] === object
  const loops: number[][] = []
  for (let y = extent.y0; y < extent.y1; y++) {
    for (let x = extent.x0; x < extent.x1; x++) {
      if (
        canvas.objects[y * columns + x] !== object ||
        inside(x, y - 1) ||
        seen[(y - extent.y0) * width + x - extent.x0]
      )
        continue
      const loop = traceLoop(inside, x, y, (sx, sy) => {
        seen[(sy - extent.y0) * width + sx - extent.x0] = 1
      })
      if (loop !== null) loops.push(loop)
    }
  }
  return loops
}

/** One loop from the upper left corner of a sample whose upper neighbour is outside; null for the rim of a hole. */
function traceLoop(
  inside: (x: number, y: number) => boolean,
  startX: number,
  startY: number,
  markTop: (x: number, y: number) => void,
): number[] | null {
  const corners: number[] = []
  let x = startX
  let y = startY
  let heading = RIGHT
  let twiceArea = 0
  do {
    if (heading === RIGHT) markTop(x, y)
    const nextX = x + STEP_X[heading]
    const nextY = y + STEP_Y[heading]
    twiceArea += x * nextY - nextX * y
    x = nextX
    y = nextY
    const next = turn(inside, x, y, heading)
    if (next !== heading) corners.push(x, y)
    heading = next
  } while (x !== startX || y !== startY || heading !== RIGHT)
  return twiceArea > 0 ? corners : null
}

/** The heading after reaching the corner (x, y): right where the sample ahead is outside, left where both are inside. */
function turn(inside: (x: number, y: number) => boolean, x: number, y: number, heading: number): number {
  const ahead = [
    [0, -1, 0, 0],
    [0, 0, -1, 0],
    [-1, 0, -1, -1],
    [-1, -1, 0, -1],
  ][heading]
  const left = inside(x + ahead[0], y + ahead[1])
  const right = inside(x + ahead[2], y + ahead[3])
  if (!right) return (heading + 1) % 4
  return left ? (heading + 3) % 4 : heading
}

/** Douglas and Peucker's simplification of a closed loop, begun at the two corners farthest apart along x + y. */
function simplify(loop: readonly number[], tolerance: number): number[] {
  const count = loop.length / 2
  let low = 0
  let high = 0
  for (let i = 1; i < count; i++) {
    const sum = loop[2 * i] + loop[2 * i + 1]
    if (sum < loop[2 * low] + loop[2 * low + 1]) low = i
    if (sum > loop[2 * high] + loop[2 * high + 1]) high = i
  }
  const keep = new Uint8Array(count)
  keep[low] = 1
  keep[high] = 1
  keepFarthest(loop, low, high, tolerance, keep)
  keepFarthest(loop, high, low + count, tolerance, keep)
  const out: number[] = []
  for (let i = 0; i < count; i++) if (keep[i]) out.push(loop[2 * i], loop[2 * i + 1])
  return out
}

/** Keeps, between the corners `from` and `to` (counted round the loop), those that the line leaves too far off. */
function keepFarthest(
  loop: readonly number[],
  from: number,
  to: number,
  tolerance: number,
  keep: Uint8Array,
): void {
  const count = keep.length
  const ax = loop[2 * (from % count)]
  const ay = loop[2 * (from % count) + 1]
  const dx = loop[2 * (to % count)] - ax
  const dy = loop[2 * (to % count) + 1] - ay
  const length = Math.sqrt(dx * dx + dy * dy) || 1
  let farthest = -1
  let most = tolerance
  for (let i = from + 1; i < to; i++) {
    const off = Math.abs((loop[2 * (i % count)] - ax) * dy - (loop[2 * (i % count) + 1] - ay) * dx) / length
    if (off > most) {
      most = off
      farthest = i
    }
  }
  if (farthest < 0) return
  keep[farthest % count] = 1
  keepFarthest(loop, from, farthest, tolerance, keep)
  keepFarthest(loop, farthest, to, tolerance, keep)
}
