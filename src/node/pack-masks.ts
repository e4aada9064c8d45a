import type { MaskPacker } from '../report/gallery.js'
import { type MaskRows, type MaskSource, maskBytes } from '../report/image-masks.js'
import type { AsciiText } from '../report/payload.js'
import { packMask } from './pack-column.js'

/** The masks of images as a page carries them, a text each. */
export const packImages = (source: MaskSource, images: MaskRows[]): AsciiText[] =>
  images.map(rows => packMask(maskBytes(source, rows)))

/** Where no other thread helps. */
export const packMasksHere = (source: MaskSource): MaskPacker => ({
  pack: async images => packImages(source, images),
  close: () => {},
})
