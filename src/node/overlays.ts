/** Pictures of the worst errors as PNG files, for people who look at what CI keeps. */

import type { View } from '../data/analysis.js'
import type { Evaluation } from '../data/evaluation.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { matchesIn, OUTCOME_NAMES } from '../metrics/outcomes.js'
import { reasonOf } from '../metrics/reasons.js'
import { type InstanceRef, type PictureItem, pictureItems } from '../report/picture.js'
import { worstInstances } from '../report/worst.js'
import type { ImageFolder } from './images.js'
import { fileNameOf, imageNameOf, Painter, writePictures } from './overlay-painter.js'

/** Pictures when nothing else is asked for. */
export const OVERLAYS = 20

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
  { top = OVERLAYS, images, ...options }: OverlaysOptions = {},
): Promise<OverlayEntry[]> {
  const { scene } = evaluation
  if (!scene) throw new TypeError('overlays need an evaluation with its scene')
  const painter = new Painter(evaluation, scene, images)
  const draw = async (ref: InstanceRef, rank: number) => {
    const items = pictureItems(scene, index, view, 0, scene[ref.kind].images[ref.row])
    return {
      entry: describe(scene, index, view, items, ref, rank),
      picture: await painter.paint(items, ref),
    }
  }
  return writePictures(folder, worstInstances(scene, index, view, top, true), draw, options)
}

function describe(
  scene: Scene,
  index: SceneIndex,
  view: View,
  items: PictureItem[],
  { kind, row }: InstanceRef,
  rank: number,
): OverlayEntry {
  const { gt, dt, categories } = scene
  const instances = scene[kind]
  const { matches } = matchesIn(scene, index, view, 0)
  const item = items.find(one => one.kind === kind && one.row === row)
  const name = categories.names[instances.categories[row]]
  const image = imageNameOf(scene, instances.images[row])
  const outcome = item ? OUTCOME_NAMES[item.outcome as keyof typeof OUTCOME_NAMES] : ''
  return {
    file: fileNameOf(rank, outcome, name, image),
    outcome,
    class: name,
    image,
    id: kind === 'gt' ? gt.ids[row] : dt.records[row],
    score: kind === 'dt' ? dt.scores[row] : null,
    iou: item?.similarity ?? 0,
    reason: reasonOf(scene, index, view, matches, kind, row).text,
  }
}
