// @ts-check
/**
 * What the records of a data set stand on: images, categories, ids and scores.
 * @typedef {import('./random.js').Random} Random
 * @typedef {import('./traits.js').Traits} Traits
 * @typedef {Record<string, any>} Entry
 * @typedef {{ images: Entry[], categories: Entry[], withMasks: boolean, resultKind: 'boxes' | 'masks' | 'both', scores: () => number }} Scene
 */

/** @param {Random} random @param {Traits} traits @returns {Scene} */
export function drawScene(random, traits) {
  const withMasks = traits.segm || traits.maskResultsUnderBbox
  const imageCount = drawImageCount(random, traits)
  const sized = withMasks || random.chance(0.8)
  const images = ids(random, traits, imageCount).map(id => ({
    id,
    ...(sized ? drawSize(random, traits, withMasks) : {}),
  }))
  const categories = ids(random, traits, drawCategoryCount(random, traits)).map(id => ({
    id,
    name: `class ${id}`,
  }))
  return {
    images: traits.unsortedFile ? random.shuffle(images) : images,
    categories: traits.unsortedFile ? random.shuffle(categories) : categories,
    withMasks,
    resultKind: drawResultKind(traits),
    scores: drawScores(random, traits),
  }
}

/** @param {Random} random @param {Traits} traits */
function drawImageCount(random, traits) {
  if (traits.huge) return 500
  if (traits.largeImages || traits.denseCell) return 1
  return Number(random.weighted({ 1: 3, 2: 3, 3: 2, 5: 1 }))
}

/** @param {Random} random @param {Traits} traits */
function drawCategoryCount(random, traits) {
  if (traits.huge) return 7
  if (traits.denseCell || traits.longList) return 1
  // Twelve fill more than one piece of the reference's sums.
  return traits.manyCategories ? 12 : Number(random.weighted({ 1: 4, 2: 3, 3: 1 }))
}

/** @param {Traits} traits */
function drawResultKind(traits) {
  if (traits.segm && traits.boxesUnderSegm) return 'boxes'
  if (!traits.segm && !traits.maskResultsUnderBbox) return 'boxes'
  return traits.bothUnderSegm ? 'both' : 'masks'
}

/** @param {Random} random @param {Traits} traits @param {boolean} withMasks */
function drawSize(random, traits, withMasks) {
  if (!withMasks) return { height: 480, width: 640 }
  if (traits.denseCell) return { height: 20, width: 20 }
  if (traits.largeImages) return { height: random.int(100, 200), width: random.int(150, 300) }
  const hi = Number(random.weighted({ 3: 1, 8: 4, 13: 3, 40: 2 }))
  return { height: random.int(1, hi), width: random.int(1, hi) }
}

/** Unique ids, ascending. @param {Random} random @param {Traits} traits @param {number} count */
function ids(random, traits, count) {
  /** @type {Set<number>} */
  const out = new Set()
  if (traits.idZero) out.add(0)
  if (traits.negativeIds) out.add(-random.int(1, 9))
  if (traits.hugeIds) out.add(random.pick([2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1, 900100000000123, -(2 ** 40)]))
  while (out.size < count) out.add(random.int(1, count + 3))
  const some = random.shuffle([...out]).slice(0, count)
  return some.sort((a, b) => a - b)
}

/** Gives annotations their ids, in file order or not. @param {Random} random @param {Traits} traits @param {Entry[]} annotations */
export function numberTruths(random, traits, annotations) {
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
    const odd = [near, near + 2 ** -40, near + 2 ** -50, 5e-324, 1e300, -1e300, 0, -0, 1, 2 ** 53]
    return () => random.pick(odd)
  }
  if (traits.negativeScores) return () => random.int(-5, 5) / 4
  if (traits.tiedScores) return () => random.pick([0.9, 0.9, 0.5])
  if (traits.quantisedScores) return () => random.int(0, 10) / 10
  return () => (random.chance(0.2) ? near : random.next())
}
