/** Pictures and masks: those that the page carries, and the others from the server that sent it. */

import type { Scene } from '../../data/scene.js'
import type { ModelName } from '../../metrics/models.js'
import { type GalleryPart, masksBlock, pictureBlock } from '../../report/gallery.js'
import type { ImageMasks } from '../../report/image-masks.js'
import { fromBase64, inflate } from '../../report/payload.js'
import { bitmapOf, isLike } from './bitmap.js'
import type { Size } from './camera.js'
import { Queue } from './queue.js'
import { Shapes } from './shapes.js'

/** One image, ready to be drawn. */
export interface Picture {
  image: number
  /** px, in which masks and boxes are given: as the file states it, else of the picture, else around the boxes. */
  size: Size
  /** The photograph; null where it is not at hand. */
  bitmap: ImageBitmap | null
  shapes: Shapes
  /** What is missing and how to get it; empty where nothing is. */
  notes: string[]
}

/** Pictures and masks that are at hand in the page itself, as in the app. */
export interface LocalPictures {
  /** What is said of a picture that is not there. */
  note: string
  picture(image: number): Promise<Blob | null>
  masks(image: number): Promise<ImageMasks>
}

export interface SourceOptions {
  local: LocalPictures | null
  scene: Scene
  /** What the page carries. */
  part: GalleryPart | null
  /** Whose masks are asked of the server. */
  model: ModelName
  /** Text of a block of the page. */
  block: (name: string) => string
  /** Of the page. */
  location: { protocol: string; pathname: string }
}

/** Pixels of pictures that stay decoded, but always some pictures. */
const KEPT_PIXELS = 40e6
const KEPT_AT_LEAST = 8
/** At a time, so that what is in sight now does not wait for what was before. */
const PARALLEL = 4

export class PictureSource {
  readonly isServed: boolean
  readonly #options: SourceOptions
  readonly #types: Map<number, string>
  readonly #masks: Set<number>
  readonly #queue = new Queue(PARALLEL)
  readonly #loading = new Map<number, Promise<Picture>>()
  readonly #ready = new Map<number, Picture>()

  constructor(options: SourceOptions) {
    this.#options = options
    this.isServed = !options.local && /^https?:$/.test(options.location.protocol)
    this.#types = new Map(options.part?.pictures)
    this.#masks = new Set(options.part?.masks)
  }

  /** What the pictures of a whole list lack, and how to get it; '' where nothing does. */
  get note(): string {
    const { part, scene, local } = this.#options
    if (local) return local.note
    if (this.isServed) return ''
    if (!part?.hasPictures) return 'No pictures: evaluate with --images DIR to see them here.'
    const count = scene.evaluatedImages.length
    if (part.pictures.length >= count) return ''
    return `The file carries the pictures of ${part.pictures.length} of ${count} images, those of the ${part.instances} worst instances. For all: ${this.#serve()}`
  }

  /** The picture if it has been loaded. */
  get(image: number): Picture | undefined {
    const picture = this.#ready.get(image)
    if (picture) {
      this.#ready.delete(image)
      this.#ready.set(image, picture) // to come last again
    }
    return picture
  }

  /** Never fails: what cannot be had is left out, with a note. What is not wanted any more may fail with an abort. */
  load(image: number, signal?: AbortSignal): Promise<Picture> {
    const known = this.get(image)
    if (known) return Promise.resolve(known)
    const loading = this.#loading.get(image)
    // Who asked first may have lost interest since.
    if (loading) return loading.catch(() => this.load(image, signal))
    const promise = this.#queue
      .run(() => this.#load(image), signal)
      .finally(() => this.#loading.delete(image))
    this.#loading.set(image, promise)
    return promise
  }

  async #load(image: number): Promise<Picture> {
    const { scene } = this.#options
    const stated = { width: scene.images.widths[image], height: scene.images.heights[image] }
    const [photograph, masks] = await Promise.all([this.#photograph(image, stated), this.#masksOf(image)])
    const size = sizeOf(scene, image, stated, photograph.bitmap, masks.masks)
    const picture: Picture = {
      image,
      size,
      bitmap: photograph.bitmap,
      shapes: new Shapes(scene, masks.masks),
      notes: [photograph.note, masks.note, distortion(photograph.bitmap, stated)].filter(note => note !== ''),
    }
    this.#ready.set(image, picture)
    this.#forgetOldest()
    return picture
  }

  #forgetOldest(): void {
    let pixels = 0
    for (const { bitmap } of this.#ready.values()) pixels += bitmap ? bitmap.width * bitmap.height : 0
    for (const [oldest, { bitmap }] of this.#ready) {
      if (pixels <= KEPT_PIXELS || this.#ready.size <= KEPT_AT_LEAST) break
      this.#ready.delete(oldest)
      pixels -= bitmap ? bitmap.width * bitmap.height : 0
    }
  }

  async #photograph(image: number, stated: Size): Promise<{ bitmap: ImageBitmap | null; note: string }> {
    const { local } = this.#options
    if (local) {
      const blob = await local.picture(image)
      return blob ? bitmapOf(blob, stated) : { bitmap: null, note: local.note || 'No picture has its name.' }
    }
    const type = this.#types.get(image)
    if (type !== undefined) {
      const blob = new Blob(
        [fromBase64(this.#options.block(pictureBlock(image))) as Uint8Array<ArrayBuffer>],
        { type },
      )
      return bitmapOf(blob, stated)
    }
    if (this.isServed) {
      const answer = await ask(`images/${image}`)
      if (answer?.ok) return bitmapOf(await answer.blob(), stated)
      const reason = answer ? await wordsOf(answer) : ''
      return { bitmap: null, note: reason || 'Pictures: start the server with --images DIR.' }
    }
    return { bitmap: null, note: this.#missingPicture() }
  }

  #missingPicture(): string {
    const { part } = this.#options
    if (!part?.hasPictures) return 'No picture: evaluate with --images DIR to see it here.'
    return `This picture is not in the file, which carries those of the ${part.instances} worst instances. To see it: ${this.#serve()}`
  }

  async #masksOf(image: number): Promise<{ masks: ImageMasks | null; note: string }> {
    const { scene, block, local } = this.#options
    if (scene.config.iouType !== 'segm') return { masks: null, note: '' }
    if (local) return { masks: await local.masks(image), note: '' }
    if (this.#masks.has(image)) {
      const bytes = await inflate(fromBase64(block(masksBlock(image))))
      return { masks: JSON.parse(new TextDecoder().decode(bytes)), note: '' }
    }
    if (!this.isServed) {
      return {
        masks: null,
        note: `Boxes stand for masks, which are not in the file. To see them: ${this.#serve()}`,
      }
    }
    const answer = await ask(`${this.#options.model === 'B' ? 'masks-b' : 'masks'}/${image}.json`)
    if (answer?.ok) return { masks: await answer.json(), note: '' }
    const reason = answer ? await wordsOf(answer) : 'the server does not answer.'
    return { masks: null, note: `Boxes stand for masks: ${reason}` }
  }

  /** The command that serves this page. */
  #serve(): string {
    const { pathname } = this.#options.location
    const folder = decode(pathname.slice(0, pathname.lastIndexOf('/') + 1))
    const path = folder.replace(/^\/([A-Za-z]:)/, '$1').replace(/(.)\/$/, '$1')
    return `detscope serve ${/^[\w./:@~-]+$/.test(path) ? path : `"${path}"`}`
  }
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

const ask = (path: string): Promise<Response | null> => fetch(path).catch(() => null)

/** What the server says is missing; '' where another kind of server answers. */
async function wordsOf(answer: Response): Promise<string> {
  if (!answer.headers.get('content-type')?.startsWith('text/plain')) return ''
  const text = await answer.text()
  return text.length <= 400 ? text : ''
}

const distortion = (bitmap: ImageBitmap | null, stated: Size): string =>
  bitmap === null || isLike(bitmap, stated)
    ? ''
    : `The picture has ${bitmap.width} × ${bitmap.height} px, the ground truth says ${stated.width} × ${stated.height}: is it the right one?`

function sizeOf(
  { gt, dt }: Scene,
  image: number,
  stated: Size,
  bitmap: ImageBitmap | null,
  masks: ImageMasks | null,
): Size {
  if (stated.width > 0 && stated.height > 0) return stated
  if (masks && masks.size[0] > 0) return { width: masks.size[1], height: masks.size[0] }
  if (bitmap) return { width: bitmap.width, height: bitmap.height }
  const size = { width: 1, height: 1 }
  for (const { images, boxes } of [gt, dt]) {
    for (let row = 0; row < images.length; row++) {
      if (images[row] !== image) continue
      size.width = Math.max(size.width, Math.ceil(boxes[4 * row] + boxes[4 * row + 2]))
      size.height = Math.max(size.height, Math.ceil(boxes[4 * row + 1] + boxes[4 * row + 3]))
    }
  }
  return size
}
