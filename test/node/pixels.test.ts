import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { decodePicture, shrinkPicture } from '../../src/node/pixels.js'
import type { Picture } from '../../src/report/gallery.js'

const UNKNOWN = { width: 0, height: 0 }

/** Left half red, right half blue. */
function halves(width: number, height: number): Uint8Array {
  const rgba = new Uint8Array(4 * width * height)
  for (let i = 0; i < width * height; i++) {
    rgba.set(i % width < width / 2 ? [255, 0, 0, 255] : [0, 0, 255, 255], 4 * i)
  }
  return rgba
}

function pngOf(width: number, height: number, rgba: Uint8Array): Picture {
  const picture = new PNG({ width, height })
  picture.data.set(rgba)
  return { type: 'image/png', bytes: PNG.sync.write(picture) }
}

const jpegOf = async (width: number, height: number): Promise<Picture> => {
  const picture = await shrinkPicture(pngOf(width, height, halves(width, height)), UNKNOWN, 1e6)
  if (!picture) throw new Error('no JPEG')
  return picture
}

/** EXIF that asks viewers to turn the picture by a quarter (orientation 6), right after the start marker. */
function turned({ type, bytes }: Picture): Picture {
  const exif = [
    [0xff, 0xe1, 0, 34],
    [...'Exif\0\0'].map(character => character.charCodeAt(0)),
    [0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
    [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0],
    [0, 0, 0, 0],
  ].flat()
  return { type, bytes: Uint8Array.from([...bytes.subarray(0, 2), ...exif, ...bytes.subarray(2)]) }
}

const colourAt = (pixels: { width: number; rgba: Uint8Array } | null, x: number, y: number): number[] =>
  pixels ? [...pixels.rgba.subarray(4 * (y * pixels.width + x), 4 * (y * pixels.width + x) + 3)] : []

describe('decoding', () => {
  test('a PNG gives its pixels', async () => {
    const pixels = await decodePicture(pngOf(4, 2, halves(4, 2)), UNKNOWN)
    expect(pixels).toEqual({ width: 4, height: 2, rgba: halves(4, 2) })
  })

  test('a JPEG gives nearly its pixels', async () => {
    const pixels = await decodePicture(await jpegOf(64, 32), UNKNOWN)
    expect([pixels?.width, pixels?.height]).toEqual([64, 32])
    const [red, , blue] = colourAt(pixels, 8, 16)
    expect(red).toBeGreaterThan(230)
    expect(blue).toBeLessThan(25)
  })

  test('a photograph is turned only where that gives the stated size', async () => {
    const photograph = turned(await jpegOf(64, 32))
    const upright = await decodePicture(photograph, { width: 32, height: 64 })
    const lying = await decodePicture(photograph, { width: 64, height: 32 })
    expect([upright?.width, upright?.height]).toEqual([32, 64])
    expect([lying?.width, lying?.height]).toEqual([64, 32])
    // A quarter clockwise: what was left is on top.
    expect(colourAt(upright, 16, 8)[0]).toBeGreaterThan(230)
    expect(colourAt(upright, 16, 56)[2]).toBeGreaterThan(230)
  })

  test.each([
    ['another kind', { type: 'image/webp', bytes: new Uint8Array(40) }],
    ['an empty file', { type: 'image/png', bytes: new Uint8Array(0) }],
    ['no JPEG', { type: 'image/jpeg', bytes: Uint8Array.of(0xff, 0xd8, 0xff, 0xe0) }],
  ])('%s gives nothing', async (_, picture) => {
    expect(await decodePicture(picture, UNKNOWN)).toBeNull()
  })

  test('a damaged PNG gives nothing', async () => {
    const { type, bytes } = pngOf(40, 40, halves(40, 40))
    expect(await decodePicture({ type, bytes: bytes.subarray(0, bytes.length - 30) }, UNKNOWN)).toBeNull()
  })

  test('a small file that states a huge size is not unpacked', async () => {
    const { type, bytes } = pngOf(4, 4, halves(4, 4))
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    view.setUint32(16, 60_000)
    view.setUint32(20, 60_000)
    expect(await decodePicture({ type, bytes }, UNKNOWN)).toBeNull()
    const jpeg = await jpegOf(64, 32)
    const frame = jpeg.bytes.findIndex(
      (byte, i) => byte === 0xff && [0xc0, 0xc1, 0xc2].includes(jpeg.bytes[i + 1]),
    )
    expect(frame).toBeGreaterThan(0)
    jpeg.bytes.set([0xff, 0xff, 0xff, 0xff], frame + 5)
    expect(await decodePicture(jpeg, UNKNOWN)).toBeNull()
  })
})
