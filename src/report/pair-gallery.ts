/** What of masks and pictures a page of two models carries: the same images for both, each picture once. */

import type { Evaluation } from '../data/evaluation.js'
import { selectFlips } from '../metrics/flips.js'
import type { ModelName, ModelPair } from '../metrics/models.js'
import {
  collectGallery,
  GALLERY_BYTES,
  GALLERY_INSTANCES,
  type Gallery,
  type GalleryOptions,
  type GalleryPart,
} from './gallery.js'
import { worstInstances } from './worst.js'

/** Of the bytes that a page may carry, for the masks of the second model. */
export const SECOND_SHARE = 0.3

/** Needs evaluations with their scenes. The second model has its masks; the pictures stand with the first. */
export async function collectPairGallery(
  pair: ModelPair,
  evaluations: Record<ModelName, Evaluation>,
  options: Omit<GalleryOptions, 'chosen'> = {},
): Promise<Record<ModelName, Gallery>> {
  const { A, B } = pair
  const chosen = chooseImages(pair, options.instances ?? GALLERY_INSTANCES)
  const budget = options.byteLength ?? GALLERY_BYTES
  const { findPicture: _, ...plain } = options
  const second = await collectGallery(evaluations.B, B.index, B.view, {
    ...plain,
    chosen,
    byteLength: Math.floor(SECOND_SHARE * budget),
  })
  const first = await collectGallery(evaluations.A, A.index, A.view, {
    ...options,
    chosen,
    byteLength: budget - second.part.byteLength,
  })
  return { A: first, B: second }
}

/** Images of the largest objects that one model alone finds and of the worst instances of both, in turn. */
export function chooseImages(pair: ModelPair, instances: number): { images: number[]; instances: number } {
  const { gt } = pair.A.scene
  const { gtAreas } = pair.A.index
  const flips = Array.from(selectFlips(pair, { foundBy: ['A', 'B'] }, 'A'))
    .sort((a, b) => gtAreas[b] - gtAreas[a] || a - b)
    .map(row => gt.images[row])
  const [a, b] = [pair.A, pair.B].map(({ scene, index, view }) =>
    worstInstances(scene, index, view, instances).map(({ kind, row }) => scene[kind].images[row]),
  )
  const images = new Set<number>()
  let count = 0
  for (let i = 0; count < instances && i < Math.max(flips.length, a.length, b.length); i++) {
    for (const list of [flips, a, b]) {
      if (i >= list.length || count === instances) continue
      images.add(list[i])
      count++
    }
  }
  return { images: [...images], instances: count }
}

/** What the page of the second model carries: its own masks, and the pictures of the first. */
export const withPicturesOf = (own: GalleryPart, first: GalleryPart): GalleryPart => ({
  ...own,
  pictures: first.pictures,
  hasPictures: first.hasPictures,
})
