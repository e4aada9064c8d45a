import { type EncodedMasks, MASK_POLYGONS, MASK_RLE, pointsIn } from '../../src/data/masks.js'
import { compress } from '../parity/masks.js'

/** A mask as a test states it: a compressed string, run lengths (background first), or polygon parts x0 y0 x1 y1 ... */
export type MaskSpec = { height: number; width: number } & (
  | { rle: string }
  | { runs: number[] }
  | { parts: number[][] }
)

/** The columns that ingest would make of `specs`; strings lie in several chunks, points in several pieces. */
export function encodeMasks(specs: MaskSpec[]): EncodedMasks {
  const masks: EncodedMasks = {
    count: specs.length,
    kinds: Uint8Array.from(specs, spec => ('parts' in spec ? MASK_POLYGONS : MASK_RLE)),
    sizes: Uint32Array.from(specs.flatMap(({ height, width }) => [height, width])),
    chunk: new Uint32Array(specs.length),
    starts: new Uint32Array(specs.length),
    lengths: new Uint32Array(specs.length),
    chunks: [],
    partOffsets: new Uint32Array(0),
    points: pointsIn(new Float64Array(0)),
  }
  const offsets = [0]
  const pieces: number[][] = [[]]
  const pieceStarts = [0]
  const texts = ['', '', '']
  specs.forEach((spec, i) => {
    if ('parts' in spec) {
      if (i % 3 === 0) {
        pieces.push([])
        pieceStarts.push(offsets[offsets.length - 1])
      }
      const points = pieces[pieces.length - 1]
      masks.starts[i] = offsets.length - 1
      masks.lengths[i] = spec.parts.length
      for (const part of spec.parts) {
        for (let j = 0; j < part.length - 1; j += 2) points.push(part[j], part[j + 1])
        offsets.push(pieceStarts[pieces.length - 1] + points.length / 2)
      }
      return
    }
    const text = 'rle' in spec ? spec.rle : compress(spec.runs)
    masks.chunk[i] = i % texts.length
    masks.starts[i] = texts[i % texts.length].length
    masks.lengths[i] = text.length
    texts[i % texts.length] += text
  })
  masks.chunks = texts.map(text => sharedCopy(Uint8Array.from(text, character => character.charCodeAt(0))))
  masks.partOffsets = Uint32Array.from(offsets)
  masks.points = { pieces: pieces.map(points => Float64Array.from(points)), starts: pieceStarts }
  return masks
}

/** Files are read into shared memory, which not every device takes as it is. */
function sharedCopy(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

/** 0, 1, ... count - 1. */
export const rowsTo = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i)
