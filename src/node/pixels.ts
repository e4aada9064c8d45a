/** Decoding and shrinking pictures: PNG and JPEG. */

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Picture } from '../report/gallery.js'
import { type Pixels, resize } from '../report/pixels.js'

interface Size {
  width: number
  height: number
}

/** A file may state any size in a few bytes. */
const MAX_PIXELS = 100e6
const LONGEST_SIDE = 1280
const SHORTEST_SIDE = 200
const QUALITY = 65
/** Bytes that a pixel of a photograph takes at that quality, generously. */
const BYTES_A_PIXEL = 0.2

/**
 * The pixels of a PNG or JPEG file; null of another kind, a damaged one, or one too large to decode. A photograph is
 * turned as its camera noted where that fits the stated size (0 for unknown) and the unturned one does not.
 */
export async function decodePicture({ type, bytes }: Picture, stated: Size): Promise<Pixels | null> {
  const size = type === 'image/png' ? pngSize(bytes) : type === 'image/jpeg' ? jpegSize(bytes) : null
  if (!size || size.width * size.height > MAX_PIXELS) return null
  try {
    if (type === 'image/png') return await decodePng(bytes)
    const isTurned =
      size.width === stated.height && size.height === stated.width && size.width !== size.height
    const decode = await jpegDecoder()
    const { width, height, data } = await decode(copyOf(bytes), { preserveOrientation: isTurned })
    return { width, height, rgba: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }
  } catch {
    return null
  }
}

/** The picture as a JPEG of at most `byteLength` bytes; null where it cannot be. */
export async function shrinkPicture(
  picture: Picture,
  stated: Size,
  byteLength: number,
): Promise<Picture | null> {
  const pixels = await decodePicture(picture, stated)
  if (!pixels) return null
  const longest = Math.max(pixels.width, pixels.height)
  const affordable = Math.sqrt(byteLength / BYTES_A_PIXEL / (pixels.width * pixels.height))
  let scale = Math.min(1, LONGEST_SIDE / longest, affordable)
  for (let attempt = 0; attempt < 3 && scale * longest >= Math.min(longest, SHORTEST_SIDE); attempt++) {
    const bytes = await encodeJpeg(resize(pixels, scale))
    if (bytes.length <= byteLength) return { type: 'image/jpeg', bytes }
    scale *= 0.9 * Math.sqrt(byteLength / bytes.length)
  }
  return null
}

async function decodePng(bytes: Uint8Array): Promise<Pixels> {
  const { PNG } = await import('pngjs')
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  return { width, height, rgba: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }
}

/** Width and height that the head of a PNG states; null where it has none. */
function pngSize(bytes: Uint8Array): Size | null {
  if (bytes.length < 24) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return { width: view.getUint32(16), height: view.getUint32(20) }
}

/** Width and height that the frame header (SOF) of a JPEG states; null where it has none. */
function jpegSize(bytes: Uint8Array): Size | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1]
    if (marker === 0xff) {
      at++ // fill bytes may stand before a marker
      continue
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    at += 2 + view.getUint16(at + 2)
  }
  return null
}

/** Memory of its own: codecs take whole buffers. */
const copyOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer

const require = createRequire(import.meta.url)
const codec = async (name: string): Promise<WebAssembly.Module> =>
  WebAssembly.compile(await readFile(require.resolve(`@jsquash/jpeg/codec/${name}.wasm`)))
/** The codec would speak of damaged files on stderr. */
const QUIET = { print: () => {}, printErr: () => {} }

let decoder: Promise<typeof import('@jsquash/jpeg/decode.js').default> | undefined
let encoder: Promise<typeof import('@jsquash/jpeg/encode.js').default> | undefined

function jpegDecoder(): NonNullable<typeof decoder> {
  decoder ??= import('@jsquash/jpeg/decode.js').then(async ({ default: decode, init }) => {
    await (init as Init)(await codec('dec/mozjpeg_dec'), QUIET)
    return decode
  })
  return decoder
}

/** As the package has it, not as its types say. */
type Init = (module: WebAssembly.Module, overrides: object) => Promise<void>

async function encodeJpeg({ width, height, rgba }: Pixels): Promise<Uint8Array> {
  encoder ??= import('@jsquash/jpeg/encode.js').then(async ({ default: encode, init }) => {
    await (init as Init)(await codec('enc/mozjpeg_enc'), QUIET)
    return encode
  })
  const encode = await encoder
  const data = new Uint8ClampedArray(rgba)
  const image = { width, height, data, colorSpace: 'srgb' } as ImageData
  return new Uint8Array(await encode(image, { quality: QUALITY, progressive: false }))
}
