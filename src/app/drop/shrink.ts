import type { Images } from '../../data/columns.js'
import type { FindPicture, Picture } from '../../report/gallery.js'
import { bitmapOf } from '../pictures/bitmap.js'
import type { Size } from '../pictures/camera.js'
import type { Pictures } from './picture-store.js'

const LONGEST_SIDE = 1280
const SHORTEST_SIDE = 200
const QUALITY = 0.65
/** Bytes that a pixel of a photograph takes at that quality, generously. */
const BYTES_A_PIXEL = 0.2

/** Pictures for a page: as they are where they fit, else made smaller. */
export const fittingPictures =
  (pictures: Pictures, { widths, heights }: Pick<Images, 'widths' | 'heights'>): FindPicture =>
  async (image, byteLength) => {
    const blob = await pictures.read(image)
    if (!blob) return null
    const fitting =
      blob.size <= byteLength
        ? blob
        : await shrink(blob, { width: widths[image], height: heights[image] }, byteLength)
    return fitting && (await pictureOf(fitting))
  }

const pictureOf = async (blob: Blob): Promise<Picture> => ({
  type: blob.type,
  bytes: new Uint8Array(await blob.arrayBuffer()),
})

/** As a JPEG of at most `byteLength` bytes; null where it cannot be. */
async function shrink(blob: Blob, stated: Size, byteLength: number): Promise<Blob | null> {
  const { bitmap } = await bitmapOf(blob, stated)
  if (!bitmap) return null
  const { width, height } = bitmap
  const longest = Math.max(width, height)
  let scale = Math.min(1, LONGEST_SIDE / longest, Math.sqrt(byteLength / BYTES_A_PIXEL / (width * height)))
  try {
    for (let attempt = 0; attempt < 3 && scale * longest >= Math.min(longest, SHORTEST_SIDE); attempt++) {
      const canvas = new OffscreenCanvas(
        Math.max(1, Math.round(width * scale)),
        Math.max(1, Math.round(height * scale)),
      )
      const context = canvas.getContext('2d')
      if (!context) return null
      context.imageSmoothingQuality = 'high'
      context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
      const found = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY })
      if (found.size <= byteLength) return found
      scale *= 0.9 * Math.sqrt(byteLength / found.size)
    }
    return null
  } finally {
    bitmap.close()
  }
}
