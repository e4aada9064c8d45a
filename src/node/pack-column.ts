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
  const whole = plain - (plain % BYTES_OF_GROUP)
  const text = new Uint8Array(textLength(plain + deflated.length))
  writeBase64(bytes.subarray(0, whole), text)
  const left = whole === plain ? deflated : Buffer.concat([bytes.subarray(whole, plain), deflated])
  writeBase64(left, text.subarray(textLength(whole)))
  return text
}

/** In memory of its own, which can move to another thread. */
function base64(bytes: Uint8Array): AsciiText {
  const text = new Uint8Array(textLength(bytes.length))
  writeBase64(bytes, text)
  return text
}

/** Base64 has four characters for three bytes. */
const BYTES_OF_GROUP = 3
const textLength = (byteLength: number): number => 4 * Math.ceil(byteLength / BYTES_OF_GROUP)

/** A string of so many bytes lives where new memory costs nothing; one of all would be new to the process. */
const BYTES_AT_ONCE = 8192 * BYTES_OF_GROUP

function writeBase64(bytes: Uint8Array, to: AsciiText): void {
  const from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const into = Buffer.from(to.buffer, to.byteOffset, to.byteLength)
  for (let at = 0, end = 0; at < from.length; at += BYTES_AT_ONCE)
    end += into.write(from.toString('base64', at, at + BYTES_AT_ONCE), end, 'latin1')
}
