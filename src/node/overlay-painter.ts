/** What pictures of errors have in common, of one model or of two: drawing, names and the list of what they show. */

import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import type { Evaluation } from '../data/evaluation.js'
import { type EncodedMasks, heightOf, widthOf } from '../data/masks.js'
import type { Scene } from '../data/scene.js'
import { appendMask } from '../geometry/encoded.js'
import { SpanBuffer, type Spans } from '../geometry/spans.js'
import { type SceneRows, sceneRows } from '../report/image-masks.js'
import { drawOverlay } from '../report/overlay.js'
import type { InstanceRef, PictureItem } from '../report/picture.js'
import { type Pixels, stretch } from '../report/pixels.js'
import type { ImageFolder } from './images.js'
import { writeWhole } from './output.js'
import { decodePicture } from './pixels.js'

const LIST = 'overlays.json'

/**
 * Writes a picture of each subject, worst first, into a folder that exists, and the list of what they show, which it
 * returns; pictures of an earlier run go. `draw` gets the rank, from 1 on.
 */
export async function writePictures<Subject, Entry extends { file: string }>(
  folder: string,
  subjects: Subject[],
  draw: (subject: Subject, rank: number) => Promise<{ entry: Entry; picture: Pixels }>,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void },
): Promise<Entry[]> {
  removeEarlier(folder)
  const entries: Entry[] = []
  for (const subject of subjects) {
    signal?.throwIfAborted()
    const { entry, picture } = await draw(subject, entries.length + 1)
    await writePicture(join(folder, entry.file), picture, signal)
    entries.push(entry)
    onProgress?.(entries.length, subjects.length)
  }
  await writeWhole(join(folder, LIST), [`${JSON.stringify(entries, null, 2)}\n`], signal)
  return entries
}

function writePicture(path: string, { width, height, rgba }: Pixels, signal?: AbortSignal): Promise<void> {
  const png = new PNG({ width, height })
  png.data = Buffer.from(rgba.buffer, rgba.byteOffset, rgba.byteLength)
  return writeWhole(path, [PNG.sync.write(png)], signal)
}

/** Names that `fileNameOf` makes, and no others. */
const OWN_NAME = /^\d{3,}-(FP|FN|A|B)-[\w.-]*\.png$/

/** Removes the pictures of an earlier run. */
function removeEarlier(folder: string): void {
  try {
    const entries: unknown = JSON.parse(readFileSync(join(folder, LIST), 'utf8'))
    if (!Array.isArray(entries)) return
    for (const { file } of entries) {
      if (typeof file === 'string' && OWN_NAME.test(file)) rmSync(join(folder, file), { force: true })
    }
  } catch {
    // There was no earlier run.
  }
}

/** Of the picture of this rank, worst first: what it shows (FP, FN; of two models A, B), class and image. */
export const fileNameOf = (rank: number, what: string, className: string, imageName: string): string =>
  `${String(rank).padStart(3, '0')}-${what}-${plain(className, 24)}-${plain(imageName.replace(/\.\w+$/, ''), 48)}.png`

export const imageNameOf = ({ images }: Scene, image: number): string =>
  images.fileNames[image] || `image ${images.ids[image]}`

/** Names from files as parts of a file's name: nothing that a file system or a shell takes for more than a letter. */
const plain = (name: string, length: number): string => {
  const letters = name.replace(/[^\w.-]+/g, '_').replace(/\.{2,}/g, '.')
  return letters.slice(-length)
}

/** Draws errors, one image after another. */
export class Painter {
  readonly #evaluation: Evaluation
  readonly #scene: Scene
  readonly #rows: SceneRows
  readonly #images: ImageFolder | undefined
  #last: { image: number; picture: Pixels | null } = { image: -1, picture: null }

  constructor(evaluation: Evaluation, scene: Scene, images: ImageFolder | undefined) {
    this.#evaluation = evaluation
    this.#scene = scene
    this.#rows = sceneRows(evaluation.dataset, evaluation.config)
    this.#images = images
  }

  async paint(items: PictureItem[], current: InstanceRef): Promise<Pixels> {
    const scene = this.#scene
    const image = scene[current.kind].images[current.row]
    const size = this.#sizeOf(image, items)
    const spans = new Map(items.map(item => [item, this.#spansOf(item)]))
    return drawOverlay({
      scene,
      items,
      current,
      size,
      picture: await this.#pictureOf(image, size),
      maskOf: item => spans.get(item) ?? null,
    })
  }

  #masksOf({ kind }: InstanceRef): EncodedMasks | null {
    const { groundTruths, detections } = this.#evaluation.dataset
    return (kind === 'gt' ? groundTruths : detections).masks
  }

  #rowOf({ kind, row }: InstanceRef): number {
    return (kind === 'gt' ? this.#rows.gts : this.#rows.dts)[row]
  }

  #spansOf(ref: InstanceRef): Spans | null {
    const masks = this.#masksOf(ref)
    if (!masks) return null
    const buffer = new SpanBuffer()
    appendMask(masks, this.#rowOf(ref), buffer)
    return buffer.values.slice(0, buffer.length)
  }

  /** As stated, else of a mask; 0 where nobody knows. */
  #sizeOf(image: number, items: PictureItem[]): { width: number; height: number } {
    const { widths, heights } = this.#scene.images
    const size = { width: widths[image], height: heights[image] }
    const masks = items.length > 0 ? this.#masksOf(items[0]) : null
    if (size.width > 0 || !masks) return size
    const row = this.#rowOf(items[0])
    return { width: widthOf(masks, row), height: heightOf(masks, row) }
  }

  async #pictureOf(image: number, size: { width: number; height: number }): Promise<Pixels | null> {
    if (this.#last.image !== image) {
      const file = await this.#images?.read(image)
      const picture = file ? await decodePicture(file, size) : null
      this.#last = { image, picture: picture && size.width > 0 ? stretch(picture, size) : picture }
    }
    return this.#last.picture
  }
}
