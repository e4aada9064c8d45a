// @ts-check
/** Small adversarial data sets: every one is a legal input of the reference, and most are nasty. */
import { jsonText, randomStyle } from './json-text.js'
import { compress, runsOf, withEmptyRuns } from './masks.js'
import { nearShape, polygonsOf, randomShape } from './objects.js'
import { drawOptions } from './options.js'
import { Random } from './random.js'
import { drawTraits } from './traits.js'

/**
 * @typedef {import('./traits.js').Traits} Traits
 * @typedef {import('./options.js').Options} Options
 * @typedef {import('./objects.js').Shape} Shape
 * @typedef {Record<string, any>} Entry
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
  if (traits.unknownRecords) addUnknown(random, gt, detections)
  const dt = traits.noDetections ? [] : random.chance(0.5) ? random.shuffle(detections) : detections
  if (traits.laterBoxes && scene.resultKind === 'masks') dt.slice(1).forEach(addBox)
  if (traits.unsortedFile) gt.annotations = random.shuffle(gt.annotations)
  const imageIds = gt.images.map(image => image.id)
  const options = drawOptions(
    random,
    traits,
    imageIds,
    scene.categories.map(category => category.id),
  )
  const style = randomStyle(random)
  /** @type {Case} */
  const data = { gt, dt, options }
  return {
    ...data,
    traits,
    gtText: jsonText(random.chance(0.5) ? gt : reversed(gt), style, random),
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

/** @param {Random} random @param {Traits} traits */
function drawScene(random, traits) {
  const withMasks = traits.segm || traits.maskResultsUnderBbox
  const imageCount = traits.largeImages ? 1 : Number(random.weighted({ 1: 3, 2: 3, 3: 2, 5: 1 }))
  // Twelve fill more than one piece of the reference's sums.
  const categoryCount = traits.manyCategories ? 12 : Number(random.weighted({ 1: 4, 2: 3, 3: 1 }))
  const sized = withMasks || random.chance(0.8)
  let images = ids(random, traits, imageCount).map(id => ({
    id,
    ...(sized ? drawSize(random, traits, withMasks) : {}),
  }))
  let categories = ids(random, traits, categoryCount).map(id => ({ id, name: `class ${id}` }))
  if (traits.unsortedFile) {
    images = random.shuffle(images)
    categories = random.shuffle(categories)
  }
  return {
    images,
    categories,
    withMasks,
    resultKind: drawResultKind(traits),
    scores: drawScores(random, traits),
  }
}

/** @param {Traits} traits @returns {'boxes' | 'masks' | 'both'} */
function drawResultKind(traits) {
  if (!traits.segm) return traits.maskResultsUnderBbox ? (traits.bothUnderSegm ? 'both' : 'masks') : 'boxes'
  if (traits.boxesUnderSegm) return 'boxes'
  return traits.bothUnderSegm ? 'both' : 'masks'
}

/** @param {Random} random @param {Traits} traits @param {boolean} withMasks */
function drawSize(random, traits, withMasks) {
  if (!withMasks) return { height: 480, width: 640 }
  if (traits.largeImages) return { height: random.int(100, 200), width: random.int(150, 300) }
  const hi = Number(random.weighted({ 3: 1, 8: 4, 13: 3, 40: 2 }))
  return { height: random.int(1, hi), width: random.int(1, hi) }
}

/** @param {Random} random @param {Traits} traits @param {number} count */
function ids(random, traits, count) {
  /** @type {Set<number>} */
  const out = new Set()
  if (traits.idZero) out.add(0)
  if (traits.negativeIds) out.add(-random.int(1, 9))
  if (traits.hugeIds) out.add(random.pick([2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1, 900100000000123, -(2 ** 40)]))
  while (out.size < count) out.add(random.int(1, count + 3))
  return random
    .shuffle([...out])
    .slice(0, count)
    .sort((a, b) => a - b)
}

/** Annotation ids: unique, in file order or not. @param {Random} random @param {Traits} traits @param {Entry[]} annotations */
function numberTruths(random, traits, annotations) {
  const numbers = ids(random, traits, annotations.length)
  const order = random.chance(0.5) ? random.shuffle(numbers) : numbers
  annotations.forEach((annotation, i) => {
    annotation.id = order[i]
  })
}

/** @param {Random} random @param {Traits} traits @returns {() => number} */
function drawScores(random, traits) {
  const near = random.next()
  if (traits.oddScores) {
    // Equal as float32, denormal, huge, signed zero.
    return () =>
      random.pick([near, near + 2 ** -40, near + 2 ** -50, 5e-324, 1e300, -1e300, 0, -0, 1, 2 ** 53])
  }
  if (traits.negativeScores) return () => random.int(-5, 5) / 4
  if (traits.tiedScores) return () => random.pick([0.9, 0.9, 0.5])
  if (traits.quantisedScores) return () => random.int(0, 10) / 10
  return () => (random.chance(0.2) ? near : random.next())
}

/** @param {Random} random @param {Traits} traits @param {Entry} image @param {ReturnType<typeof drawScene>} scene */
function drawImage(random, traits, image, scene) {
  const size = { height: image.height ?? 480, width: image.width ?? 640 }
  const absent = scene.categories.length > 1 && traits.absentCategory ? scene.categories[0] : null
  const category = () => random.pick(scene.categories)
  const isEmpty = traits.emptyImages && random.chance(0.4)
  const truthCount =
    traits.noGroundTruths || isEmpty ? 0 : traits.crowdedScene ? random.int(6, 12) : random.int(0, 4)
  const shapes = random.times(truthCount, () => ({
    shape: randomShape(random, traits, size, scene.withMasks),
    category: category(),
  }))
  if (traits.duplicates && shapes.length) shapes.push(random.pick(shapes))
  const truths = shapes
    .filter(({ category }) => category !== absent)
    .map(({ shape, category }) => truthEntry(random, traits, image, category, shape, scene))
  const found = []
  for (const { shape, category: right } of shapes) {
    for (let n = Number(random.weighted({ 0: 2, 1: 5, 2: 2, 4: 0.5 })); n > 0; n--) {
      const label = random.chance(0.85) ? right : category()
      found.push(resultEntry(random, traits, image, label, nearShape(random, traits, shape), scene))
    }
  }
  const strays = traits.manyDetections ? random.int(95, 130) : Number(random.weighted({ 0: 4, 1: 3, 3: 1 }))
  for (let n = 0; n < strays; n++) {
    const label = traits.manyDetections ? scene.categories[0] : category()
    found.push(
      resultEntry(random, traits, image, label, randomShape(random, traits, size, scene.withMasks), scene),
    )
  }
  return { truths, found }
}

/** @param {Random} random @param {Traits} traits @param {Entry} image @param {Entry} category @param {Shape} shape @param {ReturnType<typeof drawScene>} scene */
function truthEntry(random, traits, image, category, shape, scene) {
  /** @type {Entry} */
  const entry = {
    id: 0,
    image_id: image.id,
    category_id: category.id,
    iscrowd: traits.crowds && random.chance(0.3) ? 1 : 0,
    area: truthArea(random, traits, shape),
  }
  if (!traits.segm || random.chance(0.5)) entry.bbox = shape.box
  if (scene.withMasks) entry.segmentation = truthMask(random, traits, shape)
  return entry
}

/** @param {Random} random @param {Traits} traits @param {Shape} shape */
function truthArea(random, traits, shape) {
  if (traits.foreignAreas && random.chance(0.5)) {
    return random.pick([
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
    ])
  }
  return shape.mask ? pixelsOf(shape.mask) : shape.box[2] * shape.box[3]
}

/** @param {import('./masks.js').BitMap} mask */
const pixelsOf = mask => mask.bits.reduce((sum, bit) => sum + bit, 0)

/** @param {Random} random @param {Traits} traits @param {Shape} shape */
function truthMask(random, traits, shape) {
  if (shape.parts || !shape.mask) return polygonsOf(shape)
  const runs = runsOf(shape.mask.bits)
  const stated = traits.emptyRunsInGt ? withEmptyRuns(random, runs) : runs
  return rle(shape.mask, random.chance(0.5) ? stated : compress(stated))
}

/** @param {import('./masks.js').BitMap} mask @param {number[] | string} counts */
const rle = ({ height, width }, counts) => ({ size: [height, width], counts })

/** @param {Random} random @param {Traits} traits @param {Entry} image @param {Entry} category @param {Shape} shape @param {ReturnType<typeof drawScene>} scene */
function resultEntry(random, traits, image, category, shape, scene) {
  /** @type {Entry} */
  const entry = { image_id: image.id, category_id: category.id, score: scene.scores() }
  const [x, y, width, height] = shape.box
  if (scene.resultKind !== 'masks') {
    // A fraction of a pixel matters where the box becomes a mask.
    const shift = scene.withMasks && random.chance(0.3) ? random.pick([0.5, 0.1, -0.3, 0.25]) : 0
    entry.bbox = [x + shift, y, width, height]
  }
  if (scene.resultKind === 'masks') entry.segmentation = compressedMask(random, traits, shape)
  if (scene.resultKind === 'both' && random.chance(0.9)) entry.segmentation = anyMask(random, traits, shape)
  if (traits.overwrittenFields)
    Object.assign(entry, { id: random.int(-2, 2), area: 7, iscrowd: random.int(0, 1) })
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

/** Boxes in all records but the first: the reference then takes the file for masks. @param {Entry} entry */
function addBox(entry) {
  entry.bbox = [0, 0, 2, 3]
}

/** Records on images and categories that the file does not list. @param {Random} random @param {GroundTruthFile} gt @param {Entry[]} detections */
function addUnknown(random, gt, detections) {
  const unknown = 77
  for (const truth of gt.annotations.slice(0, 2)) {
    const copy = { ...truth, id: random.int(1000, 2 ** 31) }
    gt.annotations.push(
      random.chance(0.5) ? { ...copy, image_id: unknown } : { ...copy, category_id: unknown },
    )
  }
  if (detections.length) detections.push({ ...random.pick(detections), category_id: unknown, score: 2 })
}
