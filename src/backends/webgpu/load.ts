import { type EncodedMasks, heightOf, MASK_RLE } from '../../data/masks.js'
import { cutByWeight, type RowRange, tilesOf } from './batches.js'
import type { Arena } from './buffers.js'
import type { Commands } from './commands.js'
import type { Device } from './device.js'
import { basesOf, EMPTY_FRAME, type Frame, frameOf, wordsIn } from './frames.js'
import { Edge, Extent, Mask, RleString, RunSummary } from './layouts.js'
import { fillPolygons, type PartPlan, type PolygonWork, planParts, unionFrame } from './polygons.js'
import { type ParsedRuns, parseRuns, rlePositions } from './runs.js'

/** Bit maps of consecutive masks of a set, in buffers that a kernel can bind. */
export interface Slab {
  /** First mask of the set. */
  first: number
  count: number
  /** Records of layout Mask, by mask of the slab. */
  table: GPUBuffer
  words: GPUBuffer
  /** Holds both. */
  arena: Arena
}

/** Masks on the device with what the host knows about them. */
export interface LoadedMasks {
  slabs: Slab[]
  /** [mask] */
  areaPx: Uint32Array
  /** [mask, 4] */
  bounds: Uint32Array
}

/** Where mask i of a portion lies, and what it is made of. */
interface Shape {
  frame: Frame
  height: number
  /** Runs among the portion's `ends`; none for polygons. */
  firstRun: number
  runCount: number
  /** Null for RLE. */
  parts: PartPlan[] | null
}

/** Decodes and rasterises the masks `rows`, cut to what the device can bind. Releases everything when it fails. */
export async function loadMasks(
  device: Device,
  masks: EncodedMasks,
  rows: Uint32Array,
): Promise<LoadedMasks> {
  const loaded: LoadedMasks = {
    slabs: [],
    areaPx: new Uint32Array(rows.length),
    bounds: new Uint32Array(4 * rows.length),
  }
  try {
    for (const portion of cutByWeight(inputWeights(masks, rows), device.memory.bufferBytes)) {
      await loadPortion(device, masks, rows, portion, loaded)
    }
    return loaded
  } catch (error) {
    for (const slab of loaded.slabs) slab.arena.free()
    throw error
  }
}

/** Bytes that each mask takes at most in any buffer before its bit map is made. */
function inputWeights(masks: EncodedMasks, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, row => {
    if (masks.kinds[row] === MASK_RLE) return 4 * (RunSummary.words + masks.lengths[row])
    const first = masks.starts[row]
    const points = masks.partOffsets[first + masks.lengths[row]] - masks.partOffsets[first]
    return 4 * (Mask.words + Edge.words * points)
  })
}

/** Loads the masks `range` of the set and appends their slabs to `loaded`. */
async function loadPortion(
  device: Device,
  masks: EncodedMasks,
  allRows: Uint32Array,
  range: RowRange,
  loaded: LoadedMasks,
): Promise<void> {
  const rows = allRows.subarray(range.first, range.end)
  const parsing = device.arena()
  try {
    const rle = rlePositions(masks, rows)
    const runs =
      rle.length === 0
        ? null
        : await parseRuns(
            device,
            parsing,
            masks,
            rle.map(i => rows[i]),
          )
    const shapes = new Array<Shape>(rows.length)
    if (runs) shapeRuns(runs, rle, range.first, shapes, loaded)
    for (let i = 0; i < rows.length; i++) shapes[i] ??= shapePolygon(masks, rows[i])
    const weights = shapes.map(weightOf)
    for (const { first, end } of cutByWeight(weights, device.memory.bufferBytes)) {
      const slab = await loadSlab(device, shapes.slice(first, end), runs, range.first + first, loaded)
      loaded.slabs.push(slab)
    }
  } finally {
    parsing.free()
  }
}

/** Bytes of a mask's bit map and toggles. */
const weightOf = ({ frame, parts }: Shape): number =>
  4 * (Mask.words + wordsIn(frame) + (parts ?? []).reduce((sum, part) => sum + wordsIn(part.frame), 0))

function shapePolygon(masks: EncodedMasks, row: number): Shape {
  const parts = planParts(masks, row)
  return { frame: unionFrame(parts), height: heightOf(masks, row), firstRun: 0, runCount: 0, parts }
}

/** Shapes of RLE masks, whose area and bounds are known from their runs. `first` is the portion's first mask. */
function shapeRuns(
  { strings, summaries }: ParsedRuns,
  positions: Uint32Array,
  first: number,
  shapes: Shape[],
  loaded: LoadedMasks,
): void {
  for (let i = 0; i < positions.length; i++) {
    const mask = first + positions[i]
    const at = RunSummary.words * i
    const [runCount, , area, x0, y0, x1, y1] = summaries.subarray(at, at + RunSummary.words)
    loaded.areaPx[mask] = area
    loaded.bounds.set([x0, y0, x1, y1], 4 * mask)
    shapes[positions[i]] = {
      frame: area === 0 ? EMPTY_FRAME : frameOf(x0, y0, x1, y1),
      height: RleString.read(strings, i, 'height'),
      firstRun: RleString.read(strings, i, 'first_byte'),
      runCount,
      parts: null,
    }
  }
}

/** Makes the bit maps of `shapes`; `first` is the number of the first in the set. */
async function loadSlab(
  device: Device,
  shapes: Shape[],
  runs: ParsedRuns | null,
  first: number,
  loaded: LoadedMasks,
): Promise<Slab> {
  const arena = device.arena()
  const temporary = device.arena()
  const work = polygonWork(shapes)
  const bases = basesOf(shapes.map(shape => shape.frame))
  try {
    const buffers: GPUBuffer[] = []
    const [extents] = await device.run(commands => {
      const table = arena.upload('masks', maskTable(shapes, bases))
      const words = arena.storage('bit maps', bases[shapes.length])
      buffers.push(table, words)
      if (runs) paintRuns(commands, temporary, shapes, runs, table, words)
      if (work.polygons.length > 0) fillPolygons(commands, temporary, work, table, words)
    })
    if (extents) takeExtents(extents, work.polygons, first, loaded)
    return { first, count: shapes.length, table: buffers[0], words: buffers[1], arena }
  } catch (error) {
    arena.free()
    throw error
  } finally {
    temporary.free()
  }
}

function maskTable(shapes: Shape[], bases: Float64Array): Uint32Array<ArrayBuffer> {
  const table = new Uint32Array(Mask.words * shapes.length)
  for (let i = 0; i < shapes.length; i++) {
    const { frame, height, firstRun, runCount } = shapes[i]
    Mask.write(table, i, {
      base: bases[i],
      x0: frame.x0,
      columns: frame.columns,
      first_word: frame.firstWord,
      column_words: frame.columnWords,
      height,
      first_run: firstRun,
      run_count: runCount,
    })
  }
  return table
}

function paintRuns(
  commands: Commands,
  arena: Arena,
  shapes: Shape[],
  runs: ParsedRuns,
  table: GPUBuffer,
  words: GPUBuffer,
): void {
  const tiles = tilesOf(shapes.map(shape => (shape.parts ? 0 : wordsIn(shape.frame))))
  const buffers = [table, arena.upload('words of runs', tiles), runs.ends, words]
  commands.dispatch('paintRuns', tiles.length / 2, buffers)
}

function polygonWork(shapes: Shape[]): PolygonWork {
  const work: PolygonWork = { parts: [], owners: [], polygons: [] }
  shapes.forEach(({ parts }, mask) => {
    if (!parts) return
    work.polygons.push(mask)
    for (const part of parts) {
      work.parts.push(part)
      work.owners.push(mask)
    }
  })
  return work
}

/** Stores the area and bounds of the slab's `polygons`; `first` is the slab's first mask. */
function takeExtents(extents: Uint32Array, polygons: number[], first: number, loaded: LoadedMasks): void {
  polygons.forEach((polygon, i) => {
    const at = Extent.words * i
    loaded.areaPx[first + polygon] = extents[at]
    loaded.bounds.set(extents.subarray(at + 1, at + Extent.words), 4 * (first + polygon))
  })
}
