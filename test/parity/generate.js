// @ts-check
/** Small adversarial data sets: every one is a legal input of the reference, and most are nasty. */
import { jsonText, randomStyle } from './json-text.js'
import { nearShape, randomShape } from './objects.js'
import { drawOptions } from './options.js'
import { Random } from './random.js'
import { addUnknown, resultEntry, truthEntry } from './records.js'
import { drawScene, numberTruths } from './scene.js'
import { drawTraits } from './traits.js'

/**
 * @typedef {import('./traits.js').Traits} Traits
 * @typedef {import('./options.js').Options} Options
 * @typedef {import('./scene.js').Entry} Entry
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {{ images: Entry[], annotations: Entry[], categories: Entry[] }} GroundTruthFile
 * @typedef {{ gt: GroundTruthFile, dt: Entry[], options: Options }} Case
 */

/**
 * Data set `index` of the stream `seed`.
 * @param {number} seed @param {number} index @param {Partial<Traits>} [fixed] traits that are not drawn
 */
export function generate(seed, index, fixed = {}) {
  const random = new Random(seed, index)
  const traits = { ...drawTraits(random), ...fixed }
  const scene = drawScene(random, traits)
  /** @type {GroundTruthFile} */
  const gt = { images: scene.images, annotations: [], categories: scene.categories }
  const detections = []
  for (const image of scene.images) {
    const { truths, found } = drawImage(random, traits, image, scene)
    gt.annotations.push(...truths)
    detections.push(...found)
  }
  numberTruths(random, traits, gt.annotations)
  if (traits.unknownRecords) addUnknown(random, gt.annotations, detections)
  const dt = traits.noDetections ? [] : random.chance(0.5) ? random.shuffle(detections) : detections
  // Boxes in all records but the first: the reference then takes the file for masks.
  if (traits.laterBoxes && scene.resultKind === 'masks') {
    for (const entry of dt.slice(1)) entry.bbox = [0, 0, 2, 3]
  }
  if (traits.unsortedFile) gt.annotations = random.shuffle(gt.annotations)
  const [imageIds, categoryIds] = [scene.images, scene.categories].map(list => list.map(({ id }) => id))
  const options = drawOptions(random, traits, imageIds, categoryIds)
  const style = randomStyle(random)
  const file = random.chance(0.5) ? gt : reversed(gt)
  return {
    gt,
    dt,
    options,
    traits,
    gtText: jsonText(file, style, random),
    dtText: jsonText(dt, style, random),
  }
}

/** The categories and annotations before the images. @param {GroundTruthFile} gt */
const reversed = ({ images, annotations, categories }) => ({
  categories,
  annotations,
  images,
  info: { year: 2026 },
})

/** @param {Random} random @param {Traits} traits @param {Entry} image @param {Scene} scene */
function drawImage(random, traits, image, scene) {
  const size = { height: image.height ?? 480, width: image.width ?? 640 }
  const absent = scene.categories.length > 1 && traits.absentCategory ? scene.categories[0] : null
  const category = () => random.pick(scene.categories)
  const shape = () => randomShape(random, traits, size, scene.withMasks)
  const objects = random.times(truthCount(random, traits), () => ({ shape: shape(), category: category() }))
  if (traits.duplicates && objects.length) objects.push(random.pick(objects))
  const truths = objects
    .filter(({ category }) => category !== absent)
    .map(object => truthEntry(random, traits, image, object.category, object.shape, scene))
  const found = []
  for (const object of objects) {
    for (let n = Number(random.weighted({ 0: 2, 1: 5, 2: 2, 4: 0.5 })); n > 0; n--) {
      const label = random.chance(0.85) ? object.category : category()
      found.push(resultEntry(random, traits, image, label, nearShape(random, traits, object.shape), scene))
    }
  }
  const label = traits.manyDetections || traits.longList ? () => scene.categories[0] : category
  for (let n = strayCount(random, traits); n > 0; n--) {
    found.push(resultEntry(random, traits, image, label(), shape(), scene))
  }
  return { truths, found }
}

/** @param {Random} random @param {Traits} traits */
function truthCount(random, traits) {
  if (traits.noGroundTruths || (traits.emptyImages && random.chance(0.4))) return 0
  if (traits.denseCell) return random.int(130, 160)
  return traits.crowdedScene ? random.int(6, 12) : random.int(0, 4)
}

/** Detections that are made from no object. @param {Random} random @param {Traits} traits */
function strayCount(random, traits) {
  if (traits.huge) return random.int(180, 280)
  if (traits.longList) return random.int(1500, 5000)
  if (traits.manyDetections) return random.int(95, 130)
  return Number(random.weighted({ 0: 4, 1: 3, 3: 1 }))
}
