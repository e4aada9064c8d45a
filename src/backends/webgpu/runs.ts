import { type EncodedMasks, heightOf, MASK_RLE, rleBytesOf, widthOf } from '../../data/masks.js'
import { DeviceError } from '../../errors.js'
import { measureMask } from '../../geometry/encoded.js'
import type { Arena } from './buffers.js'
import type { Device } from './device.js'
import { LANES, RleString, RunSummary } from './layouts.js'

/** Strings of a batch, decoded to runs that stay on the device. */
export interface ParsedRuns {
  /** Position after each run, px; string i starts at the byte that record i of `strings` names. */
  ends: GPUBuffer
  /** Records of layout RleString, by string. */
  strings: Uint32Array
  /** Records of layout RunSummary, by string. */
  summaries: Uint32Array
}

/** Counts of smaller images cannot overflow 32 bits unnoticed. */
const MAX_PIXELS = 2 ** 31

/** The strings of `rows` laid end to end, and their records. */
function gatherStrings(masks: EncodedMasks, rows: Uint32Array) {
  const byteLength = rows.reduce((sum, row) => sum + masks.lengths[row], 0)
  const bytes = new Uint8Array(byteLength)
  const strings = new Uint32Array(RleString.words * rows.length)
  let at = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    bytes.set(rleBytesOf(masks, row), at)
    const [height, width] = [heightOf(masks, row), widthOf(masks, row)]
    if (height * width >= MAX_PIXELS)
      throw new DeviceError('capacity', `${height} x ${width} px is too large`)
    RleString.write(strings, i, { first_byte: at, byte_count: masks.lengths[row], height, width })
    at += masks.lengths[row]
  }
  return { bytes, strings }
}

/** Decodes the RLE masks `rows`. Fails with MaskError on the first that is no mask of its size. */
export async function parseRuns(
  device: Device,
  arena: Arena,
  masks: EncodedMasks,
  rows: Uint32Array,
): Promise<ParsedRuns> {
  const { bytes, strings } = gatherStrings(masks, rows)
  const buffers: GPUBuffer[] = []
  const [summaries] = await device.run(commands => {
    const ends = arena.storage('run ends', bytes.length)
    const found = arena.storage('run summaries', RunSummary.words * rows.length)
    buffers.push(ends)
    commands.dispatch('parseRuns', Math.ceil(rows.length / LANES), [
      arena.upload('rle bytes', bytes),
      arena.upload('rle strings', strings),
      ends,
      found,
    ])
    commands.read(found, RunSummary.words * rows.length)
  })
  for (let i = 0; i < rows.length; i++) {
    if (RunSummary.read(summaries, i, 'fault') !== 0) explainFault(masks, rows[i])
  }
  return { ends: buffers[0], strings, summaries }
}

/** The device only says that a string is no mask; the CPU path finds out why and throws. */
function explainFault(masks: EncodedMasks, row: number): never {
  measureMask(masks, row, new Uint32Array(4))
  throw new DeviceError('lost', `the device finds RLE mask ${row} malformed, the CPU does not`)
}

/** Rows that hold RLE, as positions in `rows`. */
export const rlePositions = (masks: EncodedMasks, rows: Uint32Array): Uint32Array =>
  Uint32Array.from(rows.keys()).filter(i => masks.kinds[rows[i]] === MASK_RLE)
