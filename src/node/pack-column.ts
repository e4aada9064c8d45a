import { promisify } from 'node:util'
import { constants, deflateSync, deflate as deflateWith } from 'node:zlib'
import type { AsciiText } from '../report/payload.js'

const deflate = promisify(deflateWith)
/** Columns are coded numbers, in which zlib finds hardly a string that comes again, but looks for one at every byte. */
const RUNS_ALONE = { level: 1, strategy: constants.Z_RLE }
const SHORT_SEARCH = { level: 4 }
/** What zlib adds at most is far less. */
const SPARE_BYTES = 1024

/** `pack` to the byte, at one go: a stream takes several turns of the event loop. */
export const packText = async (bytes: Uint8Array): Promise<AsciiText> => base64(await deflate(bytes))

/**
 * `pack` for masks, which are short codes already: a search a third as long finds all but a twentieth of what there is.
 * At once, as some images' would keep the threads of zlib from the work of others.
 */
export const packMask = (bytes: Uint8Array): AsciiText => base64(deflateSync(bytes, SHORT_SEARCH))

/** `pack` for the columns of a page: as small, in a quarter of the time. */
export async function packColumn(bytes: Uint8Array, plain = 0): Promise<AsciiText> {
  const rest = bytes.subarray(plain)
  const chunkSize = rest.length + SPARE_BYTES // all in one piece
  const deflated = await deflate(rest, { ...RUNS_ALONE, chunkSize })
  return base64(plain === 0 ? deflated : Buffer.concat([bytes.subarray(0, plain), deflated]))
}

/** In memory of its own, which can move to another thread. */
const base64 = (bytes: Buffer): AsciiText => new TextEncoder().encode(bytes.toString('base64'))
