import type { View } from '../data/analysis.js'
import type { Scene } from '../data/scene.js'
import { InputError } from '../errors.js'
import type { SceneIndex } from '../matching/scene-index.js'

/** The two models of a comparison, as reports name them. */
export type ModelName = 'A' | 'B'

/** A model as it is looked at: `index` is of the scene, and of the view's protocol. */
export interface ModelView {
  scene: Scene
  index: SceneIndex
  view: View
}

/**
 * Two models over the same ground truth: rows of images, classes and ground truths are the same in both. Their views
 * differ in the score threshold at most.
 */
export type ModelPair = Record<ModelName, ModelView>

/**
 * Fails with InputError, which says what differs first, unless both scenes are of the same run over the same ground
 * truth: the same kind of shapes, classes, images and ground truths.
 */
export function checkSameTruth(a: Scene, b: Scene): void {
  const differ = (what: string): never => {
    throw new InputError(`two models can be compared over the same ground truth only: ${what}`)
  }
  if (a.config.iouType !== b.config.iouType)
    differ(`A was evaluated by ${SHAPES[a.config.iouType]}, B by ${SHAPES[b.config.iouType]}`)
  const option = RUN.find(name => JSON.stringify(a.config[name]) !== JSON.stringify(b.config[name]))
  if (option) differ(`the runs of A and B have different ${RUN_WORDS[option]}`)
  const classRow = unlike(a.categories.ids, b.categories.ids)
  if (classRow >= 0) differ(lacking('class', a.categories.ids, b.categories.ids, classRow))
  const imageRow = unlike(a.images.ids, b.images.ids)
  if (imageRow >= 0) differ(lacking('image', a.images.ids, b.images.ids, imageRow))
  if (unlike(a.evaluatedImages, b.evaluatedImages) >= 0) differ('not the same images were evaluated')
  if (unlike(a.evaluatedCategories, b.evaluatedCategories) >= 0) differ('not the same classes were evaluated')
  const row = unlike(a.gt.ids, b.gt.ids)
  if (row >= 0) differ(lacking('ground truth', a.gt.ids, b.gt.ids, row))
  for (const [name, one, other, entries] of columnsOf(a, b)) {
    const at = unlike(one, other)
    if (at < 0) continue
    const id = a.gt.ids[Math.floor(at / entries)]
    differ(`the ${name} of ground truth ${id} differs: ${one[at]} in A, ${other[at]} in B`)
  }
}

const SHAPES = { bbox: 'boxes', segm: 'masks' }

/** What of a run decides its numbers. */
const RUN = [
  'classAgnostic',
  'iouThresholds',
  'recallThresholds',
  'maxDets',
  'areas',
  'imageIds',
  'categoryIds',
] as const

const RUN_WORDS: Record<(typeof RUN)[number], string> = {
  classAgnostic: 'rules on classes',
  iouThresholds: 'IoU thresholds',
  recallThresholds: 'recall thresholds',
  maxDets: 'caps of detections',
  areas: 'size ranges',
  imageIds: 'images',
  categoryIds: 'classes',
}

type Column = ArrayLike<number>

/** Name, both columns, entries a row. */
const columnsOf = (
  { gt: a, images, categories }: Scene,
  { gt: b }: Scene,
): [string, Column, Column, number][] => [
  ['image', idsOf(images.ids, a.images), idsOf(images.ids, b.images), 1],
  ['class', idsOf(categories.ids, a.categories), idsOf(categories.ids, b.categories), 1],
  ['box', a.boxes, b.boxes, 4],
  ['area', a.areas, b.areas, 1],
  ['own area', a.ownAreas, b.ownAreas, 1],
  ['"iscrowd"', a.crowds, b.crowds, 1],
  ['"ignore"', a.ignores, b.ignores, 1],
]

/** Images and classes are the same in both by then. */
const idsOf = (ids: Float64Array, rows: Int32Array): Float64Array => Float64Array.from(rows, row => ids[row])

/** The first entry in which two columns differ, -1 for none. */
function unlike(one: Column, other: Column): number {
  const length = Math.min(one.length, other.length)
  for (let i = 0; i < length; i++) if (!Object.is(one[i], other[i])) return i
  return one.length === other.length ? -1 : length
}

/** Ids in the order of the file, which differ first at `row`. */
function lacking(what: string, a: Float64Array, b: Float64Array, row: number): string {
  if (row >= b.length) return `B lacks ${what} ${a[row]}`
  if (row >= a.length) return `A lacks ${what} ${b[row]}`
  return `${what} number ${row + 1} has id ${a[row]} in A, ${b[row]} in B`
}
