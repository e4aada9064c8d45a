import type { Spans } from './spans.js'

/** Closed loops of straight lines: loop i is the points `offsets[i] .. offsets[i + 1]`, its last joined to its first. */
export interface Contours {
  /** x, y in px from the image's top left corner, [point, 2]. */
  points: Float64Array
  /** In points, [loops + 1]. */
  offsets: Uint32Array
}

/** Headings in clockwise order, so that heading + 1 turns right. */
const EAST = 0
const SOUTH = 1
const WEST = 2
const NORTH = 3

/**
 * The edges of a mask along its pixels, exact: filled even-odd (or non-zero) they cover its pixels and nothing else.
 * Corners are whole numbers. The mask lies on the right hand of each loop: outer ones run clockwise on the screen,
 * those of holes counter-clockwise. Pixels that touch at a corner only belong to loops of their own.
 */
export function traceContours(spans: Spans, height: number): Contours {
  const edges = collectEdges(spans, height)
  const points: number[] = []
  const offsets = [0]
  for (const start of edges.east) {
    traceLoop(edges, start, points)
    offsets.push(points.length / 2)
  }
  return { points: Float64Array.from(points), offsets: Uint32Array.from(offsets) }
}

/** The outline of a box in px; none where it covers nothing. */
export function boxContour(x: number, y: number, width: number, height: number): Contours {
  if (!(width > 0 && height > 0)) return { points: new Float64Array(0), offsets: Uint32Array.of(0) }
  const [right, bottom] = [x + width, y + height]
  return {
    points: Float64Array.of(x, y, right, y, right, bottom, x, bottom),
    offsets: Uint32Array.of(0, 4),
  }
}

/** Edges by the corner where they start; corner (x, y) is x * stride + y. Those to the east and west are one px long. */
interface Edges {
  stride: number
  east: Set<number>
  west: Set<number>
  /** To the corner where they end. */
  south: Map<number, number>
  north: Map<number, number>
}

function collectEdges(spans: Spans, height: number): Edges {
  const stride = height + 1
  const edges: Edges = { stride, east: new Set(), west: new Set(), south: new Map(), north: new Map() }
  const columns = new Columns(spans, height)
  let before: number[] = []
  let previous = -2
  for (let x = columns.next(); x >= 0; x = columns.next()) {
    if (x > previous + 1) {
      addSides(edges, previous + 1, before, [])
      before = []
    }
    const runs = columns.runs.slice()
    addSides(edges, x, before, runs)
    for (let i = 0; i < runs.length; i += 2) {
      edges.east.add(x * stride + runs[i])
      edges.west.add((x + 1) * stride + runs[i + 1])
    }
    before = runs
    previous = x
  }
  addSides(edges, previous + 1, before, [])
  return edges
}

/** Walks the columns that hold pixels: `runs` are the first row and the row after the last of each run, ascending. */
class Columns {
  runs: number[] = []
  readonly #spans: Spans
  readonly #height: number
  #at = 0
  /** What is left of the span at `#at` begins here. */
  #start: number

  constructor(spans: Spans, height: number) {
    this.#spans = spans
    this.#height = height
    this.#start = spans.length > 0 ? spans[0] : 0
  }

  /** The next column, -1 at the end. */
  next(): number {
    this.runs.length = 0
    if (this.#at >= this.#spans.length) return -1
    const x = Math.floor(this.#start / this.#height)
    const top = x * this.#height
    const bottom = top + this.#height
    while (this.#at < this.#spans.length && this.#start < bottom) {
      const end = this.#spans[this.#at + 1]
      this.runs.push(this.#start - top, Math.min(end, bottom) - top)
      if (end > bottom) {
        this.#start = bottom
        break
      }
      this.#at += 2
      if (this.#at < this.#spans.length) this.#start = this.#spans[this.#at]
    }
    return x
  }
}

/** The edges at the line x, between the runs of the column to its left and those of the one to its right. */
function addSides({ stride, south, north }: Edges, x: number, left: number[], right: number[]): void {
  const line = x * stride
  without(left, right, (from, to) => south.set(line + from, line + to))
  without(right, left, (from, to) => north.set(line + to, line + from))
}

/** Calls `visit` for the rows of `runs` that are not in `others`. */
function without(runs: number[], others: number[], visit: (from: number, to: number) => void): void {
  let j = 0
  for (let i = 0; i < runs.length; i += 2) {
    let from = runs[i]
    const end = runs[i + 1]
    while (j < others.length && others[j + 1] <= from) j += 2
    for (let k = j; k < others.length && others[k] < end; k += 2) {
      if (others[k] > from) visit(from, others[k])
      from = others[k + 1]
    }
    if (from < end) visit(from, end)
  }
}

/** Takes the loop that leaves `start` to the east out of the edges and appends its corners. */
function traceLoop(edges: Edges, start: number, points: number[]): void {
  let corner = start
  let heading = EAST
  for (;;) {
    points.push(Math.floor(corner / edges.stride), corner % edges.stride)
    corner = follow(edges, corner, heading)
    // To the right first: pixels that touch at a corner stay apart. At the start the edge to the east is gone.
    const right = leaves(edges, corner, (heading + 1) % 4)
    if (corner === start && (heading === NORTH || !right)) return
    heading = (heading + (right ? 1 : 3)) % 4
  }
}

/** Takes the edges from `corner` straight on, and returns where they end. */
function follow(edges: Edges, corner: number, heading: number): number {
  const right = (heading + 1) % 4
  let at = corner
  do at = take(edges, at, heading)
  while (leaves(edges, at, heading) && !leaves(edges, at, right))
  return at
}

/** Takes one edge; returns its end. */
function take({ stride, east, west, south, north }: Edges, corner: number, heading: number): number {
  if (heading === EAST || heading === WEST) {
    const set = heading === EAST ? east : west
    set.delete(corner)
    return heading === EAST ? corner + stride : corner - stride
  }
  const map = heading === SOUTH ? south : north
  const end = map.get(corner) as number
  map.delete(corner)
  return end
}

function leaves({ east, west, south, north }: Edges, corner: number, heading: number): boolean {
  if (heading === EAST) return east.has(corner)
  if (heading === WEST) return west.has(corner)
  return (heading === SOUTH ? south : north).has(corner)
}
