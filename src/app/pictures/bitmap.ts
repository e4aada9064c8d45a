import type { Size } from './camera.js'

/** Unturned, unless only the turn that the camera noted gives the stated size. */
export async function bitmapOf(
  blob: Blob,
  stated: Size,
): Promise<{ bitmap: ImageBitmap | null; note: string }> {
  try {
    const bitmap = await createImageBitmap(blob, { imageOrientation: 'none' })
    const isTurned = bitmap.width * stated.width !== bitmap.height * stated.height
    const fitsTurned = isLike({ width: bitmap.height, height: bitmap.width }, stated)
    if (!(isTurned && fitsTurned && !isLike(bitmap, stated))) return { bitmap, note: '' }
    const turned = await createImageBitmap(blob, { imageOrientation: 'from-image' })
    return { bitmap: turned, note: '' }
  } catch {
    return { bitmap: null, note: 'This browser cannot show the picture.' }
  }
}

/** Whether two sizes have one form. Pictures may have been made smaller. */
export const isLike = (one: Size, other: Size): boolean =>
  other.width === 0 ||
  other.height === 0 ||
  Math.abs((one.width * other.height) / (one.height * other.width) - 1) < 0.02
