/** What of masks and pictures a page carries: those of its worst instances, within a budget of bytes. */

import type { View } from '../data/analysis.js'
import type { Evaluation } from '../data/evaluation.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { type MaskRows, type MaskSource, maskBytes, sceneRows } from './image-masks.js'
import type { Blocks } from './page-data.js'
import { type AsciiText, pack, toBase64 } from './payload.js'
import { type InstanceRef, rowsOfImage } from './picture.js'
import { worstInstances } from './worst.js'

/** Instances whose images come along when nothing else is asked for. */
export const GALLERY_INSTANCES = 200
/** Bytes of the page that masks and pictures may take together. */
export const GALLERY_BYTES = 12_000_000
/** Detections of one image whose masks come along, the highest scores first. */
const MASKS_PER_IMAGE = 150
/** Images whose masks are packed at a time. */
const IMAGES_PER_PIECE = 16
/** Pieces under way before the first is waited for: all of the usual instances'. */
const PIECES_AHEAD = 16
/** Base64 writes three bytes as four. */
const BASE64 = 4 / 3

/** The bytes of an image file that browsers can show. */
export interface Picture {
  /** Such as image/jpeg. */
  type: string
  bytes: Uint8Array
}

/** Finds the picture of an image in at most `byteLength` bytes; null where there is none, or none so small. */
export type FindPicture = (image: number, byteLength: number) => Promise<Picture | null>

/** Packs the masks of images, those of each as a block's text; elsewhere than here it may be faster. */
export interface MaskPacker {
  pack(images: MaskRows[]): Promise<AsciiText[]>
  close(): void
}

export interface GalleryOptions {
  /** Default GALLERY_INSTANCES. */
  instances?: number
  /** Rows of Images, that of most weight first, and of how many instances they are. Default: of the worst. */
  chosen?: { images: number[]; instances: number }
  /** Default GALLERY_BYTES. */
  byteLength?: number
  /** Left out where no pictures are given. */
  findPicture?: FindPicture
  /** Packs masks faster than what every platform has, or beside this thread's other work. */
  packMasks?: (source: MaskSource) => MaskPacker
  signal?: AbortSignal
  onProgress?: (done: number, total: number) => void
}

/** The part "gallery" of a page's content. */
export interface GalleryPart {
  /** Worst instances that were chosen; all of their images come along, as far as the budget goes. */
  instances: number
  /** Rows of Images whose masks the page carries in blocks `masks.<row>`. */
  masks: number[]
  /** Rows of Images whose picture the page carries in a block `picture.<row>`, and the type of each. */
  pictures: [image: number, type: string][]
  /** Images of those instances of which nothing, or no picture, could be carried. */
  leftOut: number
  byteLength: number
  budget: number
  /** Whether pictures were given at all. */
  hasPictures: boolean
}

/** Name of the part in PageContent.parts. */
export const GALLERY = 'gallery'

export const masksBlock = (image: number): string => `masks.${image}`
export const pictureBlock = (image: number): string => `picture.${image}`

export interface Gallery {
  part: GalleryPart
  blocks: Blocks
}

/**
 * Chooses the masks and pictures that a page carries. The images of the worst instances come in their order, masks
 * before pictures; a picture may take its share of what is left. Needs an evaluation with its scene.
 */
export async function collectGallery(
  evaluation: Evaluation,
  index: SceneIndex,
  view: View,
  options: GalleryOptions = {},
): Promise<Gallery> {
  const { scene } = evaluation
  if (!scene) throw new TypeError('a gallery needs an evaluation with its scene')
  const { instances = GALLERY_INSTANCES, byteLength: budget = GALLERY_BYTES, findPicture } = options
  const { images, instances: count } =
    options.chosen ?? imagesOf(scene, worstInstances(scene, index, view, instances))
  const bag = new Bag(budget)
  const masks = scene.config.iouType === 'segm' ? await packMasks(bag, images, evaluation, options) : null
  const pictures = findPicture ? await packPictures(bag, images, findPicture, options) : null
  const isWhole = (image: number): boolean =>
    (masks === null || masks.includes(image)) && (pictures === null || pictures.has(image))
  const part: GalleryPart = {
    instances: count,
    masks: masks ?? [],
    pictures: [...(pictures ?? [])],
    leftOut: images.filter(image => !isWhole(image)).length,
    byteLength: bag.byteLength,
    budget,
    hasPictures: findPicture !== undefined,
  }
  return { part, blocks: bag.blocks }
}

const imagesOf = (scene: Scene, instances: InstanceRef[]): Exclude<GalleryOptions['chosen'], undefined> => ({
  images: [...new Set(instances.map(({ kind, row }) => scene[kind].images[row]))],
  instances: instances.length,
})

/** Blocks that together stay within a budget. */
class Bag {
  readonly blocks: Blocks = new Map()
  byteLength = 0
  readonly #budget: number

  constructor(budget: number) {
    this.#budget = budget
  }

  get left(): number {
    return this.#budget - this.byteLength
  }

  /** Whether there was room. */
  add(name: string, text: AsciiText): boolean {
    if (text.length > this.left) return false
    this.byteLength += text.length
    this.blocks.set(name, text)
    return true
  }
}

/** Rows of the images whose masks found room. */
async function packMasks(
  bag: Bag,
  images: number[],
  evaluation: Evaluation,
  { signal, packMasks: open = packHere }: GalleryOptions,
): Promise<number[]> {
  const { dataset, config } = evaluation
  const { groundTruths, detections } = dataset
  const shapes = { groundTruths: { masks: groundTruths.masks }, detections: { masks: detections.masks } }
  const packer = open({ shapes, rows: sceneRows(dataset, config) })
  const rowsOf = maskRows(evaluation)
  const packed: number[] = []
  const coming: Promise<AsciiText[]>[] = []
  let sent = 0
  try {
    for (let at = 0; at < images.length; at += IMAGES_PER_PIECE) {
      signal?.throwIfAborted()
      for (; sent < images.length && coming.length < PIECES_AHEAD; sent += IMAGES_PER_PIECE) {
        const texts = packer.pack(images.slice(sent, sent + IMAGES_PER_PIECE).map(rowsOf))
        texts.catch(() => {}) // told when its turn comes
        coming.push(texts)
      }
      for (const [i, text] of ((await coming.shift()) as AsciiText[]).entries()) {
        if (bag.add(masksBlock(images[at + i]), text)) packed.push(images[at + i])
      }
    }
  } finally {
    packer.close()
  }
  return packed
}

/** What every platform has. */
const packHere = (source: MaskSource): MaskPacker => ({
  pack: images => Promise.all(images.map(rows => pack(maskBytes(source, rows)))),
  close: () => {},
})

/** Rows of the images whose picture found room, and the type of each. */
async function packPictures(
  bag: Bag,
  images: number[],
  findPicture: FindPicture,
  { signal, onProgress }: GalleryOptions,
): Promise<Map<number, string>> {
  const packed = new Map<number, string>()
  for (const [i, image] of images.entries()) {
    signal?.throwIfAborted()
    const share = bag.left / (images.length - i) / BASE64
    const picture = await findPicture(image, Math.floor(share))
    if (picture && bag.add(pictureBlock(image), toBase64(picture.bytes))) packed.set(image, picture.type)
    onProgress?.(i + 1, images.length)
  }
  return packed
}

/** Rows of an image whose masks come along. */
function maskRows({ scene }: Evaluation): (image: number) => MaskRows {
  return image => {
    if (!scene) throw new TypeError('no scene')
    const { gts, dts } = rowsOfImage(scene, image)
    const { scores } = scene.dt
    const best = Array.from(dts).sort((a, b) => scores[b] - scores[a] || a - b)
    // Copies: what is cut from a larger array would take all of it to another thread.
    return { gts: gts.slice(), dts: Int32Array.from(best.slice(0, MASKS_PER_IMAGE)) }
  }
}
