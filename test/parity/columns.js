// @ts-check
/**
 * Masks as flat arrays: for the reference's pipe and as the project's columns.
 * @typedef {import('../../src/data/masks.js').EncodedMasks} EncodedMasks
 * @typedef {{ height: number, width: number, runs: number[] }} Runs
 * @typedef {{ height: number, width: number, parts: number[][] }} Polygons
 */

/** Mirrors data/masks.ts. */
const MASK_RLE = 0
const MASK_POLYGONS = 1

/** Points in one piece. @param {Float64Array} values */
const pointsIn = values => ({ pieces: [values], starts: [0] })

/** 0, a, a + b, ... @param {number[]} lengths */
export function offsetsOf(lengths) {
  const offsets = new Uint32Array(lengths.length + 1)
  lengths.forEach((length, i) => {
    offsets[i + 1] = offsets[i] + length
  })
  return offsets
}

/** @param {ArrayBufferView} view */
const bytes = view => new Uint8Array(view.buffer, view.byteOffset, view.byteLength)

/** @param {{ height: number, width: number }[]} shapes */
const sizesOf = shapes => Uint32Array.from(shapes.flatMap(({ height, width }) => [height, width]))

/** For the verbs `compress` and `iou`: sizes, first run of each mask, runs. @param {Runs[]} shapes */
export function flatRuns(shapes) {
  const offsets = offsetsOf(shapes.map(({ runs }) => runs.length))
  return [sizesOf(shapes), offsets, Uint32Array.from(shapes.flatMap(({ runs }) => runs))].map(bytes)
}

/** For the verb `rasterise`: sizes, first part of each mask, first number of each part, numbers. @param {Polygons[]} shapes */
export function flatPolygons(shapes) {
  const parts = shapes.flatMap(shape => shape.parts)
  const first = offsetsOf(shapes.map(shape => shape.parts.length))
  return [
    sizesOf(shapes),
    first,
    offsetsOf(parts.map(part => part.length)),
    Float64Array.from(parts.flat()),
  ].map(bytes)
}

/** @param {Polygons[]} shapes @returns {EncodedMasks} */
export function polygonMasks(shapes) {
  // An odd number at the end of a part belongs to no point.
  const parts = shapes.flatMap(shape => shape.parts).map(part => part.slice(0, part.length & ~1))
  const lengths = shapes.map(shape => shape.parts.length)
  return {
    ...emptyMasks(shapes),
    kinds: new Uint8Array(shapes.length).fill(MASK_POLYGONS),
    starts: offsetsOf(lengths).slice(0, -1),
    lengths: Uint32Array.from(lengths),
    partOffsets: offsetsOf(parts.map(part => part.length / 2)),
    points: pointsIn(Float64Array.from(parts.flat())),
  }
}

/** @param {Runs[]} shapes @param {Uint8Array[]} strings @returns {EncodedMasks} */
export function rleMasks(shapes, strings) {
  const lengths = strings.map(string => string.length)
  return {
    ...emptyMasks(shapes),
    kinds: new Uint8Array(shapes.length).fill(MASK_RLE),
    starts: offsetsOf(lengths).slice(0, -1),
    lengths: Uint32Array.from(lengths),
    chunks: [new Uint8Array(Buffer.concat(strings))],
  }
}

/** @param {{ height: number, width: number }[]} shapes */
const emptyMasks = shapes => ({
  count: shapes.length,
  sizes: sizesOf(shapes),
  chunk: new Uint32Array(shapes.length),
  chunks: [],
  partOffsets: new Uint32Array(1),
  points: pointsIn(new Float64Array(0)),
})
