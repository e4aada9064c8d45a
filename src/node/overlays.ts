/** Pictures of the worst errors as PNG files, for people who look at what CI keeps. */

import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import type { View } from '../data/analysis.js'
import type { Evaluation } from '../data/evaluation.js'
import { type EncodedMasks, heightOf, widthOf } from '../data/masks.js'
import type { Scene } from '../data/scene.js'
import { appendMask } from '../geometry/encoded.js'
import { SpanBuffer, type Spans } from '../geometry/spans.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { matchesIn, OUTCOME_NAMES } from '../metrics/outcomes.js'
import { reasonOf } from '../metrics/reasons.js'
import { type SceneRows, sceneRows } from '../report/image-masks.js'
import { drawOverlay } from '../report/overlay.js'
import { type InstanceRef, type PictureItem, pictureItems } from '../report/picture.js'
import { type Pixels, stretch } from '../report/pixels.js'
import { worstInstances } from '../report/worst.js'
import type { ImageFolder } from './images.js'
import { writeWhole } from './output.js'
import { decodePicture } from './pixels.js'

/** Pictures when nothing else is asked for. */
export const OVERLAYS = 20
const LIST = 'overlays.json'

export interface OverlaysOptions {
  /** Default OVERLAYS. */
  top?: number
  /** Without it instances are drawn on a plain ground. */
  images?: ImageFolder
  signal?: AbortSignal
  onProgress?: (done: number, total: number) => void
}

/** What overlays.json says of a picture. */
export interface OverlayEntry {
  file: string
  outcome: string
  class: string
  image: string
  /** Id of a ground truth, position of a detection in its file. */
  id: number
  score: number | null
  /** With the most similar instance of the other kind; 0 for none. */
  iou: number
  reason: string
}

/**
 * Writes pictures of the worst errors at the operating point of `view`, worst first (see `worstInstances`), into a folder
 * that exists, and overlays.json, which says what each shows; those of an earlier run go. Needs an evaluation with its
 * scene.
 */
export async function writeOverlays(
  folder: string,
  evaluation: Evaluation,
  index: SceneIndex,
  view: View,
  { top = OVERLAYS, images, signal, onProgress }: OverlaysOptions = {},
): Promise<OverlayEntry[]> {
  const { scene } = evaluation
  if (!scene) throw new TypeError('overlays need an evaluation with its scene')
  removeEarlier(folder)
  const painter = new Painter(evaluation, scene, images)
  const worst = worstInstances(scene, index, view, top, true)
  const entries: OverlayEntry[] = []
  for (const [rank, ref] of worst.entries()) {
    signal?.throwIfAborted()
    const items = pictureItems(scene, index, view, 0, scene[ref.kind].images[ref.row])
    const entry = describe(scene, index, view, items, ref, rank + 1)
    const { width, height, rgba } = await painter.paint(items, ref)
    const png = new PNG({ width, height })
    png.data = Buffer.from(rgba.buffer, rgba.byteOffset, rgba.byteLength)
    await writeWhole(join(folder, entry.file), [PNG.sync.write(png)], signal)
    entries.push(entry)
    onProgress?.(rank + 1, worst.length)
  }
  await writeWhole(join(folder, LIST), [`${JSON.stringify(entries, null, 2)}\n`], signal)
  return entries
}

/** Names that `describe` makes, and no others. */
const OWN_NAME = /^\d{3,}-(FP|FN)-[\w.-]*\.png$/

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

function describe(
  scene: Scene,
  index: SceneIndex,
  view: View,
  items: PictureItem[],
  { kind, row }: InstanceRef,
  rank: number,
): OverlayEntry {
  const { gt, dt, categories, images } = scene
  const instances = scene[kind]
  const { matches } = matchesIn(scene, index, view, 0)
  const item = items.find(one => one.kind === kind && one.row === row)
  const name = categories.names[instances.categories[row]]
  const image = instances.images[row]
  const fileName = images.fileNames[image] || `image ${images.ids[image]}`
  const outcome = item ? OUTCOME_NAMES[item.outcome as keyof typeof OUTCOME_NAMES] : ''
  return {
    file: `${String(rank).padStart(3, '0')}-${outcome}-${plain(name, 24)}-${plain(fileName.replace(/\.\w+$/, ''), 48)}.png`,
    outcome,
    class: name,
    image: fileName,
    id: kind === 'gt' ? gt.ids[row] : dt.records[row],
    score: kind === 'dt' ? dt.scores[row] : null,
    iou: item?.similarity ?? 0,
    reason: reasonOf(scene, index, view, matches, kind, row).text,
  }
}

/** Names from files as parts of a file's name: nothing that a file system or a shell takes for more than a letter. */
const plain = (name: string, length: number): string => {
  const letters = name.replace(/[^\w.-]+/g, '_').replace(/\.{2,}/g, '.')
  return letters.slice(-length)
}

/** Draws errors, one image after another. */
class Painter {
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
