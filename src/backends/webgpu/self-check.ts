import { type EncodedMasks, MASK_POLYGONS, MASK_RLE, pointsIn } from '../../data/masks.js'
import { encodeCounts } from '../../geometry/rle.js'
import type { MaskBackend, MaskSet, Pairs } from '../backend.js'
import { createCpuBackend } from '../cpu.js'

/** Outcome of a self-check. */
export interface SelfCheck {
  seed: number
  masks: number
  pairs: number
  /** Masks whose area or bounds differ. */
  wrongMasks: number
  /** Pairs whose shared pixels differ. */
  wrongPairs: number
  /** The first differences in words; empty when there are none. */
  differences: string[]
}

/** Differences told in words at most. */
const MAX_TOLD = 5
const COUNT = 200
const HEIGHT = 427
const WIDTH = 640
const PAIRS_PER_MASK = 10

type Draw = (lo: number, hi: number) => number

/** Whole numbers from lo to hi, both included; the same seed gives the same numbers (mulberry32). */
function seeded(seed: number): Draw {
  let state = seed >>> 0
  return (lo, hi) => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return lo + Math.floor((((x ^ (x >>> 14)) >>> 0) / 2 ** 32) * (hi - lo + 1))
  }
}

/** Run lengths of an image: some empty, some over many columns. */
function drawRuns(draw: Draw): Uint8Array {
  const counts: number[] = []
  const longest = [200, 3000, 30_000][draw(0, 2)]
  for (let left = HEIGHT * WIDTH; left > 0; left -= counts[counts.length - 1]) {
    counts.push(Math.min(left, draw(0, longest)))
  }
  return encodeCounts(counts)
}

/** Vertices of a polygon in tenths of a pixel, also outside the image; long even edges have many half-way points. */
function drawPolygon(draw: Draw): number[] {
  const step = [1, 2, 10][draw(0, 2)]
  const along = (size: number): number => (draw((-20 * 10) / step, ((size + 20) * 10) / step) * step) / 10
  return Array.from({ length: draw(3, 12) }, () => [along(WIDTH), along(HEIGHT)]).flat()
}

/** Half RLE, half polygons of one or two parts. */
function drawMasks(draw: Draw): EncodedMasks {
  const strings = Array.from({ length: COUNT / 2 }, () => drawRuns(draw))
  const parts: number[][] = []
  const masks: EncodedMasks = {
    count: COUNT,
    kinds: new Uint8Array(COUNT).fill(MASK_POLYGONS).fill(MASK_RLE, 0, strings.length),
    sizes: Uint32Array.from({ length: 2 * COUNT }, (_, i) => (i % 2 === 0 ? HEIGHT : WIDTH)),
    chunk: Uint32Array.from({ length: COUNT }, (_, i) => (i < strings.length ? i : 0)),
    starts: new Uint32Array(COUNT),
    lengths: new Uint32Array(COUNT),
    chunks: strings,
    partOffsets: new Uint32Array(0),
    points: pointsIn(new Float64Array(0)),
  }
  for (let i = 0; i < COUNT; i++) {
    if (i < strings.length) masks.lengths[i] = strings[i].length
    else {
      masks.starts[i] = parts.length
      masks.lengths[i] = draw(1, 2)
      for (let part = 0; part < masks.lengths[i]; part++) parts.push(drawPolygon(draw))
    }
  }
  masks.partOffsets = new Uint32Array(parts.length + 1)
  parts.forEach((part, p) => {
    masks.partOffsets[p + 1] = masks.partOffsets[p] + part.length / 2
  })
  masks.points = pointsIn(Float64Array.from(parts.flat()))
  return masks
}

function drawPairs(draw: Draw): Pairs {
  const pick = (): number => draw(0, COUNT - 1)
  const side = (): Uint32Array => Uint32Array.from({ length: COUNT * PAIRS_PER_MASK }, pick)
  return { dt: side(), gt: side() }
}

const extentOf = (set: MaskSet, i: number): string =>
  `${set.areaPx[i]} px in ${set.bounds.subarray(4 * i, 4 * i + 4).join(' ')}`

/**
 * Loads and intersects the same random masks, RLE and polygons, on `backend` and on `reference` and tells the
 * differences. There must be none: only integers are compared.
 */
export async function selfCheck(
  backend: MaskBackend,
  reference: MaskBackend = createCpuBackend(),
  seed = 1,
): Promise<SelfCheck> {
  const draw = seeded(seed)
  const masks = drawMasks(draw)
  const pairs = drawPairs(draw)
  const rows = Uint32Array.from({ length: COUNT }, (_, i) => i)
  const load = async (on: MaskBackend) => {
    const set = await on.load(masks, rows)
    return { name: on.name, set, shared: await set.intersect(set, pairs) }
  }
  const [found, expected] = await Promise.all([load(backend), load(reference)])
  const told = (what: string, is: string, was: string): string =>
    `${what}: ${was} on ${expected.name}, ${is} on ${found.name}`
  const wrongMasks: string[] = []
  const wrongPairs: string[] = []
  for (let i = 0; i < COUNT; i++) {
    const [is, was] = [extentOf(found.set, i), extentOf(expected.set, i)]
    if (is !== was) wrongMasks.push(told(`mask ${i}`, is, was))
  }
  for (let p = 0; p < pairs.dt.length; p++) {
    const [is, was] = [found.shared[p], expected.shared[p]]
    const what = `masks ${pairs.dt[p]} and ${pairs.gt[p]}`
    if (is !== was) wrongPairs.push(told(what, `${is} px shared`, `${was} px shared`))
  }
  found.set.free()
  expected.set.free()
  return {
    seed,
    masks: COUNT,
    pairs: pairs.dt.length,
    wrongMasks: wrongMasks.length,
    wrongPairs: wrongPairs.length,
    differences: [...wrongMasks, ...wrongPairs].slice(0, MAX_TOLD),
  }
}
