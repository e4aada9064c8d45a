/** What a picture of one image shows: its instances with their outcomes and partners. */

import { FN, IGNORED, TP, type View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import type { SceneIndex } from '../matching/scene-index.js'
import { similarityOf } from '../matching/scene-pairs.js'
import { isKept, isRegularIn, matchesIn, outcomeIn } from '../metrics/outcomes.js'

/** A row of the scene's detections or ground truths. */
export interface InstanceRef {
  kind: 'dt' | 'gt'
  row: number
}

/** Of another size than the one looked at; shown, but no outcome of it. */
export const ELSEWHERE = -1
/** A detection below the score threshold; shown only as the partner of a missed ground truth. */
export const BELOW = -2

export interface PictureItem extends InstanceRef {
  /** TP, FP, FN, IGNORED, CUT, ELSEWHERE or BELOW. A found ground truth is TP. */
  outcome: number
  /** Row on the other side: the match, or without one the most similar of any class; -1 for none. */
  partner: number
  /** With the partner: IoU, for a crowd the shared part of the detection; 0 without one. */
  similarity: number
  /** Whether the partner is the match at the operating point. */
  isMatched: boolean
}

/** Below this, shapes have nothing to do with each other: they are no pair to be shown as one. */
const LEAST_NEARNESS = 0.1

/** Whether the partner belongs to what is told of an instance. */
export const isNear = ({ isMatched, similarity }: PictureItem): boolean =>
  isMatched || similarity >= LEAST_NEARNESS

/** Rows by image: those of image i are `rows[offsets[i] .. offsets[i + 1]]`. */
interface ByImage {
  offsets: Uint32Array
  rows: Int32Array
}

const byImage = new WeakMap<Int32Array, ByImage>()

/** Rows of `images` that are `image`, ascending. Grouped once for all images. */
function rowsOf(images: Int32Array, count: number, image: number): Int32Array {
  const known = byImage.get(images) ?? groupByImage(images, count)
  byImage.set(images, known)
  return known.rows.subarray(known.offsets[image], known.offsets[image + 1])
}

function groupByImage(images: Int32Array, count: number): ByImage {
  const offsets = new Uint32Array(count + 1)
  for (let row = 0; row < images.length; row++) offsets[images[row] + 1]++
  for (let i = 0; i < count; i++) offsets[i + 1] += offsets[i]
  const next = offsets.slice()
  const rows = new Int32Array(images.length)
  for (let row = 0; row < images.length; row++) rows[next[images[row]]++] = row
  return { offsets, rows }
}

/** What groups instances by image. */
interface ByRow {
  images: { count: number }
  gt: { images: Int32Array }
  dt: { images: Int32Array }
}

/** Rows of the detections and ground truths of an image, ascending. */
export const rowsOfImage = (
  { images, gt, dt }: ByRow,
  image: number,
): { gts: Int32Array; dts: Int32Array } => ({
  gts: rowsOf(gt.images, images.count, image),
  dts: rowsOf(dt.images, images.count, image),
})

/**
 * The instances of one image in the size range `size` of the view: every ground truth, by row, then the detections that
 * the score threshold keeps, by descending score.
 */
export function pictureItems(
  scene: Scene,
  index: SceneIndex,
  view: View,
  size: number,
  image: number,
): PictureItem[] {
  const { gt, dt } = scene
  const { gts, dts } = rowsOfImage(scene, image)
  const { matches, range } = matchesIn(scene, index, view, size)
  const kept = (d: number): boolean => isKept(view, dt.scores[d])
  const truths = Array.from(gts, (row): PictureItem => {
    const taken = matches.dtOfGt[row]
    const isFound = matches.gtOutcomes[row] === TP && kept(taken)
    const isRegular = isRegularIn(index, matches, range, row)
    const outcome = isRegular
      ? isFound
        ? TP
        : FN
      : gt.ignores[row] === 1 || range === null
        ? IGNORED
        : ELSEWHERE
    const isMatched = taken >= 0 && kept(taken)
    const partner = isMatched ? taken : index.best.dtOfGt[row]
    return { kind: 'gt', row, outcome, partner, isMatched, similarity: similarity(scene, partner, row) }
  })
  const ranked = Array.from(dts.filter(kept)).sort((a, b) => dt.scores[b] - dt.scores[a] || a - b)
  const guesses = ranked.map((row): PictureItem => {
    const outcome = outcomeIn(index, matches, range, row)
    const taken = matches.gtOfDt[row]
    const partner = taken >= 0 ? taken : index.best.gtOfDt[row]
    return {
      kind: 'dt',
      row,
      outcome,
      partner,
      isMatched: taken >= 0,
      similarity: similarity(scene, row, partner),
    }
  })
  return [...truths, ...guesses]
}

const similarity = (scene: Scene, dt: number, gt: number): number =>
  dt < 0 || gt < 0 ? 0 : similarityOf(scene, dt, gt)

/** `items` and, where `ref` is a ground truth that is missed, the detection near it that lies below the score threshold. */
export function withPartner(scene: Scene, items: PictureItem[], ref: InstanceRef | null): PictureItem[] {
  const item = ref && items.find(({ kind, row }) => kind === ref.kind && row === ref.row)
  if (item?.kind !== 'gt' || item.partner < 0 || !isNear(item)) return items
  const { row: gt, partner } = item
  if (items.some(({ kind, row }) => kind === 'dt' && row === partner)) return items
  const below: PictureItem = {
    kind: 'dt',
    row: partner,
    outcome: BELOW,
    partner: gt,
    isMatched: false,
    similarity: similarity(scene, partner, gt),
  }
  return [...items, below]
}
