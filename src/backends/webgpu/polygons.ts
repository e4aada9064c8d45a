import { type EncodedMasks, heightOf, pointsOf, widthOf } from '../../data/masks.js'
import { edgeCrossings, SCALE, upsample } from '../../geometry/polygons.js'
import { tilesOf } from './batches.js'
import type { Arena } from './buffers.js'
import type { Commands } from './commands.js'
import { needsFloat64 } from './edges.js'
import { basesOf, EMPTY_FRAME, type Frame, frameOf } from './frames.js'
import { Edge, Extent, LANES, Part, Toggle } from './layouts.js'

/** One part of a polygon, with a bit map for its toggles. */
export interface PartPlan {
  frame: Frame
  /** Row that ends the part, px. */
  y1: number
  height: number
  width: number
  /** x, y in px, [point, 2]. */
  points: Float64Array
}

/** Pixels of a line of `length` whose centre lies before grid position `u`: what is cut there starts at that pixel. */
const pixelsBefore = (u: number, length: number): number =>
  Math.min(Math.max(Math.floor((u + 2) / SCALE), 0), length)

/** The part of `points`, null when it covers nothing. The frame may be larger than the part's pixels. */
function planPart(points: Float64Array, height: number, width: number): PartPlan | null {
  if (points.length < 6) return null
  let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let [top, bottom] = [left, right]
  for (let i = 0; i < points.length; i += 2) {
    const u = upsample(points[i])
    const v = upsample(points[i + 1])
    if (u < left) left = u
    if (u > right) right = u
    if (v < top) top = v
    if (v > bottom) bottom = v
  }
  const x0 = pixelsBefore(left, width)
  const x1 = pixelsBefore(right, width)
  const y0 = pixelsBefore(top, height)
  const y1 = pixelsBefore(bottom, height)
  if (!(x0 < x1 && y0 < y1)) return null
  return { frame: frameOf(x0, y0, x1, y1), y1, height, width, points }
}

/** The parts of polygon mask `row` that may cover pixels. */
export function planParts(masks: EncodedMasks, row: number): PartPlan[] {
  const plans: PartPlan[] = []
  const first = masks.starts[row]
  for (let p = first; p < first + masks.lengths[row]; p++) {
    const points = pointsOf(masks.points, masks.partOffsets[p], masks.partOffsets[p + 1])
    const plan = planPart(points, heightOf(masks, row), widthOf(masks, row))
    if (plan) plans.push(plan)
  }
  return plans
}

/** The frame that holds every part. */
export function unionFrame(parts: PartPlan[]): Frame {
  if (parts.length === 0) return EMPTY_FRAME
  let [x0, firstWord, x1, endWord] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0]
  for (const { frame } of parts) {
    x0 = Math.min(x0, frame.x0)
    x1 = Math.max(x1, frame.x0 + frame.columns)
    firstWord = Math.min(firstWord, frame.firstWord)
    endWord = Math.max(endWord, frame.firstWord + frame.columnWords)
  }
  return { x0, columns: x1 - x0, firstWord, columnWords: endWord - firstWord }
}

/** What fill needs of a slab's polygons: parts[i] belongs to the slab's mask owners[i]. */
export interface PolygonWork {
  parts: PartPlan[]
  owners: number[]
  /** Masks of the slab that are polygons. */
  polygons: number[]
}

/** Rasterises polygons into `words` and asks for the extents of `work.polygons`, in that order. */
export function fillPolygons(
  commands: Commands,
  arena: Arena,
  work: PolygonWork,
  table: GPUBuffer,
  words: GPUBuffer,
): void {
  const { parts, owners, polygons } = work
  const frames = parts.map(part => part.frame)
  const bases = basesOf(frames)
  const { edges, decided } = splitEdges(parts, bases)
  const partTable = new Uint32Array(Part.words * parts.length)
  for (let i = 0; i < parts.length; i++) {
    const { x0, columns, firstWord, columnWords } = frames[i]
    const [base, y1, mask] = [bases[i], parts[i].y1, owners[i]]
    Part.write(partTable, i, {
      base,
      x0,
      columns,
      first_word: firstWord,
      column_words: columnWords,
      y1,
      mask,
    })
  }
  const tiles = tilesOf(frames.map(frame => frame.columns))
  const partBuffer = arena.upload('polygon parts', partTable)
  const toggles = arena.storage('polygon toggles', bases[parts.length])
  commands.dispatch('markCrossings', Math.ceil(edges.count / LANES), [
    arena.upload('polygon edges', edges.records()),
    partBuffer,
    toggles,
  ])
  commands.dispatch('applyToggles', Math.ceil(decided.count / LANES), [
    arena.upload('decided toggles', decided.records()),
    toggles,
  ])
  const columnTiles = arena.upload('part columns', tiles)
  commands.dispatch('fillParts', tiles.length / 2, [partBuffer, columnTiles, toggles, table, words])
  const extents = arena.storage('extents', Extent.words * polygons.length)
  const measured = arena.upload('measured masks', Uint32Array.from(polygons))
  commands.dispatch('measure', polygons.length, [table, measured, words, extents])
  commands.read(extents, Extent.words * polygons.length)
}

/** A growing table of records. */
class Records {
  count = 0
  table: Uint32Array<ArrayBuffer>
  #words: number

  constructor(words: number, capacity: number) {
    this.#words = words
    this.table = new Uint32Array(words * Math.max(16, capacity))
  }

  /** Room for one more record; gives its place in `table`, which the caller fills. */
  add(): number {
    const place = this.count++ * this.#words
    if (place + this.#words > this.table.length) {
      const larger = new Uint32Array(2 * this.table.length)
      larger.set(this.table)
      this.table = larger
    }
    return place
  }

  records(): Uint32Array<ArrayBuffer> {
    return this.table.subarray(0, this.count * this.#words)
  }
}

/** Edges for the device to walk, and the toggles of those that the host walks in float64. */
function splitEdges(parts: PartPlan[], bases: Float64Array) {
  const pointCount = parts.reduce((sum, part) => sum + part.points.length / 2, 0)
  const edges = new Records(Edge.words, pointCount)
  const decided = new Records(Toggle.words, 0)
  for (let part = 0; part < parts.length; part++) {
    const { points, width } = parts[part]
    let x0 = upsample(points[points.length - 2])
    let y0 = upsample(points[points.length - 1])
    for (let i = 0; i < points.length; i += 2) {
      const x1 = upsample(points[i])
      const y1 = upsample(points[i + 1])
      if (pixelsBefore(x0, width) !== pixelsBefore(x1, width)) {
        if (needsFloat64(x0, y0, x1, y1)) decideEdge(decided, parts[part], bases[part], x0, y0, x1, y1)
        else addEdge(edges, x0, y0, x1, y1, part)
      }
      x0 = x1
      y0 = y1
    }
  }
  return { edges, decided }
}

function addEdge(edges: Records, x0: number, y0: number, x1: number, y1: number, part: number): void {
  const place = edges.add()
  const { table } = edges
  table[place + Edge.at.x0] = x0
  table[place + Edge.at.y0] = y0
  table[place + Edge.at.x1] = x1
  table[place + Edge.at.y1] = y1
  table[place + Edge.at.part] = part
}

/** Adds the toggles of one edge, walked in float64. */
function decideEdge(
  decided: Records,
  { frame, height, width }: PartPlan,
  base: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): void {
  const positions = edgeCrossings(x0, y0, x1, y1, height, width)
  const first = pixelsBefore(Math.min(x0, x1), width)
  for (let i = 0; i < positions.length; i++) {
    const column = first + i
    const row = positions[i] - column * height
    const word = (row >>> 5) - frame.firstWord
    if (word >= frame.columnWords) continue
    const place = decided.add()
    decided.table[place + Toggle.at.word] = base + (column - frame.x0) * frame.columnWords + word
    decided.table[place + Toggle.at.bit] = row & 31
  }
}
