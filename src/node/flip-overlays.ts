/** Pictures of what one of two models finds and the other misses, as PNG files. */

import type { Evaluation } from '../data/evaluation.js'
import { type FlipRow, type FlipSide, flipDescriber } from '../metrics/flip-rows.js'
import type { ModelName, ModelPair } from '../metrics/models.js'
import { besideEachOther } from '../report/overlay-pair.js'
import { type InstanceRef, pictureItems, withPartner } from '../report/picture.js'
import type { Pixels } from '../report/pixels.js'
import { worstFlips } from '../report/worst.js'
import { fileNameOf, imageNameOf, Painter, writePictures } from './overlay-painter.js'
import { OVERLAYS, type OverlaysOptions } from './overlays.js'

/** What overlays.json says of a picture of two models. */
export interface FlipEntry extends Record<ModelName, FlipEntrySide> {
  file: string
  foundBy: FlipRow['foundBy']
  class: string
  image: string
  /** Of the ground truth. */
  id: number
  /** px */
  area: number
}

/** With what found it or, else, with what is most like it; the score is null where nothing is. */
export type FlipEntrySide = { score: number | null; iou: number; reason: string }

/**
 * Writes pictures of the largest ground truths that A alone finds, and that B alone finds, in turn, each as A sees it at
 * the left and as B does at the right, into a folder that exists, and overlays.json, which says what each shows; those
 * of an earlier run go.
 */
export async function writeFlipOverlays(
  folder: string,
  evaluations: Record<ModelName, Evaluation>,
  pair: ModelPair,
  { top = OVERLAYS, images, ...options }: OverlaysOptions = {},
): Promise<FlipEntry[]> {
  const painters = {
    A: new Painter(evaluations.A, pair.A.scene, images),
    B: new Painter(evaluations.B, pair.B.scene, images),
  }
  const describe = flipDescriber(pair)
  const paint = (model: ModelName, row: number): Promise<Pixels> =>
    paintSide(painters[model], pair[model], row)
  const draw = async (row: number, rank: number) => ({
    entry: entryOf(pair, describe(row), rank),
    picture: besideEachOther(await paint('A', row), await paint('B', row)),
  })
  return writePictures(folder, worstFlips(pair, top), draw, options)
}

function paintSide(
  painter: Painter,
  { scene, index, view }: ModelPair[ModelName],
  row: number,
): Promise<Pixels> {
  const current: InstanceRef = { kind: 'gt', row }
  const items = pictureItems(scene, index, view, 0, scene.gt.images[row])
  return painter.paint(withPartner(scene, items, current), current)
}

function entryOf({ A: { scene } }: ModelPair, { gt, foundBy, area, A, B }: FlipRow, rank: number): FlipEntry {
  const name = scene.categories.names[scene.gt.categories[gt]]
  const image = imageNameOf(scene, scene.gt.images[gt])
  const side = ({ score, iou, reason }: FlipSide): FlipEntrySide => ({ score, iou, reason: reason.text })
  return {
    file: fileNameOf(rank, foundBy, name, image),
    foundBy,
    class: name,
    image,
    id: scene.gt.ids[gt],
    area,
    A: side(A),
    B: side(B),
  }
}
