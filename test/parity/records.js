// @ts-check
/** Objects as records of the two files, in every notation that the reference takes. */
import { compress, runsOf, withEmptyRuns } from './masks.js'
import { polygonsOf } from './objects.js'

/**
 * @typedef {import('./random.js').Random} Random
 * @typedef {import('./traits.js').Traits} Traits
 * @typedef {import('./objects.js').Shape} Shape
 * @typedef {import('./masks.js').BitMap} BitMap
 * @typedef {import('./scene.js').Entry} Entry
 * @typedef {import('./scene.js').Scene} Scene
 */

/** Areas on the borders of the ranges, beside them, and far from any mask. */
const FOREIGN_AREAS = [
  1024,
  9216,
  0,
  1e10,
  1e10 + 1,
  1024.0000000000002,
  1023.9999999999999,
  9216.5,
  500,
  5000,
  20000,
]

/** @param {Random} random @param {Traits} traits @param {Entry} image @param {Entry} category @param {Shape} shape @param {Scene} scene */
export function truthEntry(random, traits, image, category, shape, scene) {
  /** @type {Entry} */
  const entry = {
    id: 0,
    image_id: image.id,
    category_id: category.id,
    iscrowd: traits.crowds && random.chance(0.3) ? 1 : 0,
    area: truthArea(random, traits, shape),
  }
  if (traits.booleanCrowds) entry.iscrowd = entry.iscrowd === 1
  if (!traits.segm || random.chance(0.5)) entry.bbox = shape.box
  if (scene.withMasks) entry.segmentation = truthMask(random, traits, shape)
  return entry
}

/** @param {Random} random @param {Traits} traits @param {Shape} shape */
function truthArea(random, traits, { mask, box }) {
  if (traits.foreignAreas && random.chance(0.5)) return random.pick(FOREIGN_AREAS)
  return mask ? mask.bits.reduce((sum, bit) => sum + bit, 0) : box[2] * box[3]
}

/** @param {Random} random @param {Traits} traits @param {Shape} shape */
function truthMask(random, traits, shape) {
  if (shape.parts || !shape.mask) return polygonsOf(shape)
  const runs = runsOf(shape.mask.bits)
  const stated = traits.emptyRunsInGt ? withEmptyRuns(random, runs) : runs
  return rle(shape.mask, random.chance(0.5) ? stated : compress(stated))
}

/** @param {BitMap} mask @param {number[] | string} counts */
const rle = ({ height, width }, counts) => ({ size: [height, width], counts })

/** @param {Random} random @param {Traits} traits @param {Entry} image @param {Entry} category @param {Shape} shape @param {Scene} scene */
export function resultEntry(random, traits, image, category, shape, scene) {
  /** @type {Entry} */
  const entry = { image_id: image.id, category_id: category.id, score: scene.scores() }
  const [x, y, width, height] = shape.box
  if (scene.resultKind !== 'masks') {
    // A fraction of a pixel matters where the box becomes a mask.
    const shift = scene.withMasks && random.chance(0.3) ? random.pick([0.5, 0.1, -0.3, 0.25]) : 0
    entry.bbox = [x + shift, y, width, height]
  }
  // An empty list is no box, and the file one of masks.
  if (scene.resultKind === 'masks' && traits.segm && traits.emptyBoxLists) entry.bbox = []
  if (scene.resultKind === 'masks') entry.segmentation = compressedMask(random, traits, shape)
  if (scene.resultKind === 'both' && random.chance(0.9)) entry.segmentation = anyMask(random, traits, shape)
  if (traits.overwrittenFields) {
    Object.assign(entry, { id: random.int(-2, 2), area: 7, iscrowd: random.int(0, 1) })
  }
  return entry
}

/** @param {Random} random @param {Traits} traits @param {Shape} shape */
function compressedMask(random, traits, { mask }) {
  if (!mask) throw new Error('a data set with mask results has shapes with masks')
  const runs = runsOf(mask.bits)
  return rle(mask, compress(traits.emptyRunsInDt ? withEmptyRuns(random, runs) : runs))
}

/** With a box beside it the reference takes any notation. @param {Random} random @param {Traits} traits @param {Shape} shape */
function anyMask(random, traits, shape) {
  if (random.chance(0.3)) return polygonsOf(shape)
  if (random.chance(0.3) && shape.mask) return rle(shape.mask, runsOf(shape.mask.bits))
  return compressedMask(random, traits, shape)
}

/**
 * Records on images and categories that the file does not list.
 * @param {Random} random @param {Entry[]} annotations @param {Entry[]} detections
 */
export function addUnknown(random, annotations, detections) {
  const unknown = 77
  for (const truth of annotations.slice(0, 2)) {
    const copy = { ...truth, id: random.int(1000, 2 ** 31) }
    annotations.push(random.chance(0.5) ? { ...copy, image_id: unknown } : { ...copy, category_id: unknown })
  }
  if (detections.length) detections.push({ ...random.pick(detections), category_id: unknown, score: 2 })
}
